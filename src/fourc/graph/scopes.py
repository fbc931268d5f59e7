"""Positions that stand for all things of a kind in one namespace, or in all: they keep the graph from growing quadratically.

A power over all pods of a namespace is one step to `pods:NS`, and from there one step to each pod.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property

from fourc.graph.builder import ADMIN, NODE, SECRETS, Builder, identity_id
from fourc.graph.solve import START
from fourc.model.finding import Finding
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Workload
from fourc.model.pod_security import PREFIX
from fourc.model.step import GoalKind
from fourc.model.text import Text
from fourc.rbac.identities import Identity

SYSTEM = "kube-system"
PSA_ENFORCE = f"{PREFIX}enforce"


class Area(Enum):
    """What a position stands for: all running pods, accounts, Secrets, Roles, ports, traffic, a new pod, or everything."""

    PODS = "pods"
    ACCOUNTS = "accounts"
    SECRETS = "secrets"
    NEW_POD = "new-pod"
    TRAFFIC = "traffic"
    ROLES = "roles"
    PORTS = "ports"
    ALL = "control"


_KINDS: Mapping[Area, str] = {
    Area.PODS: "pod",
    Area.ACCOUNTS: "identity",
    Area.SECRETS: "goal",
    Area.NEW_POD: "pod",
    Area.TRAFFIC: "network",
    Area.ROLES: "permission",
    Area.PORTS: "network",
    Area.ALL: "permission",
}
_PART = Text("namespace {n} is part of the cluster", "命名空间 {n} 是集群的一部分")
_POD = Text(
    "whoever may run commands in the pods of {n} attaches to the containers of {w}",
    "能在 {n} 的 Pod 中执行命令的人可以连接 {w} 的容器",
)
_ACCOUNT = Text("ServiceAccount {a} is one of the accounts of {n}", "ServiceAccount {a} 是 {n} 的账号之一")
_CONTROLLERS = Text(
    "kube-system holds the accounts of Kubernetes' own controllers: clusterrole-aggregation-controller may write any role",
    "kube-system 中有 Kubernetes 自己的控制器账号：clusterrole-aggregation-controller 可以写任意角色",
)
_SECRET = Text("Secret {s} is one of the Secrets of {n}", "Secret {s} 是 {n} 的 Secret 之一")
_CHOOSE = Text(
    "a new pod in {n} runs under any ServiceAccount of it (serviceAccountName)",
    "{n} 中的新 Pod 可以使用其中任何 ServiceAccount（serviceAccountName）",
)
_MOUNT = Text("a new pod in {n} mounts any Secret of it", "{n} 中的新 Pod 可以挂载其中任何 Secret")
_UNLABELLED = Text(
    "Namespace {n} has no label {l} that forbids privileged pods: a new pod asks for the node (privileged, hostPath)",
    "Namespace {n} 没有禁止特权 Pod 的 {l} 标签：新 Pod 可以要求节点权限（privileged、hostPath）",
)
_COMES_BACK = Text(
    "Namespace {n} refuses no pod (label {l}): a later manifest asks for the node again, and somebody breaks into its pod",
    "Namespace {n} 不拒绝任何 Pod（{l} 标签）：以后的清单会再次要求节点权限，而有人攻破该 Pod",
)
_EVERYWHERE = Text(
    "pods may be made in every namespace, also where no label {l} can forbid privileged ones (kube-system)",
    "可以在任何命名空间创建 Pod，包括不能用 {l} 标签禁止特权 Pod 的 kube-system",
)
_WHOLE = Text(
    "who may do everything in {n} reads its Secrets, its pods and its accounts",
    "能在 {n} 做任何事的人可以读取其中的 Secret、Pod 和账号",
)


class Scopes:
    """Makes positions when they are asked for, with the steps that lead on from them."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._made: set[str] = set()

    @cached_property
    def namespaces(self) -> tuple[str, ...]:
        """Every namespace in which something was read that a position can lead to."""
        inventory = self.builder.inventory
        names = {w.meta.namespace or "default" for w in inventory.workloads}
        names |= {a.meta.namespace or "default" for a in inventory.accounts}
        names |= {i.namespace for i in self.builder.authorization.by_identity if i.kind == "ServiceAccount"}
        return tuple(sorted(names))

    def at(self, area: Area, scope: str | None) -> str:
        """The position for a namespace, or (None) for the whole cluster."""
        if area is Area.ALL and scope is None:
            return ADMIN
        name = area.value if scope is None else f"{area.value}:{scope}"
        if name in self._made:
            return name
        self._made.add(name)
        said = scope or area.value
        if area is Area.SECRETS:
            self.builder.goal(name, GoalKind.SECRETS, said, scope)
        else:
            self.builder.node(name, _KINDS[area], said, scope)
        if scope is None:
            self._from_all(area, name)
        else:
            self._from_one(area, name, scope)
        return name

    def _from_all(self, area: Area, name: str) -> None:
        for namespace in self.namespaces:
            if area is Area.SECRETS and f"{SECRETS}:{namespace}" not in self._made:
                continue  # a goal of its own only where somebody reaches just that namespace
            self.builder.step("one-of-all", name, self.at(area, namespace), _PART.of(n=namespace))
        if area is Area.ACCOUNTS:
            self.builder.step("control-plane-account", name, ADMIN, _CONTROLLERS)
        elif area is Area.NEW_POD:
            self.builder.step("ask-for-node", name, NODE, _EVERYWHERE.of(l=PSA_ENFORCE))
            self.builder.step("mount-secrets", name, self.at(Area.SECRETS, None), _MOUNT.of(n="kube-system"))
            self.builder.step("choose-account", name, self.at(Area.ACCOUNTS, None), _CHOOSE.of(n="kube-system"))

    def _from_one(self, area: Area, name: str, namespace: str) -> None:
        if area is Area.PODS:
            for workload in self._workloads.get(namespace, ()):
                said = _POD.of(n=namespace, w=f"{workload.meta.kind} {workload.meta.name}")
                self.builder.step("attach-to-container", name, self.builder.workload(workload), said)
        elif area is Area.ACCOUNTS:
            for identity in self._accounts.get(namespace, ()):
                self.builder.step(
                    "choose-account", name, self.builder.identity(identity), _ACCOUNT.of(a=identity.name, n=namespace)
                )
            if namespace == SYSTEM:
                self.builder.step("control-plane-account", name, ADMIN, _CONTROLLERS)
        elif area is Area.NEW_POD:
            self._new_pod(name, namespace)
        elif area is Area.ALL:
            for part in (Area.SECRETS, Area.PODS, Area.ACCOUNTS, Area.NEW_POD):
                self.builder.step("rule-namespace", name, self.at(part, namespace), _WHOLE.of(n=namespace))

    def _new_pod(self, name: str, namespace: str) -> None:
        builder = self.builder
        builder.step("choose-account", name, self.at(Area.ACCOUNTS, namespace), _CHOOSE.of(n=namespace))
        builder.step("mount-secrets", name, self.at(Area.SECRETS, namespace), _MOUNT.of(n=namespace))
        if not forbids_privileged(builder.inventory, namespace):
            meta = next((n.meta for n in builder.inventory.namespaces if n.meta.name == namespace), None)
            builder.step(
                "ask-for-node",
                name,
                NODE,
                _UNLABELLED.of(n=namespace, l=PSA_ENFORCE),
                findings=self._unenforced.get(namespace, ()),
                places=[(meta.origin, ("metadata", "labels"))] if meta else (),
            )

    def coming_back(self) -> None:
        """What is mended may come back with a later manifest wherever nothing refuses it and something runs."""
        for meta in (n.meta for n in self.builder.inventory.namespaces):
            if self._workloads.get(meta.name) and not forbids_privileged(self.builder.inventory, meta.name):
                self.builder.step(
                    "unsafe-pod-comes-back",
                    START,
                    NODE,
                    _COMES_BACK.of(n=meta.name, l=PSA_ENFORCE),
                    findings=self._unenforced.get(meta.name, ()),
                    places=[(meta.origin, ("metadata", "labels"))],
                    tail=meta.name,
                )

    @cached_property
    def _unenforced(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings that say which namespaces refuse no pod."""
        found = (f for f in self.builder.mending.findings if f.rule == "pod-security-not-enforced")
        return {f.subject.name: (f,) for f in found}

    def made(self, area: Area) -> tuple[str, ...]:
        """The namespaces for which such a position was made, sorted."""
        return tuple(sorted(name.partition(":")[2] for name in self._made if name.startswith(f"{area.value}:")))

    def finish(self) -> None:
        """From all Secrets of a place to the single ones, when all of them are known."""
        for node in tuple(self.builder.nodes.values()):
            if node.kind != "secret":
                continue
            place = f"{SECRETS}:{node.namespace}"
            said = _SECRET.of(s=node.name, n=node.namespace or "default")
            if place in self._made:
                self.builder.step("find-secret", place, node.id, said)
            elif SECRETS in self._made:
                self.builder.step("find-secret", SECRETS, node.id, said)
        if SECRETS in self._made:
            for name in sorted(n for n in self._made if n.startswith(f"{SECRETS}:")):
                self.builder.step("one-of-all", SECRETS, name, _PART.of(n=name.partition(":")[2]))

    @cached_property
    def _workloads(self) -> Mapping[str, list[Workload]]:
        found: dict[str, list[Workload]] = defaultdict(list)
        for workload in self.builder.inventory.workloads:
            found[workload.meta.namespace or "default"].append(workload)
        return found

    @cached_property
    def _accounts(self) -> Mapping[str, list[Identity]]:
        """The accounts that hold something; the others lead nowhere."""
        found: dict[str, list[Identity]] = defaultdict(list)
        for identity in _accounts_of(self.builder):
            found[identity.namespace].append(identity)
        return found


def _accounts_of(builder: Builder) -> Iterator[Identity]:
    """Every account that has a node or a binding, sorted."""
    bound = {i for i in builder.authorization.by_identity if i.kind == "ServiceAccount"}
    used = {
        Identity("ServiceAccount", w.meta.namespace or "default", w.pod.service_account)
        for w in builder.inventory.workloads
    }
    return iter(sorted(bound | {i for i in used if identity_id(i) in builder.nodes}))


def forbids_privileged(inventory: Inventory, namespace: str) -> bool:
    """Whether a label of the namespace makes the API server refuse privileged pods and the node's folders."""
    labels = next((n.meta.labels for n in inventory.namespaces if n.meta.name == namespace), {})
    return labels.get(PSA_ENFORCE) in {"baseline", "restricted"}
