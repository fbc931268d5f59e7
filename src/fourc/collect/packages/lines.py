"""On which line an entry stands: one cheap pass over the bytes, asked in the order of the file."""

import re
from collections.abc import Iterator


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
