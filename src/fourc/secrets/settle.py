"""Which of the hits in one text are told, where several say the same of one place."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from fourc.secrets.hit import Hit
from fourc.secrets.rule import Kind, Rule, Structure


def settled(hits: Sequence[Hit], rules: Mapping[str, Rule]) -> list[Hit]:
    """The hits without those that give way to another one at their place, in the order that they came in.

    Of hits of one rule, or of private keys, the longest is told: what knows the format sees all of the value. What is
    generic gives way to all that is not, and among what is generic the mere look to the format of the file. It stays where
    it stands for the very same value: that is one secret with several names.
    """
    if len(hits) < 2:
        return [*hits]
    kept = _longest(hits, rules)
    specific = _Spans(hit for hit in kept if not rules[hit.rule].generic)
    places = {(hit.start, hit.end, hit.value) for hit in kept if not rules[hit.rule].generic}
    by_format = _Spans(hit for hit in kept if isinstance(rules[hit.rule].shape, Structure))

    def is_told(hit: Hit) -> bool:
        rule = rules[hit.rule]
        if not rule.generic:
            return True
        if (hit.start, hit.end, hit.value) in places:
            return True
        return not specific.touch(hit) and (isinstance(rule.shape, Structure) or not by_format.touch(hit))

    return [hit for hit in kept if is_told(hit)]


def _longest(hits: Sequence[Hit], rules: Mapping[str, Rule]) -> list[Hit]:
    groups: dict[str | Kind, list[int]] = defaultdict(list)
    for place, hit in enumerate(hits):
        kind = rules[hit.rule].kind
        groups[kind if kind is Kind.PRIVATE_KEY else hit.rule].append(place)
    told: list[int] = []
    for places in groups.values():
        last: int | None = None
        for place in sorted(places, key=lambda p: (hits[p].start, -hits[p].end, hits[p].key is None)):
            if last is None or hits[place].start >= hits[last].end or _are_beside(hits[place], hits[last]):
                told.append(place)
                last = place
            elif hits[place].end - hits[place].start > hits[last].end - hits[last].start:
                told[-1] = last = place
    return [hits[place] for place in sorted(told)]


def _are_beside(hit: Hit, other: Hit) -> bool:
    """Whether they are two values in one encoded text: both were read out of it by its format."""
    same = (hit.start, hit.end) == (other.start, other.end) and hit.value != other.value
    return same and bool(hit.via and other.via) and hit.key is not None and other.key is not None


class _Spans:
    """Where some hits stand."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        spans = sorted((hit.start, hit.end) for hit in hits)
        self._starts = [start for start, _ in spans]
        self._reached = [*accumulate((end for _, end in spans), max)]

    def touch(self, hit: Hit) -> bool:
        """Whether one of them overlaps the hit."""
        before = bisect_left(self._starts, hit.end)
        return before > 0 and self._reached[before - 1] > hit.start
