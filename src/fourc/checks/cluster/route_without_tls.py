from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.network import Route
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """OpenShift Route 允许明文访问

## 为什么重要
没有加密（`tls`），或写着 `insecureEdgeTerminationPolicy: Allow` 的 Route 以明文应答：密码和会话可以被网络上的任
何人读取和改写。

## 修复会改变什么
由路由器用它自带的证书加密（`termination: edge`），并把 HTTP 重定向到 HTTPS。浏览器会自动跟随；不跟随重定向的程
序会出错。自带证书通常只覆盖 `*.apps.<集群域名>`：其他主机名在写入自己的证书之前，浏览器会告警。用
`curl -IL http://<主机>` 检查。

## 何时可以允许
前面的负载均衡已提供 HTTPS 并做了重定向。

## 示例
见英文页面的 YAML。"""


@check(
    lambda inventory: (r for r in inventory.routes if r.meta.group == "route.openshift.io"),
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="attack:T1557 attack:T1040",
    zh=ZH,
)
def route_without_tls(subject: Route, _judge: Judge) -> Iterator[Found]:
    """An OpenShift Route answers in plain.

    ## Why it matters
    A Route without encryption (`tls`), or with `insecureEdgeTerminationPolicy: Allow`, answers in plain: anyone on
    the network can read and change passwords and sessions.

    ## What the fix changes
    The router encrypts with its own certificate (`termination: edge`) and redirects HTTP to HTTPS. Browsers follow by
    themselves; a program that does not follow redirects fails. The router's certificate usually covers
    `*.apps.<your cluster>` only: for other host names browsers warn until you add a certificate of their own. See
    with `curl -IL http://HOST`.

    ## When to allow it
    A load balancer in front already encrypts and redirects.

    ## Example
    Bad:
    ```yaml
    apiVersion: route.openshift.io/v1
    kind: Route
    metadata:
      name: shop
    spec:
      host: shop.apps.example.com
      to:
        kind: Service
        name: shop # the new one
    ```
    Good:
    ```yaml
    apiVersion: route.openshift.io/v1
    kind: Route
    metadata:
      name: shop
    spec:
      host: shop.apps.example.com
      to:
        kind: Service
        name: shop # the new one
      tls:
        termination: edge
        insecureEdgeTerminationPolicy: Redirect
    ```
    """
    if subject.tls is None:
        operation = Set(("spec", "tls"), {"termination": "edge", "insecureEdgeTerminationPolicy": "Redirect"})
        at: tuple[str, ...] = ("spec",)
        message = Text("{name} answers in plain only", "{name} 只以明文应答")
    elif subject.insecure_policy == "Allow":
        at = ("spec", "tls", "insecureEdgeTerminationPolicy")
        operation = Set(at, "Redirect")
        message = Text("{name} answers in plain beside TLS", "{name} 除 TLS 外还以明文应答")
    else:
        return
    found = message.of(name=subject.meta.name)
    yield Found(subject.meta, found, at, remedy("encrypt-route", subject.meta.ref, operation))
