from collections.abc import Iterator

from fourc.checks.api import Found, Judge, check
from fourc.fix.recipes import remedy
from fourc.model.exposure import encrypts, gateway_reach, host_matches
from fourc.model.finding import Layer, Severity
from fourc.model.kubernetes.network import Gateway, Listener
from fourc.model.load_balancers import CERTIFICATES, Reach
from fourc.model.remedy import Remedy
from fourc.model.text import Text
from fourc.patch.yaml.operations import Append

ZH = """Gateway 只有明文监听，没有 TLS

## 为什么重要
没有加密（TLS，即 `https`）时，经过该监听的密码、会话和数据都是明文：同一网络上的人、运营商或任何中间设备都能读
取和改写它们。

## 修复会改变什么
在 443 端口增加一个使用 Secret `<Gateway 名>-tls` 的 HTTPS 监听；明文监听保持不变，以免切断现有客户端。证书须先
准备好（Istio 的 Secret 放在入口网关的命名空间）：
`kubectl create secret tls <Gateway 名>-tls --cert=cert.pem --key=key.pem -n <命名空间>`
用 `curl -v https://<主机>` 检查；不通时，`kubectl describe gateway <Gateway 名>` 会说明缺少什么。确认可用后，再
加一条把 HTTP 重定向到 HTTPS 的路由。

## 何时可以允许
已由前面的负载均衡或 CDN 提供 HTTPS，或 Gateway 只供集群内部使用。

## 示例
见英文页面的 YAML。"""

_PLAIN = frozenset({"HTTP", "HTTP2", "GRPC", "GRPC-WEB"})


@check(
    lambda inventory: iter(inventory.gateways),
    layer=Layer.CLUSTER,
    severity=Severity.MEDIUM,
    references="attack:T1557 attack:T1040",
    zh=ZH,
)
def gateway_without_tls(subject: Gateway, judge: Judge) -> Iterator[Found]:
    """A Gateway listens in plain only, without TLS.

    ## Why it matters
    Without encryption (TLS, the `s` in `https`), passwords, sessions and data that pass this listener are in plain:
    anyone on the same network, the carrier and every box in between can read and change them.

    ## What the fix changes
    It adds an HTTPS listener on port 443 with the Secret `<name of the Gateway>-tls`; the plain one stays, so no
    client is cut off. The certificate has to be there first (for Istio in the namespace of its ingress gateway):
    `kubectl create secret tls NAME-tls --cert=cert.pem --key=key.pem -n NAMESPACE`
    `curl -v https://HOST` shows whether it works; if not, `kubectl describe gateway NAME` says what is missing. Then
    add a route that redirects HTTP to HTTPS.

    ## When to allow it
    A load balancer or content network (CDN) in front does the encryption, or the Gateway serves the cluster only.

    ## Example
    Bad:
    ```yaml
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata:
      name: shop
    spec:
      gatewayClassName: nginx
      listeners:
        - name: web
          protocol: HTTP # first version
          port: 80
    ```
    Good:
    ```yaml
    apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    metadata:
      name: shop
    spec:
      gatewayClassName: nginx
      listeners:
        - name: web
          protocol: HTTP # first version
          port: 80
        - name: https-web
          protocol: HTTPS
          port: 443
          tls:
            mode: Terminate
            certificateRefs:
              - kind: Secret
                name: shop-tls
    ```
    """
    reach = gateway_reach(subject, judge.inventory)
    if reach is None or any(subject.meta.annotations.get(key) for key in CERTIFICATES):
        return
    secured = [x.hostname for x in subject.listeners if encrypts(x)]
    plain = [
        x
        for x in subject.listeners
        if x.protocol.upper() in _PLAIN and not x.terminated and not any(host_matches(h, x.hostname) for h in secured)
    ]
    for path in dict.fromkeys(x.path for x in plain):
        listeners = [x for x in plain if x.path == path]
        name = listeners[0].name or str(listeners[0].port)
        message = Text(
            "the listener {name} of {gateway} sends everything in plain", "{gateway} 的监听 {name} 以明文传输"
        )
        yield Found(
            subject.meta,
            message.of(name=name, gateway=subject.meta.name),
            (*path, "port", "protocol") if subject.meta.group == "networking.istio.io" else (*path, "protocol"),
            _fix(subject, listeners, name),
            detail=name,
            severity=Severity.LOW if reach[0] is Reach.INTERNAL else None,
        )


def _fix(gateway: Gateway, listeners: list[Listener], name: str) -> Remedy:
    secret = f"{gateway.meta.name}-tls"
    caution = Text(
        f"first make the Secret: kubectl create secret tls {secret} --cert=cert.pem --key=key.pem",
        f"请先创建 Secret：kubectl create secret tls {secret} --cert=cert.pem --key=key.pem",
    )
    if gateway.meta.group == "networking.istio.io":
        server = Append(
            ("spec", "servers"),
            {
                "port": {"number": 443, "name": f"https-{name}", "protocol": "HTTPS"},
                "hosts": [x.hostname or "*" for x in listeners],
                "tls": {"mode": "SIMPLE", "credentialName": secret},
            },
        )
        return remedy("serve-certificate", gateway.meta.ref, server, caution=caution)
    host = listeners[0].hostname
    listener = Append(
        ("spec", "listeners"),
        {
            "name": f"https-{name}",
            **({"hostname": host} if host else {}),
            "protocol": "HTTPS",
            "port": 443,
            "tls": {"mode": "Terminate", "certificateRefs": [{"kind": "Secret", "name": secret}]},
        },
    )
    return remedy("serve-certificate", gateway.meta.ref, listener, caution=caution)
