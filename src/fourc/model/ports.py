"""Sets of ports: intervals for each protocol, exact and printable."""

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

PROTOCOLS = ("SCTP", "TCP", "UDP")
"""The protocols that the API's policies speak of, in the order in which they are printed."""
FIRST, LAST = 1, 65535
Interval = tuple[int, int]


class PortSet(Struct, frozen=True):
    """Ports by protocol as sorted intervals that neither touch nor overlap, so equal sets are equal values."""

    intervals: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)

    @staticmethod
    def of(parts: Iterable[tuple[str, int, int]]) -> "PortSet":
        """The set of ports from `(protocol, first, last)` parts, which may overlap."""
        found: dict[str, list[Interval]] = {}
        for protocol, first, last in parts:
            if max(first, FIRST) <= min(last, LAST):
                found.setdefault(protocol, []).append((max(first, FIRST), min(last, LAST)))
        return PortSet({protocol: _merged(found[protocol]) for protocol in sorted(found)})

    def __hash__(self) -> int:
        """By content."""
        return hash(tuple(self.intervals.items()))

    def __bool__(self) -> bool:
        """Whether any port is in it."""
        return bool(self.intervals)

    @property
    def everything(self) -> bool:
        """Whether every port of every protocol is in it."""
        return all(self.intervals.get(p) == ((FIRST, LAST),) for p in PROTOCOLS)

    def contains(self, protocol: str, port: int) -> bool:
        """Whether the port is in it."""
        return any(first <= port <= last for first, last in self.intervals.get(protocol, ()))

    def union(self, other: "PortSet") -> "PortSet":
        """The ports of either."""
        return PortSet.of([*self.spans(), *other.spans()])

    def intersection(self, other: "PortSet") -> "PortSet":
        """The ports of both."""
        return PortSet.of(
            (protocol, max(a, c), min(b, d))
            for protocol, mine in self.intervals.items()
            for a, b in mine
            for c, d in other.intervals.get(protocol, ())
        )

    def without(self, other: "PortSet") -> "PortSet":
        """The ports that are not in the other."""
        return self.intersection(other.complement())

    def complement(self) -> "PortSet":
        """Every port that is not in it."""
        parts: list[tuple[str, int, int]] = []
        for protocol in PROTOCOLS:
            start = FIRST
            for first, last in self.intervals.get(protocol, ()):
                parts.append((protocol, start, first - 1))
                start = last + 1
            parts.append((protocol, start, LAST))
        return PortSet.of(parts)

    def spans(self) -> list[tuple[str, int, int]]:
        """Its intervals, each with its protocol."""
        return [(protocol, a, b) for protocol, spans in self.intervals.items() for a, b in spans]

    def __str__(self) -> str:
        """`All Connections`, `No Connections`, or `TCP 80,8000-8090,UDP 53`."""
        if self.everything:
            return "All Connections"
        if not self:
            return "No Connections"
        return ",".join(f"{protocol} {spans_text(self.intervals[protocol])}" for protocol in sorted(self.intervals))


def spans_text(spans: Iterable[Interval]) -> str:
    """`80,8000-8090`."""
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)


def _merged(spans: list[Interval]) -> tuple[Interval, ...]:
    spans.sort()
    merged = [spans[0]]
    for first, last in spans[1:]:
        if first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


NONE = PortSet()
ALL = PortSet.of((p, FIRST, LAST) for p in PROTOCOLS)
