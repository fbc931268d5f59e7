"""On which line an entry stands: one cheap pass over the bytes, asked in the order of the file."""

import re
from collections.abc import Iterator

from fourc.collect.packages.decoding import utf8_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.limits import KEYS, SEARCHED_BYTES

OBJECT_KEY = re.compile(rb'^[ \t]*"([^"\\\n]{1,500})"[ \t]*:[ \t]*\{', re.MULTILINE)
"""The key of an object that begins a line of pretty-printed JSON."""


def keys_with_lines(given: Given, key: re.Pattern[bytes]) -> Iterator[tuple[str, int]]:
    """Every match of `key`, not of endlessly many: the text of its group 1 and the line on which it stands."""
    data = utf8_of(given)
    at, line = 0, 1
    for count, match in enumerate(key.finditer(data)):
        if count >= KEYS:
            return
        start = match.start(1)
        line += data.count(b"\n", at, start)
        at = start
        yield match[1].decode(errors="replace"), line


def lines_of_keys(given: Given, key: re.Pattern[bytes] = OBJECT_KEY) -> dict[str, int]:
    """The line of each first match of `key` by the text of its group 1."""
    lines: dict[str, int] = {}
    for name, line in keys_with_lines(given, key):
        lines.setdefault(name, line)
    return lines


class LineSearch:
    """Lines of texts as they were written, cheap for texts that are asked in the order of the file."""

    def __init__(self, given: Given) -> None:
        self._data = utf8_of(given)
        self._at = 0
        self._line = 1
        self._budget = SEARCHED_BYTES

    def line_of(self, text: str) -> int:
        """The line of the text, first after the one asked before; 0 where it is not found (or was sought for too long)."""
        wanted = text.encode(errors="replace")
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
