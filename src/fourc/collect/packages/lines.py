"""On which line an entry stands: one cheap pass over the bytes, asked in the order of the file."""

import re
from collections.abc import Iterator

_SEARCHED = 200 << 20
"""Bytes that are searched for the lines of one file, in all."""


class LineCounter:
    """Line numbers (1-based) of offsets that only grow."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._offset = 0
        self._line = 1

    def at(self, offset: int) -> int:
        """The line on which the byte at `offset` stands."""
        self._line += self._data.count(b"\n", self._offset, offset)
        self._offset = offset
        return self._line


class Places:
    """Lines of texts as they were written, cheap for texts that are asked in the order of the file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._line = 1
        self._budget = _SEARCHED

    def line_of(self, text: str) -> int:
        """The line of the text, first after the one asked before; 0 where it is not found (or was sought for too long)."""
        wanted = text.encode()
        at = self._data.find(wanted, self._at)
        self._budget -= (at if at >= 0 else len(self._data)) - self._at
        if at < 0 and self._budget > 0:
            self._budget -= len(self._data)
            at = self._data.find(wanted)
            self._at, self._line = (0, 1) if at >= 0 else (self._at, self._line)
        if at < 0 or self._budget <= 0:
            return 0
        self._line += self._data.count(b"\n", self._at, at)
        self._at = at
        return self._line


def lines_of_keys(data: bytes, key: re.Pattern[bytes]) -> dict[str, int]:
    """The line of each first match of `key` by the text of its group 1."""
    lines: dict[str, int] = {}
    for name, line in keys_with_lines(data, key):
        lines.setdefault(name, line)
    return lines


def keys_with_lines(data: bytes, key: re.Pattern[bytes]) -> Iterator[tuple[str, int]]:
    """Every match of `key`: the text of its group 1 and the line on which it stands."""
    counter = LineCounter(data)
    for match in key.finditer(data):
        start, end = match.span(1)
        yield data[start:end].decode(errors="replace"), counter.at(start)
