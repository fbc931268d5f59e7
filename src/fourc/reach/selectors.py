"""Which labels selectors can tell apart, which pods they choose, and what is known of pods that were not read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from fourc.model.kubernetes.network import Requirement, Selector

Vocabulary = dict[str, set[str]]
"""By label key the values that some selector names."""
SelectorKey = tuple[tuple[tuple[str, str], ...], tuple[Requirement, ...]]
OTHER = "\0other"
"""Stands for every value of a label that no selector names; no label can have it."""


def selector_key(selector: Selector) -> SelectorKey:
    """The selector's content, for look-ups."""
    return tuple(sorted(selector.labels.items())), tuple(sorted(selector.expressions, key=_order))


def _order(requirement: Requirement) -> tuple[str, str, tuple[str, ...]]:
    return requirement.key, requirement.operator, requirement.values


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


def admits(rule: Selector, some: Selector, *, closed: bool = False) -> bool:
    """Whether a rule's selector surely chooses an object of which only the selector `some` is known.

    Labels are known, and what an equal expression says; `closed`: the object has these labels and no other.
    """
    if closed:
        return rule.matches(some.labels)
    if any(some.labels.get(key) != value for key, value in rule.labels.items()):
        return False
    said = {_content(expression) for expression in some.expressions}
    return all(
        Selector({}, (expression,)).matches(some.labels)
        if expression.key in some.labels
        else _content(expression) in said
        for expression in rule.expressions
    )


def _content(requirement: Requirement) -> tuple[str, str, frozenset[str]]:
    return requirement.key, requirement.operator, frozenset(requirement.values)
