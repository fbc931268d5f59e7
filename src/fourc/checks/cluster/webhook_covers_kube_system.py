from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.config import Webhook, WebhookConfiguration
from fourc.model.text import Text
from fourc.patch.yaml.operations import Append

ZH = """故障的 webhook 会阻止集群自身的程序启动

## 为什么重要
创建对象之前，API 服务器会询问该 webhook，而且必须得到应答（`failurePolicy: Fail`），`kube-system` 也不例外。节
点重启后，如果它自己的 Pod 还没起来，网络、DNS 等程序的 Pod 也会被拒绝；没有网络它又起不来。集群无法自行恢复。

## 修复会改变什么
在 `namespaceSelector` 中加入一条，排除 `kube-system`。其他命名空间照旧检查。如果 webhook 也要向 kube-system 的
Pod 添加内容，那里将不再添加。

## 何时可以允许
webhook 不在集群内运行，或者你试过在它停止时恢复集群。

## 示例
见英文页面的 YAML。"""

_NAME = "kubernetes.io/metadata.name"
_SYSTEM = "kube-system"
VITAL = frozenset(
    {
        "*", "*/*", "pods", "pods/*", "services", "endpoints", "endpointslices", "configmaps", "secrets", "leases",
        "deployments", "daemonsets", "replicasets", "serviceaccounts", "serviceaccounts/token",
    }
)  # fmt: skip


def _each_configuration(inventory: Inventory) -> Iterator[WebhookConfiguration]:
    return iter(inventory.webhooks)


@check(
    _each_configuration,
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="",
    zh=ZH,
)
def webhook_covers_kube_system(configuration: WebhookConfiguration, judge: Judge) -> Iterator[Found]:
    """A broken webhook keeps the cluster's own programs from starting.

    ## Why it matters
    Before an object is created, the API server asks this webhook, which has to answer (`failurePolicy: Fail`), and
    that holds for `kube-system` too. After nodes restart, and before the webhook's own pods are back, the pods of
    network and DNS are refused as well; without a network the webhook cannot come back. The cluster does not recover
    by itself.

    ## What the fix changes
    It adds an entry to `namespaceSelector` that leaves out `kube-system`. All other namespaces are watched as before.
    If the webhook also adds something to pods of `kube-system`, it no longer does.

    ## When to allow it
    The webhook runs outside the cluster, or you have tried to recover the cluster while it was down.

    ## Example
    Bad:
    ```yaml
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata:
      name: image-policy
    webhooks:
      - name: signed.image-policy.example.com
        admissionReviewVersions: ["v1"]
        sideEffects: None
        clientConfig:
          service:
            name: image-policy
            namespace: image-policy
        failurePolicy: Fail
        rules:
          - apiGroups: [""]
            apiVersions: ["v1"]
            operations: ["CREATE"]
            resources: ["pods"]
    ```
    Good:
    ```yaml
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata:
      name: image-policy
    webhooks:
      - name: signed.image-policy.example.com
        admissionReviewVersions: ["v1"]
        sideEffects: None
        clientConfig:
          service:
            name: image-policy
            namespace: image-policy
        failurePolicy: Fail
        rules:
          - apiGroups: [""]
            apiVersions: ["v1"]
            operations: ["CREATE"]
            resources: ["pods"]
        namespaceSelector:
          matchExpressions:
            - key: kubernetes.io/metadata.name
              operator: NotIn
              values:
                - kube-system
    ```
    """
    declared = next((n.meta.labels for n in judge.inventory.namespaces if n.meta.name == _SYSTEM), {})
    labels = {**declared, _NAME: _SYSTEM}
    for webhook in configuration.webhooks:
        if not _blocks(webhook) or not webhook.namespace_selector.matches(labels):
            continue
        selector = (*webhook.path, "namespaceSelector")
        leave_out = Append((*selector, "matchExpressions"), {"key": _NAME, "operator": "NotIn", "values": [_SYSTEM]})
        yield Found(
            configuration.meta,
            Text(
                "while {w} does not answer, pods of kube-system cannot start",
                "{w} 不应答时，kube-system 的 Pod 无法启动",
            ).of(w=webhook.name),
            selector,
            remedy("leave-out-kube-system", configuration.meta.ref, leave_out),
            detail=webhook.name,
        )


def _blocks(webhook: Webhook) -> bool:
    """Whether it must answer for ordinary objects that a starting cluster writes."""
    return (
        webhook.failure_policy == "Fail"
        and webhook.object_selector.matches({})
        and bool(VITAL.intersection(webhook.resources))
    )
