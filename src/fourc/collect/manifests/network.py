"""Services and Ingresses (core/v1, networking.k8s.io)."""

import ipaddress
from collections.abc import Iterator
from contextlib import suppress

from fourc.collect.manifests.fields import Fields
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import (
    Backend,
    BalancerSettings,
    EndpointPort,
    Endpoints,
    Ingress,
    IngressClass,
    Service,
    ServicePort,
)

INGRESS_CLASS = "kubernetes.io/ingress.class"


def decode_service(fields: Fields, meta: Meta) -> Service | None:
    """A Service; a port without `targetPort` leads to the same number.

    None where the API would refuse its selector: what is left of one would select other pods.
    """
    spec = fields.child("spec")
    selector = spec.labels("selector")
    if spec.refused:
        return None
    ports = []
    for entry in spec.children("ports"):
        port = entry.integer("port") or 0
        target = entry.integer_or_text("targetPort")
        ports.append(
            ServicePort(
                index=entry.index,
                name=entry.text("name") or "",
                port=port,
                target=port if target is None else target,
                node_port=entry.integer("nodePort") or 0,
                protocol=entry.text("protocol") or "TCP",
            )
        )
    return Service(
        meta=meta,
        type=spec.text("type") or "ClusterIP",
        selector=selector,
        ports=tuple(ports),
        external_name=spec.text("externalName") or "",
        external_ips=spec.strings("externalIPs"),
        source_ranges=spec.strings("loadBalancerSourceRanges"),
        load_balancer_class=spec.text("loadBalancerClass") or "",
        headless=spec.text("clusterIP") == "None",
    )


def decode_endpoints(fields: Fields, meta: Meta) -> Endpoints:
    """Endpoints, named as their Service."""
    subsets = [*fields.children("subsets")]
    addresses = tuple(a.text("ip") or "" for s in subsets for a in s.children("addresses"))
    return Endpoints(
        meta, meta.name, _real(addresses), tuple(_endpoint_port(p) for s in subsets for p in s.children("ports"))
    )


def decode_endpoint_slice(fields: Fields, meta: Meta) -> Endpoints:
    """An EndpointSlice, whose label names the Service."""
    addresses = tuple(a for e in fields.children("endpoints") for a in e.strings("addresses"))
    service = meta.labels.get("kubernetes.io/service-name", "")
    return Endpoints(meta, service, _real(addresses), tuple(_endpoint_port(p) for p in fields.children("ports")))


def _endpoint_port(fields: Fields) -> EndpointPort:
    return EndpointPort(fields.text("name") or "", fields.integer("port") or 0, fields.text("protocol") or "TCP")


def _real(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The addresses, without the DNS names that a slice may hold."""
    found: list[str] = []
    for address in addresses:
        with suppress(ValueError):
            found.append(str(ipaddress.ip_address(address)))
    return tuple(dict.fromkeys(found))


def decode_ingress(fields: Fields, meta: Meta) -> Ingress:
    """An Ingress of any version; a rule without host counts for every host and has the host `""`."""
    spec = fields.child("spec")
    backends: list[Backend] = []
    hosts: list[tuple[tuple[str | int, ...], str]] = []
    for key in ("defaultBackend", "backend"):
        backends += _ingress_backend(spec, key, meta, "", "")
    for rule in spec.children("rules"):
        host = rule.text("host") or ""
        hosts.append(((*rule.path, "host") if host else rule.path, host))
        for path in rule.child("http").children("paths"):
            backends += _ingress_backend(path, "backend", meta, host, path.text("path") or "/")
    return Ingress(
        meta=meta,
        class_name=spec.text("ingressClassName") or meta.annotations.get(INGRESS_CLASS, ""),
        backends=tuple(backends),
        tls_hosts=tuple(entry.strings("hosts") for entry in spec.children("tls")),
        rule_hosts=tuple(hosts),
    )


def _ingress_backend(owner: Fields, key: str, meta: Meta, host: str, path: str) -> Iterator[Backend]:
    backend = owner.child(key)
    service = backend.child("service")
    port = service.child("port")
    name = service.text("name") or backend.text("serviceName")
    number = port.integer("number") or port.text("name") or backend.integer_or_text("servicePort")
    if name:
        yield Backend(host, path, meta.namespace or "default", name, number, backend.path)


def decode_ingress_class(fields: Fields, meta: Meta) -> IngressClass:
    """An IngressClass."""
    spec = fields.child("spec")
    to = spec.child("parameters")
    named = (to.text("apiGroup") or "", to.text("kind") or "", to.text("name") or "")
    default = meta.annotations.get("ingressclass.kubernetes.io/is-default-class") == "true"
    return IngressClass(meta, spec.text("controller") or "", named if named[2] else None, default)


def decode_alb_config(fields: Fields, meta: Meta) -> BalancerSettings:
    """An AlbConfig of Alibaba Cloud: one ALB instance; a white list counts where every listener has one.

    https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/alb-ingress-configuration-dictionary
    """
    spec = fields.child("spec")
    config = spec.child("config")
    listeners = list(spec.children("listeners"))
    white = [x.child("aclConfig") for x in listeners if x.child("aclConfig").text("aclType") == "White"]
    closed = white if listeners and len(white) == len(listeners) else []
    return BalancerSettings(
        meta,
        address=config.text("addressType") or "",
        reused=config.text("id") or "",
        ranges=tuple(entry for acl in closed for entry in _entries(acl, "aclEntries")),
        lists=tuple(name for acl in closed for name in _entries(acl, "aclIds")),
    )


def decode_ingress_class_params(fields: Fields, meta: Meta) -> BalancerSettings:
    """An IngressClassParams of the AWS Load Balancer Controller or of EKS Auto Mode."""
    spec = fields.child("spec")
    return BalancerSettings(meta, address=spec.text("scheme") or "", ranges=tuple(_entries(spec, "inboundCIDRs")))


def _entries(fields: Fields, key: str) -> Iterator[str]:
    """The strings of a list; other items are left out: what a provider's own kind may hold is its to refuse."""
    items = fields.value(key)
    yield from (item for item in items if isinstance(item, str)) if isinstance(items, list) else ()
