from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.dangerous import dangerous
from fourc.checks.held_roles import HeldRole, each_held_role
from fourc.model.finding import Layer, Severity

ZH = """角色可以修改角色及其绑定

## 为什么重要
Kubernetes 不允许授予超出自己的权限，因此仅凭这一项还成不了管理员。但攻击者可以把该 Pod 的权限转给自己的账号从而
长期潜伏；再加上 `bind` 或 `escalate` 就等于整个集群。

## 修复会改变什么
从规则中去掉角色和绑定的 `create`、`update`、`patch`，读取保留。用到它的程序会在日志中写出 `forbidden` 以及动词
和资源；只把那一项加回来。

## 何时可以允许
为每个团队建立命名空间的 Operator；请只在这些命名空间授予。

## 示例
见英文页面的 YAML。"""


@check(
    each_held_role,
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="owasp:K03:2022 owasp:K02:2025 attack:T1098.006 kubehound:ROLE_BIND trivy:KSV-0050 trivy:KSV-0055",
    zh=ZH,
)
def rbac_role_change(held: HeldRole, _judge: Judge) -> Iterator[Found]:
    """A role may change roles or who holds them.

    ## Why it matters
    Kubernetes lets nobody grant more than they have, so this alone makes no administrator. But an attacker passes on
    what the pod has to accounts of their own and so stays in, and together with `bind` or `escalate` it is the whole
    cluster.

    ## What the fix changes
    It takes `create`, `update` and `patch` on roles and bindings out of the rule and leaves reading. A program that
    used it logs `forbidden` with the verb and resource; give back exactly that one.

    ## When to allow it
    Operators that set up a namespace for each team; give it in those namespaces only.

    ## Example
    Bad:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: namespace-setup
    rules:
      - apiGroups: [""]
        resources: ["namespaces"]
        verbs: ["get", "create"]
      - apiGroups: ["rbac.authorization.k8s.io"]
        resources: ["rolebindings"]
        verbs: ["get", "create"]
    ```
    Good:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: namespace-setup
    rules:
      - apiGroups: [""]
        resources: ["namespaces"]
        verbs: ["get", "create"]
      - apiGroups: ["rbac.authorization.k8s.io"]
        resources: ["rolebindings"]
        verbs: ["get"]
    ```
    """
    return dangerous(held, "rbac-role-change")
