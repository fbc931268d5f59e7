from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.fix.recipes import remedy
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.network import Ingress
from fourc.model.remedy import ChangeKind, NoFix, Remedy
from fourc.model.text import Text
from fourc.patch.yaml.node import Path
from fourc.patch.yaml.operations import Set

ZH = """Ingress 接受任意主机名

## 为什么重要
没有 `host`（或是 `*.`）的规则会应答任何名称，包括裸 IP 地址：扫描程序只凭地址就能找到程序，没有被别的规则认领的
名称也会落到这里。信任 Host 头（访问者自称要访问的名称）的程序，例如发送重置密码链接的程序，会被伪造的名称欺骗。

## 修复会改变什么
如果同一 Ingress 的 `tls` 只写了一个名称，就把它写为 `host`：通过 IP 或其他名称的访问从此得到 `404 Not Found`。
否则没有自动修改，因为清单中没有用户使用的名称：请在每条规则里写上 `host: <名称>`。

## 何时可以允许
为每个客户提供子域名的程序，或默认错误页面。

## 示例
见英文页面的 YAML。"""


@check(
    lambda inventory: iter(inventory.ingresses),
    layer=Layer.CLUSTER,
    severity=Severity.LOW,
    references="attack:T1595",
    zh=ZH,
)
def ingress_wildcard_host(subject: Ingress, _judge: Judge) -> Iterator[Found]:
    """An Ingress answers for any host name.

    ## Why it matters
    A rule without `host` (or with `*.`) answers for every name and for the bare address: a scanner finds the program
    by the address alone, and names that nobody else claims end here too. A program that trusts the Host header (the
    name that a caller claims to want), such as one that mails links to reset passwords, is fooled by a forged name.

    ## What the fix changes
    Where the `tls` of the same Ingress names exactly one host, that becomes the `host`: calls by address or by
    another name are answered `404 Not Found` from then on. Otherwise there is no edit, because the name that your
    users type is not in the manifest: write `host: NAME` into each rule.

    ## When to allow it
    Programs that give each customer a subdomain, and default error pages.

    ## Example
    Bad:
    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: shop
    spec:
      tls:
        - hosts: [shop.example.com]
          secretName: shop-tls
      rules:
        - http:
            paths:
              - path: / # the whole shop
                pathType: Prefix
                backend:
                  service:
                    name: shop
                    port:
                      number: 80
    ```
    Good:
    ```yaml
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: shop
    spec:
      tls:
        - hosts: [shop.example.com]
          secretName: shop-tls
      rules:
        - http:
            paths:
              - path: / # the whole shop
                pathType: Prefix
                backend:
                  service:
                    name: shop
                    port:
                      number: 80
          host: shop.example.com
    ```
    """
    named = {host for entry in subject.tls_hosts for host in entry if host and not host.startswith("*")}
    for at, host in subject.rule_hosts:
        if host and not host.startswith("*"):
            continue
        what = Text(host, host) if host else Text("any name", "任意名称")
        yield Found(
            subject.meta,
            Text("{name} answers for {what}", "{name} 应答{what}").of(name=subject.meta.name, what=what),
            at,
            _fix(subject, at, host, named),
            detail=host or f"rule {at[-1]}",
            severity=Severity.INFO if host.startswith("*.") else None,
        )


def _fix(ingress: Ingress, at: Path, host: str, named: set[str]) -> Remedy | NoFix:
    if not host and len(named) == 1:
        return remedy("name-the-host", ingress.meta.ref, Set((*at, "host"), next(iter(named))))
    why = Text(
        "the name under which users open {name} is not in the manifest; write it into the rule as `host`",
        "清单中没有用户访问 {name} 时使用的名称；请把它写入规则的 `host`",
    )
    return NoFix(why.of(name=ingress.meta.name), ChangeKind.CLOSE_EXPOSURE)
