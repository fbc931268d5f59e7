"""What the providers' annotations and classes say about who reaches a load balancer.

One row is one sign. The rows are asked in order and the first that holds decides, so what limits stands above what
leaves open. A Service of type LoadBalancer on which no row holds gets a public address from every large provider.
"""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from msgspec import Struct

from fourc.model.text import Text


class Reach(Enum):
    """From where an entry can be reached; the manifests say INTERNET, or leave it open (ASSUMED_INTERNET)."""

    INTERNET = "internet"
    ASSUMED_INTERNET = "assumed-internet"
    INTERNAL = "internal"


class Judged(NamedTuple):
    """From where something is reached, by which word of it, and what settles it where that is only assumed.

    `remedy` is None where looking at the address that the cluster gave it is enough.
    """

    reach: Reach
    why: Text
    remedy: Text | None = None


class Sign(Struct, frozen=True):
    """An annotation whose whole value (a regular expression) decides the reach; `source` documents it."""

    key: str
    value: str
    reach: Reach
    source: str

    def holds(self, annotations: Mapping[str, str]) -> bool:
        """Whether the object carries the annotation with such a value."""
        value = annotations.get(self.key)
        return value is not None and re.fullmatch(self.value, value.strip()) is not None


_ACK = "https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/add-annotations-to-the-yaml-file-of-a-service-to-configure-clb-instances"
_ALB = "https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/alb-ingress-configuration-dictionary"
_AWS = "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/"
_AWS_ALB = "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/"
_GKE = "https://cloud.google.com/kubernetes-engine/docs/how-to/internal-load-balancing"
_AZURE = "https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/"
_TKE = "https://cloud.tencent.com/document/product/457/51258"
_CCE = "https://support.huaweicloud.com/intl/en-us/usermanual-cce/cce_10_0385.html"
_OPENSTACK = "https://github.com/kubernetes/cloud-provider-openstack/blob/master/docs/openstack-cloud-controller-manager/expose-applications-using-loadbalancer-type-service.md"
_DO = "https://docs.digitalocean.com/products/kubernetes/how-to/configure-load-balancers/"
_OCI = "https://docs.oracle.com/en-us/iaas/Content/ContEng/Tasks/contengcreatingloadbalancer.htm"
_IBM = "https://cloud.ibm.com/docs/containers?topic=containers-vpclb-about"
_HCLOUD = "https://github.com/hetznercloud/hcloud-cloud-controller-manager/blob/main/docs/reference/load_balancer_annotations.md"
_SCW = "https://github.com/scaleway/scaleway-cloud-controller-manager/blob/master/docs/loadbalancer-annotations.md"
_BAIDU = "https://intl.cloud.baidu.com/zh/doc/CCE/s/zlako7b04-intl"
_VOLC = "https://www.volcengine.com/docs/6460/126986"
_YANDEX = "https://yandex.cloud/en/docs/managed-kubernetes/operations/create-load-balancer"
_APPGW = "https://azure.github.io/application-gateway-kubernetes-ingress/annotations/"
_TAILSCALE = "https://tailscale.com/kb/1439/kubernetes-operator-cluster-ingress"

_YES = "(?i:true|1|yes|on)"
_IN, _OUT, _MAYBE = Reach.INTERNAL, Reach.INTERNET, Reach.ASSUMED_INTERNET
_BETA = "service.beta.kubernetes.io/"
_ALI, _ALI_OLD = _BETA + "alibaba-cloud-loadbalancer-", _BETA + "alicloud-loadbalancer-"

SERVICE_SIGNS: tuple[Sign, ...] = (
    Sign(_ALI + "address-type", "(?i:intranet)", _IN, _ACK),
    Sign(_ALI_OLD + "address-type", "(?i:intranet)", _IN, _ACK),
    Sign(_BETA + "aws-load-balancer-internal", "(?!(?i:false)$).+", _IN, _AWS),
    Sign(_BETA + "aws-load-balancer-scheme", "internal", _IN, _AWS),
    Sign("networking.gke.io/load-balancer-type", "(?i:internal)", _IN, _GKE),
    Sign("cloud.google.com/load-balancer-type", "(?i:internal)", _IN, _GKE),
    Sign(_BETA + "azure-load-balancer-internal", "(?i:true)", _IN, _AZURE),
    Sign("service.kubernetes.io/qcloud-loadbalancer-internal-subnetid", ".+", _IN, _TKE),
    Sign("kubernetes.io/elb.autocreate", r'(?s:.*"type"\s*:\s*"inner".*)', _IN, _CCE),
    Sign(_BETA + "openstack-internal-load-balancer", "(?i:true)", _IN, _OPENSTACK),
    Sign(_BETA + "do-loadbalancer-network", "(?i:internal)", _IN, _DO),
    Sign(_BETA + "oci-load-balancer-internal", "(?i:true)", _IN, _OCI),
    Sign("oci-network-load-balancer.oraclecloud.com/internal", "(?i:true)", _IN, _OCI),
    Sign("service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", "(?i:private)", _IN, _IBM),
    Sign("load-balancer.hetzner.cloud/disable-public-network", _YES, _IN, _HCLOUD),
    Sign(_BETA + "scw-loadbalancer-private", _YES, _IN, _SCW),
    Sign(_BETA + "cce-load-balancer-internal-vpc", _YES, _IN, _BAIDU),
    Sign(_BETA + "volcengine-loadbalancer-address-type", "(?i:private)", _IN, _VOLC),
    Sign("yandex.cloud/load-balancer-type", "(?i:internal)", _IN, _YANDEX),
    # An instance that exists already: whether it has a public address stands in the provider's console.
    Sign(_ALI + "id", ".+", _MAYBE, _ACK),
    Sign(_ALI_OLD + "id", ".+", _MAYBE, _ACK),
    Sign("service.kubernetes.io/tke-existed-lbid", ".+", _MAYBE, _TKE),
    Sign("kubernetes.io/elb.id", ".+", _MAYBE, _CCE),
    Sign("loadbalancer.openstack.org/load-balancer-id", ".+", _MAYBE, _OPENSTACK),
    Sign("kubernetes.digitalocean.com/load-balancer-id", ".+", _MAYBE, _DO),
    # An address that a local pool gives.
    Sign("metallb.universe.tf/address-pool", ".+", _MAYBE, "https://metallb.io/usage/"),
    Sign("metallb.io/address-pool", ".+", _MAYBE, "https://metallb.io/usage/"),
    Sign("kubernetes.io/elb.autocreate", r'(?s:.*"type"\s*:\s*"public".*)', _OUT, _CCE),
    Sign("kubernetes.io/elb.class", ".+", _MAYBE, _CCE),
    Sign(_BETA + "aws-load-balancer-scheme", "internet-facing", _OUT, _AWS),
    # Without a scheme the AWS Load Balancer Controller makes an internal one (since 2.2).
    Sign(_BETA + "aws-load-balancer-type", "external|nlb-ip", _IN, _AWS),
)

INGRESS_SIGNS: tuple[Sign, ...] = (
    Sign("alb.ingress.kubernetes.io/address-type", "(?i:intranet)", _IN, _ALB),
    Sign("alb.ingress.kubernetes.io/scheme", "internal", _IN, _AWS_ALB),
    Sign("appgw.ingress.kubernetes.io/use-private-ip", "(?i:true)", _IN, _APPGW),
    Sign("kubernetes.io/ingress.subnetId", ".+", _IN, "https://cloud.tencent.com/document/product/457/45685"),
    Sign("kubernetes.io/elb.autocreate", r'(?s:.*"type"\s*:\s*"inner".*)', _IN, _CCE),
    Sign("kubernetes.io/elb.id", ".+", _MAYBE, _CCE),
    Sign("kubernetes.io/ingress.existLbId", ".+", _MAYBE, "https://cloud.tencent.com/document/product/457/45685"),
    Sign("tailscale.com/funnel", _YES, _OUT, _TAILSCALE),
    Sign("alb.ingress.kubernetes.io/wafv2-acl-arn", ".+", _MAYBE, _AWS_ALB),
    Sign("alb.ingress.kubernetes.io/waf-acl-id", ".+", _MAYBE, _AWS_ALB),
    Sign("appgw.ingress.kubernetes.io/waf-policy-for-path", ".+", _MAYBE, _APPGW),
    Sign("alb.ingress.kubernetes.io/address-type", "(?i:internet)", _OUT, _ALB),
    Sign("alb.ingress.kubernetes.io/scheme", "internet-facing", _OUT, _AWS_ALB),
    Sign("kubernetes.io/elb.autocreate", r'(?s:.*"type"\s*:\s*"public".*)', _OUT, _CCE),
    # Only the AWS controller knows these; its load balancers are internal unless `scheme` says otherwise.
    Sign("alb.ingress.kubernetes.io/target-type", "instance|ip", _IN, _AWS_ALB),
    Sign("alb.ingress.kubernetes.io/group.name", ".+", _IN, _AWS_ALB),
    Sign("alb.ingress.kubernetes.io/certificate-arn", ".+", _IN, _AWS_ALB),
    Sign("alb.ingress.kubernetes.io/subnets", ".+", _IN, _AWS_ALB),
)

CLASSES: Mapping[str, Reach] = {
    "alibabacloud.com/nlb": _OUT,
    "alibabacloud.com/clb": _OUT,
    "service.k8s.aws/nlb": _IN,
    "eks.amazonaws.com/nlb": _IN,
    "networking.gke.io/l4-regional-internal": _IN,
    "networking.gke.io/l4-regional-external": _OUT,
    "tailscale": _IN,
    "gce": _OUT,
    "gce-internal": _IN,
    "qcloud": _OUT,
    "gke-l7-rilb": _IN,
    "gke-l7-rilb-mc": _IN,
    "gke-l7-cross-regional-internal-managed-mc": _IN,
    "gke-l7-gxlb": _OUT,
    "gke-l7-gxlb-mc": _OUT,
    "gke-l7-global-external-managed": _OUT,
    "gke-l7-global-external-managed-mc": _OUT,
    "gke-l7-regional-external-managed": _OUT,
    "gke-l7-regional-external-managed-mc": _OUT,
    "alb": _MAYBE,
    "mse": _MAYBE,
    "higress": _MAYBE,
    "azure-application-gateway": _MAYBE,
    "cce": _MAYBE,
}

# Lists of addresses that may connect, comma-separated (each controller's own documentation of the annotation).
ADDRESS_LISTS = (
    _BETA + "load-balancer-source-ranges",
    _BETA + "azure-allowed-ip-ranges",
    "nginx.ingress.kubernetes.io/whitelist-source-range",
    "nginx.ingress.kubernetes.io/allowlist-source-range",
    "ingress.kubernetes.io/whitelist-source-range",
    "haproxy-ingress.github.io/allowlist-source-range",
    "haproxy-ingress.github.io/whitelist-source-range",
    "haproxy.org/allow-list",
    "haproxy.org/whitelist",
    "alb.ingress.kubernetes.io/inbound-cidrs",
    "haproxy.router.openshift.io/ip_whitelist",
    "haproxy.router.openshift.io/ip_allowlist",
    "k8s.apisix.apache.org/allowlist-source-range",
)
_OWN_ADDRESSES = (
    "metallb.universe.tf/loadBalancerIPs",
    "metallb.io/loadBalancerIPs",
    "kube-vip.io/loadbalancerIPs",
    "lbipam.cilium.io/ips",
    "io.cilium/lb-ipam-ips",
)
CERTIFICATES = (
    _ALI + "cert-id",
    _ALI_OLD + "cert-id",
    _BETA + "aws-load-balancer-ssl-cert",
    "kubernetes.io/elb.cert-id",
    "kubernetes.io/elb.tls-certificate-ids",
    _BETA + "do-loadbalancer-certificate-id",
    "loadbalancer.openstack.org/default-tls-container-ref",
    _BETA + "oci-load-balancer-tls-secret",
    "alb.ingress.kubernetes.io/certificate-arn",
    "kubernetes.io/ingress.qcloud-loadbalance-id-https",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "networking.gke.io/managed-certificates",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
)


def signed(signs: Iterable[Sign], annotations: Mapping[str, str]) -> Judged | None:
    """What the first sign that holds says, None where none does."""
    for sign in signs:
        if sign.holds(annotations):
            value = annotations[sign.key].strip()
            why = _SAYS[sign.reach].of(what=f"{sign.key}: {value}")
            return Judged(sign.reach, why, _remedy(sign, value))
    return None


def classed(name: str) -> Judged | None:
    """What the class of a load balancer, Ingress or Gateway says, None for an unknown one."""
    reach = CLASSES.get(name)
    return None if reach is None else Judged(reach, _SAYS[reach].of(what=name))


_SAYS: Mapping[Reach, Text] = {
    Reach.INTERNAL: Text("`{what}` keeps it inside the private network", "`{what}` 使其只在内网可达"),
    Reach.INTERNET: Text("`{what}` gives it a public address", "`{what}` 为其分配公网地址"),
    Reach.ASSUMED_INTERNET: Text(
        "`{what}` names a load balancer whose address and filters are not seen here",
        "`{what}` 指向一个负载均衡，这里看不到它的地址和过滤规则",
    ),
}


def _remedy(sign: Sign, value: str) -> Text | None:
    """What settles a sign that leaves it open: the address of a load balancer does not tell what a filter lets in."""
    if sign.reach is not Reach.ASSUMED_INTERNET:
        return None
    if "waf" in sign.key:
        return Text(
            "look in the provider's console at what the firewall {id} lets in",
            "请在云厂商控制台查看防火墙 {id} 放行哪些来源",
        ).of(id=value)
    if sign.key in (_ALI + "id", _ALI_OLD + "id"):
        return Text(
            "aliyun slb DescribeLoadBalancerAttribute --LoadBalancerId {id} says its AddressType; its console, what filters",
            "aliyun slb DescribeLoadBalancerAttribute --LoadBalancerId {id} 会给出 AddressType；控制台可看到过滤规则",
        ).of(id=value)
    return None


def listed_elsewhere(name: str) -> Judged:
    """What an access list of Alibaba Cloud says whose entries stand in the console."""
    return Judged(
        Reach.ASSUMED_INTERNET,
        Text(
            f"the access list {name} decides who may connect; its entries are not seen here",
            f"访问控制列表 {name} 决定谁能连接；这里看不到它的内容",
        ),
        Text(
            f"look at the entries of {name} in the load balancer's console (access control)",
            f"请在负载均衡控制台的访问控制中查看 {name} 的条目",
        ),
    )


def access_listed(annotations: Mapping[str, str]) -> Judged | None:
    """The access list of an Alibaba listener: a white list limits, but its entries stand in the console."""
    for prefix in (_ALI, _ALI_OLD):
        status, entry = annotations.get(prefix + "acl-status", ""), annotations.get(prefix + "acl-id", "")
        if status == "on" and entry and annotations.get(prefix + "acl-type", "white") == "white":
            return listed_elsewhere(entry)
    return None


def addressed(annotations: Mapping[str, str]) -> Judged | None:
    """What addresses that the manifest itself asks for say: private ones are not the internet."""
    for key in _OWN_ADDRESSES:
        if annotations.get(key, "").strip():
            value = annotations[key].strip()
            private = all(_private(a) for a in _networks(value.split(",")))
            reach = _IN if private else _OUT
            return Judged(reach, _SAYS[reach].of(what=value))
    return None


def allowed(ranges: Iterable[str]) -> Judged | None:
    """What a list of source ranges says, None for an empty one.

    INTERNAL where only private ranges or fewer public addresses than a /16 may connect: someone chose them.
    """
    networks = _networks(ranges)
    if not networks:
        return None
    shown = ", ".join(str(n) for n in networks[:3]) + (", …" if len(networks) > 3 else "")
    if all(_private(n) for n in networks):
        return Judged(
            Reach.INTERNAL, Text(f"only private addresses may connect ({shown})", f"只允许内网地址连接（{shown}）")
        )
    public = sum(2 ** max(0, _span(n) - (0 if n.version == 4 else 64)) for n in networks if not _private(n))
    if public <= 2**16:
        return Judged(
            Reach.INTERNAL, Text(f"only named addresses may connect ({shown})", f"只允许指定地址连接（{shown}）")
        )
    return Judged(
        Reach.INTERNET, Text(f"the allowed source ranges leave it open ({shown})", f"允许的来源范围过大（{shown}）")
    )


def only_private(ranges: Iterable[str]) -> bool:
    """Whether there are addresses and none of them can be routed on the internet."""
    networks = _networks(ranges)
    return bool(networks) and all(_private(n) for n in networks)


Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_SHARED = ipaddress.IPv4Network("100.64.0.0/10")  # RFC 6598: never routed on the internet
# RFC 5737 and RFC 3849: written in examples where a public address is meant.
_EXAMPLES = tuple(
    ipaddress.ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)


def _networks(ranges: Iterable[str]) -> tuple[Network, ...]:
    """The ranges that can be read; a denied one (`!10.0.0.1` of ingress-nginx) and a name are left out."""
    found: list[Network] = []
    for text in ranges:
        try:
            found.append(ipaddress.ip_network(text.strip(), strict=False))
        except ValueError:
            continue
    return tuple(found)


def _private(network: Network) -> bool:
    if any(_inside(network, example) for example in _EXAMPLES):
        return False
    return network.prefixlen > 0 and (network.is_private or _inside(network, _SHARED))


def _inside(network: Network, outer: Network) -> bool:
    if isinstance(network, ipaddress.IPv4Network):
        return isinstance(outer, ipaddress.IPv4Network) and network.subnet_of(outer)
    return isinstance(outer, ipaddress.IPv6Network) and network.subnet_of(outer)


def _span(network: Network) -> int:
    return network.max_prefixlen - network.prefixlen
