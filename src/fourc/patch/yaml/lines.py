"""Offsets of a text as the lines and columns that an editor shows."""

import re
from bisect import bisect_right

BOM = "\ufeff"

_LINE_END = re.compile("\n")
_BREAKS = "\n\r\x85\u2028\u2029"


class LineIndex:
    r"""The line starts of one file's text; lines end with `\n` (`\r\n` included, a lone `\r` not)."""

    __slots__ = ("_bom", "_starts")

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self._bom = text.startswith(BOM)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of `offset`, both from 1; a byte order mark takes no column."""
        line = bisect_right(self._starts, offset)
        column = offset - self._starts[line - 1] + 1
        if self._bom and line == 1 and column > 1:
            column -= 1
        return line, column


def position_in(text: str, offset: int) -> tuple[int, int]:
    """Line and column of one `offset`, for when a whole `LineIndex` is not worth building."""
    start = text.rfind("\n", 0, offset) + 1
    column = offset - start + 1
    if start == 0 and column > 1 and text.startswith(BOM):
        column -= 1
    return text.count("\n", 0, offset) + 1, column


def before_blank_lines(text: str, start: int, end: int) -> int:
    """The end of a block scalar's text, without its last line break and the blank lines after it."""
    end = last = min(end, len(text))
    while last > start:
        while text[last - 1] == " ":
            last -= 1
        if text[last - 1] not in _BREAKS:
            break
        last -= 1
        end = last
    return end
