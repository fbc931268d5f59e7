"""One place of a secret, as far as ignores look at it."""

from collections.abc import Mapping

from msgspec import Struct

from fourc.secrets.hit import Hit
from fourc.secrets.rule import Assigned, Rule

_GITLEAKS = "gitleaks:"
_NEAR = 4096
"""Bytes of a line on either side of a secret that are looked at: a whole file may be one line."""
CATCH_ALL = "generic-api-key"
"""What gitleaks calls a secret that it has no rule of its own for."""


class Sight(Struct, frozen=True):
    """A secret at a place.

    `line` is that of its first byte, 1-based, `end_line` that of its last one, `name_line` that of the name that it is given to
    where that stands above. `names` are the ids that files of other scanners may call its rule by, `text` the whole lines that
    it stands on, `match` what the rule matched (more than the secret, often), `raw` the secret as it stands in the file, before
    any decoding.
    """

    rule: str
    path: str
    line: int
    value: str
    end_line: int = 0
    name_line: int = 0
    names: frozenset[str] = frozenset()
    text: str = ""
    match: str = ""
    raw: str = ""
    commit: str | None = None

    def __repr__(self) -> str:
        """Without the value, which must not reach a log or an exception's text."""
        return f"Sight({self.rule!r}, {self.path!r}, {self.line})"

    @property
    def last_line(self) -> int:
        """The line of the last byte."""
        return self.end_line or self.line


def names_of(rule: Rule) -> frozenset[str]:
    """The ids that gitleaks, or a file written for it, may call the rule by."""
    same = {r.removeprefix(_GITLEAKS) for r in rule.references if r.startswith(_GITLEAKS)}
    catch_all = not rule.team and (rule.generic or not same)
    return frozenset({rule.id, *same, *([CATCH_ALL] if catch_all else [])})


class Lines:
    """Where lines of a text begin; `first` is the number of the first one, where the text is a part of a file.

    It counts from the line that was asked for last: hits come by place, and most texts have few.
    """

    def __init__(self, text: bytes, first: int = 1) -> None:
        self._text = text
        self._number = first
        self._start = 0
        self._end = -1

    def number(self, offset: int) -> int:
        """The line of an offset."""
        self._go_to(offset)
        return self._number

    def start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        self._go_to(offset)
        return self._start

    def around(self, hit: Hit) -> bytes:
        """The lines that a hit stands on; of very long ones what is near it."""
        start = self.start(hit.start)
        self._go_to(max(hit.start, hit.end - 1))
        return self._text[max(start, hit.start - _NEAR) : min(self._end, hit.end + _NEAR)]

    def _go_to(self, offset: int) -> None:
        text = self._text
        if self._start <= offset <= self._end:
            return
        if offset < self._start:
            self._number -= text.count(b"\n", offset, self._start)
        else:
            self._number += text.count(b"\n", self._start, offset)
        self._start = text.rfind(b"\n", 0, offset) + 1
        end = text.find(b"\n", offset)
        self._end = end if end >= 0 else len(text)

    def number_of_name(self, hit: Hit, rule: Rule) -> int:
        """The line of the name that a value is given to: above it, if the value stands first on its line."""
        start = self.start(hit.start)
        if not isinstance(rule.shape, Assigned) or self._text[start : hit.start].strip(b" \t\r\"'`"):
            return self.number(hit.start)
        above = start
        while above and not self._text[self.start(above - 1) : above].strip():
            above = self.start(above - 1)
        return self.number(above - 1) if above else self.number(hit.start)


def sight_of(hit: Hit, text: bytes, path: str, rules: Mapping[str, Rule], lines: Lines) -> Sight:
    """Where a hit in a text, whose lines these are, stands."""
    rule = rules[hit.rule]
    return Sight(
        hit.rule,
        path,
        lines.number(hit.start),
        hit.value,
        lines.number(max(hit.start, hit.end - 1)),
        lines.number_of_name(hit, rule),
        names_of(rule),
        _shown(lines.around(hit)),
        raw=_shown(text[hit.start : hit.end]),
    )


def _shown(data: bytes) -> str:
    return data.decode("utf-8", "replace")
