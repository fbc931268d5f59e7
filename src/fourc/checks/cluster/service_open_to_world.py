from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.checks.behind import WEB_PORTS, Behind, behind
from fourc.fix.recipes import remedy
from fourc.model.exposure import Reach, service_reach
from fourc.model.finding import Confidence, Layer, Severity
from fourc.model.kubernetes.network import Service
from fourc.model.load_balancers import access_listed
from fourc.model.remedy import ChangeKind, NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """Service 通过负载均衡向整个互联网开放

## 为什么重要
`type: LoadBalancer` 的 Service 默认得到公网地址，全世界都能连接它的端口。扫描程序几分钟内就会找到新的地址。后面
若是数据库、缓存或管理界面，一个弱口令或一个漏洞就足以让数据外泄。

## 修复会改变什么
只允许内网地址连接：写入 `loadBalancerSourceRanges`（10.0.0.0/8、172.16.0.0/12、192.168.0.0/16）；阿里云以注解为
准，因此改为内网类型 `address-type: intranet`：NLB 可直接切换，已有的传统型 CLB 须删除 Service 后重建，地址会改
变。互联网上的客户端会被切断（连接超时）：请先从负载均衡的访问日志查看现在谁在连接。对网站端口上的普通程序不做修
改：公开也许正是它的用途。

## 何时可以允许
对公众开放的网站或入口控制器。其他程序请放在 Ingress 或内网负载均衡之后。

## 示例
见英文页面的 YAML。"""

_ALI = "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-"
_ALI_OLD = "service.beta.kubernetes.io/alicloud-loadbalancer-"
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_SEVERITY = {
    Behind.FRONT_DOOR: Severity.INFO,
    Behind.WEB: Severity.LOW,
    Behind.UNKNOWN: Severity.MEDIUM,
    Behind.TOOL: Severity.HIGH,
    Behind.STORE: Severity.CRITICAL,
}


@check(
    lambda inventory: iter(inventory.services),
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="attack:T1190 attack:T1133 kube-linter:exposed-services kubescape:C-0256",
    zh=ZH,
)
def service_open_to_world(subject: Service, judge: Judge) -> Iterator[Found]:
    """A Service is open to the whole internet through a load balancer.

    ## Why it matters
    A Service of `type: LoadBalancer` gets a public address by default, and the whole world can connect to its ports.
    Scanners find a new address within minutes. With a database, a cache or an admin page behind it, one weak password
    or one known flaw is enough to lose the data.

    ## What the fix changes
    Only private addresses may connect: it writes `loadBalancerSourceRanges` (10.0.0.0/8, 172.16.0.0/12,
    192.168.0.0/16). Alibaba Cloud goes by annotations instead, so there it asks for an internal one
    (`address-type: intranet`): an NLB changes over in place, a classic one (CLB) has to be made anew by deleting the
    Service first, and gets another address. Clients on the internet are cut off and see time-outs: look at the load
    balancer's log to see who connects today. An ordinary program on a web port gets no edit, because being public may
    be its purpose.

    ## When to allow it
    Websites and ingress controllers that the public is meant to reach. Put everything else behind an Ingress or an
    internal load balancer.

    ## Example
    Bad:
    ```yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: orders-db
    spec:
      type: LoadBalancer # for the reporting team
      selector:
        app: orders-db
      ports:
        - port: 3306
    ```
    Good:
    ```yaml
    apiVersion: v1
    kind: Service
    metadata:
      name: orders-db
    spec:
      type: LoadBalancer # for the reporting team
      selector:
        app: orders-db
      ports:
        - port: 3306
      loadBalancerSourceRanges:
        - 10.0.0.0/8
        - 172.16.0.0/12
        - 192.168.0.0/16
    ```
    """
    judged = service_reach(subject) if subject.type == "LoadBalancer" else None
    what = behind(judge.inventory.selected_by(subject))
    if judged is None or judged[0] is Reach.INTERNAL:
        return
    sure = judged[0] is Reach.INTERNET
    if not sure and (what < Behind.TOOL or access_listed(subject.meta.annotations)):
        return
    yield Found(
        subject.meta,
        Text("anyone on the internet can connect to {name}: {why}", "互联网上任何人都能连接 {name}：{why}").of(
            name=subject.meta.name, why=judged[1]
        ),
        ("spec", "loadBalancerSourceRanges") if subject.source_ranges else ("spec", "type"),
        _fix(subject, what),
        severity=_SEVERITY[what] if sure else Severity.MEDIUM,
        confidence=Confidence.HIGH if sure else Confidence.LOW,
    )


def _fix(service: Service, what: Behind) -> Remedy | NoFix:
    if what is Behind.FRONT_DOOR or (what <= Behind.UNKNOWN and all(p.port in WEB_PORTS for p in service.ports)):
        why = Text(
            "a website or an ingress controller may be meant for the public; if {name} is not, "
            "set spec.loadBalancerSourceRanges to the addresses that may connect",
            "网站或入口控制器可能本就对公众开放；若 {name} 不是，请在 spec.loadBalancerSourceRanges 中写明允许的地址",
        )
        return NoFix(why.of(name=service.meta.name), ChangeKind.CLOSE_EXPOSURE)
    prefix = next((p for p in (_ALI_OLD, _ALI) if any(k.startswith(p) for k in service.meta.annotations)), "")
    if prefix or service.load_balancer_class.startswith("alibabacloud.com/"):
        field = ("metadata", "annotations", (prefix or _ALI) + "address-type")
        return remedy("make-internal", service.meta.ref, Set(field, "intranet"))
    ranges = Set(("spec", "loadBalancerSourceRanges"), list(_PRIVATE))
    caution = Text(
        "some providers ignore the field (`kubectl describe service` shows a warning): "
        "then use the provider's annotation for an internal load balancer",
        "有些云厂商不支持该字段（`kubectl describe service` 会显示告警）：此时请改用该厂商的内网负载均衡注解",
    )
    return remedy("narrow-sources", service.meta.ref, ranges, caution=caution)
