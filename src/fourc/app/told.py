"""Secrets as they come in, told once each."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fourc.app.searching import Sight
from fourc.model.finding import Commit, Confidence, Finding
from fourc.model.location import Location
from fourc.secrets.finding import finding_of
from fourc.secrets.rule import Assigned, Rule

if TYPE_CHECKING:
    from fourc.collect.content.attribution import Attributed, Spot

Hides = Callable[[Rule, str, Commit], bool]
"""Whether a rule's value in a commit is not to be reported."""

MOST_VALUES = 20_000
"""Different values that are told; what has more is a list of passwords, and nobody reads on."""
_SURE = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)


class Told(Struct):
    """What was seen where, by value, then by rule.

    `blobs` has, by value, the spot in each blob of git's history; `past` one place of it.
    """

    rules: Mapping[str, Rule]
    places: dict[str, dict[str, dict[Location, None]]] = field(default_factory=dict)
    blobs: "dict[str, dict[str, Spot]]" = field(default_factory=dict)
    past: dict[str, Location] = field(default_factory=dict)
    most: int = MOST_VALUES
    full: bool = False
    kept: dict[str, str] | None = None
    """The secrets by fingerprint, where somebody needs them after they were told."""

    def add(self, sights: Iterable[Sight]) -> None:
        """Count what a file or part of it holds."""
        for sight in sights:
            if len(self.places) >= self.most and sight.hit.value not in self.places:
                self.full = True
                continue
            by_rule = self.places.setdefault(sight.hit.value, {}).setdefault(sight.hit.rule, {})
            if sight.object_id is None:
                by_rule[sight.location] = None
            else:
                from fourc.collect.content.attribution import Spot  # noqa: PLC0415 - only the history asks for it

                self.blobs.setdefault(sight.hit.value, {}).setdefault(
                    sight.object_id, Spot(sight.location.line, sight.inside)
                )
                self.past.setdefault(sight.hit.value, sight.location)

    def findings(
        self, fingerprint: Callable[[str, str], str], known: "Mapping[str, Attributed]", hides: Hides
    ) -> list[Finding]:
        """One finding for each value: of the most telling rule, which names the others.

        `known` says of values what commits brought them; `hides` whether that in one is not to be reported.
        """
        found = []
        for value, by_rule in self.places.items():
            first = most_telling(self.rules[rule] for rule in by_rule)
            attributed = known.get(value)
            there = {place for places in by_rule.values() for place in places}
            history = replace(attributed.history, gone=not there) if attributed else None
            if history and not there and any(hides(first, value, c) for c in (history.first_seen, history.last_seen)):
                continue
            made = finding_of(
                first,
                value,
                _places(there, attributed) or [self.past[value]],
                fingerprint,
                history,
            )
            found.append(made)
            if self.kept is not None:
                self.kept[made.fingerprint] = value
        return sorted(found, key=lambda f: (f.location, f.rule))


def most_telling(rules: Iterable[Rule]) -> Rule:
    """Of the rules that found a value the one that says most of it; its references name the others."""
    first, *others = sorted(rules, key=_rank)
    named = (r for rule in others for r in ((() if rule.generic else (f"fourc:{rule.id}",)) + rule.references))
    return replace(first, references=tuple(dict.fromkeys((*first.references, *named))))


def _places(seen: set[Location], attributed: "Attributed | None") -> list[Location]:
    """A place for each line of the files that are there, then of those that only the history has, its latest version first."""
    there = {(place.path, place.line): place for place in sorted(seen, reverse=True)}
    past = [p for p in attributed.places if p not in there] if attributed else []
    return [*sorted(there.values()), *(Location(path, line, 1, line, 1) for path, line in past)]


def _rank(rule: Rule) -> tuple[bool, int, int, bool, str]:
    """What tells most comes first."""
    return rule.generic, _SURE.index(rule.confidence), -rule.severity, isinstance(rule.shape, Assigned), rule.id
