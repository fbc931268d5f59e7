"""Replacements in a text, and the difference of two texts as a patch that `git apply` and `patch` take."""

import difflib
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import attrgetter

from msgspec import Struct

from fourc.errors import FourcError
from fourc.text import Text

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HUNK = re.compile(r"@@ -(\d+)((?:,\d+)?) \+(\d+)((?:,\d+)?) @@")
_CONTEXT = 3
_PLACE = attrgetter("start", "end")
_ESCAPES = {"\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"} | {
    '"': '\\"',
    "\\": "\\\\",
}
_NO_NEWLINE = "\n\\ No newline at end of file\n"
_NO_FILE = "/dev/null"
_OUTSIDE = Text(
    "an edit of characters {start} to {end} in a text of {size}",
    "要修改第 {start} 到 {end} 个字符，但文本只有 {size} 个字符",
)
_OVERLAP = Text("two edits overlap at character {at}", "两处修改在第 {at} 个字符重叠")


class TextEdit(Struct, frozen=True):
    """`new` instead of `text[start:end]`; offsets count characters of the text before any edit."""

    start: int
    end: int
    new: str


class EditConflictError(FourcError):
    """Edits that cannot all be made, because they overlap or lie outside the text."""


def apply(text: str, edits: Iterable[TextEdit]) -> str:
    """The text with every edit made; edits may come in any order, insertions at one place keep theirs.

    Raises:
        EditConflictError: two edits overlap, or one lies outside the text.
    """
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=_PLACE):
        if not 0 <= edit.start <= edit.end <= len(text):
            raise EditConflictError(
                _OUTSIDE.of(start=edit.start, end=edit.end, size=len(text)),
                hint=Text(
                    "read the file again: it has changed since the edit was made",
                    "请重新读取文件：它在生成修改之后变化了",
                ),
            )
        if edit.start < done:
            raise EditConflictError(
                _OVERLAP.of(at=edit.start),
                hint=Text(
                    "apply the changes one after the other, scanning again in between",
                    "请逐项应用改动，每次之后重新扫描",
                ),
            )
        pieces += (text[done : edit.start], edit.new)
        done = edit.end
    return "".join((*pieces, text[done:]))


def unified_diff(path: str, before: str | None, after: str | None) -> str:
    r"""The patch from `before` to `after`, empty if they are equal; None says that there is no file.

    Lines end at `\n` alone, so `\r\n` stays in them as git has it. `path` is relative to where the patch is applied
    with `-p1`, its parts separated by `/`.
    """
    if before == after:
        return ""
    hunks = "".join(line if line.endswith("\n") else line + _NO_NEWLINE for line in _hunks(before or "", after or ""))
    old, new = _name("a/", path), _name("b/", path)
    extended = ""
    if before is None:
        extended = f"diff --git {old} {new}\nnew file mode 100644\n"
    elif after is None:
        extended = f"diff --git {old} {new}\ndeleted file mode 100644\n"
    if not hunks:
        return extended
    old_header = _NO_FILE if before is None else _with_end(old)
    new_header = _NO_FILE if after is None else _with_end(new)
    return f"{extended}--- {old_header}\n+++ {new_header}\n{hunks}"


def _hunks(before: str, after: str) -> Iterator[str]:
    """The lines of the hunks. What both begin and end with is not compared line by line: most edits of large files are small."""
    old, new = _LINE.findall(before), _LINE.findall(after)
    same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    shorter = min(len(old), len(new)) - same
    tail = next((n for n in range(shorter) if old[-1 - n] != new[-1 - n]), shorter)
    begin = max(0, same - _CONTEXT)
    end = max(0, tail - _CONTEXT)
    lines = difflib.unified_diff(old[begin : len(old) - end], new[begin : len(new) - end], n=_CONTEXT)
    for line in islice(lines, 2, None):
        yield _HUNK.sub(lambda match: _moved(match, begin), line, count=1) if line.startswith("@@") else line


def _moved(match: re.Match[str], lines: int) -> str:
    """A hunk's header further down."""
    old, new = (int(match[n]) + lines for n in (1, 3))
    return f"@@ -{old}{match[2]} +{new}{match[4]} @@"


def _name(prefix: str, path: str) -> str:
    """The path as `quote_c_style` of git writes it: as it is, or as a C string of its UTF-8 bytes."""
    if path.isascii() and path.isprintable() and '"' not in path and "\\" not in path:
        return prefix + path
    return f'"{prefix}{"".join(map(_quoted, path))}"'


def _quoted(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isascii() and character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


def _with_end(name: str) -> str:
    """The name as it stands in a `---` or `+++` line: a tab ends one that holds a space."""
    return f"{name}\t" if " " in name and not name.startswith('"') else name
