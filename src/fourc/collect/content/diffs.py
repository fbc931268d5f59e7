"""What comes in on stdin: a unified diff, of which only the added lines count, or any other text.

Every byte is looked at: what stands between the files of a diff (a commit's message, a mail) is text too, and a hunk ends
where its own header says, whatever its lines look like.
"""

import re
from collections.abc import Iterator
from typing import IO

from fourc.collect.content.blob import Blob
from fourc.collect.content.repository import printable
from fourc.collect.gaps import file_gap
from fourc.collect.limits import MIB
from fourc.model.gap import Gap, GapReason
from fourc.model.location import STDIN
from fourc.model.text import Text

_MAX_BYTES = 200 * MIB
# `@@ -old,lines +new,lines @@`; a merge has one old part and one `@` more for each further parent
_HUNK = re.compile(rb"(@@+)((?: -\d{1,9}(?:,\d{1,9})?)+) \+(\d{1,9})(?:,(\d{1,9}))? \1")
_OLD = re.compile(rb"-\d+(?:,(\d+))?")
# lines of git that only name a file; like what they say of it, they hold nothing else
_HEADER = re.compile(
    rb"(?:diff --(?:git|cc|combined) .*|index [0-9a-f,]+\.\.[0-9a-f]+(?: \d{6})?|(?:dis)?similarity index \d+%|"
    rb"(?:old|new|new file|deleted file) mode \d{6}|\\ No newline at end of file)\r?$"
)
_BINARY = re.compile(rb"Binary files (?:.*) and (.*) differ\r?$|GIT binary patch\r?$")
_PREFIX = re.compile(rb"[abciow12]/")
_ESCAPE = re.compile(rb'\\([0-7]{3}|["\\abfnrtv])')
_ESCAPED = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_REVISIONS = re.compile(rb"(?:(?:[0-9a-f]{40}|[0-9a-f]{64}) (?:[0-9a-f]{40}|[0-9a-f]{64}) refs/[^\n]+\n)+\Z")

_LARGE = Text("more than {limit} MB came in; the rest was not read", "输入超过 {limit} MB；其余没有读取")
_PARTS = Text("scan it in parts, or scan the folder", "请分部分扫描，或扫描整个目录")
_NOT_IN = Text("a binary file: the diff does not say what is in it", "二进制文件：diff 中没有它的内容")
_STAGED = Text("scan the files themselves, or --staged", "请扫描文件本身，或使用 --staged")


def read_stdin(source: IO[bytes], limit: int = _MAX_BYTES) -> tuple[bytes, Gap | None]:
    """What comes in, and the gap for what is more than is read."""
    data = source.read(limit + 1)
    if len(data) <= limit:
        return data, None
    gap = file_gap(GapReason.TOO_LARGE, STDIN, _LARGE.of(limit=limit // MIB), _PARTS)
    return data[: data.rfind(b"\n", 0, limit) + 1 or limit], gap


def revisions(text: bytes) -> list[tuple[str, str, str]] | None:
    """The pushed `old new ref` of a pre-receive hook, if that is what came in."""
    if not _REVISIONS.match(text):
        return None
    triples = (line.decode("utf-8", "surrogateescape").split(" ", 2) for line in text.splitlines())
    return [(old, new, ref) for old, new, ref in triples]


def diff_blobs(text: bytes) -> Iterator[Blob | Gap]:
    """The new side of every hunk with what of it was added, and all text that belongs to no hunk."""
    if not text.startswith(b"--- ") and b"\n@@" not in text and b"\nBinary files " not in text:
        yield Blob(STDIN, text)
        return
    lines = text.split(b"\n")
    between = _Between()
    path = b""
    at = 0
    while at < len(lines):
        line = lines[at]
        hunk = _HUNK.match(line) if path and line.startswith(b"@@") else None
        if hunk is not None:
            yield from between.blobs()
            at, blob = _hunk(lines, at + 1, hunk, printable(path))
            if blob is not None:
                yield blob
            continue
        if line.startswith(b"--- ") and b"".join(lines[at + 1 : at + 2]).startswith(b"+++ "):
            path = _path(line, lines[at + 1])
            if _HUNK.match(b"".join(lines[at + 2 : at + 3])):
                at += 2
                continue
        binary = _BINARY.match(line)
        if line.startswith(b"diff --"):
            path = b""
        elif binary is not None and binary[1] != b"/dev/null":
            yield file_gap(GapReason.UNSUPPORTED, printable(_unprefixed(binary[1] or b"")) or STDIN, _NOT_IN, _STAGED)
        if not _HEADER.match(line):
            between.keep(at, line)
        at += 1
    yield from between.blobs()


class _Between:
    """Text outside of hunks; lines that only name files are left empty."""

    def __init__(self) -> None:
        self._texts: dict[int, bytes] = {}

    def keep(self, at: int, line: bytes) -> None:
        if line.strip():
            self._texts[at] = line

    def blobs(self) -> Iterator[Blob]:
        """What was kept since the last time."""
        if self._texts:
            first, last = min(self._texts), max(self._texts)
            data = b"\n".join(self._texts.get(at, b"") for at in range(first, last + 1))
            yield Blob(STDIN, data, lines_from=first + 1)
        self._texts = {}


def _hunk(lines: list[bytes], at: int, header: re.Match[bytes], shown: str) -> tuple[int, Blob | None]:
    """Where the hunk ends, and its new side."""
    parents = len(header[1]) - 1
    old = [int(count) if count else 1 for count in _OLD.findall(header[2])]
    first, new = int(header[3]), int(header[4] or 1)
    kept: list[bytes] = []
    added: list[range] = []
    if len(old) != parents:
        return at, None
    while at < len(lines) and (new > 0 or any(count > 0 for count in old)):
        line = lines[at]
        marks = line[:parents] or b" " * parents  # some programs strip the blank of an empty line
        if marks.strip(b" +-"):
            if not line.startswith(b"\\"):  # `\ No newline at end of file`
                break
            at += 1
            continue
        at += 1
        removed = b"-" in marks
        # what a parent has: its own `-` lines, and every line that it has in common with the result
        old = [count - (mark == 45 or (not removed and mark == 32)) for count, mark in zip(old, marks, strict=False)]
        if removed:
            continue
        new -= 1
        number = first + len(kept)
        kept.append(line[parents:])
        if b"+" in marks:
            if added and added[-1].stop == number:
                added[-1] = range(added[-1].start, number + 1)
            else:
                added.append(range(number, number + 1))
    if not added:
        return at, None
    return at, Blob(shown, b"\n".join(kept), lines_from=first, added=tuple(added))


def _path(old: bytes, new: bytes) -> bytes:
    before, after = (_unquoted(line[4:]) for line in (old, new))
    if after == b"/dev/null":
        return _unprefixed(before)
    return _unprefixed(after) if before == b"/dev/null" or _PREFIX.match(before) else after


def _unquoted(name: bytes) -> bytes:
    name = name.rstrip(b"\r")
    if not name.startswith(b'"'):
        return name.partition(b"\t")[0]  # `diff -u` writes the time behind it

    def meant(match: re.Match[bytes]) -> bytes:
        code = match[1]
        return bytes([int(code, 8) & 255]) if len(code) == 3 else _ESCAPED.get(code, code)

    return _ESCAPE.sub(meant, name.strip(b'"\t '))


def _unprefixed(name: bytes) -> bytes:
    name = _unquoted(name) if name.startswith(b'"') else name
    return name[2:] if _PREFIX.match(name) else name
