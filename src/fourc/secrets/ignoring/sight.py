"""One place of a secret, as far as ignores look at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fourc.secrets.hit import Hit
from fourc.secrets.rule import Assigned, Rule

_GITLEAKS = "gitleaks:"
CATCH_ALL = "generic-api-key"
"""What gitleaks calls a secret that it has no rule of its own for."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A secret at a place.

    `line` is that of its first byte, 1-based, `end_line` that of its last one, `name_line` that of the name that it is given to
    where that stands above. `names` are the ids that files of other scanners may call its rule by, `text` the whole lines that
    it stands on, `match` what the rule matched (more than the secret, often), `raw` the secret as it stands in the file, before
    any decoding.
    """

    rule: str
    path: str
    line: int
    value: str = field(repr=False)
    end_line: int = 0
    name_line: int = 0
    names: frozenset[str] = frozenset()
    text: str = field(default="", repr=False)
    match: str = field(default="", repr=False)
    raw: str = field(default="", repr=False)
    commit: str | None = None

    @property
    def last_line(self) -> int:
        """The line of the last byte."""
        return self.end_line or self.line


def names_of(rule: Rule) -> frozenset[str]:
    """The ids that gitleaks, or a file written for it, may call the rule by."""
    same = {r.removeprefix(_GITLEAKS) for r in rule.references if r.startswith(_GITLEAKS)}
    catch_all = not rule.team and (rule.generic or not same)
    return frozenset({rule.id, *same, *([CATCH_ALL] if catch_all else [])})


def sight_of(hit: Hit, text: bytes, path: str, rules: Mapping[str, Rule], first_line: int = 1) -> Sight:
    """Where a hit in a text stands; `first_line` is the number of the text's first line, where it is a part of a file."""
    start, end = text.rfind(b"\n", 0, hit.start) + 1, text.find(b"\n", max(hit.start, hit.end - 1))
    line = first_line + text.count(b"\n", 0, hit.start)
    return Sight(
        hit.rule,
        path,
        line,
        hit.value,
        line + text.count(b"\n", hit.start, max(hit.start, hit.end - 1)),
        line - _lines_to_name(text[:start]) if _is_below_its_name(rules[hit.rule], text[start : hit.start]) else line,
        names_of(rules[hit.rule]),
        _shown(text[start : end if end >= 0 else len(text)]),
        raw=_shown(text[hit.start : hit.end]),
    )


def _is_below_its_name(rule: Rule, before: bytes) -> bool:
    """Whether a value that is known by its name stands first on its line; `before` is what stands before it there."""
    return isinstance(rule.shape, Assigned) and not before.strip(b" \t\r\"'`")


def _lines_to_name(above: bytes) -> int:
    """How many lines the last one with something on it is above."""
    return above.count(b"\n", len(above.rstrip())) if above.strip() else 0


def _shown(data: bytes) -> str:
    return data.decode("utf-8", "replace")
