from collections.abc import Iterator

from msgspec.structs import replace

from fourc.checks.api import Found, Judge, check, once
from fourc.checks.behind import Behind, behind
from fourc.checks.policies import admits_everyone, selected
from fourc.fix.recipes import remedy
from fourc.model.exposure import Reach, entries
from fourc.model.finding import Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import NetworkPolicy, PolicyPart
from fourc.model.kubernetes.pod import Workload
from fourc.model.remedy import ChangeKind, NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """网络策略放行所有来源

## 为什么重要
没有 `from` 的规则（或 `0.0.0.0/0`）放行任何人连接任何端口。策略看上去在保护程序，实际上什么也没有限制，并且会抵
消同一命名空间里的默认拒绝：规则只会相加。

## 修复会改变什么
对公开的程序，规则收窄到清单中声明的端口；未声明的端口会被关闭。对内部程序，规则收窄到同一命名空间的 Pod：其他命
名空间的客户端会被切断，请先写上它们。程序日志里的连接超时说明漏了谁。

## 何时可以允许
公开的入口控制器。

## 示例
见英文页面的 YAML。"""


@check(
    once,
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="owasp:K07:2022 owasp:K05:2025 attack:T1210",
    zh=ZH,
)
def policy_allows_everything(subject: Inventory, _judge: Judge) -> Iterator[Found]:
    """A network policy admits everyone.

    ## Why it matters
    A rule without `from`, or with `0.0.0.0/0`, lets anyone connect to any port. The policy looks like protection and
    limits nothing, and it undoes a default deny of the same namespace, because rules only add up.

    ## What the fix changes
    For a program that is public, the rule is narrowed to the ports that the manifest declares; others are closed. For
    an internal program it is narrowed to the pods of the same namespace: clients in other namespaces are cut off, so
    write them in first. Connection time-outs in their logs show whom you forgot.

    ## When to allow it
    An ingress controller that is meant for the public.

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
          app: cart
      ingress:
        - from: [] # for now
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
          app: cart
      ingress:
        - from: # for now
            - podSelector: {}
    ```
    """
    public: set[int] = set()
    if subject.policies:
        public = {id(e.workload) for e in entries(subject) if e.reach is not Reach.INTERNAL}
        public |= subject.called_by_api_server  # its address is none of a pod's
    for policy in subject.policies:
        rules = [rule for rule in policy.ingress or () if admits_everyone(rule)]
        chosen = tuple(selected(subject, policy)) if rules else ()
        if chosen and behind(chosen) is Behind.FRONT_DOOR:
            continue
        for rule in rules:
            message = Text("{name} lets anyone connect to any port", "{name} 放行任何人连接任何端口")
            yield Found(
                policy.meta,
                message.of(name=policy.meta.name),
                ("spec", "ingress", rule.index),
                _fix(policy, rule, chosen, public=any(id(w) in public for w in chosen)),
                detail=f"ingress {rule.index}",
                severity=Severity.HIGH if chosen and behind(chosen) is Behind.STORE else None,
            )


def _fix(policy: NetworkPolicy, rule: PolicyPart, chosen: tuple[Workload, ...], *, public: bool) -> Remedy | NoFix:
    owner, at = policy.meta.ref, ("spec", "ingress", rule.index)
    if not public:
        narrowed = remedy("narrow-policy", owner, Set((*at, "from"), [{"podSelector": {}}]))
        return replace(narrowed, admits_neighbours=True)
    ports = {(p.container_port, p.protocol) for w in chosen for c in w.pod.regular for p in c.ports}
    if not ports:
        why = Text(
            "the program is public and declares no port; list the ports that it serves under `ports` of the rule",
            "该程序对外公开，但没有声明端口；请在规则的 `ports` 中列出它提供服务的端口",
        )
        return NoFix(why, ChangeKind.RESTRICT_NETWORK)
    listed = Set((*at, "ports"), [{"protocol": protocol, "port": port} for port, protocol in sorted(ports)])
    return replace(remedy("limit-policy-ports", owner, listed), leaves_open=frozenset(port for port, _ in ports))
