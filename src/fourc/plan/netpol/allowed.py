"""Whether needed flows are allowed, by the exact engine."""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from fourc.flows.operated import with_operated
from fourc.model.connectivity import Direction
from fourc.model.flows import Flow, FlowPort, Party, PartyKind
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import Selector
from fourc.model.kubernetes.pod import Workload
from fourc.model.netpol import Witness
from fourc.model.ports import PortSet
from fourc.model.subject import Ref
from fourc.plan.netpol.rules import NAME_LABEL, excluded
from fourc.reach.engine import Reach, reachability
from fourc.reach.space import Stranger

_KUBE_DNS = Stranger(Selector({NAME_LABEL: "kube-system"}), Selector({"k8s-app": "kube-dns"}))
_ANY_POD = Stranger(Selector({}), Selector({}))
_OUTSIDE = frozenset({PartyKind.ANYWHERE, PartyKind.OUTSIDE, PartyKind.API_SERVER, PartyKind.HOST})


class _Side(Struct, frozen=True):
    """What one end's policies say about the other end."""

    name: str
    ports: PortSet
    end: int


class Allowed:
    """Answers for the flows of one state; `flows` are all that will be asked."""

    def __init__(self, inventory: Inventory, flows: Iterable[Flow]) -> None:
        inventory = with_operated(inventory)
        parties = [p for f in flows for p in (f.source, f.target) if p.kind is PartyKind.PODS]
        strangers = {str(p): _stranger(p) for p in parties}
        self._stranger = {name: number for number, name in enumerate(strangers, 2)}
        self.reach: Reach = reachability(inventory, strangers=(_KUBE_DNS, _ANY_POD, *strangers.values()))
        self._workloads: dict[Ref, list[Workload]] = {}
        for workload in inventory.workloads:
            self._workloads.setdefault(workload.meta.ref, []).append(workload)

    def witness(self, flow: Flow) -> Witness | None:
        """What denies the flow; None where it is allowed.

        The kubelet's own probes always are; a flow whose workload is gone is not needed any more.
        """
        if PartyKind.NODE in {flow.source.kind, flow.target.kind}:
            return None
        for sides in self._sides(flow):
            for side in sides:
                if not _covers(side.ports, flow.port):
                    return Witness(flow, side.name, tuple(self._policies(side)))
        return None

    def checkable(self, flow: Flow) -> bool:
        """Whether the port is known: a name that no container declares leads nowhere."""
        return flow.port is None or isinstance(flow.port.port, int)

    def _sides(self, flow: Flow) -> Iterator[tuple[_Side, ...]]:
        """For each pair of ends that the flow stands for: what either end says."""
        for source in self._ends(flow.source):
            for target in self._ends(flow.target):
                sides: list[_Side] = []
                if flow.source.kind is PartyKind.WORKLOAD:
                    ports = self._said(Direction.EGRESS, source, target, flow.target)
                    sides.append(_Side("egress", ports, source or 0))
                if flow.target.kind is PartyKind.WORKLOAD:
                    ports = self._said(Direction.INGRESS, target, source, flow.source)
                    sides.append(_Side("ingress", ports, target or 0))
                yield tuple(sides)

    def _said(self, direction: Direction, end: int | None, other: int | None, party: Party) -> PortSet:
        assert end is not None  # noqa: S101 - a workload is always an end
        if other is not None:
            return self.reach.one_sided(direction, end, other)
        if party.kind is PartyKind.ADDRESS:
            return self._in_range(direction, end, party.name)
        return self.reach.from_outside(end) if direction is Direction.INGRESS else self.reach.to_outside(end)

    def _in_range(self, direction: Direction, end: int, cidr: str) -> PortSet:
        """The ports that hold for every address of the range but the metadata services in it."""
        network = ipaddress.ip_network(cidr, strict=False)
        holes = {int(ipaddress.ip_network(e).network_address) for e in excluded(cidr)}
        first, last = int(network.network_address), int(network.broadcast_address)
        found: PortSet | None = None
        for other, known in self.reach.ranges_for(direction):
            overlaps = known.version == network.version and known.first <= last and known.last >= first
            if overlaps and not (known.first == known.last and known.first in holes):
                ports = self.reach.one_sided(direction, end, other)
                found = ports if found is None else found.intersection(ports)
        if found is None:
            return self.reach.from_outside(end) if direction is Direction.INGRESS else self.reach.to_outside(end)
        return found

    def _ends(self, party: Party) -> list[int | None]:
        """The numbers of the engine's ends; None for what is outside the cluster."""
        if party.ref is not None:
            return list(dict.fromkeys(self.reach.class_of(w) for w in self._workloads.get(party.ref, ())))
        if party.kind in _OUTSIDE or party.kind is PartyKind.ADDRESS:
            return [None]
        number = {PartyKind.DNS: 0, PartyKind.CLUSTER: 1}.get(party.kind, self._stranger.get(str(party), 1))
        return [self.reach.space.first_stranger + number]

    def _policies(self, side: _Side) -> Iterator[str]:
        direction = Direction.EGRESS if side.name == "egress" else Direction.INGRESS
        for resolved in self.reach.selecting(direction, side.end):
            meta = resolved.policy.meta
            yield f"{meta.ref} ({meta.origin.path}:{meta.origin.line})"


def _stranger(party: Party) -> Stranger:
    return Stranger(Selector({NAME_LABEL: party.name}), Selector(dict(party.labels)))


def _covers(ports: PortSet, port: FlowPort | None) -> bool:
    if port is None:
        return any(ports.intervals.get(p) == ((1, 65535),) for p in ("TCP", "UDP", "SCTP"))
    return isinstance(port.port, str) or ports.contains(port.protocol, port.port)


def lost(before: Allowed, after: Allowed, flows: Sequence[Flow]) -> Iterator[Witness]:
    """The flows that were allowed and are not any more."""
    for flow in flows:
        if before.checkable(flow) and before.witness(flow) is None:
            witness = after.witness(flow)
            if witness is not None:
                yield witness
