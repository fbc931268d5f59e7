"""The policies that needed flows make: one file for each behaviour, default deny last."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from fourc.flows.operated import with_operated
from fourc.flows.targets import pod_port
from fourc.model.flows import Flow, FlowPort, Needed
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import NetworkPolicy, Peer, PolicyPart, PolicyPort, Selector
from fourc.model.kubernetes.pod import Workload
from fourc.model.location import Origin
from fourc.model.netpol import Drafted, Stage, Synthesis
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.plan.netpol.rules import Rule, Rules, Surroundings, in_selector, incoming, outgoing
from fourc.plan.netpol.selectors import Labels, selectors
from fourc.plan.netpol.withheld import withheld

GROUP = "networking.k8s.io"
DEFAULT_DENY = "default-deny"
_NO_NAME = re.compile(r"[^a-z0-9.-]+")
_UNKNOWN_CALLER = Text(
    "no manifest names who calls {w}: its own namespace stays allowed; name its callers, or take the rule out",
    "没有清单写明谁访问 {w}：本命名空间保持放行；请写明它的客户端，或删除这条规则",
)


def synthesise(inventory: Inventory, needed: Needed, addresses: Mapping[str, tuple[str, ...]]) -> Synthesis:
    """The policies in the order of their roll-out; `addresses` are those that the user confirmed, by host name."""
    inventory = with_operated(inventory)
    left_out = tuple(withheld(inventory, needed))
    without = {ref for w in left_out for ref in w.workloads}
    closed = {w.namespace for w in left_out if w.no_default_deny}
    around = surroundings(inventory, addresses)
    by_target, by_source = by_end(needed.flows)
    workloads = {w.meta.ref: w for w in reversed(inventory.workloads) if w.meta.ref not in without}
    drafted: list[Drafted] = []
    taken = {(p.meta.namespace or "default", p.meta.name) for p in inventory.policies}
    for stage in (Stage.INCOMING, Stage.OUTGOING):
        made: list[tuple[Workload, Rules, tuple[Text, ...]]] = []
        for ref in sorted(workloads):
            workload = workloads[ref]
            notes: tuple[Text, ...] = ()
            if stage is Stage.INCOMING:
                rules = incoming(ref, by_target.get(ref, ()), around)
                if not rules.rules and id(workload) in inventory.services_by_workload:
                    rules = Rules((own_namespace(inventory, workload),))
                    notes = (_UNKNOWN_CALLER.of(w=ref.name),)
                rules = never_everything(rules, workload)
            else:
                rules = outgoing(ref, by_source.get(ref, ()), around)
            made.append((workload, rules, notes))
        drafted += _policies(stage, made, around.selectors, taken)
    deny = {w.meta.namespace or "default": w.meta for w in workloads.values()}
    for namespace in sorted(deny.keys() - closed):
        name = _free(DEFAULT_DENY, namespace, taken)
        meta = _meta(name, namespace, written=deny[namespace].namespace_written)
        policy = NetworkPolicy(meta, Selector({}), (), (), types_written=True)
        refs = tuple(sorted(r for r in workloads if (r.namespace or "default") == namespace))
        drafted.append(Drafted(policy, Stage.DEFAULT_DENY, refs, ()))
    return Synthesis(tuple(drafted), left_out)


def surroundings(inventory: Inventory, addresses: Mapping[str, tuple[str, ...]]) -> Surroundings:
    """What rules about this inventory are written with."""
    on_host = frozenset(w.meta.ref for w in inventory.workloads if w.pod.host_network)
    openshift = any(r.meta.group == "route.openshift.io" for r in inventory.routes)
    known = dict(addresses)
    api = [a for e in inventory.endpoints_by_service.get(("default", "kubernetes"), ()) for a in e.addresses]
    if api:  # a dump of the cluster says where its API server is
        known.setdefault("kubernetes", tuple(f"{a}/{128 if ':' in a else 32}" for a in sorted(set(api))))
    return Surroundings(selectors(inventory), on_host, known, openshift)


def by_end(flows: Iterable[Flow]) -> tuple[dict[Ref, list[Flow]], dict[Ref, list[Flow]]]:
    """The flows by the workload that they lead to, and by the workload that they come from."""
    by_target: dict[Ref, list[Flow]] = defaultdict(list)
    by_source: dict[Ref, list[Flow]] = defaultdict(list)
    for flow in flows:
        if flow.target.ref is not None:
            by_target[flow.target.ref].append(flow)
        if flow.source.ref is not None:
            by_source[flow.source.ref].append(flow)
    return by_target, by_source


def own_namespace(inventory: Inventory, workload: Workload, index: int = 0) -> Rule:
    """A rule for every pod of the workload's namespace, on the ports that its Services lead to."""
    services = inventory.services_by_workload.get(id(workload), ())
    ports = {pod_port(workload, p) for s in services for p in s.ports}
    ordered = tuple(PolicyPort(p.protocol, p.port) for p in sorted(ports, key=str))
    return Rule(PolicyPart(index, (Peer(Selector({}), None, None),), ordered), ())


def never_everything(rules: Rules, workload: Workload) -> Rules:
    """A rule for everyone names ports: those that the pod declares, where no flow says which."""
    declared = {FlowPort(p.container_port, p.protocol) for c in workload.pod.regular for p in c.ports}
    ports = tuple(PolicyPort(p.protocol, p.port) for p in sorted(declared, key=str))
    changed = [
        Rule(replace(r.part, ports=ports), r.reasons) if not r.part.peers and not r.part.ports else r
        for r in rules.rules
    ]
    return Rules(tuple(changed), rules.fill_in)


_Made = tuple[Workload, Rules, tuple[Text, ...]]


def _policies(
    stage: Stage, made: Sequence[_Made], chosen: Mapping[Ref, Labels], taken: set[tuple[str, str]]
) -> Iterator[Drafted]:
    """One policy for the workloads of a namespace that behave alike and that one label can tell from the others."""
    groups: dict[tuple[object, ...], list[_Made]] = {}
    for workload, rules, notes in made:
        parts = tuple(_frozen(r.part) for r in rules.rules)
        keys = tuple(sorted(chosen[workload.meta.ref]))
        group = (workload.meta.namespace, workload.meta.namespace_written, keys, parts, rules.fill_in)
        groups.setdefault(group, []).append((workload, rules, notes))
    for group_members in groups.values():
        for members, selector in _selected(group_members, chosen):
            yield _policy(stage, members, selector, taken)


def _selected(members: Sequence[_Made], chosen: Mapping[Ref, Labels]) -> list[tuple[list[_Made], Selector]]:
    """The members in as few selectors as one varying label allows: what all have as labels, that one as a list."""
    best: list[tuple[list[_Made], Selector]] = []
    for key in sorted(chosen[members[0][0].meta.ref]):
        buckets: dict[tuple[tuple[str, str], ...], list[_Made]] = {}
        for member in members:
            common = tuple(sorted((k, v) for k, v in chosen[member[0].meta.ref].items() if k != key))
            buckets.setdefault(common, []).append(member)
        if not best or len(buckets) < len(best):
            best = [
                (found, _one_of(key, {chosen[m[0].meta.ref][key] for m in found}, dict(common)))
                for common, found in buckets.items()
            ]
    return best


def _one_of(key: str, values: set[str], common: Labels) -> Selector:
    if len(values) == 1:
        return Selector({**common, key: next(iter(values))})
    return replace(in_selector(key, values), labels=dict(common))


def _policy(stage: Stage, members: Sequence[_Made], selector: Selector, taken: set[tuple[str, str]]) -> Drafted:
    first, rules, _ = members[0]
    refs = tuple(w.meta.ref for w, _, _ in members)
    namespace = first.meta.namespace or "default"
    word = "incoming" if stage is Stage.INCOMING else "outgoing"
    name = _free(f"{_joined([r.name for r in refs])}-{word}", namespace, taken)
    parts = tuple(r.part for r in rules.rules)
    policy = NetworkPolicy(
        _meta(name, namespace, written=first.meta.namespace_written),
        selector,
        parts if stage is Stage.INCOMING else None,
        parts if stage is Stage.OUTGOING else None,
        types_written=True,
    )
    reasons = tuple(
        tuple(dict.fromkeys(f for _, mine, _ in members for f in mine.rules[i].reasons)) for i in range(len(parts))
    )
    notes = tuple(dict.fromkeys(n for _, _, mine in members for n in mine))
    return Drafted(policy, stage, refs, reasons, notes, rules.fill_in)


def _joined(names: Sequence[str]) -> str:
    """A name for several workloads, short enough for a file."""
    distinct = list(dict.fromkeys(_NO_NAME.sub("-", n.lower()).strip("-.") or "workload" for n in names))
    if len(distinct) == 1:
        return distinct[0][:200]
    return f"{distinct[0][:200]}-and-{len(distinct) - 1}-more"


def _free(name: str, namespace: str, taken: set[tuple[str, str]]) -> str:
    """The name, with a number where a policy of that name is there already."""
    number, free = 1, name
    while (namespace, free) in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add((namespace, free))
    return free


def _meta(name: str, namespace: str, *, written: bool) -> Meta:
    return Meta("NetworkPolicy", GROUP, name, namespace, written, Origin("", 0, 1))


def _frozen(part: PolicyPart) -> tuple[object, ...]:
    """A rule's content, for comparison."""
    peers = tuple((p.cidr, p.excluded, _labels(p.pods), _labels(p.namespaces)) for p in part.peers)
    return peers, part.ports


def _labels(selector: Selector | None) -> tuple[object, ...] | None:
    return None if selector is None else (tuple(sorted(selector.labels.items())), selector.expressions)
