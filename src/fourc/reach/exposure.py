"""To whom workloads are open that was not read: pods that a rule would admit, and addresses outside."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from fourc.model.connectivity import Direction
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.admin_policy import AdminPolicy
from fourc.model.kubernetes.network import NetworkPolicy, Requirement, Selector
from fourc.model.ports import NONE, PortSet
from fourc.reach.classes import NAME_LABEL
from fourc.reach.engine import Reach
from fourc.reach.peers import NamedEnd
from fourc.reach.space import ANY, Stranger

NOTHING = "No Connections"
ENTIRE_CLUSTER = Stranger(ANY, ANY)


def strangers_of(inventory: Inventory) -> tuple[Stranger, ...]:
    """Any pod of the cluster, and one stranger for each pair of selectors that a rule names."""
    found: dict[object, Stranger] = {}
    for stranger in (ENTIRE_CLUSTER, *_named_by(inventory.policies), *_named_by_admins(inventory.admin_policies)):
        found.setdefault((_content(stranger.namespaces), _content(stranger.pods)), stranger)
    return tuple(found.values())


def _content(selector: Selector) -> object:
    """What it says, in whatever order."""
    expressions = frozenset((r.key, r.operator, frozenset(r.values)) for r in selector.expressions)
    return frozenset(selector.labels.items()), expressions


def _named_by(policies: Sequence[NetworkPolicy]) -> Iterator[Stranger]:
    for policy in policies:
        home = Selector({NAME_LABEL: policy.meta.namespace or "default"})
        for part in (*(policy.ingress or ()), *(policy.egress or ())):
            for peer in part.peers:
                if peer.cidr is None and (peer.pods is not None or peer.namespaces is not None):
                    yield Stranger(home if peer.namespaces is None else peer.namespaces, peer.pods or ANY)


def _named_by_admins(policies: Sequence[AdminPolicy]) -> Iterator[Stranger]:
    for policy in policies:
        for rule in (*policy.ingress, *policy.egress):
            for peer in rule.peers:
                if peer.namespaces is not None:
                    yield Stranger(peer.namespaces, peer.pods or ANY)


def stranger_name(stranger: Stranger) -> str:
    """`namespace/[pod with {app=web}]`, in which `[all namespaces]` and `[all pods]` may stand; or `entire-cluster`."""
    if stranger.namespaces.empty and stranger.pods.empty:
        return "entire-cluster"
    namespaces, pods = stranger.namespaces, stranger.pods
    home = namespaces.labels.get(NAME_LABEL) if len(namespaces.labels) == 1 and not namespaces.expressions else None
    where = home or ("[all namespaces]" if namespaces.empty else f"[namespace with {_text(namespaces)}]")
    return f"{where}/{'[all pods]' if pods.empty else f'[pod with {_text(pods)}]'}"


class Open(Struct, frozen=True):
    """A workload's openness in a direction to a peer; `text` names ports that are known by name alone too."""

    workload: NamedEnd
    direction: Direction
    peer: str
    ports: PortSet
    text: str
    whole: PortSet = NONE

    def like_any(self, port: tuple[str, int]) -> bool:
        """Whether any pod of the cluster is told to be open on the port already."""
        return self.whole.contains(*port)


def exposures(reach: Reach, workloads: Sequence[NamedEnd]) -> Iterator[Open]:
    """For each workload and direction the peers that were not read, or are outside, with the ports; sorted.

    A stranger is told where it is open to more or less than any pod of the cluster. One that goes by labels alone and
    stands for a pod that was read is not told: the connections say it.
    """
    known = {i for i, stranger in enumerate(reach.space.strangers) if _was_read(reach, stranger)}
    for workload in workloads:
        for direction in (Direction.EGRESS, Direction.INGRESS):
            for end, found in reach.ranges_for(direction):
                ports = reach.one_sided(direction, workload.end, end)
                if ports:
                    yield Open(workload, direction, f"{found}[External]", ports, str(ports))
            whole = reach.text(direction, workload.end, reach.space.first_stranger)
            any_pod = reach.one_sided(direction, workload.end, reach.space.first_stranger)
            for i, stranger in enumerate(reach.space.strangers):
                end = reach.space.first_stranger + i
                text = reach.text(direction, workload.end, end)
                if (text != NOTHING) if i == 0 else (i not in known and text != whole):
                    ports = reach.one_sided(direction, workload.end, end)
                    yield Open(workload, direction, stranger_name(stranger), ports, text, any_pod if i else NONE)


def _was_read(reach: Reach, stranger: Stranger) -> bool:
    selectors = stranger.pods, stranger.namespaces
    if any(s.empty or s.expressions for s in selectors):
        return False  # other pods of the kind may well be elsewhere
    return bool(reach.space.choose(stranger.pods, stranger.namespaces) & reach.space.pods)


def unprotected(reach: Reach, workloads: Sequence[NamedEnd]) -> Iterator[tuple[NamedEnd, Direction]]:
    """The workloads that no policy selects, with the direction."""
    for workload in workloads:
        for direction in (Direction.EGRESS, Direction.INGRESS):
            if not reach.selecting(direction, workload.end):
                yield workload, direction


def _text(selector: Selector) -> str:
    labels = [f"{key}={value}" for key, value in sorted(selector.labels.items())]
    return "{" + ",".join([*labels, *(_requirement(r) for r in sorted(selector.expressions, key=_order))]) + "}"


def _order(requirement: Requirement) -> tuple[str, str, tuple[str, ...]]:
    return requirement.key, requirement.operator, requirement.values


def _requirement(requirement: Requirement) -> str:
    values = " ".join(requirement.values)
    return f"{{Key:{requirement.key},Operator:{requirement.operator},Values:[{values}],}}"
