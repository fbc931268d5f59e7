"""What of the sightings is a match: each is looked at by RE2, on the few bytes that it can concern."""

from collections.abc import Iterable, Iterator, Sequence
from time import perf_counter, thread_time

import re2

from fourc.secrets.beginnings import Beginning

_FAR = 64 * 1024
"""How far from its beginning a match ends at most where its pattern sets no limit (a private key, a service account)."""

_MOST = 200_000
"""Matches of one pattern in one text that count."""
_SECONDS = 5.0
"""Of a processor's time that one pattern may take in one text. RE2 is linear, but what matches again and again is not."""
_DOUBT = 1.0
"""Of any clock's, after which only the processor's own counts: a busy machine is no slow pattern."""

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False  # it would write to the standard error, patterns included
_BYTES = re2.Options()
_BYTES.encoding = re2.Options.Encoding.LATIN1
_BYTES.log_errors = False


def compiled(pattern: str) -> re2._Regexp:
    """A pattern over UTF-8 bytes."""
    return re2.compile(pattern.encode(), _OPTIONS)


def any_of(patterns: Iterable[str]) -> re2.Set:
    """Tells which of some patterns are in a text: much faster than to ask one by one, and than the wrapper of one."""
    found = re2.Set.SearchSet(_OPTIONS)
    for pattern in patterns:
        found.Add(pattern.encode())
    found.Compile()
    return found


class EndlessError(Exception):
    """A pattern matches so often, or so slowly, that the rest of the text is not searched for it."""


class Pattern:
    """One rule's pattern, compiled when it is first needed.

    The spans that it finds are those of plain search from the start: the first match, then the first from where its secret
    ends, and so on.
    """

    def __init__(self, pattern: str, beginning: Beginning | None) -> None:
        self._pattern = pattern
        self._compiled: re2._Regexp | None = None
        self._groups: list[int] = []
        self._opening = beginning.opening.encode() if beginning else b""
        self._probe = beginning.probe if beginning else ""
        self._probed = beginning.probed if beginning else 0
        self._probing: re2._Regexp | None = None
        self._later = [text.encode() for text in beginning.later] if beginning else []
        self._within = beginning.within if beginning else 0
        self._reach = beginning.reach if beginning else None
        self._breaks = beginning.breaks if beginning else None
        longest = beginning.longest if beginning else None
        self._bounded = longest is not None and longest <= _FAR
        self._longest = longest if longest is not None and self._bounded else _FAR

    def spans(self, text: bytes, ends: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The secrets of the matches, where a beginning was seen to end at each of `ends` (in order).

        Raises:
            EndlessError: behind the last one that counts.
        """
        is_near = self._reach is not None or self._breaks is not None
        found = self._behind(text, ends) if is_near else self._anywhere(text)
        spent, number = 0.0, 0
        while True:
            # the clock of the processor is as dear as a match, the one on the wall is nearly free: it says when to ask
            clock = perf_counter if spent < _DOUBT else thread_time
            began = clock()
            span = next(found, None)
            spent += clock() - began
            if span is None:
                return
            if number == _MOST or spent > _SECONDS:
                raise EndlessError
            yield span
            number += 1

    def _behind(self, text: bytes, ends: Sequence[int]) -> Iterator[tuple[int, int]]:
        compiled = self._ready()
        at = in_vain = 0
        for end in ends:
            while at < end:
                low = self._earliest(text, at, end)
                high = min(len(text), end + self._longest)
                if self._later and all(text.find(one, end, end + self._within) < 0 for one in self._later):
                    break
                if in_vain > len(text) - low:
                    # to look at all that is left costs no more than what was looked at for nothing
                    match, in_vain = compiled.search(text, low), 0
                    if match is None:
                        return
                else:
                    match = self._first(text, low, end, high)
                    if match is None or match.start() >= end:
                        in_vain += (end - low + self._probed) if self._probe else high - low
                        break  # what begins later has a later sighting
                    if not self._bounded and match.end() == high < len(text):
                        match = compiled.search(text, low) or match
                start, behind = self._secret(match)
                yield start, behind
                at = max(behind, at + 1)

    def _earliest(self, text: bytes, at: int, end: int) -> int:
        """Where from `at` on the match may begin of which a beginning ends at `end`."""
        if self._reach is not None:
            return max(at, end - self._reach)
        line, left = text.rfind(b"\n", at, end) + 1, self._breaks or 0
        while line and left:
            above = text.rfind(b"\n", at, line - 1) + 1
            if not above:
                return at
            left -= not text[above:line].isspace()
            line = above
        return line or at

    def _first(self, text: bytes, low: int, end: int, high: int) -> "re2._Match | None":
        """The first match that begins between `low` and `end`, which may be told apart from one that begins later.

        RE2 takes long to say where a match begins that has a long repeat, and to find out that none does; so it is asked about
        those places only where one may begin.
        """
        compiled = self._ready()
        if not self._opening and not self._probe:
            return compiled.search(text, low, high)
        while (low := self._may_begin(text, low, end)) >= 0:
            if match := compiled.match(text, low, high):
                return match
            low += 1
        return None

    def _may_begin(self, text: bytes, low: int, end: int) -> int:
        """The first place between `low` and `end` where a match may begin; -1 if there is none."""
        if self._opening:
            return text.find(self._opening, low, end)
        if self._probing is None:
            self._probing = re2.compile(b"(?m)" + self._probe.encode(), _BYTES)
        match = self._probing.search(text, low, min(len(text), end + self._probed))
        return match.start() if match is not None and match.start() < end else -1

    def _anywhere(self, text: bytes) -> Iterator[tuple[int, int]]:
        compiled = self._ready()
        at = 0
        while match := compiled.search(text, at):
            start, behind = self._secret(match)
            yield start, behind
            at = max(behind, at + 1)

    def _ready(self) -> re2._Regexp:
        if self._compiled is None:
            self._compiled = compiled(self._pattern)
            named = self._compiled.groupindex.get(b"secret")
            self._groups = [named] if named else [*range(1, self._compiled.groups + 1), 0]
        return self._compiled

    def _secret(self, match: re2._Match) -> tuple[int, int]:
        """The group `secret`, else the first group that took part, else all of the match."""
        spans = map(match.span, self._groups)
        return next((span for span in spans if span[0] >= 0), match.span())
