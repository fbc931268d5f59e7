"""The difference of two states: connections that one allows and the other does not, or on other ports."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from fourc.model.connectivity import Direction
from fourc.model.inventory import Inventory
from fourc.model.ports import NONE, PortSet
from fourc.reach.addresses import AddressRange
from fourc.reach.connections import controller_connections
from fourc.reach.engine import Reach
from fourc.reach.peers import INGRESS_CONTROLLER, NamedEnd, named_workloads

Ends = Mapping[str, NamedEnd]


class Difference(Struct, frozen=True):
    """One pair of ends, by name, with the ports before and after; `added` and `removed` are workloads new or gone."""

    source: str
    target: str
    before: PortSet
    after: PortSet
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class _Side:
    """One state, asked by names of workloads and by addresses."""

    def __init__(self, reach: Reach, inventory: Inventory) -> None:
        self.reach = reach
        named = named_workloads(reach)
        self.ends: dict[str, NamedEnd] = {n.name: n for n in named}
        self.entries = {p.target.name: p.ports for p in controller_connections(reach, inventory, named)}
        self._rows: dict[tuple[Direction, int], dict[int, PortSet]] = {}

    def row(self, name: str) -> dict[int, PortSet]:
        """Whom a workload may connect to."""
        named = self.ends.get(name)
        if named is None:
            return {}
        key = (Direction.EGRESS, named.end)
        if key not in self._rows:
            self._rows[key] = dict(self.reach.targets(named.end))
        return self._rows[key]

    def outside(self, direction: Direction, name: str, address: AddressRange) -> PortSet:
        """What a workload may do with an address range that no border of this state cuts."""
        named = self.ends.get(name)
        if named is None:
            return NONE
        end = next((e for e, r in self.reach.ranges_for(direction) if _holds(r, address)), None)
        if end is None:  # no policy of this state speaks of the version: it is like the other one
            end = self.reach.space.first_range
        return self.reach.one_sided(direction, named.end, end)


def _holds(outer: AddressRange, inner: AddressRange) -> bool:
    return outer.version == inner.version and outer.first <= inner.first and inner.last <= outer.last


def differences(before: tuple[Reach, Inventory], after: tuple[Reach, Inventory]) -> Iterator[Difference]:
    """Every pair of ends that differs, sorted by names: workloads, then addresses, then the ingress controller."""
    old, new = _Side(*before), _Side(*after)
    names = sorted({*old.ends, *new.ends})
    for source in names:
        first, second = old.row(source), new.row(source)
        for target in names:
            was, is_ = _of(first, old.ends.get(target)), _of(second, new.ends.get(target))
            if source != target and was != is_:
                yield _noted(source, target, was, is_, old.ends, new.ends)
    for direction in Direction:
        ranges = _common(
            [r for _, r in old.reach.ranges_for(direction)], [r for _, r in new.reach.ranges_for(direction)]
        )
        for name in names:
            for address, was, is_ in _joined(
                (r, old.outside(direction, name, r), new.outside(direction, name, r)) for r in ranges
            ):
                if was != is_:
                    outside = f"{address}[External]"
                    pair = (outside, name) if direction is Direction.INGRESS else (name, outside)
                    yield _noted(*pair, was, is_, old.ends, new.ends)
    for name in names:
        was, is_ = old.entries.get(name, NONE), new.entries.get(name, NONE)
        if was != is_:
            yield _noted(INGRESS_CONTROLLER, name, was, is_, old.ends, new.ends)


def _of(row: Mapping[int, PortSet], target: NamedEnd | None) -> PortSet:
    return NONE if target is None else row.get(target.end, NONE)


def _noted(source: str, target: str, was: PortSet, is_: PortSet, old: Ends, new: Ends) -> Difference:
    ends = [name for name in (source, target) if name in old or name in new]
    added = tuple(name for name in ends if name not in old)
    removed = tuple(name for name in ends if name not in new)
    return Difference(source, target, was, is_, added, removed)


def _common(first: Sequence[AddressRange], second: Sequence[AddressRange]) -> list[AddressRange]:
    """The ranges cut at the borders of both states."""
    found: list[AddressRange] = []
    for version in sorted({r.version for r in (*first, *second)}):
        starts = sorted({r.first for r in (*first, *second) if r.version == version})
        ends = [*(start - 1 for start in starts[1:]), max(r.last for r in (*first, *second) if r.version == version)]
        found += (AddressRange(version, a, b) for a, b in zip(starts, ends, strict=True))
    return found


def _joined(
    rows: Iterable[tuple[AddressRange, PortSet, PortSet]],
) -> Iterator[tuple[AddressRange, PortSet, PortSet]]:
    """Neighbours with the same answers as one range."""
    last: tuple[AddressRange, PortSet, PortSet] | None = None
    for address, was, is_ in rows:
        if last is not None and last[0].version == address.version and last[1:] == (was, is_):
            last = (AddressRange(address.version, last[0].first, address.last), was, is_)
            continue
        if last is not None:
            yield last
        last = (address, was, is_)
    if last is not None:
        yield last
