"""The allowed connections between named ends, as reports list them."""

from collections.abc import Iterator
from dataclasses import dataclass

from fourc.model.connectivity import Direction
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import Selector
from fourc.model.ports import PortSet
from fourc.reach.classes import NAME_LABEL
from fourc.reach.engine import Reach
from fourc.reach.entries import Entry, controller_entries
from fourc.reach.peers import INGRESS_CONTROLLER, NamedEnd, named_ranges, named_workloads
from fourc.reach.space import Stranger

CONTROLLER = Stranger(Selector({NAME_LABEL: "ingress-controller-ns"}), Selector({}), closed=True)
"""An ingress controller that was not read: in a namespace of its own, with labels that no policy names."""


@dataclass(frozen=True, slots=True)
class Connection:
    """What one end may do to another."""

    source: NamedEnd
    target: NamedEnd
    ports: PortSet


def connections(reach: Reach) -> Iterator[Connection]:
    """Every allowed connection between different workloads, and between workloads and addresses, sorted by names."""
    workloads = named_workloads(reach)
    sources = sorted((*workloads, *named_ranges(reach, Direction.INGRESS)), key=lambda n: n.name)
    targets = sorted((*workloads, *named_ranges(reach, Direction.EGRESS)), key=lambda n: n.name)
    for source in sources:
        for target in targets:
            if source.name != target.name:
                ports = reach.allowed(source.end, target.end)
                if ports:
                    yield Connection(source, target, ports)


def controller_connections(reach: Reach, inventory: Inventory) -> Iterator[Connection]:
    """What an ingress controller may reach of what Ingresses and routes lead to; `CONTROLLER` must be a stranger."""
    names = {id(n.workload): n for n in named_workloads(reach)}
    by_class = {n.end: n for n in names.values()}
    found: dict[str, tuple[NamedEnd, PortSet]] = {}
    for entry in controller_entries(inventory):
        ports = entry_ports(reach, entry)
        if ports:
            target = names.get(id(entry.workload)) or by_class[reach.class_of(entry.workload)]
            before = found.get(target.name)
            found[target.name] = (target, ports if before is None else before[1].union(ports))
    source = NamedEnd(INGRESS_CONTROLLER, controller_end(reach))
    for name in sorted(found):
        yield Connection(source, *found[name])


def controller_end(reach: Reach) -> int:
    """The end that stands for the ingress controller that was not read."""
    return reach.space.first_stranger + reach.space.strangers.index(CONTROLLER)


def entry_ports(reach: Reach, entry: Entry) -> PortSet:
    """What the policies let an ingress controller reach of what the entry leads to."""
    end = reach.class_of(entry.workload)
    return entry.ports.intersection(reach.one_sided(Direction.INGRESS, end, controller_end(reach)))
