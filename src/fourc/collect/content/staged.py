"""What is about to be committed, or pushed: whole new versions of files, and which of their lines are new.

A line counts as new where no version before has it, so what only moved within its file is not told again.
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from fourc.collect.content.blob import Blob
from fourc.collect.content.repository import Repository, printable, why_not
from fourc.collect.gaps import file_gap
from fourc.collect.process import Ending
from fourc.collect.streaming import Stream, scratch
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

_MIB = 1 << 20  # its own, for a hook loads no more than it needs
_BLOB_BYTES = 50 * _MIB
_COMPARED_BYTES = 8 * _MIB
_LISTING_BYTES = 64 * _MIB
_SUBMODULE = b"160000"
_LINK = b"120000"
_RAW = ("--raw", "-z", "--no-abbrev", "--no-ext-diff", "--no-textconv")
_LARGE = Text(
    "the staged file has {size} MB, more than the {limit} MB that are read",
    "暂存的文件有 {size} MB，超过可读取的 {limit} MB",
)
_LOOK = Text("look at it yourself before it is committed", "请在提交之前自行查看")
_BROKEN = Text("git cannot read its new content", "git 无法读取它的新内容")
_CHECK = Text("see what git fsck says", "请查看 git fsck 的结果")
_LISTING = Text("git cannot say what is new: {why}", "git 无法给出新增内容：{why}")
_PART = Text("commit in smaller parts", "请分成较小的部分提交")
_LATE = Text("the time was over; the rest was not read", "已超时；其余没有读取")


class _Change(NamedTuple):
    """A file's new version, and those that it comes from (none: a new file; several: a merge)."""

    path: bytes
    old: tuple[bytes, ...]
    new: bytes


def staged(folder: Path, seconds: float) -> Iterator[Blob | Gap]:
    """What the index brings against HEAD, below the folder and relative to it.

    `git commit FILE` prepares an index of its own and names it to its hooks in GIT_INDEX_FILE.
    """
    own = os.environ.get("GIT_INDEX_FILE")
    index = {"GIT_INDEX_FILE": os.path.abspath(own)} if own else {}  # noqa: PTH100 - links in it are git's to follow
    repository = Repository(folder, time.monotonic() + seconds, extra=index)
    listing = repository.ask(
        "diff-index", "--cached", "--relative", "-M", "-l400", *_RAW, "HEAD", max_bytes=_LISTING_BYTES
    )
    changes = _changes(listing.out)
    if listing.ending is Ending.FAILED:
        # there is no HEAD before the first commit: all that is in the index is new
        listing = repository.ask("ls-files", "--stage", "-z", max_bytes=_LISTING_BYTES)
        changes = _entries(listing.out)
    if listing.ending in {Ending.FAILED, Ending.NOT_STARTED}:
        yield why_not(listing, folder, ".")
        return
    if listing.ending is not Ending.DONE:
        reason = GapReason.TOO_LARGE if listing.ending is Ending.TOO_LARGE else GapReason.TIMED_OUT
        yield file_gap(reason, ".", _LISTING.of(why=listing.ending.value), _PART)
    yield from _read(repository, list(changes))


def received(folder: Path, revisions: Sequence[tuple[str, str, str]], seconds: float) -> Iterator[Blob | Gap]:
    """What every new commit of a push brings, asked in a pre-receive hook with its lines `old new ref`."""
    repository = Repository(folder, time.monotonic() + seconds, extra=_quarantine())
    tips = scratch(f"{new}\n".encode() for _, new, _ in revisions if new.strip("0"))  # zeros: the ref is deleted
    listing_changes = (
        ("rev-list", "--stdin", "--not", "--all"),
        ("diff-tree", "--stdin", "--root", "-r", "-c", "--no-renames", "--no-commit-id", *_RAW),
    )
    try:
        with tips, repository.stream(*listing_changes, given=tips) as stream:
            listing = stream.out.read(_LISTING_BYTES)
            whole = len(listing) < _LISTING_BYTES
            failed = whole and stream.failed()
            why = stream.errors().strip()
    except TimeoutError:
        yield file_gap(GapReason.TIMED_OUT, ".", _LATE, _PART)
        return
    if failed or not whole:
        reason = GapReason.MALFORMED if failed else GapReason.TOO_LARGE
        yield file_gap(reason, ".", _LISTING.of(why=why or f"> {_LISTING_BYTES // _MIB} MB"), _PART)
    yield from _read(repository, list(dict.fromkeys(_changes(listing))))


def _quarantine() -> dict[str, str]:
    """Where `git receive-pack` tells its hooks that the objects lie which are not accepted yet."""
    names = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH")
    return {name: os.environ[name] for name in names if name in os.environ}


def _changes(listing: bytes) -> Iterator[_Change]:
    """The entries of git's raw format: `:modes ids status`, path, and for a renamed file its new path."""
    tokens = iter(listing.split(b"\0"))
    for token in tokens:
        parents = len(token) - len(token.lstrip(b":"))
        if not parents:
            continue
        fields = token[parents:].split(b" ")
        path = next(tokens, b"")
        if fields[-1][:1] in {b"R", b"C"}:
            path = next(tokens, b"")
        modes, ids = fields[: parents + 1], fields[parents + 1 : -1]
        if not ids or modes[-1] in {_SUBMODULE, b"000000"} or not ids[-1].strip(b"0"):
            continue
        # the target of a link that became a file is no version of the file
        same_kind = [old for mode, old in zip(modes, ids[:-1], strict=False) if (mode == _LINK) == (modes[-1] == _LINK)]
        old = tuple(id_ for id_ in same_kind if id_.strip(b"0"))
        if ids[-1] not in old:
            yield _Change(path, old, ids[-1])


def _entries(listing: bytes) -> Iterator[_Change]:
    """Entries `mode id stage<tab>path`."""
    for entry in listing.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        mode, _, rest = head.partition(b" ")
        if path and mode != _SUBMODULE:
            yield _Change(path, (), rest.partition(b" ")[0])


def _read(repository: Repository, changes: Sequence[_Change]) -> Iterator[Blob | Gap]:
    if not changes:
        return
    with scratch(id_ + b"\n" for change in changes for id_ in (*change.old, change.new)) as given:
        try:
            with repository.stream(("cat-file", "--batch=%(objectsize)", "--buffer"), given=given) as stream:
                for change in changes:
                    blob = _blob(stream, change)
                    if isinstance(blob, Gap) or (blob.data and blob.added != ()):
                        yield blob
        except TimeoutError:
            yield file_gap(GapReason.TIMED_OUT, printable(changes[0].path), _LATE, _PART)


def _blob(stream: Stream, change: _Change) -> Blob | Gap:
    shown = printable(change.path)
    before = [_content(stream, _COMPARED_BYTES) for _ in change.old]
    data = _content(stream, _BLOB_BYTES)
    if data is None:
        return file_gap(GapReason.MALFORMED, shown, _BROKEN, _CHECK)
    if isinstance(data, int):
        message = _LARGE.of(size=data // _MIB, limit=_BLOB_BYTES // _MIB)
        return file_gap(GapReason.TOO_LARGE, shown, message, _LOOK)
    old = [text for text in before if isinstance(text, bytes)]
    # what cannot be compared counts as new
    compared = old and len(old) == len(before) and len(data) <= _COMPARED_BYTES
    return Blob(shown, data, object_id=change.new.decode("ascii"), added=_new_lines(data, old) if compared else None)


def _content(stream: Stream, limit: int) -> bytes | int | None:
    """The next object's bytes; its size where there are too many, None where git cannot read it."""
    head = stream.out.readline().rstrip(b"\n")
    if not head.isdigit():
        return None
    size = left = int(head)
    if size <= limit:
        data = stream.out.read(size)
        return data if len(data) == size and stream.out.read(1) else None
    while left > 0:
        left -= len(stream.out.read(min(left, _MIB))) or left
    stream.out.read(1)
    return size


def _new_lines(data: bytes, old: Iterable[bytes]) -> tuple[range, ...]:
    known = {line.rstrip(b"\r") for text in old for line in text.split(b"\n")}
    ranges: list[range] = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.rstrip(b"\r") in known:
            continue
        if ranges and ranges[-1].stop == number:
            ranges[-1] = range(ranges[-1].start, number + 1)
        else:
            ranges.append(range(number, number + 1))
    return tuple(ranges)
