"""The permissions that lead further than they look, as one table, and where a rule of a role grants one.

Verbs, resources and what they lead to: kubernetes.io/docs/concepts/security/rbac-good-practices and KubeHound's edges.
"""

from collections.abc import Mapping

from msgspec import Struct

from fourc.model.finding import Severity
from fourc.model.infrastructure import Need
from fourc.model.kubernetes.rbac import PolicyRule
from fourc.model.remedy import FixClass
from fourc.model.text import Text

_RBAC, _ADMISSION, _CERTIFICATES = "rbac.authorization.k8s.io", "admissionregistration.k8s.io", "certificates.k8s.io"
WRITE = ("create", "update", "patch")
POWERFUL_NAMES = frozenset({"cluster-admin", "admin", "edit", "system:masters", "system:admin"})


class Grant(Struct, frozen=True):
    """Verbs on resources of one API group."""

    group: str
    resources: tuple[str, ...]
    verbs: tuple[str, ...]


class Permission(Struct, frozen=True):
    """One dangerous permission; `in_namespace` None: it means something only where it holds for the whole cluster.

    `by_verb` where the verb is the danger (and is shown), not the resource; `drops` where the resource serves nothing
    else, so that the edit takes it out with all its verbs.
    """

    may: Text
    grants: tuple[Grant, ...]
    everywhere: Severity
    in_namespace: Severity | None
    need: Need
    fix_class: FixClass = FixClass.TRY_FIRST
    by_verb: bool = False
    drops: bool = False

    def concerns(self, rule: PolicyRule) -> bool:
        """Whether the rule has an API group and a verb of one of the grants, without which it gives none."""
        groups, verbs = rule.groups, rule.verbs
        return any(
            ("*" in groups or grant.group in groups)
            and ("*" in verbs or "*" in grant.verbs or any(verb in verbs for verb in grant.verbs))
            for grant in self.grants
        )

    def verbs_on(self, rule: PolicyRule, resource: str) -> tuple[str, ...]:
        """The dangerous verbs that the rule gives on one of its resources, in its order (`*` for all)."""
        if rule.names and not (self.by_verb and POWERFUL_NAMES.intersection(rule.names)):
            return ()
        dangerous = {
            verb
            for grant in self.grants
            if ("*" in rule.groups or grant.group in rule.groups) and _names(resource, grant.resources)
            for verb in grant.verbs
        }
        if self.drops and resource == "*":
            dangerous &= {"create"}  # that `*` may be read is another finding
        if "*" in dangerous:
            return rule.verbs
        return tuple(verb for verb in rule.verbs if verb in dangerous or (verb == "*" and dangerous))


def _names(resource: str, wanted: tuple[str, ...]) -> bool:
    """Whether a resource of a rule stands for one of those (`*` for all, `*/sub` for every one's subresource)."""
    if resource == "*" or resource in wanted:
        return True
    return resource.startswith("*/") and any(w.endswith(resource[1:]) for w in wanted)


_WORKLOADS = ("deployments", "statefulsets", "daemonsets", "replicasets")

PERMISSIONS: Mapping[str, Permission] = {
    "rbac-escalation": Permission(
        Text("give itself permissions or act as someone else", "给自己授予权限或冒充别人"),
        (
            Grant(_RBAC, ("roles", "clusterroles"), ("escalate", "bind")),
            Grant("", ("users", "groups", "serviceaccounts"), ("impersonate",)),
            Grant("authentication.k8s.io", ("userextras", "uids"), ("impersonate",)),
        ),
        Severity.CRITICAL, Severity.HIGH, Need.ESCALATION, by_verb=True,
    ),
    "rbac-secrets-access": Permission(
        Text("read every Secret", "读取所有 Secret"),
        (Grant("", ("secrets",), ("get", "list", "watch")),),
        Severity.CRITICAL, Severity.MEDIUM, Need.SECRETS_READ,
    ),
    "rbac-pod-exec": Permission(
        Text("run commands in running pods or connect into them", "在运行中的 Pod 里执行命令或连接进去"),
        (
            Grant("", ("pods/exec", "pods/attach", "pods/portforward", "pods/proxy"), ("create", "get")),
            Grant("", ("pods/ephemeralcontainers",), ("update", "patch")),
        ),
        Severity.HIGH, Severity.MEDIUM, Need.POD_EXEC, drops=True,
    ),
    "rbac-pod-creation": Permission(
        Text("start pods of its own choice", "启动任意 Pod"),
        (
            Grant("", ("pods",), ("create",)),
            Grant("", ("replicationcontrollers",), WRITE),
            Grant("apps", _WORKLOADS, WRITE),
            Grant("extensions", _WORKLOADS, WRITE),
            Grant("batch", ("jobs", "cronjobs"), WRITE),
        ),
        Severity.HIGH, Severity.MEDIUM, Need.POD_CREATION, FixClass.DECISION,
    ),
    "rbac-node-proxy": Permission(
        Text("command the nodes' kubelets, and so every pod on them", "指挥节点的 kubelet，从而控制其上的 Pod"),
        (Grant("", ("nodes/proxy",), ("*", "create")),),
        Severity.HIGH, None, Need.NODE_PROXY, drops=True,
    ),
    "rbac-webhook-control": Permission(
        Text("change what the API server checks and rewrites", "修改 API 服务器对请求的检查和改写"),
        (
            Grant(
                _ADMISSION,
                (
                    "mutatingwebhookconfigurations", "validatingwebhookconfigurations", "validatingadmissionpolicies",
                    "validatingadmissionpolicybindings", "mutatingadmissionpolicies", "mutatingadmissionpolicybindings",
                ),
                (*WRITE, "delete", "deletecollection"),
            ),
        ),
        Severity.HIGH, None, Need.WEBHOOK_CONTROL, FixClass.DECISION,
    ),
    "rbac-certificate-approval": Permission(
        Text("issue certificates that the cluster accepts as identities", "签发集群认可为身份的证书"),
        (
            Grant(_CERTIFICATES, ("certificatesigningrequests/approval",), ("update", "patch")),
            Grant(_CERTIFICATES, ("signers",), ("approve", "sign")),
        ),
        Severity.HIGH, None, Need.CERTIFICATE_APPROVAL, FixClass.DECISION, drops=True,
    ),
    "rbac-token-creation": Permission(
        Text("make tokens of other service accounts", "为其他服务账号签发令牌"),
        (Grant("", ("serviceaccounts/token",), ("create",)),),
        Severity.CRITICAL, Severity.MEDIUM, Need.TOKEN_CREATION, drops=True,
    ),
    "rbac-role-change": Permission(
        Text("change roles and who holds them", "修改角色以及谁拥有这些角色"),
        (Grant(_RBAC, ("roles", "clusterroles", "rolebindings", "clusterrolebindings"), WRITE),),
        Severity.MEDIUM, Severity.LOW, Need.ROLE_CHANGE, FixClass.DECISION,
    ),
    "rbac-persistent-volume-creation": Permission(
        Text("make volumes that show a node's own disk", "创建指向节点磁盘的存储卷"),
        (Grant("", ("persistentvolumes",), WRITE),),
        Severity.MEDIUM, None, Need.PERSISTENT_VOLUME, FixClass.DECISION,
    ),
}  # fmt: skip


def is_whole_wildcard(rule: PolicyRule) -> bool:
    """Whether it allows every verb on every resource of its groups."""
    return "*" in rule.verbs and "*" in rule.resources


def writes_everything(rule: PolicyRule) -> bool:
    """Whether it allows writing every resource of its groups: the finding about its `*` then says all there is to say."""
    return "*" in rule.resources and bool({"*", *WRITE}.intersection(rule.verbs))
