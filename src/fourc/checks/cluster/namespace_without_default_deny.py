from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check, once
from fourc.checks.policies import denies_by_default, limited_otherwise
from fourc.model.finding import Confidence, Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.pod_security import SYSTEM_NAMESPACES
from fourc.model.remedy import ChangeKind, NoFix
from fourc.model.text import Text

ZH = """命名空间没有默认拒绝入站的策略

## 为什么重要
没有网络策略时，集群中的每个 Pod 都能连接每个 Pod 的每个端口。攻破任何一个网站的人可以直接访问数据库、缓存和内部
接口，不受命名空间的限制。

## 修复会改变什么
单独的默认拒绝会切断所有未写明的连接，所以这里没有单独的修改；计划会为内部服务生成只放行已知客户端的策略。自己动
手的步骤：
1. 列出谁连接谁（`fourc netpol list`）。
2. 为每个程序写一条策略，放行它的客户端。
3. 最后加上 `podSelector: {}`、`policyTypes: [Ingress]` 而没有规则的策略。程序日志里的连接超时说明漏了谁；删除这
   条策略即可恢复原状。
网络插件须执行策略：Calico、Cilium 可以，Flannel 不可以；云厂商的插件往往有开关（阿里云 Terway：ConfigMap
`eni-config` 中的 `disable_network_policy`）。

## 何时可以允许
一次性的测试命名空间，里面没有数据，也没有密码。

## 示例
见英文页面的 YAML。"""


@check(
    once,
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="cis:5.3.2 owasp:K07:2022 owasp:K05:2025 attack:T1210 kubescape:C-0049 kubescape:C-0054 "
    "kubescape:C-0206",
    zh=ZH,
)
def namespace_without_default_deny(subject: Inventory, _judge: Judge) -> Iterator[Found]:
    """A namespace has no policy that denies incoming connections by default.

    ## Why it matters
    Without network policies every pod of the cluster can connect to every port of every other pod. Whoever breaks
    into any website reaches the databases, caches and internal interfaces directly, whatever namespace they are in.

    ## What the fix changes
    A default deny alone cuts every connection that nobody wrote down, so there is no edit for it alone; the plan
    makes policies that admit the known clients of internal services. By hand:
    1. List who connects to whom (`fourc netpol list`).
    2. Write a policy for each program that admits its clients.
    3. Then add one with `podSelector: {}`, `policyTypes: [Ingress]` and no rule. Time-outs in the programs' logs show
       whom you forgot; delete that last policy and all is as before.
    The network plug-in has to enforce policies: Calico and Cilium do, Flannel does not, and with the plug-ins of the
    clouds it is often a switch (Alibaba's Terway: `disable_network_policy` in the ConfigMap `eni-config`).

    ## When to allow it
    A throw-away test namespace without data and without passwords.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Namespace
    metadata:
      name: shop
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: cart
      namespace: shop
    spec:
      containers:
        - name: cart
          image: registry.example.com/cart:2.1
    ```
    """
    declared = {n.meta.name: n.meta for n in reversed(subject.namespaces)}
    unseen = limited_otherwise(subject)
    for name in subject.used_namespaces:
        if name in SYSTEM_NAMESPACES or denies_by_default(subject, name):
            continue
        first = next(w.meta for w in subject.workloads if (w.meta.namespace or "default") == name)
        why = Text(
            "a default deny alone would cut connections that no manifest names; the plan writes policies for the known "
            "clients of {name}, and the default deny comes after them",
            "单独的默认拒绝会切断清单中没有写明的连接；计划会先为 {name} 的已知客户端生成策略，之后才轮到默认拒绝",
        )
        yield Found(
            declared.get(name, first),
            Text(
                "any pod of the cluster can connect to any port in {name}",
                "集群中任何 Pod 都能连接 {name} 中的任何端口",
            ).of(name=name),
            ("metadata", "name"),
            NoFix(why.of(name=name), ChangeKind.RESTRICT_NETWORK),
            detail=name,
            confidence=Confidence.LOW if unseen else Confidence.HIGH,
        )
