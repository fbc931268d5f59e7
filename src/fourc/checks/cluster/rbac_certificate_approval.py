from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.dangerous import dangerous
from fourc.checks.held_roles import HeldRole, each_held_role
from fourc.model.finding import Layer, Severity

ZH = """角色可以批准或签发用于登录集群的证书

## 为什么重要
API 服务器相信客户端证书中的名字。能批准或签发证书请求的人可以为任何用户制作证书，包括节点和管理员，而且在清理入
侵之后证书仍然有效。

## 修复会改变什么
从规则中去掉批准和签发，读取保留。用到它的程序会在日志中写出 `forbidden` 以及动词和资源；只把那一项加回来。等待
批准的新节点会停在 `NotReady`，`kubectl get csr` 中它们的请求显示为 `Pending`。

## 何时可以允许
批准节点证书或服务网格证书的控制器：请用 `resourceNames` 限定到它的签发者。

## 示例
见英文页面的 YAML。"""


@check(
    each_held_role,
    layer=Layer.CLUSTER,
    severity=Severity.HIGH,
    references="cis:5.1.11 owasp:K03:2022 owasp:K02:2025 attack:T1649 checkov:CKV_K8S_156 kubescape:C-0280",
    zh=ZH,
)
def rbac_certificate_approval(held: HeldRole, _judge: Judge) -> Iterator[Found]:
    """A role may approve or sign certificates that log in to the cluster.

    ## Why it matters
    The API server believes the name in a client certificate. Whoever may approve or sign requests for one makes a
    certificate for any user, also for a node or an administrator, and it stays valid after the break-in is cleaned
    up.

    ## What the fix changes
    It takes approving and signing out of the rule and leaves reading. A program that used it logs `forbidden` with
    the verb and resource; give back exactly that one. New nodes that wait for an approval stay `NotReady`, and
    `kubectl get csr` shows their requests as `Pending`.

    ## When to allow it
    The controller that approves certificates of nodes or of a service mesh: limit it to its signer with
    `resourceNames`.

    ## Example
    Bad:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: node-joiner
    rules:
      - apiGroups: ["certificates.k8s.io"]
        resources: ["certificatesigningrequests"]
        verbs: ["get", "list", "watch"]
      - apiGroups: ["certificates.k8s.io"]
        resources: ["certificatesigningrequests/approval"]
        verbs: ["update"]
    ```
    Good:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: node-joiner
    rules:
      - apiGroups: ["certificates.k8s.io"]
        resources: ["certificatesigningrequests"]
        verbs: ["get", "list", "watch"]
    ```
    """
    return dangerous(held, "rbac-certificate-approval")
