"""Identities: which workload holds whose token, who belongs to which group, and which permissions each identity has."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from fourc.graph.builder import NODE, OUTAGE, Builder, identity_id, shown
from fourc.graph.mending import Cause
from fourc.graph.solve import START
from fourc.model.infrastructure import recognise
from fourc.model.kubernetes.pod import Workload
from fourc.model.step import Place
from fourc.model.text import Text
from fourc.rbac.identities import ANONYMOUS, AUTHENTICATED, UNAUTHENTICATED, Identity
from fourc.rbac.requests import Request, allows
from fourc.rbac.resolve import Bound

CLOUD_ROLES = (
    "eks.amazonaws.com/role-arn",
    "iam.gke.io/gcp-service-account",
    "azure.workload.identity/client-id",
    "pod-identity.alibabacloud.com/role-name",
    "cce.io/agency-name",
    "tke.cloud.tencent.com/role-arn",
)
"""Annotations of a service account that give its pods a role of the cloud."""
_TOKEN_TYPE, _TOKEN_OF = "kubernetes.io/service-account-token", "kubernetes.io/service-account.name"
_NODES = "system:nodes"

_HOLDS = Text(
    "{w} holds the token of ServiceAccount {a} (automountServiceAccountToken)",
    "{w} 持有 ServiceAccount {a} 的令牌（automountServiceAccountToken）",
)
_PROJECTS = Text(
    "{w} mounts a token of ServiceAccount {a} (volume {v}, serviceAccountToken)",
    "{w} 挂载了 ServiceAccount {a} 的令牌（卷 {v}，serviceAccountToken）",
)
_FINDS_TOKEN = Text("{w} has the volume {v} with a serviceAccountToken", "{w} 有包含 serviceAccountToken 的卷 {v}")
_MEMBER = Text("{i} belongs to the group {g}", "{i} 属于用户组 {g}")
_BOUND = Text("{b} gives {r} to {i}, {where}", "{b} 把 {r} 授予 {i}（{where}）")
_EVERYWHERE = Text("in the whole cluster", "整个集群")
_INSIDE = Text("in namespace {n}", "命名空间 {n}")
_ANYONE = Text(
    "the API server takes requests without a password as {n}, and {b} gives that identity permissions",
    "API 服务器把不带密码的请求当作 {n}，而 {b} 给了这个身份权限",
)
_FLOOD = Text(
    "whoever is let in as {n} can keep the API server busy with requests that it has to answer",
    "以 {n} 身份被放行的人可以用必须应答的请求拖垮 API 服务器",
)
_ANY_ACCOUNT = Text(
    "{b} gives permissions to {n}: where the provider lets any of its accounts log in (GKE), that is everyone",
    "{b} 把权限给了 {n}：如果云厂商允许其任意账号登录（GKE），那就是所有人",
)
_LEAKED = Text("the kubeconfig or password of {i} gets out", "{i} 的 kubeconfig 或密码泄露")
_TOKEN_IN = Text("Secret {s} holds a token of ServiceAccount {a}", "Secret {s} 保存着 ServiceAccount {a} 的令牌")
_OF_NODE = Text("whoever holds a node holds its kubelet's certificate ({g})", "控制节点的人持有 kubelet 的证书（{g}）")
_STOLEN = Text(
    "a pod under ServiceAccount {a} may run on the same node, where its token can be read",
    "使用 ServiceAccount {a} 的 Pod 可能运行在同一节点上，其令牌可被读取",
)


def where(scope: str | None) -> Text:
    """How far a binding reaches, in words."""
    return _EVERYWHERE if scope is None else _INSIDE.of(n=scope)


class Accounts:
    """The identities of a run."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    @cached_property
    def _bound_groups(self) -> frozenset[str]:
        return frozenset(i.name for i in self.builder.authorization.by_identity if i.kind == "Group")

    def account_of(self, workload: Workload) -> Identity:
        """The service account under which the workload runs."""
        return Identity("ServiceAccount", workload.meta.namespace or "default", workload.pod.service_account)

    def bounds_of(self, identity: Identity) -> Iterator[Bound]:
        """Every binding that reaches the identity, by its own name or through a group."""
        by_identity = self.builder.authorization.by_identity
        yield from by_identity.get(identity, ())
        for group in identity.groups:
            if group in self._bound_groups:
                yield from by_identity.get(Identity("Group", "", group), ())

    def matters(self, identity: Identity) -> bool:
        """Whether holding it leads anywhere; the default account without a binding does not."""
        if identity.kind != "ServiceAccount" or identity.name != "default" or next(self.bounds_of(identity), None):
            return True
        account = self.builder.inventory.accounts_by_name.get((identity.namespace, identity.name))
        return account is not None and any(account.meta.annotations.get(key) for key in CLOUD_ROLES)

    def steps(self, workload: Workload, me: str) -> None:
        """From a workload to the identity whose token it holds."""
        account = self.account_of(workload)
        if not self.matters(account):
            return
        ref, builder = workload.meta.ref, self.builder
        origin = workload.meta.origin
        if builder.inventory.mounts_token(workload):
            builder.step(
                "assume-identity",
                me,
                builder.identity(account),
                _HOLDS.of(w=shown(ref), a=account.name),
                findings=builder.mending.any_of(ref, (Cause("token-not-needed"), Cause("default-service-account"))),
                places=[(origin, (*workload.pod.path, "serviceAccountName"))],
            )
        for volume in workload.pod.volumes:
            if volume.token:
                node = builder.node(f"volume:{me}/{volume.name}", "volume", volume.name, ref.namespace)
                places: list[Place] = [(origin, volume.path)]
                finds = _FINDS_TOKEN.of(w=shown(ref), v=volume.name)
                builder.step("discover-volume", me, node, finds, places=places)
                said = _PROJECTS.of(w=shown(ref), a=account.name, v=volume.name)
                builder.step("steal-mounted-token", node, builder.identity(account), said, places=places)

    def permission_of(self, workload: Workload, request: Request) -> str | None:
        """The permission of the workload's own account that allows the request in its namespace; its node is made."""
        if not self.builder.inventory.mounts_token(workload):
            return None
        account = self.account_of(workload)
        for bound in self.bounds_of(account):
            inside = bound.scope is None or (bound.scope == account.namespace and not request.of_no_namespace)
            if inside and any(allows(held.rule, request) for held in bound.role.rules):
                for identity in bound.identities:
                    self.discover(identity, bound)
                return self.builder.permission(bound.role, bound.scope)
        return None

    def discover(self, identity: Identity, bound: Bound) -> None:
        """From an identity to what a binding gives it; the findings about the binding close it."""
        binding = bound.binding
        meta = binding.meta
        subject = next(
            (s for s in binding.subjects if s.name == identity.name or s.name.endswith(f":{identity.name}")), None
        )
        at = ("subjects", subject.index, "name") if subject is not None else ("subjects",)
        role = f"{bound.role.meta.kind} {bound.role.meta.name}"
        self.builder.step(
            "discover-permission",
            self.builder.identity(identity),
            self.builder.permission(bound.role, bound.scope),
            _BOUND.of(b=f"{meta.kind} {meta.name}", r=role, i=str(identity), where=where(bound.scope)),
            findings=self.builder.mending.any_of(
                meta.ref, (Cause("binding-to-everyone"), Cause("cluster-admin-binding"))
            ),
            places=[(meta.origin, at)],
            tail=f"{meta.kind}/{meta.name}",
            assumed=self._as_documented(identity, bound),
        )

    def _as_documented(self, identity: Identity, bound: Bound) -> bool:
        """Whether only platform programs hold it, and no finding says that it exceeds what they document.

        Like everything that such a program needs, it is a way that nobody can close and that few attackers find open.
        """
        users = self._users.get(identity, ())
        if not users or any(f.rule.startswith("rbac-") for f in self.builder.mending.of(bound.role.meta.ref)):
            return False
        return all(recognise(w) is not None for w in users)

    @cached_property
    def _users(self) -> Mapping[Identity, list[Workload]]:
        """The workloads by the account under which they run."""
        found: dict[Identity, list[Workload]] = defaultdict(list)
        for workload in self.builder.inventory.workloads:
            found[self.account_of(workload)].append(workload)
        return found

    def finish(self) -> None:
        """Who gets to be whom without a pod: groups, anonymous callers, leaked credentials, tokens in Secrets, nodes."""
        for identity in sorted(self.builder.authorization.by_identity):
            if identity_id(identity) in self.builder.nodes:
                self._entry(identity)
        for data in self.builder.inventory.data:
            account = data.meta.annotations.get(_TOKEN_OF)
            if data.secret and data.type == _TOKEN_TYPE and account:
                self._token(data.meta.namespace or "default", data.meta.name, account, (data.meta.origin, ("type",)))
        named = [n for n in tuple(self.builder.nodes.values()) if n.kind == "identity" and n.namespace]
        named = [n for n in named if n.id.startswith("identity:")]
        for node in named:
            identity = Identity("ServiceAccount", node.namespace or "default", node.name)
            self._membership(identity, node.id)
        for node in tuple(self.builder.nodes.values()):
            if node.id.startswith("identity:User/") and node.name != ANONYMOUS:
                self._membership(Identity("User", "", node.name), node.id)

    def tokens(self) -> Iterator[tuple[str, Text]]:
        """The identities whose tokens lie on the nodes, because a workload mounts them."""
        mounted = {
            s.target for s in self.builder.steps.values() if s.kind in {"assume-identity", "steal-mounted-token"}
        }
        for name in sorted(mounted):
            yield name, _STOLEN.of(a=self.builder.nodes[name].name)

    def _membership(self, identity: Identity, node: str) -> None:
        for group in identity.groups:
            target = Identity("Group", "", group)
            if identity_id(target) in self.builder.nodes:
                said = _MEMBER.of(i=str(identity), g=group)
                self.builder.step("belong-to-group", node, identity_id(target), said)

    def _entry(self, identity: Identity) -> None:
        node = identity_id(identity)
        if identity.name in {ANONYMOUS, UNAUTHENTICATED} and identity.kind != "ServiceAccount":
            binding = self.builder.authorization.by_identity[identity][0].binding
            said = _ANYONE.of(n=identity.name, b=f"{binding.meta.kind} {binding.meta.name}")
            places: list[Place] = [(binding.meta.origin, ("subjects",))]
            self.builder.step("call-api-anonymously", START, node, said, places=places)
            mended = self.builder.mending.any_of(binding.meta.ref, (Cause("binding-to-everyone"),))
            flood = _FLOOD.of(n=identity.name)
            self.builder.step("flood-api-server", node, OUTAGE, flood, findings=mended, places=places)
        elif identity.kind == "Group" and identity.name == AUTHENTICATED:
            binding = self.builder.authorization.by_identity[identity][0].binding
            said = _ANY_ACCOUNT.of(n=identity.name, b=f"{binding.meta.kind} {binding.meta.name}")
            self.builder.step("authenticate-as-anyone", START, node, said)
        elif identity.kind == "Group" and identity.name == _NODES:
            self.builder.step("assume-identity", NODE, node, _OF_NODE.of(g=_NODES))
        elif identity.kind != "ServiceAccount" and not identity.name.startswith("system:"):
            self.builder.step("leaked-credential", START, node, _LEAKED.of(i=str(identity)))

    def _token(self, namespace: str, secret: str, account: str, place: Place) -> None:
        identity = Identity("ServiceAccount", namespace, account)
        if self.matters(identity):
            said = _TOKEN_IN.of(s=secret, a=account)
            source, target = self.builder.secret(namespace, secret), self.builder.identity(identity)
            self.builder.step("token-in-secret", source, target, said, places=[place])
