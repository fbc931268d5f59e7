from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.fix.recipes import remedy
from fourc.model.exposure import Reach, controllers, host_matches, ingress_reach, services_before, tls_hosts
from fourc.model.finding import Confidence, Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import Ingress
from fourc.model.load_balancers import CERTIFICATES
from fourc.model.remedy import Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Append, Set

ZH = """Ingress 不加密（没有 TLS）

## 为什么重要
没有加密（TLS，即 `https`）时，密码、会话和数据以明文经过网络。同一 Wi-Fi 上的人、运营商或任何中间设备都能读取和
改写它们。

## 修复会改变什么
加上 `tls` 条目。如果其他 Ingress 已用 cert-manager，则使用同一签发者，证书会自动申请（`kubectl get certificate`
显示是否就绪）。否则引用名为 `<Ingress 名>-tls` 的 Secret，须先准备好：
`kubectl create secret tls <Ingress 名>-tls --cert=cert.pem --key=key.pem -n <命名空间>`
证书不存在时浏览器会告警。ingress-nginx 等控制器此后会把 HTTP 重定向到 HTTPS，不跟随重定向的程序会出错。用
`curl -vL http://<主机>` 检查。

## 何时可以允许
已由前面的负载均衡或 CDN 提供 HTTPS，并且从那里到集群的网络可信。

## 示例
见英文页面的 YAML。"""

_ISSUERS = ("cert-manager.io/cluster-issuer", "cert-manager.io/issuer")
_SEEN_ELSEWHERE = frozenset({"alb", "mse", "higress"})  # certificates may stand in the provider's own objects


@check(
    lambda inventory: iter(inventory.ingresses),
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="attack:T1557 attack:T1040",
    zh=ZH,
)
def ingress_without_tls(subject: Ingress, judge: Judge) -> Iterator[Found]:
    """An Ingress does not encrypt (no TLS).

    ## Why it matters
    Without encryption (TLS, the `s` in `https`), passwords, sessions and data cross the network in plain. Anyone on
    the same Wi-Fi, the carrier and every box in between can read and change them.

    ## What the fix changes
    It adds a `tls` entry. Where another Ingress uses cert-manager, it takes the same issuer and the certificate is
    requested by itself (`kubectl get certificate` shows when it is ready). Otherwise it names the Secret
    `<name of the Ingress>-tls`, which has to be there first:
    `kubectl create secret tls NAME-tls --cert=cert.pem --key=key.pem -n NAMESPACE`
    While the certificate is missing, browsers warn. Some controllers, such as ingress-nginx, redirect HTTP to HTTPS
    from then on: a program that does not follow redirects fails. See with `curl -vL http://HOST`.

    ## When to allow it
    A load balancer or content network (CDN) in front does the encryption, and the network from there to the cluster
    is trusted.

    ## Example
    Bad:
    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: shop
    spec:
      rules:
        - host: shop.example.com # moved here in May
    ```
    Good:
    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: shop
    spec:
      rules:
        - host: shop.example.com # moved here in May
      tls:
        - hosts:
            - shop.example.com
          secretName: shop-tls
    ```
    """
    rules = subject.rule_hosts or tuple((b.at, "") for b in subject.backends)
    covered = tls_hosts(subject)
    plain = [(at, host) for at, host in rules if not any(host_matches(pattern, host) for pattern in covered)]
    if not plain or _ends_in_front(subject, judge.inventory):
        return
    hosts = list(dict.fromkeys(host for _, host in plain if host))
    message = Text("{name} sends {hosts} over the network in plain", "{name} 以明文传输 {hosts}").of(
        name=subject.meta.name, hosts=", ".join(hosts) if hosts else Text("everything", "所有内容")
    )
    inside = ingress_reach(subject, judge.inventory)[0] is Reach.INTERNAL
    yield Found(
        subject.meta,
        message,
        plain[0][0],
        _fix(subject, hosts, judge.inventory),
        severity=Severity.LOW if inside else None,
        confidence=Confidence.LOW if subject.class_name in _SEEN_ELSEWHERE else Confidence.HIGH,
    )


def _ends_in_front(ingress: Ingress, inventory: Inventory) -> bool:
    """Whether the load balancer before the Ingress controller holds a certificate."""
    served = controllers(inventory, ingress.class_name or "nginx")
    return any(
        service.meta.annotations.get(key) for service in services_before(inventory, served) for key in CERTIFICATES
    )


def _fix(ingress: Ingress, hosts: list[str], inventory: Inventory) -> Remedy:
    secret = f"{ingress.meta.name}-tls"
    tls = Append(("spec", "tls"), {"hosts": [*hosts], "secretName": secret} if hosts else {"secretName": secret})
    own = any(key in ingress.meta.annotations for key in _ISSUERS)
    issuer = None if own else _issuer_nearby(ingress, inventory)
    if hosts and (own or issuer):
        operations = (Set(("metadata", "annotations", issuer[0]), issuer[1]), tls) if issuer else (tls,)
        wildcard = Text(
            "a certificate for `*.` names needs an issuer that proves them by DNS (ACME dns01)",
            "`*.` 名称的证书需要通过 DNS 验证的签发者（ACME dns01）",
        )
        caution = wildcard if any(host.startswith("*.") for host in hosts) else None
        return remedy("request-certificate", ingress.meta.ref, *operations, caution=caution)
    caution = Text(
        "first: kubectl create secret tls {secret} --cert=cert.pem --key=key.pem -n {namespace}",
        "请先执行：kubectl create secret tls {secret} --cert=cert.pem --key=key.pem -n {namespace}",
    ).of(secret=secret, namespace=ingress.meta.namespace or "default")
    return remedy("serve-certificate", ingress.meta.ref, tls, caution=caution)


def _issuer_nearby(ingress: Ingress, inventory: Inventory) -> tuple[str, str] | None:
    """The issuer that another Ingress uses: a cluster-wide one, or one of the same namespace."""
    return next(
        (
            (key, issuer)
            for namespace, key, issuer in inventory.issuers
            if key == "cert-manager.io/cluster-issuer" or namespace == ingress.meta.namespace
        ),
        None,
    )
