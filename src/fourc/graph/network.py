"""Who reaches whom: entries from outside, and connections between pods as the reachability engine works them out.

Pods that may connect to the same targets share a position; from a position one step leads to each target. So the graph
grows with the number of pods and of different rules, not with pairs of pods.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from fourc.graph import odds
from fourc.graph.builder import NETWORK, Builder, shown, workload_id
from fourc.graph.footholds import Foothold
from fourc.graph.kinds import REFERENCES
from fourc.graph.mending import Cause
from fourc.graph.scopes import Area, Scopes
from fourc.graph.solve import START
from fourc.graph.stores import Store, listening, obeys_anyone, store_of
from fourc.model.connectivity import Direction
from fourc.model.exposure import Entry, Reach, entries
from fourc.model.finding import Finding
from fourc.model.kubernetes.pod import Workload
from fourc.model.network_plugin import Enforcement, network_plugin
from fourc.model.ports import PortSet
from fourc.model.step import Basis, GoalKind, Place
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.reach.bits import members
from fourc.reach.engine import Reach as Reachability
from fourc.reach.engine import reachability

EXPOSURE = (Cause("service-open-to-world"), Cause("node-port-service"), Cause("external-ips"))
UNENFORCED = "network:unenforced"
DENIED = "network:denied"

_OPENS = Text("{v} opens {w} {s}on port {p}: {why}", "{v} 在端口 {p} 上{s}开放 {w}：{why}")
_THROUGH = Text("through Service {s} ", "通过 Service {s} ")
_CALLS = Text("{w} may connect to other pods of the cluster", "{w} 可以连接集群里的其他 Pod")
_DENIED = Text(
    "nobody said whether the cluster enforces network policies: any pod may connect past them",
    "不清楚集群是否执行网络策略：任何 Pod 都可能绕过它们建立连接",
)
_NO_EFFECT = Text("{why}: {w} connects past every policy", "{why}：{w} 可以绕过所有策略建立连接")
_ANY_POD = Text("any pod may connect to {w} on port {p}: {why}", "任何 Pod 都可以连接 {w} 的端口 {p}：{why}")
_SOME = Text("{s} may connect to {w} on port {p}: {why}", "{s} 可以连接 {w} 的端口 {p}：{why}")
_PAST = Text("{w} on port {p} is closed only if {n} is enforced", "只有在 {n} 真正生效时，{w} 的端口 {p} 才是关闭的")
_PORTS = Text(
    "whoever may forward ports of the pods of {n} connects to {w} on port {p}",
    "能转发 {n} 中 Pod 端口的人可以连接 {w} 的端口 {p}",
)
_NO_POLICY = Text("no NetworkPolicy selects it", "没有 NetworkPolicy 选中它")
_HOST = Text(
    "it uses the node's network (hostNetwork), which policies do not hold",
    "它使用节点的网络（hostNetwork），网络策略管不住",
)
_ALLOWS = Text("NetworkPolicy {n} allows it", "NetworkPolicy {n} 允许")
_ASKS_NOTHING = Text("{said}; the data store asks for no password", "{said}；该数据存储不要求密码")
_SHIPPED_KEYS = Text(
    "{said}; nothing sets other keys than those that the data store is shipped with",
    "{said}；没有设置该数据存储出厂默认密钥以外的密钥",
)
_ASKS = Text("{said}; the data store asks for a password", "{said}；该数据存储要求密码")
_OBEYS = Text("{said}; {o} does what anyone who connects tells it to", "{said}；{o} 会执行任何连接者的命令")
_OWN = Text("{w} keeps its data", "{w} 保存着自己的数据")
_SESSIONS = Text("{w} sees the requests and sessions of its users", "{w} 能看到用户的请求和会话")


class _Target(Struct, frozen=True):
    """A workload that listens; `obeys` names the program in it that does what anyone tells it to."""

    workload: Workload
    node: str
    ports: tuple[int, ...]
    store: Store | None
    obeys: str | None


class Network:
    """The steps over the network; `enforced` is what was declared about policies, None that nothing was."""

    def __init__(
        self, builder: Builder, scopes: Scopes, footholds: Sequence[Foothold] = (), *, enforced: bool | None = None
    ) -> None:
        self.builder, self.scopes = builder, scopes
        self.plugin = network_plugin(builder.inventory, enforced)
        self._closable: set[str] = set()
        self._footholds: dict[Ref, list[Foothold]] = defaultdict(list)
        for foothold in footholds:
            self._footholds[foothold.workload].append(foothold)
        self._namespaces: dict[int, frozenset[str]] = {}
        builder.node(NETWORK, "network", NETWORK)

    @cached_property
    def reach(self) -> Reachability:
        """Who may connect to whom by the policies that were read."""
        return reachability(self.builder.inventory)

    @cached_property
    def targets(self) -> Mapping[str, _Target]:
        """What listens, by its node."""
        inventory = self.builder.inventory
        made: dict[str, _Target] = {}
        for workload in inventory.workloads:
            ports = listening(inventory, workload)
            if ports:
                node = workload_id(workload.meta.ref)
                store, obeys = store_of(inventory, workload), obeys_anyone(inventory, workload)
                made.setdefault(node, _Target(workload, node, tuple(sorted(ports)), store, obeys))
        return made

    def steps(self) -> None:
        """Entries, connections between pods, and what a pod knows itself."""
        for workload in self.builder.inventory.workloads:
            self._own_data(workload)
        grouped: dict[tuple[str, Ref], list[Entry]] = defaultdict(list)
        for entry in entries(self.builder.inventory):
            if entry.reach is not Reach.INTERNAL and self._listens(entry):
                grouped[workload_id(entry.workload.meta.ref), entry.via.ref].append(entry)
        for found in grouped.values():
            self._entry(found)
        self._between_pods()

    def through_ports(self) -> None:
        """From positions that may forward ports to what listens there."""
        for namespace in self.scopes.made(Area.PORTS):
            position = self.scopes.at(Area.PORTS, namespace)
            for target in self.targets.values():
                if (target.workload.meta.namespace or "default") == namespace:
                    said = _PORTS.of(n=namespace, w=shown(target.workload.meta.ref), p=_list(target.ports))
                    self._enter(position, target, said)

    # --- from outside -------------------------------------------------------------------------------------------------

    def _listens(self, entry: Entry) -> bool:
        """What a pod itself opens on its node counts only where it listens."""
        return entry.via != entry.workload.meta or workload_id(entry.workload.meta.ref) in self.targets

    def _entry(self, found: Sequence[Entry]) -> None:
        first = min(found, key=lambda e: list(Reach).index(e.reach))
        workload, via = first.workload, first.via
        ref, builder = workload.meta.ref, self.builder
        findings = list(builder.mending.all_of(via.ref, EXPOSURE))
        if via == workload.meta:
            findings += builder.mending.all_of(ref, (Cause("host-port"),))
        services = sorted({s.meta.name for s in builder.inventory.services_by_workload.get(id(workload), ())})
        through = (
            _THROUGH.of(s=", ".join(services))
            if services and via.kind != "Service" and via != workload.meta
            else Text("", "")
        )
        ports = _list(sorted({_port(workload, e.port) for e in found if e.port is not None}))
        host = next((f" ({e.host})" for e in found if e.host), "")
        said = _OPENS.of(v=f"{via.kind} {via.name}{host}", w=shown(ref), s=through, p=ports or "-", why=first.why)
        builder.step(
            f"enter-through-{via.kind.lower()}",
            START,
            workload_id(ref),
            said,
            findings=findings,
            places=[(via.origin, first.at)],
            references=REFERENCES["enter-through"],
            known_as="enter-through" if first.reach is Reach.INTERNET else "enter-through-assumed",
            tail=f"{via.namespace or ''}/{via.name}",
        )
        assumed = first.reach is not Reach.INTERNET
        self._vulnerable(START, workload, assumed=assumed)
        target = self.targets.get(workload_id(ref))
        if target is not None:
            self._open_door(START, target, said, findings, [(via.origin, first.at)], assumed=assumed)

    def _vulnerable(self, source: str, workload: Workload, *, assumed: bool = False) -> None:
        for foothold in self._footholds.get(workload.meta.ref, ()):
            self.builder.step(
                "exploit-known-vulnerability",
                source,
                workload_id(workload.meta.ref),
                foothold.said,
                chance=foothold.chance,
                references=(*REFERENCES["exploit-known-vulnerability"], foothold.reference),
                findings=foothold.findings,
                tail=foothold.reference,
                assumed=assumed or foothold.chance.basis is Basis.ASSUMED,
            )

    # --- between pods -------------------------------------------------------------------------------------------------

    def _between_pods(self) -> None:
        space = self.reach.space
        free = _bits(c.index for c in self.reach.classes if not self.reach.selecting(Direction.EGRESS, c.index))
        positions: dict[int, str] = {}
        reached: set[str] = set()
        for flow in self.reach.flows():
            sources = flow.sources & space.pods
            targets = [t for end in members(flow.targets & space.pods) for t in self._listening_in(end)]
            parts = [sources] if not free or sources & free != free else [free, sources & ~free]
            for part in parts:
                if not part:
                    continue
                for target, ports in ((t, _open(t.ports, flow.ports)) for t in targets):
                    if not ports:
                        continue
                    if part not in positions:
                        positions[part] = self._position(part, free)
                    if part == free:
                        reached.add(target.node)
                    self._connect(positions[part], part, free, target, ports)
        self._unenforced(reached)

    def _listening_in(self, end: int) -> Iterable[_Target]:
        found = (self.targets.get(workload_id(w.meta.ref)) for w in self.reach.classes[end].workloads)
        return [t for t in found if t is not None]

    def _position(self, part: int, free: int) -> str:
        """The node that stands for these pods, with a step from each of them."""
        found = [w for end in members(part) for w in self.reach.classes[end].workloads]
        if part == free:
            name = NETWORK
        else:
            names = "\n".join(sorted(workload_id(w.meta.ref) for w in found))
            name = f"{NETWORK}:{hashlib.sha256(names.encode()).hexdigest()[:10]}"
            spaces = sorted({w.meta.namespace or "default" for w in found})
            only = f"{spaces[0]}/{found[0].meta.name}" if len(found) == 1 else _list(spaces)
            self.builder.node(name, "network", only)
        for workload in found:
            said = _CALLS.of(w=shown(workload.meta.ref))
            self.builder.step("reach-network", workload_id(workload.meta.ref), name, said)
        return name

    def _connect(self, position: str, part: int, free: int, target: _Target, ports: Sequence[int]) -> None:
        ref = target.workload.meta.ref
        end = self.reach.class_of(target.workload)
        policies = [r.policy.meta for r in self.reach.selecting(Direction.INGRESS, end)]
        findings: tuple[Finding, ...] = ()
        places: list[Place] = [(target.workload.meta.origin, target.workload.pod.path)]
        if target.workload.pod.host_network:
            why = _HOST
        elif not policies:
            why = _NO_POLICY
            findings = self._missing_policy(target.workload)
        else:
            why = _ALLOWS.of(n=_list(sorted({p.name for p in policies})))
            findings = tuple(
                f for p in policies for f in self.builder.mending.any_of(p.ref, (Cause("policy-allows-everything"),))
            )[:1]
            places = [(p.origin, ("spec", "ingress")) for p in policies[:1]]
        if part == free:
            said = _ANY_POD.of(w=shown(ref), p=_list(ports), why=why)
        else:
            said = _SOME.of(s=self.builder.nodes[position].name, w=shown(ref), p=_list(ports), why=why)
        near = self._namespaces_of(part) == {self.reach.classes[end].namespace}
        closing = [f for f in findings if _closes(f, ports, near=near)]
        if closing:
            self._closable.add(target.node)
        self._enter(position, target, said, closing, places)

    def _namespaces_of(self, part: int) -> frozenset[str]:
        found = self._namespaces.get(part)
        if found is None:
            found = self._namespaces[part] = frozenset(self.reach.classes[e].namespace for e in members(part))
        return found

    def _missing_policy(self, workload: Workload) -> tuple[Finding, ...]:
        ref = workload.meta.ref
        own = self.builder.mending.any_of(ref, (Cause("workload-without-policy"),))
        return own or self._open_namespaces.get(workload.meta.namespace or "default", ())

    @cached_property
    def _open_namespaces(self) -> Mapping[str, tuple[Finding, ...]]:
        found = [f for f in self.builder.mending.findings if f.rule == "namespace-without-default-deny"]
        return {f.detail: (f,) for f in reversed(found)}

    def _unenforced(self, reached: set[str]) -> None:
        """What policies deny, or would once written, is open all the same where they are not enforced.

        Where nobody knows whether they are, it perhaps is: that is how far a policy's worth is discounted.
        """
        closed = [t for t in self.targets.values() if t.node not in reached or t.node in self._closable]
        state = self.plugin.enforcement
        if state is Enforcement.ENFORCED or not closed:
            return
        unsure = state is Enforcement.NOT_SEEN
        findings = [f for f in self.builder.mending.findings if f.rule == "network-policies-not-enforced"]
        meta = self.plugin.meta
        why: list[Place] = [(meta.origin, self.plugin.at)] if meta is not None else []
        self.builder.node(UNENFORCED, "network", "unenforced")
        first = UNENFORCED
        if unsure:  # whether policies are enforced is one fact for all pods, not one for each
            first = self.builder.node(DENIED, "network", "denied")
            self.builder.step("reach-unenforced", DENIED, UNENFORCED, _DENIED, findings=findings[:1], places=why)
        for workload in self.builder.inventory.workloads:
            self.builder.step(
                "reach-network" if unsure else "reach-unenforced",
                workload_id(workload.meta.ref),
                first,
                (_CALLS if unsure else _NO_EFFECT).of(w=shown(workload.meta.ref), why=self.plugin.why),
                findings=() if unsure else findings[:1],
                places=() if unsure else why,
                known_as="reach-network",
            )
        for target in closed:
            end = self.reach.class_of(target.workload)
            policies = [r.policy.meta for r in self.reach.selecting(Direction.INGRESS, end)]
            names = _list(sorted({f"{p.kind} {p.name}" for p in policies})) or "NetworkPolicy"
            said = _PAST.of(w=shown(target.workload.meta.ref), p=_list(target.ports), n=names)
            places: list[Place] = [(p.origin, ("spec",)) for p in policies[:1]]
            self._enter(UNENFORCED, target, said, places=places, assumed=unsure)

    def _enter(
        self,
        source: str,
        target: _Target,
        said: Text,
        findings: Sequence[Finding] = (),
        places: Sequence[Place] = (),
        *,
        assumed: bool = False,
    ) -> None:
        """Into the workload, and to the data of a store."""
        row = "enter-over-network" if target.store is None else "enter-store-over-network"
        self.builder.step(
            "enter-over-network", source, target.node, said, findings=findings, places=places, known_as=row
        )
        self._vulnerable(source, target.workload, assumed=assumed)
        self._open_door(source, target, said, findings, places, assumed=assumed)

    def _open_door(
        self,
        source: str,
        target: _Target,
        said: Text,
        findings: Sequence[Finding],
        places: Sequence[Place],
        *,
        assumed: bool,
    ) -> None:
        """What needs no hole in the program: data without a password, programs that obey anyone, guessed passwords."""
        if target.obeys is not None:
            told = _OBEYS.of(said=said, o=target.obeys)
            self.builder.step(
                "command-open-service", source, target.node, told, findings=findings, places=places, assumed=assumed
            )
        if target.store is not None:
            kind = "read-open-store" if target.store.open else "guess-password-of-store"
            words = _SHIPPED_KEYS if target.store.keys else _ASKS_NOTHING if target.store.open else _ASKS
            told = words.of(said=said)
            assumed = assumed or target.store.keys
            self.builder.step(
                kind, source, f"data:{target.node}", told, findings=findings, places=places, assumed=assumed
            )

    def _own_data(self, workload: Workload) -> None:
        ref = workload.meta.ref
        me = workload_id(ref)
        target = self.targets.get(me)
        store = target.store if target else store_of(self.builder.inventory, workload)
        impact = None if store is not None else odds.IMPACT_OF_AN_APPLICATION
        data = self.builder.goal(f"data:{me}", GoalKind.DATA, ref.name, ref.namespace, impact)
        if store is None:
            self.builder.step("read-data", me, data, _SESSIONS.of(w=shown(ref)))
        else:
            self.builder.step("read-own-store", me, data, _OWN.of(w=shown(ref)))


def _port(workload: Workload, port: str | int) -> str:
    """A port as evidence names it: its number, and the name that it is called by."""
    numbers = (p.container_port for c in workload.pod.containers for p in c.ports if p.name == port)
    number = next(numbers, None)
    return str(port) if number is None else f"{number} ({port})"


def _closes(finding: Finding, ports: Sequence[int], *, near: bool) -> bool:
    """Whether mending it shuts them out of a port: not where all stay open, nor (`near`) for pods of the same namespace."""
    fix = finding.remedy
    return fix is None or not (fix.leaves_open.issuperset(ports) or (near and fix.admits_neighbours))


def _open(ports: Sequence[int], allowed: PortSet) -> tuple[int, ...]:
    return tuple(p for p in ports if allowed.contains("TCP", p) or allowed.contains("UDP", p))


def _bits(numbers: Iterable[int]) -> int:
    found = 0
    for number in numbers:
        found |= 1 << number
    return found


def _list(things: Iterable[object]) -> str:
    words = [str(thing) for thing in things]
    return ", ".join(words[:5]) + (f" (+{len(words) - 5})" if len(words) > 5 else "")
