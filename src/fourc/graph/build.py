"""From facts and findings to the attack graph: who can enter, what each pod, identity and node leads to."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fourc.graph import odds
from fourc.graph.odds import Odds
from fourc.graph.rules import ROWS, Leads
from fourc.graph.solve import START
from fourc.graph.stores import listening, store_of
from fourc.model.exposure import Entry, Reach, entries
from fourc.model.finding import Finding, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import Selector
from fourc.model.kubernetes.pod import ContainerRole, Workload
from fourc.model.step import Basis, Goal, GoalKind, Graph, Node, Step
from fourc.model.subject import Ref
from fourc.model.text import Text, same

NODE, ADMIN, OUTAGE, NETWORK, SECRETS = "node", "cluster-admin", "outage", "network", "secrets"
BROKEN_IN = "broken-in"
NETWORK_RULES = frozenset({"namespace-without-default-deny", "workload-without-policy"})
EXPOSURE_RULES = frozenset({"service-open-to-world", "node-port-service", "external-ips"})


def workload_id(ref: Ref) -> str:
    """The graph's name for a workload."""
    return f"{ref.kind}/{ref.namespace or 'default'}/{ref.name}"


def build(inventory: Inventory, findings: Sequence[Finding], explained: Sequence[Finding] = ()) -> Graph:
    """The graph of everything that was read; a step names the findings whose fixing removes it.

    `explained` findings are what platform programs need: an attacker can use them all the same, and no fix removes them.
    """
    return _Builder(inventory, findings, explained).graph()


class _Builder:
    def __init__(self, inventory: Inventory, findings: Sequence[Finding], explained: Sequence[Finding]) -> None:
        self.inventory = inventory
        self.explained = explained
        self.findings = findings
        self.steps: dict[str, Step] = {}
        self.nodes: dict[str, Node] = {START: Node(START, START, START)}
        self.goals: dict[str, Goal] = {}
        self.by_subject: dict[Ref, list[Finding]] = defaultdict(list)
        for finding in findings:
            self.by_subject[finding.subject].append(finding)

    def graph(self) -> Graph:
        self._goal(NODE, GoalKind.NODE_ROOT, NODE)
        self._goal(ADMIN, GoalKind.CLUSTER_ADMIN, ADMIN)
        self._goal(OUTAGE, GoalKind.OUTAGE, OUTAGE)
        self._goal(SECRETS, GoalKind.SECRETS, SECRETS)
        self._node(NETWORK, NETWORK, NETWORK)
        for workload in self.inventory.workloads:
            self._workload(workload)
        for finding in self.explained:
            row = ROWS.get(finding.rule)
            if row is not None and row.leads is Leads.POD_TO_NODE:
                chance = replace(row.odds_of(finding.severity), basis=Basis.ASSUMED)
                self._step(
                    f"{finding.rule}-{finding.detail}", workload_id(finding.subject), NODE, chance, finding.message
                )
        for entry in entries(self.inventory):
            self._entry(entry)
        self._permissions()
        self._findings_for_anyone()
        self._far_ends()
        return Graph(tuple(self.nodes.values()), tuple(self.steps.values()), tuple(self.goals.values()))

    def _node(self, name: str, kind: str, shown: str, namespace: str | None = None) -> str:
        self.nodes.setdefault(name, Node(name, kind, shown, namespace))
        return name

    def _goal(
        self, node: str, kind: GoalKind, shown: str, namespace: str | None = None, impact: float | None = None
    ) -> str:
        self._node(node, kind.value, shown, namespace)
        self.goals.setdefault(node, Goal(node, kind, odds.IMPACT[kind] if impact is None else impact))
        return node

    def _step(
        self,
        kind: str,
        source: str,
        target: str,
        chance: Odds,
        evidence: Text,
        fixed_by: Sequence[Finding] = (),
        ref: str = "",
    ) -> None:
        tail = fixed_by[0].fingerprint if len(fixed_by) == 1 else ""
        name = ":".join(p for p in (kind, source, target, tail) if p)
        self.steps.setdefault(
            name,
            Step(
                name,
                kind,
                source,
                target,
                chance.probability,
                chance.basis,
                (ref,) if ref else (),
                evidence,
                frozenset(f.fingerprint for f in fixed_by),
            ),
        )

    def _workload(self, workload: Workload) -> None:
        ref = workload.meta.ref
        me = self._node(workload_id(ref), ref.kind, ref.name, ref.namespace)
        found = self.by_subject[ref]
        self._step(
            BROKEN_IN, START, me, odds.ENTRY_BROKEN_IN if listening(self.inventory, workload) else odds.ENTRY_SUPPLY_CHAIN,
            Text("{w}: an image or library of it turns hostile", "{w}：它的镜像或依赖库被植入恶意代码").of(w=ref.name),
        )  # fmt: skip
        self._network(workload, me, found)
        self._identity(workload, me, found)
        starters = {c.name for c in workload.pod.containers if c.role is ContainerRole.INIT and not c.sidecar}
        memory: list[Finding] = []
        for finding in found:
            row = ROWS.get(finding.rule)
            if row is None:
                continue
            chance = row.odds_of(finding.severity)
            if finding.container in starters and row.leads is Leads.POD_TO_NODE:
                chance = odds.BEFORE_START
            if row.leads is Leads.POD_TO_NODE:
                self._step(finding.rule, me, NODE, chance, finding.message, (finding,), row.reference)
            elif row.leads is Leads.POD_TO_OUTAGE:
                memory.append(finding)
        if memory:
            chance = ROWS["missing-memory-limit"].odds_of(Severity.HIGH)
            self._step("exhaust-node", me, OUTAGE, chance, memory[0].message, memory, "attack:T1499")

    def _secrets(self, namespace: str | None) -> str:
        where = namespace or "default"
        return self._goal(f"{SECRETS}:{where}", GoalKind.SECRETS, where, where)

    def _network(self, workload: Workload, me: str, found: Sequence[Finding]) -> None:
        """Every pod reaches the flat network; the network reaches every pod that no policy closes."""
        ref = workload.meta.ref
        self._step(
            "reach-network",
            me,
            NETWORK,
            odds.REACH_NETWORK,
            Text("{w} may call any pod", "{w} 可以访问任何 Pod").of(w=ref.name),
        )
        store = store_of(self.inventory, workload)
        holds = Text("{w} holds data", "{w} 保存着数据").of(w=ref.name)
        impact = None if store is not None else odds.IMPACT_OF_AN_APPLICATION
        data = self._goal(f"data:{me}", GoalKind.DATA, ref.name, ref.namespace, impact)
        self._step("read-data", me, data, odds.READ_OWN_DATA, holds)
        closing = [f for f in found if f.rule in NETWORK_RULES]
        if not closing or not listening(self.inventory, workload) or is_closed(self.inventory, workload):
            return
        chance = odds.ENTER_OTHER if store is None else odds.ENTER_WITHOUT_PASSWORD if store.open else odds.ENTER_STORE
        self._step(
            "enter-over-network", NETWORK, me, chance,
            Text("any pod may connect to {w}", "任何 Pod 都可以连接 {w}").of(w=ref.name), closing, "attack:T1210",
        )  # fmt: skip

    def _identity(self, workload: Workload, me: str, found: Sequence[Finding]) -> None:
        if not self.inventory.mounts_token(workload):
            return
        namespace = workload.meta.namespace or "default"
        account = workload.pod.service_account
        identity = self._node(f"identity:{namespace}/{account}", "ServiceAccount", account, namespace)
        needless = [f for f in found if f.rule == "token-not-needed"]
        self._step(
            "read-token", me, identity, odds.TOKEN_READ,
            Text("{w} holds the token of {a}", "{w} 持有 {a} 的令牌").of(w=workload.meta.name, a=account),
            needless, "attack:T1528",
        )  # fmt: skip

    def _entry(self, entry: Entry) -> None:
        own = entry.via == entry.workload.meta
        if entry.reach is Reach.INTERNAL or (own and not listening(self.inventory, entry.workload)):
            return
        chance = odds.ENTRY_INTERNET if entry.reach is Reach.INTERNET else odds.ENTRY_ASSUMED_INTERNET
        fixes = [f for f in self.by_subject.get(entry.via.ref, ()) if f.rule in EXPOSURE_RULES]
        fixes += [
            f
            for f in self.by_subject.get(entry.workload.meta.ref, ())
            if f.rule == "host-port" and entry.via == entry.workload.meta
        ]
        target = workload_id(entry.workload.meta.ref)
        kind = f"enter-through-{entry.via.kind.lower()}-{entry.via.name}"
        self._step(kind, START, target, chance, entry.why, fixes, "attack:T1190")

    def _permissions(self) -> None:
        for finding in self.findings:
            row = ROWS.get(finding.rule)
            if row is None or finding.subject.kind not in {"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"}:
                continue
            for identity, scope in self._holders(finding.subject):
                chance = row.odds_of(finding.severity)
                for target in self._targets(row.leads, scope):
                    self._step(finding.rule, identity, target, chance, finding.message, (finding,), row.reference)

    def _holders(self, ref: Ref) -> Iterator[tuple[str, str | None]]:
        """The identities that a role or binding concerns, each with the namespace it is held in (None: everywhere)."""
        for binding in self.inventory.bindings:
            named = (binding.role_kind, binding.role_name) == (ref.kind, ref.name)
            if not (binding.meta.ref == ref or (named and ref.namespace in {None, binding.meta.namespace})):
                continue
            scope = None if binding.cluster_wide else binding.meta.namespace
            for subject in binding.subjects:
                if subject.kind == "ServiceAccount":
                    name = f"identity:{subject.namespace}/{subject.name}"
                    yield self._node(name, "ServiceAccount", subject.name, subject.namespace), scope
                elif subject.name in {"system:anonymous", "system:unauthenticated"}:
                    yield START, scope
                elif subject.kind == "Group" and subject.name.startswith(
                    ("system:serviceaccounts", "system:authenticated")
                ):
                    yield from (
                        (n.id, scope)
                        for n in tuple(self.nodes.values())
                        if n.kind == "ServiceAccount" and _in_group(n, subject.name)
                    )

    def _targets(self, leads: Leads, scope: str | None) -> Iterator[str]:
        secrets = SECRETS if scope is None else self._secrets(scope)
        if leads is Leads.IDENTITY_TO_ADMIN:
            yield ADMIN if scope is None else secrets
        elif leads is Leads.IDENTITY_TO_SECRETS:
            yield secrets
        elif leads is Leads.IDENTITY_TO_NODE:
            yield NODE
        elif leads is Leads.IDENTITY_TO_PODS:
            yield from (workload_id(w.meta.ref) for w in self.inventory.workloads if scope in {None, w.meta.namespace})

    def _findings_for_anyone(self) -> None:
        for finding in self.findings:
            row = ROWS.get(finding.rule)
            if row is None:
                continue
            if row.leads is Leads.ANYONE_TO_SECRETS:
                target = self._secrets(finding.subject.namespace)
            elif row.leads is Leads.ANYONE_TO_OUTAGE:
                target = OUTAGE
            else:
                continue
            self._step(
                finding.rule, START, target, row.odds_of(finding.severity), finding.message, (finding,), row.reference
            )

    def _far_ends(self) -> None:
        """What holding a node, every secret or the cluster leads to."""
        admin = Text("cluster-admin may do everything", "集群管理员可以做任何事")
        self._step("own-nodes", ADMIN, NODE, odds.ADMIN_TO_EVERYTHING, admin)
        self._step("own-secrets", ADMIN, SECRETS, odds.ADMIN_TO_EVERYTHING, admin)
        self._step(
            "token-in-secrets",
            SECRETS,
            ADMIN,
            odds.SECRETS_TO_ADMIN,
            Text("a token lies among the Secrets", "Secret 中存有令牌"),
        )
        neighbours = Text("the tokens of every pod on the node can be read", "可以读取节点上每个 Pod 的令牌")
        self._step("secrets-on-node", NODE, SECRETS, odds.NODE_TO_SECRETS, neighbours)
        mounted = {s.target for s in self.steps.values() if s.kind == "read-token"}
        for node in tuple(self.nodes.values()):
            if node.id in mounted:
                self._step("token-on-node", NODE, node.id, odds.NODE_TO_TOKENS, neighbours)
            elif node.id.startswith(f"{SECRETS}:"):
                self._step("every-secret", SECRETS, node.id, odds.ADMIN_TO_EVERYTHING, same(node.name))
            elif node.id.startswith("data:"):
                self._step("data-by-node", NODE, node.id, odds.NODE_TO_SECRETS, neighbours)


def _in_group(node: Node, group: str) -> bool:
    return group in {"system:authenticated", "system:serviceaccounts", f"system:serviceaccounts:{node.namespace}"}


def is_closed(inventory: Inventory, workload: Workload) -> bool:
    """Whether some policy restricts who may connect to the workload (host-network pods are never restricted)."""
    if workload.pod.host_network:
        return False
    return any(
        p.ingress is not None
        and p.meta.namespace == workload.meta.namespace
        and p.selector.matches(workload.pod.labels)
        and not any(not part.peers or _everyone(part.peers[0].namespaces, part.peers[0].pods) for part in p.ingress)
        for p in inventory.policies
    )


def _everyone(namespaces: Selector | None, pods: Selector | None) -> bool:
    return namespaces is not None and namespaces.empty and (pods is None or pods.empty)
