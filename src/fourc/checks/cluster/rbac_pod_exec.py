from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.dangerous import dangerous
from fourc.checks.held_roles import HeldRole, each_held_role
from fourc.model.finding import Layer, Severity

ZH = """角色可以在运行中的 Pod 里执行命令

## 为什么重要
`pods/exec`、`attach`、`portforward`、`proxy` 和调试容器可以进入范围内的每一个 Pod，绕过密码和网络规则，并拿到其
服务账号的令牌。只有 `get` 也能使用 `proxy`；在 Kubernetes 1.34 及以前，其他几种也只需要 `get`，因为这些连接是升
级后的 Web 请求。

## 修复会改变什么
从规则中去掉这些资源，其余保留。用到它的程序会在日志中写出 `forbidden` 以及动词和资源；只把那一项加回来。使用
`kubectl exec` 的人会看到同样的提示。

## 何时可以允许
在某个命名空间的 Pod 中执行任务的构建系统，以及值班人员。请只在该命名空间、只在需要的时段授予。

## 示例
见英文页面的 YAML。"""


@check(
    each_held_role,
    layer=Layer.CLUSTER,
    severity=Severity.HIGH,
    references="owasp:K03:2022 owasp:K02:2025 attack:T1609 kubehound:POD_EXEC trivy:KSV-0053 trivy:KSV-0054 "
    "checkov:CKV2_K8S_2 kubescape:C-0002 kubescape:C-0063",
    zh=ZH,
)
def rbac_pod_exec(held: HeldRole, _judge: Judge) -> Iterator[Found]:
    """A role may run commands in running pods.

    ## Why it matters
    `pods/exec`, `attach`, `portforward`, `proxy` and debug containers lead into every pod in reach: past its
    passwords and network rules, and to the token of its service account. `get` alone opens `proxy` always, and the
    others up to Kubernetes 1.34, because these connections are upgraded web requests.

    ## What the fix changes
    It takes these resources out of the rule and leaves everything else. A program that used it logs `forbidden` with
    the verb and resource; give back exactly that one. People who used `kubectl exec` see the same message.

    ## When to allow it
    Build systems that run their jobs in pods of one namespace, and people on call. Give it in that namespace only,
    for the hours it is needed.

    ## Example
    Bad:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: support
      namespace: shop
    rules:
      - apiGroups: [""]
        resources: ["pods", "pods/log"]
        verbs: ["get", "list"]
      - apiGroups: [""]
        resources: ["pods/exec"]
        verbs: ["create"]
    ```
    Good:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: support
      namespace: shop
    rules:
      - apiGroups: [""]
        resources: ["pods", "pods/log"]
        verbs: ["get", "list"]
    ```
    """
    return dangerous(held, "rbac-pod-exec")
