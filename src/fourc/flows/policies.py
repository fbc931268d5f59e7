"""Whom existing policies admit by name: whoever wrote them knew that the connection is needed."""

from collections.abc import Iterator, Mapping

from fourc.flows.targets import named_port
from fourc.model.flows import Evidence, EvidenceKind, Flow, FlowPort, workload_party
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import NetworkPolicy, Peer, PolicyPart, PolicyPort
from fourc.model.kubernetes.pod import Workload

_WIDEST = 50
"""A rule with more peers than this among the workloads is a fence, no list of clients."""


def written(inventory: Inventory) -> Iterator[Flow]:
    """The flows that rules with a pod selector admit, from either side."""
    labels: Mapping[str, Mapping[str, str]] = {
        name: {"kubernetes.io/metadata.name": name} for name in inventory.used_namespaces
    } | {n.meta.name: {**n.meta.labels, "kubernetes.io/metadata.name": n.meta.name} for n in inventory.namespaces}
    for policy in inventory.policies:
        subjects = [w for w in inventory.in_namespace(policy.meta.namespace) if policy.selector.matches(w.pod.labels)]
        if policy.selector.empty:
            continue
        for field, parts in (("ingress", policy.ingress), ("egress", policy.egress)):
            for part in parts or ():
                others = _peers(inventory, policy, part, labels)
                if len(others) > _WIDEST:
                    continue
                at = ("spec", field, part.index)
                evidence = (Evidence(EvidenceKind.POLICY, policy.meta.name, policy.meta.ref, policy.meta.origin, at),)
                pairs = [(o, s) if field == "ingress" else (s, o) for s in subjects for o in others if o is not s]
                for source, target in pairs:
                    for port in _ports(target, part):
                        yield Flow(workload_party(source.meta.ref), workload_party(target.meta.ref), port, evidence)


def _peers(
    inventory: Inventory, policy: NetworkPolicy, part: PolicyPart, labels: Mapping[str, Mapping[str, str]]
) -> list[Workload]:
    found: dict[int, Workload] = {}
    for peer in part.peers:
        if peer.cidr is not None or peer.pods is None or peer.pods.empty:
            continue
        for namespace in _namespaces(peer, policy.meta.namespace or "default", labels):
            for workload in inventory.in_namespace(namespace):
                if peer.pods.matches(workload.pod.labels):
                    found[id(workload)] = workload
    return list(found.values())


def _namespaces(peer: Peer, home: str, labels: Mapping[str, Mapping[str, str]]) -> list[str]:
    if peer.namespaces is None:
        return [home]
    return [name for name, known in labels.items() if peer.namespaces.matches(known)]


def _ports(target: Workload, part: PolicyPart) -> Iterator[FlowPort | None]:
    if not part.ports:
        yield None
    for port in part.ports:
        yield from _numbers(target, port)


def _numbers(target: Workload, port: PolicyPort) -> Iterator[FlowPort | None]:
    """The single port; of a range those that the pod declares in it, or else every port."""
    if port.port is None:
        yield None
    elif port.end_port is None or not isinstance(port.port, int):
        yield named_port(target, port.port, port.protocol)
    else:
        inside = range(port.port, port.end_port + 1)
        declared = {p.container_port for c in target.pod.containers for p in c.ports if p.protocol == port.protocol}
        numbers = sorted(declared & set(inside))
        yield from (FlowPort(number, port.protocol) for number in numbers)
        if not numbers:
            yield None
