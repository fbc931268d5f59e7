from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.policies import selected, selecting
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import NetworkPolicy, PolicyPart
from fourc.model.kubernetes.pod import Workload
from fourc.model.remedy import ChangeKind, NoFix
from fourc.model.text import Text
from fourc.patch.yaml.operations import Append, Set

ZH = """网络策略悄悄切断了程序需要的连接

## 为什么重要
三种写法会在没有告警的情况下切断程序：只写出站规则而没有 `policyTypes`（入站也随之关闭）；关闭入站，而 Service
背后的程序又没有其他策略放行；限制出站却没有放行 DNS（域名解析），程序再也解析不了任何名称。人们往往因此把策略整
个删除。

## 修复会改变什么
只写出站的策略得到 `policyTypes: [Egress]`：入站重新放开。缺少 DNS 的策略得到一条放行集群 DNS 的规则
（kube-system 中的 kube-dns，53 端口）。节点上运行 NodeLocal DNSCache（本地 DNS 缓存）时还须放行 169.254.20.10，
否则日志里仍会出现域名无法解析。没有客户端的 Service 不会自动修改：请补上一条放行它们的入站规则。

## 何时可以允许
已停用但保留着 Service 的程序；只用 IP 地址访问外部的程序。

## 示例
见英文页面的 YAML。"""

_KUBE_SYSTEM = {"kubernetes.io/metadata.name": "kube-system", "name": "kube-system"}
_DNS = Append(
    ("spec", "egress"),
    {
        "to": [
            {
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
                "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
            }
        ],
        "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
    },
)


@check(
    lambda inventory: iter(inventory.policies),
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="",
    zh=ZH,
)
def policy_isolates_silently(subject: NetworkPolicy, judge: Judge) -> Iterator[Found]:
    """A network policy silently cuts connections that a program needs.

    ## Why it matters
    Three forms cut a program off without a word: rules for outgoing connections without `policyTypes` (incoming ones
    are shut with them); incoming ones shut for a program behind a Service that no other policy opens; outgoing ones
    limited without DNS (the cluster's name lookup), so that the program finds no name any more. People then tend to
    delete the whole policy.

    ## What the fix changes
    A policy with outgoing rules only gets `policyTypes: [Egress]`: incoming connections are open again. One without
    DNS gets a rule for the cluster's DNS (kube-dns in kube-system, port 53). Where nodes run a DNS cache of their own
    (NodeLocal DNSCache), also admit 169.254.20.10; else logs go on saying that a name cannot be resolved. A Service
    without clients gets no edit: add an incoming rule that admits them.

    ## When to allow it
    A program that is switched off but keeps its Service, or one that calls plain IP addresses only.

    ## Example
    Bad:
    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: cart
    spec:
      podSelector: {} # everything here
      egress:
        - {}
    ```
    Good:
    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata:
      name: cart
    spec:
      podSelector: {} # everything here
      egress:
        - {}
      policyTypes:
        - Egress
    ```
    """
    if not subject.types_written and subject.egress and subject.ingress == ():
        yield Found(
            subject.meta,
            Text(
                "{name} has outgoing rules only, and shuts incoming connections too",
                "{name} 只写了出站规则，却连入站也一并关闭",
            ).of(name=subject.meta.name),
            ("spec", "egress"),
            remedy("name-policy-type", subject.meta.ref, Set(("spec", "policyTypes"), ["Egress"])),
            detail="types",
        )
        return
    for workload in selected(judge.inventory, subject):
        if subject.ingress == () and _served_in_vain(judge.inventory, workload):
            why = Text(
                "who calls {name} is not known here: add an ingress rule that admits its clients and ports",
                "这里不知道谁在调用 {name}：请补上一条放行其客户端和端口的入站规则",
            )
            at = ("spec", "ingress") if subject.types_written else ("spec",)
            yield Found(
                subject.meta,
                Text(
                    "a Service leads to {name}, and no policy lets anyone in",
                    "有 Service 指向 {name}，但没有策略放行任何人",
                ).of(name=workload.meta.name),
                at,
                NoFix(why.of(name=workload.meta.name), ChangeKind.RESTRICT_NETWORK),
                detail=f"ingress {workload.meta.name}",
            )
    parts = [p for w in selected(judge.inventory, subject) if (p := _egress(judge.inventory, w)) is not None]
    if subject.egress and any(rules and not any(_may_reach_dns(r) for r in rules) for rules in parts):
        yield Found(
            subject.meta,
            Text("{name} limits outgoing connections and forgets DNS", "{name} 限制了出站连接，却没有放行 DNS").of(
                name=subject.meta.name
            ),
            ("spec", "egress"),
            remedy("allow-name-lookup", subject.meta.ref, _DNS),
            detail="dns",
        )


def _served_in_vain(inventory: Inventory, workload: Workload) -> bool:
    """Whether a Service selects the workload while none of its policies has a rule for incoming connections."""
    if workload.pod.host_network or any(p.ingress for p in selecting(inventory, workload)):
        return False
    return id(workload) in inventory.services_by_workload


def _egress(inventory: Inventory, workload: Workload) -> list[PolicyPart] | None:
    """All rules for the workload's outgoing connections, None where no policy limits them."""
    limits = [p.egress for p in selecting(inventory, workload) if p.egress is not None]
    return [rule for rules in limits for rule in rules] if limits else None


def _may_reach_dns(rule: PolicyPart) -> bool:
    """Whether a rule could admit the cluster's DNS; an address range is taken for one that does."""
    return not rule.peers or any(
        p.cidr or (p.namespaces and (p.namespaces.expressions or p.namespaces.matches(_KUBE_SYSTEM)))
        for p in rule.peers
    )
