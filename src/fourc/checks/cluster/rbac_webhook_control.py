from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.dangerous import dangerous
from fourc.checks.held_roles import HeldRole, each_held_role
from fourc.model.finding import Layer, Severity

ZH = """角色可以修改 API 服务器的 webhook 或准入策略

## 为什么重要
API 服务器会把每个新建对象（包括 Secret 和 Pod）交给变更型 webhook，并接受它的改写。能修改 webhook 和准入策略的
人可以给每个新 Pod 加入隐藏容器，或关闭防护。

## 修复会改变什么
从规则中去掉对 webhook 配置和准入策略的写权限，读取保留。用到它的程序会在日志中写出 `forbidden` 以及动词和资源；
只把那一项加回来。不能再更新 webhook 证书的 Operator 要过一段时间才出问题：应用对象时出现 `x509` 错误。

## 何时可以允许
更新自己 webhook 证书的 Operator：请在 `resourceNames` 中写明该配置的名字，这样就不会被报告。

## 示例
见英文页面的 YAML。"""


@check(
    each_held_role,
    layer=Layer.CLUSTER,
    severity=Severity.HIGH,
    references="cis:5.1.12 owasp:K03:2022 owasp:K02:2025 attack:T1546 trivy:KSV-0114 checkov:CKV_K8S_155 "
    "kubescape:C-0281",
    zh=ZH,
)
def rbac_webhook_control(held: HeldRole, _judge: Judge) -> Iterator[Found]:
    """A role may change the API server's webhooks or admission policies.

    ## Why it matters
    The API server asks a mutating webhook about every object that is created, Secrets and pods included, and lets it
    rewrite them. Whoever may change which webhooks and policies there are adds a hidden container to each new pod, or
    switches the guards off.

    ## What the fix changes
    It takes writing to webhook configurations and admission policies out of the rule and leaves reading. A program
    that used it logs `forbidden` with the verb and resource; give back exactly that one. An operator that can no
    longer renew its webhook's certificate fails only later, with `x509` errors when you apply something.

    ## When to allow it
    Operators that renew the certificate of their own webhook: name that configuration under `resourceNames`, then it
    is never reported.

    ## Example
    Bad:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: policy-sync
    rules:
      - apiGroups: ["admissionregistration.k8s.io"]
        resources: ["mutatingwebhookconfigurations"]
        verbs: ["get", "list", "watch", "patch"]
    ```
    Good:
    ```yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: policy-sync
    rules:
      - apiGroups: ["admissionregistration.k8s.io"]
        resources: ["mutatingwebhookconfigurations"]
        verbs: ["get", "list", "watch"]
    ```
    """
    return dangerous(held, "rbac-webhook-control")
