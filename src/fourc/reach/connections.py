"""The allowed connections between named ends, as reports list them."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from fourc.model.connectivity import Direction
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import Selector
from fourc.model.ports import PortSet
from fourc.reach.bits import bits_of
from fourc.reach.classes import NAME_LABEL
from fourc.reach.engine import End, Reach
from fourc.reach.entries import Entry, controller_entries
from fourc.reach.peers import INGRESS_CONTROLLER, NamedEnd, named_ranges
from fourc.reach.space import Stranger

CONTROLLER = Stranger(Selector({NAME_LABEL: "ingress-controller-ns"}), Selector({}), closed=True)
"""An ingress controller that was not read: in a namespace of its own, with labels that no policy names."""


class Pair(Struct, frozen=True):
    """What one end may do to another."""

    source: NamedEnd
    target: NamedEnd
    ports: PortSet


def sources_of(reach: Reach, workloads: Iterable[NamedEnd]) -> list[NamedEnd]:
    """The workloads and the addresses that connect to them, sorted by name."""
    return sorted((*workloads, *named_ranges(reach, Direction.INGRESS)), key=lambda n: n.name)


def targets_of(reach: Reach, workloads: Iterable[NamedEnd]) -> list[NamedEnd]:
    """The workloads and the addresses to which they connect, sorted by name."""
    return sorted((*workloads, *named_ranges(reach, Direction.EGRESS)), key=lambda n: n.name)


def connections(reach: Reach, workloads: Sequence[NamedEnd]) -> Iterator[Pair]:
    """Every allowed connection between different workloads, and between workloads and addresses, sorted by names.

    Of classes (several pods under one name) the connections among themselves too.
    """
    targets = targets_of(reach, workloads)
    places: dict[End, list[int]] = {}
    for place, target in enumerate(targets):
        places.setdefault(target.end, []).append(place)
    among = bits_of(places)
    known: dict[End, dict[End, PortSet]] = {}
    for source in sources_of(reach, workloads):
        if source.end not in known:
            known[source.end] = dict(reach.targets(source.end, among))
        allowed = known[source.end]
        for place in sorted(place for end in allowed for place in places[end]):
            target = targets[place]
            if target is not source or source.several:
                yield Pair(source, target, allowed[target.end])


def controller_connections(reach: Reach, inventory: Inventory, workloads: Sequence[NamedEnd]) -> Iterator[Pair]:
    """What an ingress controller may reach of what Ingresses and routes lead to; `CONTROLLER` must be a stranger."""
    source = controller(reach)
    for target, entries in entries_by_target(reach, inventory, workloads):
        ports = PortSet()
        for entry in entries:
            ports = ports.union(entry_ports(reach, entry))
        if ports:
            yield Pair(source, target, ports)


def entries_by_target(
    reach: Reach, inventory: Inventory, workloads: Sequence[NamedEnd]
) -> list[tuple[NamedEnd, list[Entry]]]:
    """The named workloads that Ingresses and routes lead to, sorted by name, with what leads there."""
    by_class = {n.end: n for n in reversed(workloads)}
    by_workload = {id(w): n for n in workloads for w in n.workloads}
    found: dict[str, tuple[NamedEnd, list[Entry]]] = {}
    for entry in controller_entries(inventory):
        target = by_workload.get(id(entry.workload)) or by_class[reach.class_of(entry.workload)]
        found.setdefault(target.name, (target, []))[1].append(entry)
    return [found[name] for name in sorted(found)]


def controller(reach: Reach) -> NamedEnd:
    """The ingress controller that was not read."""
    return NamedEnd(INGRESS_CONTROLLER, reach.space.first_stranger + reach.space.strangers.index(CONTROLLER))


def entry_ports(reach: Reach, entry: Entry) -> PortSet:
    """What the policies let an ingress controller reach of what the entry leads to."""
    end = reach.class_of(entry.workload)
    return entry.ports.intersection(reach.one_sided(Direction.INGRESS, end, controller(reach).end))
