"""What the generated policies do, worked out with every policy that was read: needed is allowed, the rest is closed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from fourc.flows.needed import between_workloads
from fourc.flows.operated import with_operated
from fourc.model.flows import EvidenceKind, Flow, Needed, PartyKind
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import NetworkPolicy
from fourc.model.netpol import Pair, Proof
from fourc.model.pod_security import SYSTEM_NAMESPACES
from fourc.model.ports import PortSet
from fourc.model.subject import Ref
from fourc.plan.netpol.allowed import Allowed

LISTED = 200
"""Pairs that are listed; all are counted."""
_OF_NOTHING = frozenset({EvidenceKind.DNS, EvidenceKind.PROBE, EvidenceKind.CLOUD})
_Wanted = Mapping[tuple[Ref, Ref], Sequence[Flow]]


def prove(inventory: Inventory, policies: Sequence[NetworkPolicy], needed: Needed) -> Proof:
    """The proof for an inventory to which these policies are added."""
    whole = with_operated(replace(inventory, policies=(*inventory.policies, *policies)))
    allowed = Allowed(whole, needed.flows)
    checkable = [f for f in needed.flows if allowed.checkable(f)]
    broken = [w for f in checkable if (w := allowed.witness(f)) is not None]
    if broken:
        without = Allowed(inventory, needed.flows)
        broken = [replace(w, before=without.witness(w.flow) is not None) for w in broken]
    wanted: dict[tuple[Ref, Ref], list[Flow]] = defaultdict(list)
    for flow in between_workloads(needed.flows):
        if flow.source.ref is not None and flow.target.ref is not None:
            wanted[flow.source.ref, flow.target.ref].append(flow)
    refs = _counted(whole)
    needed_pairs = sum(source in refs and target in refs for source, target in wanted)
    opened = _Opened(allowed, refs, wanted)
    alone = opened
    if opened.excess and inventory.policies:
        alone = _Opened(Allowed(replace(whole, policies=tuple(policies)), needed.flows), refs, wanted)
    on_host = {w.meta.ref for w in whole.workloads if w.pod.host_network}
    pairs = len(refs) * (len(refs) - 1)
    return Proof(
        flows=len(checkable),
        broken=tuple(broken),
        unchecked=tuple(f for f in needed.flows if not allowed.checkable(f)),
        pairs=pairs,
        needed_pairs=needed_pairs,
        other_pairs=pairs - needed_pairs,
        excess_pairs=len(opened.excess),
        excess_by_read=len(opened.excess.keys() - alone.excess.keys()),
        excess_by_host=sum(bool(on_host & {*pair}) for pair in opened.excess),
        excess=_listed(opened.excess),
        wider=_listed(opened.wider),
        denied=_denied(whole),
        without_evidence=_without_evidence(refs, needed.flows),
    )


def _counted(inventory: Inventory) -> frozenset[Ref]:
    """The workloads among which pairs are counted: all outside the cluster's own namespaces."""
    metas = (w.meta for w in inventory.workloads)
    return frozenset(m.ref for m in metas if (m.namespace or "default") not in SYSTEM_NAMESPACES)


class _Opened:
    """The pairs that are open and that nothing needs, and needed ones that are open on more ports than needed."""

    def __init__(self, allowed: Allowed, refs: frozenset[Ref], wanted: _Wanted) -> None:
        self.excess: dict[tuple[Ref, Ref], PortSet] = {}
        self.wider: dict[tuple[Ref, Ref], PortSet] = {}
        classes = allowed.reach.classes
        members = [[r for r in dict.fromkeys(w.meta.ref for w in c.workloads) if r in refs] for c in classes]
        for known in classes:
            for target_class, ports in allowed.reach.targets(known.index) if members[known.index] else ():
                targets = members[target_class] if target_class < len(classes) else []
                for pair in ((s, t) for s in members[known.index] for t in targets if s != t):
                    flows = wanted.get(pair)
                    if flows is None:
                        self.excess[pair] = ports
                    elif left := ports.without(_ports(flows)):
                        self.wider[pair] = left


def _listed(pairs: Mapping[tuple[Ref, Ref], PortSet]) -> tuple[Pair, ...]:
    """The first pairs in the order of their names."""
    found = (Pair(f"{s}[{s.kind}]", f"{t}[{t.kind}]", str(ports)) for (s, t), ports in pairs.items())
    return tuple(sorted(found, key=lambda p: (p.source, p.target)))[:LISTED]


def _ports(flows: Sequence[Flow]) -> PortSet:
    parts: list[tuple[str, int, int]] = []
    for flow in flows:
        if flow.port is None or isinstance(flow.port.port, str):
            parts += [(protocol, 1, 65535) for protocol in ("TCP", "UDP", "SCTP")]
        else:
            parts.append((flow.port.protocol, flow.port.port, flow.port.port))
    return PortSet.of(parts)


def _denied(inventory: Inventory) -> dict[str, bool]:
    """For each namespace with pods whether policies for all pods deny both directions by default."""
    found: dict[str, bool] = {}
    for namespace in inventory.used_namespaces:
        if namespace in SYSTEM_NAMESPACES:
            continue
        every = [p for p in inventory.policies_by_namespace.get(namespace, ()) if p.selector.empty]
        found[namespace] = any(p.ingress == () for p in every) and any(p.egress == () for p in every)
    return found


def _without_evidence(refs: frozenset[Ref], flows: Iterable[Flow]) -> tuple[Ref, ...]:
    """The workloads for which nothing but DNS, probes and the provider's own services speaks."""
    spoken = {
        party.ref
        for flow in flows
        if not {e.kind for e in flow.evidence} <= _OF_NOTHING
        for party in (flow.source, flow.target)
        if party.kind is PartyKind.WORKLOAD
    }
    return tuple(sorted(refs - {r for r in spoken if r is not None}, key=str))
