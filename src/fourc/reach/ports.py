"""The port axis cut at the policies' borders, so that a set of ports is one integer."""

from collections.abc import Iterable
from itertools import pairwise

from fourc.model.ports import ALL, FIRST, LAST, NONE, PROTOCOLS, PortSet, spans_text


class PortAtoms:
    """The port axis cut wherever a policy cuts it: a set of ports is then one integer, a bit for each piece.

    Pods that were not read have ports known by name alone (`names`, each with its protocol): these bits come after the
    others and are in no `PortSet`; the last one stands for every other name.
    """

    def __init__(self, spans: Iterable[tuple[str, int, int]], names: Iterable[tuple[str, str]] = ()) -> None:
        cuts: dict[str, set[int]] = {p: {FIRST, LAST + 1} for p in PROTOCOLS}
        for protocol, first, last in spans:
            if protocol in cuts and FIRST <= first <= last <= LAST:
                cuts[protocol] |= {first, last + 1}
        self._pieces: list[tuple[str, int, int]] = []
        self._index: dict[tuple[str, int], int] = {}
        for protocol in PROTOCOLS:
            ordered = sorted(cuts[protocol])
            for first, after in pairwise(ordered):
                self._index[protocol, first] = len(self._pieces)
                self._pieces.append((protocol, first, after - 1))
            self._index[protocol, LAST + 1] = len(self._pieces)
        self.all = (1 << len(self._pieces)) - 1
        self._names = tuple(sorted(set(names)))
        self.extra = ((1 << len(self._names) + 1) - 1) << len(self._pieces)
        self._sets: dict[int, PortSet] = {0: NONE, self.all: ALL}

    def mask(self, protocol: str, first: int = FIRST, last: int = LAST) -> int:
        """The bits of a span that was among those given (or of a whole protocol); none for one that cannot be."""
        if protocol not in PROTOCOLS or not FIRST <= first <= last <= LAST:
            return 0
        low = self._index[protocol, first]
        high = self._index[protocol, LAST + 1] if last == LAST else self._index[protocol, last + 1]
        return (1 << high) - (1 << low)

    def ports(self, mask: int) -> PortSet:
        """The set that the bits stand for."""
        mask &= self.all
        found = self._sets.get(mask)
        if found is None:
            found = PortSet.of(piece for i, piece in enumerate(self._pieces) if mask >> i & 1)
            self._sets[mask] = found
        return found

    def name(self, name: str, protocol: str) -> int:
        """The bit of a port known by name alone, if it was among those given."""
        if (name, protocol) not in self._names:
            return 0
        return 1 << len(self._pieces) + self._names.index((name, protocol))

    def text(self, mask: int) -> str:
        """The ports as people read them, with the names that stand for ports."""
        ports = self.ports(mask)
        if ports.everything or mask >> len(self._pieces) + len(self._names) & 1:
            return str(ports)
        named: dict[str, list[str]] = {}
        for name, protocol in self._names:
            if mask & self.name(name, protocol):
                named.setdefault(protocol, []).append(name)
        if not named:
            return str(ports)
        return ",".join(
            f"{p} {','.join([*([spans_text(ports.intervals[p])] if p in ports.intervals else []), *named.get(p, [])])}"
            for p in PROTOCOLS
            if p in named or p in ports.intervals
        )
