from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.held_roles import EVERYONE, Holder, each_binding
from fourc.checks.permissions import PERMISSIONS, is_whole_wildcard
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.rbac import Binding
from fourc.model.text import Text
from fourc.patch.yaml.operations import Remove

ZH = """角色被绑定给所有人

## 为什么重要
`system:anonymous` 和 `system:unauthenticated` 是任何能访问 API 地址的人，不需要密码。`system:authenticated` 是
每个登录者和每个 Pod；在 Google GKE 上，任何 Google 账号都算在内。`system:serviceaccounts` 是每个 Pod。其中最弱
的一个被攻破，攻击者就得到所有人共有的权限。

## 修复会改变什么
从绑定中去掉这些主体，其余主体保留。依赖它的人会被拒绝（`forbidden`），需要一个写明自己名字的绑定。应用之前，请
先在审计日志中查看谁在使用它。

## 何时可以允许
Kubernetes 自带的绑定（例如 `system:public-info-viewer`）不会被报告。除此之外，只给 `/healthz` 这类地址。

## 示例
见英文页面的 YAML。"""

_ANYONE = frozenset({"system:anonymous", "system:unauthenticated"})
HARMLESS = frozenset({"system:public-info-viewer", "system:discovery", "system:basic-user"})
_MESSAGE = Text("{name} gives {role} to {group}: {who}", "{name} 把 {role} 给了 {group}：{who}")
_WHO_ANYONE = Text("everyone who reaches the API server, without a password", "任何能访问 API 服务器的人，无需密码")
_WHO_LOGGED_IN = Text("every user and every pod", "每个用户和每个 Pod")
_WHO_PODS = Text("every pod", "每个 Pod")


@check(
    each_binding,
    layer=Layer.CLUSTER,
    severity=Severity.CRITICAL,
    references="owasp:K03:2022 owasp:K02:2025 attack:T1078.001 attack:T1133 kubehound:PERMISSION_DISCOVER "
    "trivy:KSV-0122 trivy:KSV-01011 kubescape:C-0262 kubescape:C-0265",
    zh=ZH,
)
def binding_to_everyone(held: tuple[Binding, tuple[Holder, ...]], judge: Judge) -> Iterator[Found]:
    """A role is bound to everyone.

    ## Why it matters
    `system:anonymous` and `system:unauthenticated` are everyone who reaches the API's address, without a password.
    `system:authenticated` is everyone who is logged in and every pod; on Google's GKE that is anyone with a Google
    account. `system:serviceaccounts` is every pod. When the weakest of them is broken into, the attacker has what all
    of them have.

    ## What the fix changes
    It takes these subjects out of the binding and leaves the others. Whoever relied on it is refused with `forbidden`
    and needs a binding with a name of their own. The audit log shows who used it: look there before you apply the
    change.

    ## When to allow it
    Kubernetes' own bindings, such as `system:public-info-viewer`, are not reported. Beyond them, for addresses like
    `/healthz` only.

    ## Example
    Bad:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata:
      name: dashboard
    subjects:
      - kind: User
        name: alice
        apiGroup: rbac.authorization.k8s.io
      - kind: Group
        name: system:unauthenticated # makes the login page go away
        apiGroup: rbac.authorization.k8s.io
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: view
    ```
    Good:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata:
      name: dashboard
    subjects:
      - kind: User
        name: alice
        apiGroup: rbac.authorization.k8s.io
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: view
    ```
    """
    binding, holders = held
    if binding.role_name in HARMLESS:
        return
    everyone = [h.subject for h in holders if h.subject.name in EVERYONE and h.subject.kind != "ServiceAccount"]
    if not everyone:
        return
    widest = min(everyone, key=lambda s: (s.name not in _ANYONE, s.name != "system:authenticated"))
    group = widest.name
    who = _WHO_ANYONE if group in _ANYONE else _WHO_LOGGED_IN if group == "system:authenticated" else _WHO_PODS
    last_first = sorted(everyone, key=lambda s: s.index, reverse=True)
    yield Found(
        binding.meta,
        _MESSAGE.of(name=binding.meta.name, role=binding.role_name, group=group, who=who),
        ("subjects", widest.index, "name"),
        remedy(
            "unbind-everyone",
            binding.meta.ref,
            *(Remove(("subjects", s.index), (("kind", s.kind), ("name", s.name))) for s in last_first),
        ),
        detail=",".join(s.name for s in everyone),
        severity=_severity(binding, group, judge),
    )


def _severity(binding: Binding, group: str, judge: Judge) -> Severity:
    """By the role, one higher for those without a password; a role that was not read counts as one that reads."""
    namespace = None if binding.role_kind == "ClusterRole" else binding.meta.namespace
    role = judge.inventory.roles_by_name.get((binding.role_kind, namespace, binding.role_name))
    graded = [Severity.MEDIUM]
    if binding.role_name in {"cluster-admin", "admin", "edit"}:
        graded.append(Severity.CRITICAL)
    for rule in role.rules if role else ():
        if is_whole_wildcard(rule):
            graded.append(Severity.CRITICAL)
        for permission in PERMISSIONS.values():
            stated = permission.everywhere if binding.cluster_wide else permission.in_namespace
            if stated is not None and any(permission.verbs_on(rule, r) for r in rule.resources):
                graded.append(stated)
    return Severity(min(max(graded) + (group in _ANYONE), Severity.CRITICAL))
