"""The ends of connections as people name them: workloads, ranges of addresses, the ingress controller."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fourc.model.connectivity import Direction
from fourc.model.kubernetes.pod import Workload
from fourc.reach.addresses import AddressRange
from fourc.reach.engine import End, Reach

INGRESS_CONTROLLER = "{ingress-controller}"


@dataclass(frozen=True, slots=True)
class NamedEnd:
    """An end with its name: `namespace/name[Kind]` of what made the pods, or `first-last[External]`."""

    name: str
    end: End
    workload: Workload | None = None
    range: AddressRange | None = None

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
            named.append(NamedEnd(name, reach.class_of(workloads[0]), workloads[0]))
        else:
            named += (NamedEnd(own_name(w), reach.class_of(w), w) for w in workloads)
    return tuple(sorted(named, key=lambda n: (n.name, n.end)))


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


def focused(names: Iterable[NamedEnd], wanted: Sequence[str]) -> frozenset[str]:
    """The names of the workloads that somebody means by `name`, `namespace/name` or the full name."""
    return frozenset(n.name for n in names if any(_means(word, n.name) for word in wanted))


def _means(word: str, name: str) -> bool:
    bare = name.rpartition("[")[0]
    return word in {name, bare, bare.partition("/")[2]}
