from collections.abc import Iterator

from fourc.checks.admission_labels import each_namespace, labels_count
from fourc.checks.api import Found, Judge, check
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.config import Namespace
from fourc.model.pod_security import PREFIX, Level
from fourc.model.remedy import ChangeKind, NoFix
from fourc.model.text import Text

ZH = """命名空间不会拒绝危险的 Pod

## 为什么重要
特权容器、节点磁盘、root 运行：今天修好的问题，会随下一份疏忽的清单、下一个复制来的示例重新出现。有了 `enforce`
标签，API 服务器会拒绝这样的 Pod，无论是谁、用什么方式提交。

## 修复会改变什么
先修改会被拒绝的清单，再添加 `enforce` 标签，并写明规则的版本（`enforce-version`），这样升级集群不会改变规则。
正在运行的 Pod 不受影响；被该级别禁止的 Pod 重新启动时会被拒绝。下面的命令不做任何修改，只列出哪些 Pod 会被拒绝：
`kubectl label --dry-run=server --overwrite ns <名称> pod-security.kubernetes.io/enforce=baseline`
还有清单需要由人来决定时，这里没有修复：`fourc admit plan` 会列出每一步和回退方法。

## 何时可以允许
只运行节点代理（网络、存储、监控）的命名空间，或由 Kyverno、Gatekeeper 执行同样规则的命名空间。

## 示例
见英文页面的 YAML。"""

_STEPS = Text(
    "first its manifests must meet a level: fourc admit plan lists the steps, each with its way back",
    "其中的清单要先满足某个级别：fourc admit plan 会列出每一步和回退方法",
)


@check(
    each_namespace,
    layer=Layer.CLUSTER,
    severity=Severity.LOW,
    references="cis:5.2.1 owasp:K04:2022 owasp:K04:2025 attack:T1610",
    zh=ZH,
)
def pod_security_not_enforced(namespace: Namespace, judge: Judge) -> Iterator[Found]:
    """A namespace does not refuse dangerous pods.

    ## Why it matters
    A privileged container, the node's disk, root: what is mended today comes back with the next careless manifest or the
    next copied example. With the label `enforce` the API server refuses such a pod, whoever asks for it and however.

    ## What the fix changes
    The manifests that would be refused come first, then the label `enforce`, pinned to a version of the rules
    (`enforce-version`), so that an upgrade of the cluster changes nothing by itself. Pods that run go on running; what the
    level forbids is refused when it starts anew. This shows, without changing anything, which pods it would refuse:
    `kubectl label --dry-run=server --overwrite ns NAME pod-security.kubernetes.io/enforce=baseline`
    Where a manifest needs a person's decision there is no fix here: `fourc admit plan` lists every step and its way back.

    ## When to allow it
    A namespace of node agents alone (network, storage, monitoring), or one in which Kyverno or Gatekeeper enforces the same.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
      labels:
        team: orders
        pod-security.kubernetes.io/warn: restricted
        pod-security.kubernetes.io/audit: restricted
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
      labels:
        team: orders
        pod-security.kubernetes.io/warn: restricted
        pod-security.kubernetes.io/audit: restricted
        pod-security.kubernetes.io/enforce: restricted
        pod-security.kubernetes.io/enforce-version: v1.37
    ```
    """
    meta = namespace.meta
    enforced = meta.labels.get(f"{PREFIX}enforce") in {Level.BASELINE.word, Level.RESTRICTED.word}
    if enforced or not labels_count(namespace, judge):
        return
    yield Found(
        meta,
        Text("nothing refuses dangerous pods in {n}", "{n} 中没有任何机制拒绝危险的 Pod").of(n=meta.name),
        ("metadata", "labels", f"{PREFIX}enforce"),
        NoFix(_STEPS, ChangeKind.ENFORCE_ADMISSION),
    )
