from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.policies import selected
from fourc.fix.recipes import remedy
from fourc.model.controllers import made_by_operators
from fourc.model.finding import Confidence, Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import NetworkPolicy
from fourc.model.remedy import ChangeKind, NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """网络策略没有选中任何 Pod

## 为什么重要
策略里的标签与命名空间中所有 Pod 的标签都不一致，所以它什么也不保护，而且没有任何告警：Kubernetes 会照常接受它。
大家以为已经受到限制的程序其实完全开放。

## 修复会改变什么
如果恰好有一个工作负载只差一个标签值，就把策略的值改成它的值，策略从此生效：未被放行的连接会被切断，客户端日志里
出现连接超时。否则没有自动修改：用 `kubectl get pod --show-labels` 查看标签，改正 `podSelector`，或删除策略。

## 何时可以允许
为其他仓库部署的 Pod 准备的策略。

## 示例
见英文页面的 YAML。"""


@check(
    lambda inventory: iter(inventory.policies),
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="owasp:K07:2022 owasp:K05:2025 kube-linter:dangling-networkpolicy",
    zh=ZH,
)
def policy_selects_nothing(subject: NetworkPolicy, judge: Judge) -> Iterator[Found]:
    """A network policy selects no pod.

    ## Why it matters
    The labels in the policy are not those of any pod in its namespace, so it protects nothing, and nobody says so:
    Kubernetes accepts it all the same. A program that everyone believes to be closed is wide open.

    ## What the fix changes
    Where exactly one workload differs in one label's value, the policy gets that value and begins to work:
    connections that it does not admit are cut, and time out in the clients' logs. Otherwise there is no edit: see the
    labels with `kubectl get pod --show-labels`, then mend `podSelector` or delete the policy.

    ## When to allow it
    A policy for pods that another repository deploys.

    ## Example
    Bad:
    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: cart
    spec:
      podSelector:
        matchLabels:
          app: crat # only the shop may call
      ingress:
        - from:
            - podSelector:
                matchLabels:
                  app: shop
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: cart
      labels:
        app: cart
    spec:
      containers:
        - name: cart
          image: registry.example.com/cart:2.1
    ```
    Good:
    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: cart
    spec:
      podSelector:
        matchLabels:
          app: cart # only the shop may call
      ingress:
        - from:
            - podSelector:
                matchLabels:
                  app: shop
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: cart
      labels:
        app: cart
    spec:
      containers:
        - name: cart
          image: registry.example.com/cart:2.1
    ```
    """
    namespace = subject.meta.namespace or "default"
    if namespace not in judge.inventory.used_namespaces or any(True for _ in selected(judge.inventory, subject)):
        return
    if _may_select(subject, namespace, judge.inventory):
        return
    made_elsewhere = made_by_operators(subject.selector.labels, judge.inventory.other_kinds)
    yield Found(
        subject.meta,
        Text(
            "{name} selects no pod of {namespace}: it protects nothing",
            "{name} 没有选中 {namespace} 的任何 Pod：不起作用",
        ).of(name=subject.meta.name, namespace=namespace),
        ("spec", "podSelector"),
        _fix(subject, namespace, judge.inventory),
        severity=Severity.LOW if made_elsewhere else None,
        confidence=Confidence.LOW if made_elsewhere else Confidence.HIGH,
    )


def _may_select(policy: NetworkPolicy, namespace: str, inventory: Inventory) -> bool:
    """Whether an operator's pods match, or a workload whose namespace is not written: an overlay or `-n` chooses it."""
    operated = (o.labels for o in inventory.operated if (o.meta.namespace or "default") == namespace)
    unplaced = (w.pod.labels for w in inventory.workloads if not w.meta.namespace_written)
    return any(policy.selector.matches(labels) for labels in (*operated, *unplaced))


def _fix(policy: NetworkPolicy, namespace: str, inventory: Inventory) -> Remedy | NoFix:
    labels = policy.selector.labels
    near: set[tuple[str, str]] = set()
    for workload in inventory.workloads:
        if (workload.meta.namespace or "default") == namespace and not policy.selector.expressions:
            wrong = [k for k, v in labels.items() if workload.pod.labels.get(k) != v]
            if len(wrong) == 1 and wrong[0] in workload.pod.labels:
                near.add((wrong[0], workload.pod.labels[wrong[0]]))
    if len(near) == 1:
        ((key, value),) = near
        return remedy("mend-selector", policy.meta.ref, Set(("spec", "podSelector", "matchLabels", key), value))
    why = Text(
        "which pods {name} is meant for is not known: mend its podSelector or delete it",
        "不清楚 {name} 针对哪些 Pod：请改正它的 podSelector，或删除它",
    )
    return NoFix(why.of(name=policy.meta.name), ChangeKind.RESTRICT_NETWORK)
