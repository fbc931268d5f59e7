"""The rules of a run, ours and the team's, and which of their hits in a text stand."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from fourc.model.gap import Gap
from fourc.secrets.hit import Hit
from fourc.secrets.ignoring.allowlist import Allowlist, Target
from fourc.secrets.ignoring.expressions import Filter
from fourc.secrets.ignoring.go_patterns import compiled
from fourc.secrets.ignoring.shannon import entropy
from fourc.secrets.ignoring.sight import Lines, Sight, sight_of
from fourc.secrets.rule import Rule, Token

ALLOWED_HERE = ("gitleaks:allow", "betterleaks:allow", "pragma: allowlist secret")
"""On a secret's own line these words, in a comment most likely, let it stand: gitleaks', betterleaks' and detect-secrets'."""

_MARKS = tuple(mark.encode() for mark in ALLOWED_HERE)


class Required(Struct, frozen=True):
    """A rule that must have found something near what another found; without bounds anywhere in the text is near."""

    rule: str
    lines: int | None = None
    columns: int | None = None


class TeamRules(Struct, frozen=True, dict=True):
    """The rules to look with, and what the team's configuration says about their hits.

    `allowlists` are for all rules, `of_rule` for one; `filters` likewise, those for all rules under "". `keywords`: one of them
    stands somewhere in a text in which the rule counts. `silent` rules are only looked for because others require them.
    """

    rules: tuple[Rule, ...]
    allowlists: tuple[Allowlist, ...] = ()
    of_rule: Mapping[str, tuple[Allowlist, ...]] = field(default_factory=dict)
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: Mapping[str, tuple[Required, ...]] = field(default_factory=dict)
    filters: Mapping[str, tuple[Filter, ...]] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    gaps: tuple[Gap, ...] = ()
    extends_ours: bool = True

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """The rules by their id."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def _is_plain(self) -> bool:
        """Whether nothing but a mark on its line decides whether a hit stands."""
        asks = (self.allowlists, self.of_rule, self.keywords, self.required, self.filters)
        return not any(asks) and not any(rule.team and rule.entropy for rule in self.rules)

    def allows(self, sight: Sight) -> bool:
        """Whether an allowlist or a filter lets the sight stand; with its commit known, for commits too."""
        lists = (*self.allowlists, *self.of_rule.get(sight.rule, ()))
        filters = (*self.filters.get("", ()), *self.filters.get(sight.rule, ()))
        return any(a.allows(sight) for a in lists) or any(f.discards(sight) for f in filters)

    def standing(self, hits: Sequence[Hit], text: bytes, path: str) -> list[Hit]:
        """The hits in a text that count."""
        if not hits:
            return []
        if self._is_plain and not any(mark in text for mark in _MARKS):
            return [hit for hit in dict.fromkeys(hits) if hit.rule not in self.silent]
        rules, lines, lower = self.by_id, Lines(text), text.lower() if self.keywords else b""
        seen: dict[Hit, Sight] = {}
        for hit in hits:
            words = self.keywords.get(hit.rule, ())
            rule = rules[hit.rule]
            if words and not any(word.encode() in lower for word in words):
                continue
            if rule.team and rule.entropy and entropy(hit.value) <= rule.entropy:
                continue
            sight = sight_of(hit, text, path, rules, lines)
            if self._asks_for_match(hit.rule):
                sight = replace(sight, match=_match_of(hit, rule, text))
            if not (any(mark in sight.text for mark in ALLOWED_HERE) or self.allows(sight)):
                seen[hit] = sight
        return [hit for hit in seen if hit.rule not in self.silent and self._has_required(hit, seen, lines)]

    def _asks_for_match(self, rule: str) -> bool:
        lists = (*self.allowlists, *self.of_rule.get(rule, ()))
        return bool(self.filters) or any(a.target is Target.MATCH for a in lists)

    def _has_required(self, hit: Hit, seen: Mapping[Hit, Sight], lines: Lines) -> bool:
        return all(
            any(other.rule == needed.rule and _is_near(needed, hit, other, seen, lines) for other in seen)
            for needed in self.required.get(hit.rule, ())
        )


def _is_near(needed: Required, hit: Hit, other: Hit, seen: Mapping[Hit, Sight], lines: Lines) -> bool:
    if needed.lines is not None and abs(seen[hit].line - seen[other].line) > needed.lines:
        return False
    return needed.columns is None or abs(_column(hit, lines) - _column(other, lines)) <= needed.columns


def _column(hit: Hit, lines: Lines) -> int:
    return hit.start - lines.start(hit.start)


_BEFORE = 4096
"""Bytes before a secret in which what its rule matched is taken to begin."""


def _match_of(hit: Hit, rule: Rule, text: bytes) -> str:
    """What the rule matched around the secret; of a rule without a pattern of its own, the secret's lines up to its end."""
    start = text.rfind(b"\n", 0, hit.start) + 1
    if isinstance(rule.shape, Token) and not hit.via:
        begin = max(0, hit.start - _BEFORE)
        for found in compiled(rule.shape.pattern).finditer(text[begin : hit.end + _BEFORE]):
            first, last = (begin + at for at in found.span())
            if first <= hit.start and hit.end <= last:
                return text[first:last].decode("utf-8", "replace")
    return text[max(start, hit.start - _BEFORE) : hit.end].decode("utf-8", "replace")
