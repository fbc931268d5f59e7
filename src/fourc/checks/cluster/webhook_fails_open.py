import re
from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.config import Webhook, WebhookConfiguration
from fourc.model.text import Text
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.operations import Append, Operation, Set

ZH = """安全 webhook 出故障时放行一切

## 为什么重要
`failurePolicy: Ignore` 表示：webhook 没有应答时，API 服务器不经检查就接受对象。攻击者只要让它超时或停止，它本应
拒绝的 Pod 就能进来，而且没有人会注意到。

## 修复会改变什么
改为 `Fail`：webhook 不应答时，它监管的对象会被拒绝（`failed calling webhook`），你可能因此无法发布。同时排除
`kube-system`，使集群自身总能启动。上线前请确认它至少有两个副本、`timeoutSeconds` 较短，并且也排除了它自己的命名
空间。

## 何时可以允许
只做补充而不做把关的 webhook（例如添加标签），以及可用性更重要、并由后台扫描补查的环境。

## 示例
见英文页面的 YAML。"""

_NAME = "kubernetes.io/metadata.name"
GUARD = re.compile(
    r"polic|gatekeeper|kyverno|opa\b|secur|guard|valid|sign|cosign|verif|admission|connaisseur|portieris|neuvector|"
    r"twistlock|aqua|falcon|kubewarden|polaris",
)
WATCHED = frozenset(
    {"*", "*/*", "pods", "pods/*", "deployments", "daemonsets", "statefulsets", "jobs", "secrets", "roles"}
)
_CAUTION = Text(
    "before you roll it out give the webhook two replicas and leave out its own namespace with "
    "`namespaceSelector`; if it blocks you, `kubectl delete {kind} {name}` opens the way again",
    "上线前请为 webhook 配置两个副本，并用 `namespaceSelector` 排除它自己的命名空间；"
    "如果它挡住了你，运行 `kubectl delete {kind} {name}` 即可恢复",
)


def _each_configuration(inventory: Inventory) -> Iterator[WebhookConfiguration]:
    return iter(inventory.webhooks)


@check(
    _each_configuration,
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="owasp:K04:2022 owasp:K04:2025 attack:T1562.001",
    zh=ZH,
)
def webhook_fails_open(configuration: WebhookConfiguration, _judge: Judge) -> Iterator[Found]:
    """A security webhook lets everything pass while it is broken.

    ## Why it matters
    With `failurePolicy: Ignore` the API server accepts an object unchecked when the webhook does not answer. An
    attacker who slows it down or stops it brings in the pod that it would have refused, and nobody notices.

    ## What the fix changes
    It sets `Fail`: while the webhook does not answer, what it watches is refused (`failed calling webhook`). That can
    keep you from rolling out. It also leaves out `kube-system`, so that the cluster itself always starts. Before you
    roll it out make sure that the webhook has two replicas and a short `timeoutSeconds`, and leaves out its own
    namespace too.

    ## When to allow it
    Webhooks that add something and guard nothing, such as labels; clusters where availability counts more and a scan
    in the background catches what slipped through.

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
        failurePolicy: Ignore # it was slow once
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
        failurePolicy: Fail # it was slow once
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
    meta = configuration.meta
    for webhook in configuration.webhooks:
        guards = bool(GUARD.search(f"{meta.name} {webhook.name}".lower()))
        checks = meta.kind == "ValidatingWebhookConfiguration"
        if webhook.failure_policy != "Ignore" or not (guards or checks) or not WATCHED.intersection(webhook.resources):
            continue
        field = (*webhook.path, "failurePolicy")
        yield Found(
            meta,
            Text("{w} lets everything pass while it does not answer", "{w} 不应答时放行一切").of(w=webhook.name),
            field,
            remedy(
                "fail-closed",
                meta.ref,
                Set(field, "Fail"),
                *_spared(webhook),
                caution=_CAUTION.of(kind=meta.kind.lower(), name=meta.name),
            ),
            detail=webhook.name,
            severity=Severity.MEDIUM if guards else Severity.LOW,
        )


def _spared(webhook: Webhook) -> Iterator[Operation]:
    """Leave kube-system out, so that closing the webhook cannot stop the cluster itself."""
    if webhook.namespace_selector.matches({_NAME: "kube-system"}):
        leave_out: Json = {"key": _NAME, "operator": "NotIn", "values": ["kube-system"]}
        yield Append((*webhook.path, "namespaceSelector", "matchExpressions"), leave_out)
