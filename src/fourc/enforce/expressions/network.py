"""Services, entries and network policies in CEL."""

from collections.abc import Iterator

from fourc.checks.cluster.dangerous_ingress_annotation import INJECTION, NGINX, SNIPPETS
from fourc.checks.cluster.external_name_service import METADATA_HOSTS
from fourc.checks.cluster.ingress_plain_http_allowed import REDIRECTS
from fourc.enforce.export import Fit
from fourc.enforce.expressions.rule import Rule, Shape, quoted, whole, words
from fourc.model.load_balancers import CERTIFICATES
from fourc.model.text import Text

_FORCE = f"{NGINX}force-ssl-redirect"
_ALB = "alb.ingress.kubernetes.io/"
# What Python's `ipaddress` calls not global, IPv4 (RFC 6890 and the IANA registry); a name of IPv6 the API server refuses.
_INSIDE = (
    r"^(0|10|127)\.[0-9]+\.[0-9]+\.[0-9]+$",
    r"^100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.[0-9]+\.[0-9]+$",
    r"^169\.254\.[0-9]+\.[0-9]+$",
    r"^172\.(1[6-9]|2[0-9]|3[01])\.[0-9]+\.[0-9]+$",
    r"^192\.0\.0\.([0-8]|1[1-9]|[2-9][0-9]|1[0-9][0-9]|2[0-9][0-9])$",
    r"^192\.(0\.2|168\.[0-9]+)\.[0-9]+$",
    r"^198\.(1[89]\.[0-9]+|51\.100)\.[0-9]+$",
    r"^203\.0\.113\.[0-9]+$",
    r"^2(4[0-9]|5[0-5])\.[0-9]+\.[0-9]+\.[0-9]+$",
)
_CONTROLLER = Text(
    "does not see the ingress controller's own settings (its ConfigMap): where they switch the redirect off for every Ingress it "
    "passes, and where they force it, it still refuses an annotation that switches it off",
    "看不到入口控制器自己的设置（其 ConfigMap）：设置对所有 Ingress 关闭重定向时会放行；设置强制重定向时，仍会拒绝关闭它的注解",
)
_IN_FRONT = Text(
    "refuses an Ingress also where a load balancer in front of its controller holds the certificate, which stands in "
    "another object",
    "即使证书放在控制器前面的负载均衡上（写在其他对象里），也会拒绝该 Ingress",
)
_FRONT_DOOR = Text(
    "refuses the rule also for an ingress controller, which has to admit everyone: which pods are one is not seen",
    "对入口控制器也会拒绝，而它必须放行所有人：这里看不到哪些 Pod 是入口控制器",
)
_A = "variables.annotations"


def rules() -> Iterator[Rule]:
    """The rules, which are the same in every version."""
    yield from _services()
    yield from _ingresses()
    yield Rule(
        "route-without-tls",
        whole("has(object.spec.tls) && object.spec.tls.?insecureEdgeTerminationPolicy.orValue('') != 'Allow'"),
        Text(
            "a Route must encrypt: set spec.tls.termination to edge and insecureEdgeTerminationPolicy to Redirect",
            "Route 必须加密：请把 spec.tls.termination 设为 edge，insecureEdgeTerminationPolicy 设为 Redirect",
        ),
        (Shape.ROUTE,),
    )
    peers = "r.?from.orValue([])"
    everyone = f"{peers}.size() == 0 || {peers}.exists(f, f.?ipBlock.?cidr.orValue('') in ['0.0.0.0/0', '::/0'])"
    yield Rule(
        "policy-allows-everything",
        whole(
            "!(object.spec.?policyTypes.orValue(['Ingress']).exists(t, t == 'Ingress')) || "
            f"object.spec.?ingress.orValue([]).all(r, r.?ports.orValue([]).size() > 0 || !({everyone}))"
        ),
        Text(
            "a network policy must not admit everyone: name the clients under from, or the ports under ports",
            "网络策略不得放行所有人：请在 from 中写明客户端，或在 ports 中写明端口",
        ),
        (Shape.NETWORK_POLICY,),
        Fit.STRICTER,
        _FRONT_DOOR,
    )


def _services() -> Iterator[Rule]:
    kind = "object.spec.?type.orValue('ClusterIP')"
    yield Rule(
        "node-port-service",
        whole(f"{kind} != 'NodePort'"),
        Text(
            "a Service must not open a port on every node: set spec.type to ClusterIP and publish it with an Ingress",
            "Service 不得在每个节点上开放端口：请把 spec.type 设为 ClusterIP，用 Ingress 对外发布",
        ),
        (Shape.SERVICE,),
    )
    yield Rule(
        "external-ips",
        whole(f"{kind} == 'ExternalName' || object.spec.?externalIPs.orValue([]).size() == 0"),
        Text(
            "a Service must not claim external addresses: remove spec.externalIPs",
            "Service 不得占用外部地址：请删除 spec.externalIPs",
        ),
        (Shape.SERVICE,),
    )
    target = "variables.target"
    api = r"^kubernetes\.default\.svc(\.|$)"
    elsewhere = r"^[^.]*\.[^.]*\.svc(\.|$)"
    own = "object.metadata.?namespace.orValue('default')"
    yield Rule(
        "external-name-service",
        whole(
            f"{kind} != 'ExternalName' || !({target} in {words(METADATA_HOSTS)} || {target} == 'localhost' || "
            f"{target}.matches({quoted('|'.join(_INSIDE))}) || {target}.matches({quoted(api)}) || "
            f"({target}.matches({quoted(elsewhere)}) && {target}.split('.')[1] != {own}))"
        ),
        Text(
            "a Service must not be another name for something internal: let the callers use its full name and admit them in a "
            "NetworkPolicy",
            "Service 不得作为内部目标的别名：请让调用方使用完整名称，并用 NetworkPolicy 放行",
        ),
        (Shape.SERVICE,),
        own_variables=(
            ("name", "object.spec.?externalName.orValue('').lowerAscii()"),
            (
                "target",
                "variables.name.endsWith('.') ? variables.name.substring(0, variables.name.size() - 1) : variables.name",
            ),
        ),
    )


def _ingresses() -> Iterator[Rule]:
    yield Rule(
        "ingress-wildcard-host",
        whole(
            "object.spec.?rules.orValue([]).all(r, r.?host.orValue('') != '' && !r.?host.orValue('').startsWith('*'))"
        ),
        Text(
            "an Ingress must not answer for any host name: write the name that users open into each rule as host",
            "Ingress 不得应答任意域名：请在每条规则的 host 中写明用户访问的名称",
        ),
        (Shape.INGRESS,),
    )
    injected = " || ".join(
        f"(k == {quoted(NGINX + name)} && {_A}[k].matches({quoted(pattern.pattern)}))"
        for name, (_, pattern) in INJECTION.items()
    )
    mirror = f"(k == {quoted(NGINX + 'mirror-target')} && {_A}[k] != '')"
    yield Rule(
        "dangerous-ingress-annotation",
        whole(f"{_A}.all(k, !(k.matches({quoted(f'^({SNIPPETS.pattern})$')}) || {injected} || {mirror}))"),
        Text(
            "an Ingress annotation must not rewrite the controller's configuration: remove the snippet, mirror-target, or the "
            "characters that do not belong into the value",
            "Ingress 注解不得改写控制器的配置：请删除 snippet、mirror-target，或值中不该有的字符",
        ),
        (Shape.INGRESS,),
    )
    certificate = " || ".join(f"{_A}[?{quoted(key)}].orValue('') != ''" for key in CERTIFICATES)
    secured = (
        f"{certificate} || {_A}[?{quoted(NGINX + 'ssl-passthrough')}].orValue('') == 'true' || "
        f"{_A}[?{quoted(_ALB + 'listen-ports')}].orValue('').contains('\"HTTPS\"') || "
        f"{_A}[?'traefik.ingress.kubernetes.io/router.tls'].orValue('') == 'true'"
    )
    tls, host = "object.spec.?tls.orValue([])", "r.?host.orValue('')"
    covers = f"h in ['', '*'] || h == {host} || (h.startsWith('*.') && {host}.endsWith(h.substring(1)))"
    listed = f"{tls}.exists(t, t.?hosts.orValue([]).size() == 0 || t.?hosts.orValue([]).exists(h, {covers}))"
    anything = f"{tls}.exists(t, t.?hosts.orValue([]).size() == 0 || t.?hosts.orValue([]).exists(h, h in ['', '*']))"
    yield Rule(
        "ingress-without-tls",
        whole(
            f"{secured} || (object.spec.?rules.orValue([]).size() > 0 ? object.spec.rules.all(r, {listed}) : "
            f"!has(object.spec.defaultBackend) || {anything})"
        ),
        Text(
            "an Ingress must encrypt: list every host under spec.tls with the Secret of its certificate",
            "Ingress 必须加密：请在 spec.tls 中列出每个域名及其证书的 Secret",
        ),
        (Shape.INGRESS,),
        Fit.STRICTER,
        _IN_FRONT,
    )
    forced = f"{_A}[?{quoted(_FORCE)}].orValue('') == 'true'"
    opened = " && ".join(
        f"{_A}[?{quoted(key)}].orValue('').lowerAscii() != {quoted(word)}" for key, (word, _) in REDIRECTS.items()
    )
    ports = f"{_A}[?{quoted(_ALB + 'listen-ports')}].orValue('')"
    alb = f"{quoted(_ALB + 'ssl-redirect')} in {_A} || !({ports}.contains('\"HTTP\"') && {ports}.contains('\"HTTPS\"'))"
    yield Rule(
        "ingress-plain-http-allowed",
        whole(f"!({secured} || {tls}.size() > 0) || (({forced} || ({opened})) && ({alb}))"),
        Text(
            "an Ingress with a certificate must not serve plain HTTP: let its annotations redirect to HTTPS",
            "有证书的 Ingress 不得再提供明文 HTTP：请用注解重定向到 HTTPS",
        ),
        (Shape.INGRESS,),
        Fit.NARROWER,
        _CONTROLLER,
    )
