"""Which labels selectors can tell apart, which pods they choose, and when one selector implies another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fourc.model.kubernetes.network import Requirement, Selector

Vocabulary = dict[str, set[str]]
"""By label key the values that some selector names."""
SelectorKey = tuple[tuple[tuple[str, str], ...], tuple[Requirement, ...]]
OTHER = "\0other"
"""Stands for every value of a label that no selector names; no label can have it."""


def selector_key(selector: Selector) -> SelectorKey:
    """The selector's content, for look-ups."""
    return tuple(sorted(selector.labels.items())), selector.expressions


def learn(vocabulary: Vocabulary, selector: Selector) -> None:
    """Add what the selector tells apart."""
    for key, value in selector.labels.items():
        vocabulary.setdefault(key, set()).add(value)
    for requirement in selector.expressions:
        vocabulary.setdefault(requirement.key, set()).update(requirement.values)


def projected(labels: Mapping[str, str], vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """The labels as the selectors see them."""
    found = [(k, v if v in vocabulary[k] else OTHER) for k, v in labels.items() if k in vocabulary]
    found.sort()
    return tuple(found)


class LabelIndex:
    """Objects by their labels: answers which ones a selector chooses, as bits."""

    def __init__(self, labels: Sequence[Iterable[tuple[str, str]]]) -> None:
        self._all = (1 << len(labels)) - 1
        pairs: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number, found in enumerate(labels):
            for pair in found:
                pairs[pair].append(number)
        size = (len(labels) + 7) // 8
        self._pairs = {pair: _packed(numbers, size) for pair, numbers in pairs.items()}
        self._keys: dict[str, int] = {}
        for (key, _), bits in self._pairs.items():
            self._keys[key] = self._keys.get(key, 0) | bits

    def chosen(self, selector: Selector) -> int:
        """The objects that the selector chooses."""
        bits = self._all
        for pair in selector.labels.items():
            bits &= self._pairs.get(pair, 0)
        for requirement in selector.expressions:
            bits &= self._having(requirement)
        return bits

    def _having(self, requirement: Requirement) -> int:
        if requirement.operator in {"In", "NotIn"}:
            bits = 0
            for value in requirement.values:
                bits |= self._pairs.get((requirement.key, value), 0)
            return bits if requirement.operator == "In" else self._all & ~bits
        bits = self._keys.get(requirement.key, 0)
        return bits if requirement.operator == "Exists" else self._all & ~bits


def _packed(numbers: Sequence[int], size: int) -> int:
    data = bytearray(size)
    for number in numbers:
        data[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(data, "little")


@dataclass(frozen=True, slots=True)
class _Allowed:
    """What may stand under one key: nothing at all (`absent`), and the values listed, or all but those (`but`)."""

    absent: bool
    values: frozenset[str]
    but: bool

    def both(self, other: "_Allowed") -> "_Allowed":
        absent = self.absent and other.absent
        if self.but and other.but:
            return _Allowed(absent, self.values | other.values, but=True)
        if self.but or other.but:
            listed, left_out = (other, self) if self.but else (self, other)
            return _Allowed(absent, listed.values - left_out.values, but=False)
        return _Allowed(absent, self.values & other.values, but=False)

    def within(self, other: "_Allowed") -> bool:
        if self.absent and not other.absent:
            return False
        if self.but:
            return other.but and other.values <= self.values
        return self.values.isdisjoint(other.values) if other.but else self.values <= other.values


def _allowed_by(requirement: Requirement) -> _Allowed:
    values = frozenset(requirement.values)
    if requirement.operator == "In":
        return _Allowed(absent=False, values=values, but=False)
    if requirement.operator == "NotIn":
        return _Allowed(absent=True, values=values, but=True)
    if requirement.operator == "Exists":
        return _Allowed(absent=False, values=frozenset(), but=True)
    return _Allowed(absent=True, values=frozenset(), but=False)


_ANYTHING = _Allowed(absent=True, values=frozenset(), but=True)


def _by_key(selector: Selector) -> dict[str, _Allowed]:
    found: dict[str, _Allowed] = {}
    for key, value in selector.labels.items():
        found[key] = _Allowed(absent=False, values=frozenset({value}), but=False)
    for requirement in selector.expressions:
        before = found.get(requirement.key, _ANYTHING)
        found[requirement.key] = before.both(_allowed_by(requirement))
    return found


def implies(narrow: Selector, wide: Selector) -> bool:
    """Whether every object that `narrow` chooses is surely chosen by `wide` too."""
    if wide.empty:
        return True
    mine = _by_key(narrow)
    return all(mine.get(key, _ANYTHING).within(wanted) for key, wanted in _by_key(wide).items())
