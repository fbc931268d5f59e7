"""The ends of connections as people name them: workloads, ranges of addresses, the ingress controller."""

from msgspec import Struct

from fourc.model.connectivity import Direction
from fourc.model.kubernetes.pod import Workload
from fourc.reach.addresses import AddressRange
from fourc.reach.engine import End, Reach

INGRESS_CONTROLLER = "{ingress-controller}"


class NamedEnd(Struct, frozen=True):
    """An end with its name: `namespace/name[Kind]` of what made the pods, or `first-last[External]`.

    `several` when the name stands for pods of different workloads: their connections among themselves count.
    """

    name: str
    end: End
    workloads: tuple[Workload, ...] = ()
    range: AddressRange | None = None
    several: bool = False

    @property
    def external(self) -> bool:
        """Whether it is outside the cluster."""
        return self.range is not None


def named_workloads(reach: Reach) -> tuple[NamedEnd, ...]:
    """The workloads, sorted by name; pods of one owner are one workload unless policies tell them apart."""
    by_name: dict[str, list[Workload]] = {}
    for found in reach.classes:
        for workload in found.workloads:
            by_name.setdefault(owner_name(workload), []).append(workload)
    named: list[NamedEnd] = []
    for name, workloads in by_name.items():
        if len({reach.class_of(w) for w in workloads}) == 1:
            named.append(NamedEnd(name, reach.class_of(workloads[0]), tuple(workloads)))
        else:
            named += (NamedEnd(own_name(w), reach.class_of(w), (w,)) for w in workloads)
    return tuple(sorted(named, key=lambda n: (n.name, n.end)))


def named_classes(reach: Reach) -> tuple[NamedEnd, ...]:
    """The classes, sorted by name: that of their first workload, and how many more there are."""
    named: list[NamedEnd] = []
    for found in reach.classes:
        names = sorted({owner_name(w) for w in found.workloads})
        more = f" and {len(names) - 1} like it" if len(names) > 1 else ""
        named.append(NamedEnd(names[0] + more, found.index, found.workloads, several=len(names) > 1))
    return tuple(sorted(named, key=lambda n: n.name))


def named_ranges(reach: Reach, direction: Direction) -> tuple[NamedEnd, ...]:
    """The ranges of addresses outside the cluster, as sources (ingress) or targets (egress)."""
    return tuple(NamedEnd(f"{found}[External]", end, range=found) for end, found in reach.ranges_for(direction))


def owner_name(workload: Workload) -> str:
    """`namespace/name[Kind]` of the topmost known owner."""
    meta, owner = workload.meta, workload.meta.owner
    if owner is None:
        return own_name(workload)
    return f"{meta.namespace or 'default'}/{owner.name}[{owner.kind or meta.kind}]"


def own_name(workload: Workload) -> str:
    """`namespace/name[Kind]` of the object itself."""
    meta = workload.meta
    return f"{meta.namespace or 'default'}/{meta.name}[{meta.kind}]"


def means(word: str, name: str) -> bool:
    """Whether somebody means the end by `name`, `namespace/name` or the full name."""
    bare = name.rpartition("[")[0] or name.strip("{}")
    return word in {name, bare, bare.partition("/")[2]}
