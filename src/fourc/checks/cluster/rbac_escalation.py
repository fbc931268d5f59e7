from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.dangerous import dangerous
from fourc.checks.held_roles import HeldRole, each_held_role
from fourc.model.finding import Layer, Severity

ZH = """角色可以授予或借用持有者本来没有的权限

## 为什么重要
正常情况下没有人能授予超出自己的权限。`escalate` 和 `bind` 关闭了这条规则，`impersonate` 则允许冒充任何用户，包
括管理员。攻破带有该角色的 Pod 就等于控制了集群。

## 修复会改变什么
从规则中去掉 `escalate`、`bind`、`impersonate` 这些动词，其余保留。用到它的程序会在日志中写出 `forbidden` 以及动
词和资源；只把那一项加回来。

## 何时可以允许
为别人创建角色的控制器，前提是在 `resourceNames` 中写明角色名；自己校验用户并转交用户名的网关。`resourceNames`
中没有管理员角色的规则不会被报告。

## 示例
见英文页面的 YAML。"""


@check(
    each_held_role,
    layer=Layer.CLUSTER,
    severity=Severity.CRITICAL,
    references="cis:5.1.8 owasp:K03:2022 owasp:K02:2025 attack:T1098.006 kubehound:IDENTITY_IMPERSONATE "
    "kubehound:ROLE_BIND trivy:KSV-0043 trivy:KSV-0051 trivy:KSV-0052 checkov:CKV_K8S_157 checkov:CKV_K8S_158 "
    "checkov:CKV2_K8S_1 checkov:CKV2_K8S_3 kubescape:C-0065 kubescape:C-0191",
    zh=ZH,
)
def rbac_escalation(held: HeldRole, _judge: Judge) -> Iterator[Found]:
    """A role may hand out or borrow permissions that its holder does not have.

    ## Why it matters
    Normally nobody can grant more than they have. `escalate` and `bind` switch that rule off, and `impersonate` lets
    the holder act as any user, also as an administrator. Whoever breaks into a pod with this role owns the cluster.

    ## What the fix changes
    It takes the verbs `escalate`, `bind` and `impersonate` out of the rule and leaves the others. A program that used
    it logs `forbidden` with the verb and resource; give back exactly that one.

    ## When to allow it
    Controllers that create roles for others, if they name the roles under `resourceNames`; gateways that check their
    users themselves and pass the name on. A rule whose `resourceNames` hold no administrator role is never reported.

    ## Example
    Bad:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: team-admin
    rules:
      - apiGroups: ["rbac.authorization.k8s.io"]
        resources: ["clusterroles"]
        verbs: ["get", "bind", "escalate"]
    ```
    Good:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: team-admin
    rules:
      - apiGroups: ["rbac.authorization.k8s.io"]
        resources: ["clusterroles"]
        verbs: ["get"]
    ```
    """
    return dangerous(held, "rbac-escalation")
