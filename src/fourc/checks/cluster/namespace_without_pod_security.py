from collections.abc import Iterator

from fourc.checks.admission_labels import each_namespace, labels_count
from fourc.checks.api import Found, Judge, check
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.config import Namespace
from fourc.model.pod_security import PREFIX
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """命名空间没有启用 Pod 安全标准

## 为什么重要
Kubernetes 自带对危险 Pod 的检查（特权、节点磁盘、root），但只在带有标签的命名空间里生效。没有标签时，谁能在这里
创建 Pod，谁就能接管节点，而且没有人会注意到。

## 修复会改变什么
添加 `warn` 和 `audit` 两个标签，值为 `restricted`。它们不拒绝任何对象：`kubectl apply` 会显示警告，审计日志会记
录。只有 `enforce` 标签才会拒绝；下面的命令不做任何修改，只列出哪些 Pod 会被拒绝：
`kubectl label --dry-run=server --overwrite ns <名称> pod-security.kubernetes.io/enforce=baseline`
不再列出任何 Pod 之后，把该标签写入文件，以后再改为 `restricted`。

## 何时可以允许
由 Kyverno、Gatekeeper 等其他准入工具执行同样规则的命名空间。

## 示例
见英文页面的 YAML。"""


@check(
    each_namespace,
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="cis:5.2.1 owasp:K04:2022 owasp:K04:2025 attack:T1610 kubescape:C-0192",
    zh=ZH,
)
def namespace_without_pod_security(namespace: Namespace, judge: Judge) -> Iterator[Found]:
    """A namespace does not ask for the Pod Security Standards.

    ## Why it matters
    Kubernetes comes with a check for dangerous pods (privileged, the node's disk, root), but it looks only at
    namespaces that carry a label. Without one, whoever may create a pod here can take over a node, and nobody
    notices.

    ## What the fix changes
    It adds the labels `warn` and `audit` with the value `restricted`. They refuse nothing: `kubectl apply` shows a
    warning, the audit log an entry. Only the label `enforce` refuses pods; this shows, without changing anything,
    which ones it would refuse:
    `kubectl label --dry-run=server --overwrite ns NAME pod-security.kubernetes.io/enforce=baseline`
    When nothing is listed any more, add that label to the file, later with `restricted`.

    ## When to allow it
    Namespaces in which another admission tool, such as Kyverno or Gatekeeper, enforces the same rules.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
      labels:
        team: orders
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
    ```
    """
    meta = namespace.meta
    if not labels_count(namespace, judge) or meta.labels.get(f"{PREFIX}enforce", "privileged") != "privileged":
        return
    missing = [m for m in ("warn", "audit") if meta.labels.get(PREFIX + m, "privileged") == "privileged"]
    if not missing:
        return
    labels = [Set(("metadata", "labels", PREFIX + mode), "restricted") for mode in missing]
    yield Found(
        meta,
        Text("nothing warns about dangerous pods in {n}", "{n} 中出现危险的 Pod 时没有任何警告").of(n=meta.name),
        ("metadata", "labels", f"{PREFIX}enforce"),
        remedy("warn-about-pods", meta.ref, *labels),
    )
