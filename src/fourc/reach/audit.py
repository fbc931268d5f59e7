"""Policies and rules that do nothing, entries that policies block: what somebody who wrote them would not expect."""

from collections.abc import Iterator

from msgspec import Struct

from fourc.model.connectivity import Direction
from fourc.model.controllers import made_by_operators
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.admin_policy import AdminPolicy
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import Selector
from fourc.model.kubernetes.pod import Workload
from fourc.model.policy_problem import ProblemKind
from fourc.model.ports import PortSet
from fourc.model.text import Text, same
from fourc.patch.yaml.node import Path
from fourc.reach.bits import members
from fourc.reach.connections import CONTROLLER
from fourc.reach.engine import Reach
from fourc.reach.entries import Entry, controller_entries, is_entry, service_entries
from fourc.reach.explain import Explainer, rule_name
from fourc.reach.peers import owner_name
from fourc.reach.rules import Resolved, Rule, blocks_of
from fourc.reach.space import Stranger


class Problem(Struct, frozen=True):
    """A statement about the object `meta` at a field of it."""

    kind: ProblemKind
    wrong: bool
    meta: Meta
    at: Path
    message: Text


def _controllers() -> tuple[Stranger, ...]:
    """Where ingress controllers usually are."""
    names = (
        "ingress-nginx",
        "openshift-ingress",
        "istio-system",
        "traefik",
        "kong",
        "projectcontour",
        "gateway-system",
    )
    return tuple(Stranger(Selector({"kubernetes.io/metadata.name": name}), Selector({})) for name in names)


CONTROLLERS = (CONTROLLER, *_controllers())
"""Ingress controllers that may be there though none was read: `problems` needs these as strangers."""
DNS = Stranger(Selector({"kubernetes.io/metadata.name": "kube-system"}), Selector({"k8s-app": "kube-dns"}))
"""The cluster's DNS where it was not read: `problems` needs it as the last stranger."""


def problems(reach: Reach, inventory: Inventory) -> Iterator[Problem]:
    """Everything that is to be said, in the order of policies, entries and workloads."""
    for resolved in reach.resolved:
        yield from _of_policy(reach, inventory, resolved)
    yield from _entries(reach, inventory)
    yield from _dns(reach)


# --- Policies ---------------------------------------------------------------------------------------------------------


def _of_policy(reach: Reach, inventory: Inventory, policy: Resolved) -> Iterator[Problem]:
    meta, field = policy.policy.meta, policy.direction.value.lower()
    hosts = _hosts_chosen(reach, policy)
    if not policy.subject:
        if _first_direction(reach, policy):
            message = Text("{name} selects no pod that was read", "{name} 没有选中任何已读取的 Pod")
            labels = () if isinstance(policy.policy, AdminPolicy) else tuple(policy.policy.selector.labels)
            wrong = not made_by_operators(labels, inventory.other_kinds)
            said = message.of(name=meta.name)
            yield Problem(ProblemKind.SELECTS_NOTHING, wrong=wrong, meta=meta, at=("spec",), message=said)
        return
    if hosts and _first_direction(reach, policy):
        message = Text(
            "{name} selects {pods} on the host's network: most plug-ins do not enforce policies for such pods",
            "{name} 选中了使用主机网络的 {pods}：多数网络插件不会对这类 Pod 执行策略",
        )
        said = message.of(name=meta.name, pods=same(", ".join(hosts)))
        yield Problem(ProblemKind.HOST_NETWORK, wrong=False, meta=meta, at=("spec",), message=said)
    silent = [rule for rule in policy.rules if not _matches(reach, policy, rule)]
    for rule in silent:
        yield _silent(reach, inventory, policy, rule, ("spec", field, rule.index))
    idle = [rule for rule in policy.rules if rule not in silent and _idle(reach, policy, rule)]
    for rule in idle:
        yield _shadowed(policy, rule, ("spec", field, rule.index))


def _first_direction(reach: Reach, policy: Resolved) -> bool:
    """Whether it is the first of the policy's directions: what is about the whole policy is said once."""
    return next(r for r in reach.resolved if r.policy is policy.policy) is policy


def _hosts_chosen(reach: Reach, policy: Resolved) -> list[str]:
    workloads = (w for end in members(policy.subject) for w in reach.classes[end].workloads)
    return sorted({owner_name(w) for w in workloads if w.pod.host_network})


def _matches(reach: Reach, policy: Resolved, rule: Rule) -> bool:
    """Whether the rule is about any connection of a pod that the policy selects, with DNS or a controller too."""
    seen = reach.space.everyone
    return any(
        ends & seen
        for end in members(policy.subject)
        for ends, _ in blocks_of(rule, policy.direction, end, reach.space, reach.atoms)
    )


def _silent(reach: Reach, inventory: Inventory, policy: Resolved, rule: Rule, at: Path) -> Problem:
    name, meta = rule_name(policy.policy, rule), policy.policy.meta
    if rule.peers & (reach.space.pods | reach.space.outside):
        message = Text(
            "rule {rule} of {name} names ports that no destination has: it matches no connection",
            "{name} 的规则 {rule} 所写的端口名在目标中不存在：不匹配任何连接",
        )
        kind = ProblemKind.NAMES_NO_PORT
        wrong = True
    else:
        message = Text(
            "rule {rule} of {name} is about no pod that was read: it matches no connection",
            "{name} 的规则 {rule} 没有匹配任何已读取的 Pod：不匹配任何连接",
        )
        kind = ProblemKind.MATCHES_NOTHING
        wrong = _namespaces_read(reach, policy, rule) and not made_by_operators((), inventory.other_kinds)
    return Problem(kind, wrong=wrong, meta=meta, at=at, message=message.of(rule=same(name), name=meta.name))


def _namespaces_read(reach: Reach, policy: Resolved, rule: Rule) -> bool:
    """Whether the rule's peers are looked for in a namespace whose pods were read."""
    owner, ingress = policy.policy, policy.direction is Direction.INGRESS
    parts = (owner.ingress if ingress else owner.egress) or ()
    home = owner.meta.namespace or "default"
    peers = (peer for part in parts if part.index == rule.index for peer in part.peers)
    read = {found.namespace for found in reach.classes}
    return any(
        home in read
        if peer.namespaces is None
        else bool(read.intersection(reach.space.namespace_names(peer.namespaces)))
        for peer in peers
    )


def _idle(reach: Reach, policy: Resolved, rule: Rule) -> bool:
    """Whether nothing changes for any pod that the policy selects if the rule is left out."""
    return all(
        reach.row_without(policy.direction, end, policy, rule) == reach.row(policy.direction, end)
        for end in members(policy.subject)
    )


def _shadowed(policy: Resolved, rule: Rule, at: Path) -> Problem:
    name, meta = rule_name(policy.policy, rule), policy.policy.meta
    if isinstance(policy.policy, AdminPolicy):
        message = Text(
            "rule {rule} of {name} decides nothing: rules that are asked before it, or the default, say the same",
            "{name} 的规则 {rule} 不起任何作用：排在它之前的规则或默认行为已经决定了结果",
        )
        kind = ProblemKind.SHADOWED
    else:
        message = Text(
            "rule {rule} of {name} adds nothing: other rules allow the same already, or administrators' policies decide",
            "{name} 的规则 {rule} 没有增加任何放行：其他规则已放行同样的连接，或管理员策略已经决定",
        )
        kind = ProblemKind.REDUNDANT
    return Problem(kind, wrong=False, meta=meta, at=at, message=message.of(rule=same(name), name=meta.name))


# --- Entries ----------------------------------------------------------------------------------------------------------


def _entries(reach: Reach, inventory: Inventory) -> Iterator[Problem]:
    """Whether what Ingresses, routes and public Services lead to is reached."""
    found = list(controller_entries(inventory))
    for entry in found:
        if entry.wrong_port:
            yield _wrong_port(entry)
        if not _controller_reaches(reach, inventory, entry):
            yield _blocked(reach, entry.via, entry.at, entry.workload, entry.ports, controller=True)
    led = {(e.via.ref, e.at) for e in found}
    written = [(i.meta, b) for i in inventory.ingresses for b in i.backends]
    written += [(r.meta, b) for r in inventory.routes if is_entry(r) for b in r.backends]
    for meta, backend in written:
        named = inventory.services_by_name.get((backend.namespace, backend.service), ())
        if (meta.ref, backend.at) not in led and not any(s.type == "ExternalName" for s in named):
            yield _to_nothing(meta, backend.at, f"{backend.namespace}/{backend.service}", known=bool(named))
    for service, workload, ports in service_entries(inventory):
        public = service.type in {"LoadBalancer", "NodePort"}
        if public and not ports.intersection(reach.from_outside(reach.class_of(workload))):
            yield _blocked(reach, service.meta, ("spec", "ports"), workload, ports, controller=False)


def _controller_reaches(reach: Reach, inventory: Inventory, entry: Entry) -> bool:
    end = reach.class_of(entry.workload)
    read = [reach.class_of(w) for w, _ in inventory.controllers]
    if read:
        return any(entry.ports.intersection(reach.allowed(source, end)) for source in read)
    first = reach.space.first_stranger
    strangers = (first + reach.space.strangers.index(s) for s in CONTROLLERS)
    return any(entry.ports.intersection(reach.one_sided(Direction.INGRESS, end, s)) for s in strangers)


def _blocked(reach: Reach, meta: Meta, at: Path, workload: Workload, ports: PortSet, *, controller: bool) -> Problem:
    end = reach.class_of(workload)
    source = reach.space.first_stranger if controller else reach.space.first_range
    policies = {
        f"{r.ref.kind} {r.ref}"
        for part in Explainer(reach).parts(source, end)
        if not part.ingress.allowed
        for r in part.ingress.reasons
    }
    who = Text("no ingress controller", "任何入口控制器") if controller else Text("no address outside", "任何外部地址")
    message = Text(
        "{name} leads to {workload} ({ports}), which {who} may reach: {policies}",
        "{name} 通向 {workload}（{ports}），但{who}都无法到达：{policies}",
    )
    said = message.of(
        name=meta.name, workload=owner_name(workload), ports=str(ports), who=who, policies=", ".join(sorted(policies))
    )
    return Problem(ProblemKind.ENTRY_BLOCKED, wrong=True, meta=meta, at=at, message=said)


def _wrong_port(entry: Entry) -> Problem:
    message = Text(
        "{name} names a port that Service {service} does not have: it is the port of the pods; most controllers refuse it",
        "{name} 所写的端口不是 Service {service} 的端口，而是 Pod 的端口；多数控制器不接受",
    )
    said = message.of(name=entry.via.name, service=entry.service.meta.name)
    return Problem(ProblemKind.ENTRY_TO_NOTHING, wrong=True, meta=entry.via, at=entry.at, message=said)


def _to_nothing(meta: Meta, at: Path, service: str, *, known: bool) -> Problem:
    message = (
        Text(
            "{name} leads to {service}, which selects no pod's port",
            "{name} 通向 {service}，但它没有选中任何 Pod 的端口",
        )
        if known
        else Text("{name} leads to {service}, which was not read", "{name} 通向 {service}，但没有读到它")
    )
    said = message.of(name=meta.name, service=service)
    return Problem(ProblemKind.ENTRY_TO_NOTHING, wrong=known, meta=meta, at=at, message=said)


# --- DNS --------------------------------------------------------------------------------------------------------------


def _dns(reach: Reach) -> Iterator[Problem]:
    """Workloads whose outgoing connections are limited so that they cannot ask for names."""
    question = PortSet.of([("UDP", 53, 53)])
    dns = reach.space.first_stranger + reach.space.strangers.index(DNS)
    for found in reach.classes:
        policies = reach.selecting(Direction.EGRESS, found.index)
        asks = reach.to_anyone(found.index), reach.one_sided(Direction.EGRESS, found.index, dns)
        if not policies or not asks[0] or any(ports.intersection(question) for ports in asks):
            continue  # who may connect to nobody needs no names
        message = Text(
            "{workload} may connect to others, but not to any DNS (UDP 53): names of Services cannot be looked up",
            "{workload} 可以连接其他对象，但不能访问任何 DNS（UDP 53）：无法解析 Service 名称",
        )
        meta = policies[0].policy.meta
        said = message.of(workload=owner_name(found.workloads[0]))
        yield Problem(ProblemKind.NO_DNS, wrong=True, meta=meta, at=("spec", "egress"), message=said)
