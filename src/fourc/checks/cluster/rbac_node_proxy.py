from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.dangerous import dangerous
from fourc.checks.held_roles import HeldRole, each_held_role
from fourc.model.finding import Layer, Severity

ZH = """角色可以直接指挥节点的 kubelet

## 为什么重要
`nodes/proxy` 通向 kubelet（每个节点上运行 Pod 的程序），而 kubelet 能在节点的每个 Pod 中执行命令。直接访问
kubelet 时，这些命令既不经过准入，也不写入审计日志。只有读取权限就够了：`get` 也能建立这种连接。

## 修复会改变什么
从规则中去掉 `nodes/proxy`，其余保留。用到它的程序会在日志中写出 `forbidden` 以及动词和资源；只把那一项加回来。
通过它读取指标的监控程序请改用 `nodes/metrics` 和 `nodes/stats`，Kubernetes 1.33 起还可用 `nodes/pods`、
`nodes/healthz`、`nodes/configz`。

## 何时可以允许
几乎没有；个别监控程序的文档要求它。请优先使用上面这些资源。

## 示例
见英文页面的 YAML。"""


@check(
    each_held_role,
    layer=Layer.CLUSTER,
    severity=Severity.HIGH,
    references="cis:5.1.10 owasp:K03:2022 owasp:K02:2025 attack:T1609 trivy:KSV-0047 checkov:CKV2_K8S_2 "
    "kubescape:C-0279",
    zh=ZH,
)
def rbac_node_proxy(held: HeldRole, _judge: Judge) -> Iterator[Found]:
    """A role may command the nodes' kubelets directly.

    ## Why it matters
    `nodes/proxy` leads to the kubelet, the program on each node that runs its pods, and the kubelet runs commands in
    every one of them. A command that is sent to it directly is neither checked by admission nor written to the audit
    log. Reading rights are enough: `get` can open such a connection too.

    ## What the fix changes
    It takes `nodes/proxy` out of the rule and leaves everything else. A program that used it logs `forbidden` with
    the verb and resource; give back exactly that one. Monitoring that read figures through it asks for
    `nodes/metrics` and `nodes/stats` instead, from Kubernetes 1.33 on also for `nodes/pods`, `nodes/healthz` and
    `nodes/configz`.

    ## When to allow it
    Hardly ever; some monitoring agents document it. Prefer the resources above.

    ## Example
    Bad:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: metrics-reader
    rules:
      - apiGroups: [""]
        resources: ["nodes", "nodes/metrics", "nodes/proxy"]
        verbs: ["get"]
    ```
    Good:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: metrics-reader
    rules:
      - apiGroups: [""]
        resources: ["nodes", "nodes/metrics"]
        verbs: ["get"]
    ```
    """
    return dangerous(held, "rbac-node-proxy")
