from collections.abc import Iterator, Mapping

from fourc.checks.api import Found, Judge, check
from fourc.fix.recipes import remedy
from fourc.model.controllers import nginx_settings
from fourc.model.exposure import controllers, tls_hosts
from fourc.model.finding import Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import Ingress
from fourc.model.text import Text
from fourc.patch.yaml.operations import Set

ZH = """Ingress 有证书，却仍允许明文 HTTP

## 为什么重要
证书已经有了，但以 `http://` 开头的访问不会转到 HTTPS：密码和会话仍以明文传输，中间人可以一直让用户停留在那里。

## 修复会改变什么
把重定向注解设为开启。浏览器会自动跟随；写死 `http://` 地址且不跟随重定向的程序会出错。在 Google GKE 上
（`allow-http`）则是关闭 80 端口：需要重定向时，请使用带 `redirectToHttps` 的 FrontendConfig。如果前面的负载均衡
已经解密（终止 TLS）并以 HTTP 转发，会出现循环重定向：请先用 `curl -IL http://<主机>` 在测试环境检查。

## 何时可以允许
必须用 HTTP 的旧设备，或前面的负载均衡已做重定向。

## 示例
见英文页面的 YAML。"""

_SSL = "nginx.ingress.kubernetes.io/ssl-redirect"
# annotation -> (values that leave plain HTTP open, the value that closes it)
REDIRECTS = {
    _SSL: ("false", "true"),
    "ingress.kubernetes.io/ssl-redirect": ("false", "true"),
    "haproxy-ingress.github.io/ssl-redirect": ("false", "true"),
    "haproxy.org/ssl-redirect": ("false", "true"),
    "nginx.org/redirect-to-https": ("false", "true"),
    "ingress.kubernetes.io/force-ssl-redirect": ("false", "true"),
    "appgw.ingress.kubernetes.io/ssl-redirect": ("false", "true"),
    "alb.ingress.kubernetes.io/ssl-redirect": ("false", "true"),
    "kubernetes.io/ingress.allow-http": ("true", "false"),
}
_FORCE = "nginx.ingress.kubernetes.io/force-ssl-redirect"
_ALB = "alb.ingress.kubernetes.io/"  # the prefix of AWS and of Alibaba Cloud
_PORTS, _TO = _ALB + "listen-ports", _ALB + "ssl-redirect"
_AWS_ONLY = frozenset(_ALB + name for name in ("certificate-arn", "scheme", "target-type", "subnets", "group.name"))
_ON_AWS = Text(
    '`"true"` is how Alibaba Cloud writes it; on AWS write the port instead: `"443"`',
    '`"true"` 是阿里云的写法；在 AWS 上请改写端口号 `"443"`',
)


@check(
    lambda inventory: iter(inventory.ingresses),
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="attack:T1557 attack:T1040",
    zh=ZH,
)
def ingress_plain_http_allowed(subject: Ingress, judge: Judge) -> Iterator[Found]:
    """An Ingress has a certificate and still serves plain HTTP.

    ## Why it matters
    The certificate is there, but calls that begin with `http://` are not sent on to HTTPS: passwords and sessions
    still cross the network in plain, and someone in between can keep users there.

    ## What the fix changes
    It turns the redirect on. Browsers follow it by themselves; a program with a fixed `http://` address that does not
    follow redirects fails. On Google's GKE (`allow-http`) port 80 is closed instead: for a redirect there use a
    FrontendConfig with `redirectToHttps`. Where a load balancer in front does the encryption (TLS) and forwards plain
    HTTP, the redirect never ends: try `curl -IL http://HOST` in a test environment first.

    ## When to allow it
    Old devices that speak only HTTP, or a load balancer in front that already redirects.

    ## Example
    Bad:
    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: shop
      annotations:
        nginx.ingress.kubernetes.io/ssl-redirect: "false" # for the old app
    spec:
      tls:
        - hosts: [shop.example.com]
          secretName: shop-tls
      rules:
        - host: shop.example.com
    ```
    Good:
    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: shop
      annotations:
        nginx.ingress.kubernetes.io/ssl-redirect: "true" # for the old app
    spec:
      tls:
        - hosts: [shop.example.com]
          secretName: shop-tls
      rules:
        - host: shop.example.com
    ```
    """
    annotations = subject.meta.annotations
    if not tls_hosts(subject):
        return
    usual = _defaults(subject, judge.inventory)
    forced = annotations.get(_FORCE, usual.get("force-ssl-redirect")) == "true"
    wrong: list[tuple[str, str, Text | None]] = [
        (key, closed, None)
        for key, (opened, closed) in REDIRECTS.items()
        if annotations.get(key, "").lower() == opened and not forced
    ]
    if _SSL not in annotations and usual.get("ssl-redirect") == "false" and not forced:
        wrong.append((_SSL, "true", None))
    if _TO not in annotations and all(f'"{port}"' in annotations.get(_PORTS, "") for port in ("HTTP", "HTTPS")):
        aws = not _AWS_ONLY.isdisjoint(annotations)
        wrong.append((_TO, "443", None) if aws else (_TO, "true", _ON_AWS))
    for key, closed, caution in wrong:
        field = ("metadata", "annotations", key)
        at = field if key in annotations or key == _SSL else ("metadata", "annotations", _PORTS)
        message = Text("{name} answers plain HTTP though it has a certificate", "{name} 有证书，却仍应答明文 HTTP")
        yield Found(
            subject.meta,
            message.of(name=subject.meta.name),
            at,
            remedy("redirect-to-https", subject.meta.ref, Set(field, closed), caution=caution),
            detail=key,
        )


def _defaults(ingress: Ingress, inventory: Inventory) -> Mapping[str, str]:
    """What the ConfigMap of its ingress-nginx controller says for every Ingress that says nothing itself."""
    chosen = controllers(inventory, ingress.class_name or "nginx")
    found = (nginx_settings(workload, inventory.config_map_by_name) for workload in chosen)
    return next((settings for settings in found if settings), {})
