"""Who reaches which workload from outside the cluster, as far as the manifests say.

INTERNET stands for what a manifest makes public; where an instance, a class or a name leaves it open the entry is
assumed, and `why` says what would settle it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fourc.model.controllers import FAMILIES
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import Backend, Gateway, Ingress, Listener, Route, Service, ServicePort
from fourc.model.kubernetes.pod import Workload
from fourc.model.load_balancers import (
    ADDRESS_LISTS,
    CERTIFICATES,
    INGRESS_SIGNS,
    SERVICE_SIGNS,
    Judged,
    Reach,
    access_listed,
    addressed,
    allowed,
    classed,
    only_private,
    signed,
)
from fourc.model.text import Text
from fourc.patch.yaml.node import Path

__all__ = [
    "Entry",
    "Reach",
    "controllers",
    "encrypts",
    "entries",
    "gateway_reach",
    "host_matches",
    "ingress_reach",
    "service_reach",
    "services_before",
    "tls_hosts",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One way from outside into a workload: the object `via` opens it at `at`, for a host and a port of the pod.

    `encrypted` when TLS ends at the entry or passes through it.
    """

    workload: Workload
    via: Meta
    at: Path
    port: str | int | None
    host: str
    reach: Reach
    encrypted: bool
    why: Text


def entries(inventory: Inventory) -> tuple[Entry, ...]:
    """Every entry, in the order of Services, Ingresses, routes and pods; those inside the network too (INTERNAL)."""
    found: dict[tuple[str, str, str | None, str, int, str | int | None, str], Entry] = {}
    for entry in _all_entries(inventory):
        meta, pod = entry.workload.meta, entry.workload.pod.path
        via = f"{entry.via.kind} {entry.via.namespace} {entry.via.name} {entry.via.origin}"
        key = (via, meta.kind, meta.namespace, f"{meta.name} {meta.origin}", hash(pod), entry.port, entry.host)
        found.setdefault(key, entry)
    return tuple(found.values())


def _all_entries(inventory: Inventory) -> Iterator[Entry]:
    for service in inventory.services:
        yield from _service_entries(inventory, service)
    for ingress in inventory.ingresses:
        reach = ingress_reach(ingress, inventory)
        for backend in ingress.backends:
            entry = _judged_by_host(reach, backend.host)
            encrypted = _ingress_encrypts(ingress, backend.host)
            yield from _backend_entries(inventory, ingress.meta, backend, entry, encrypted=encrypted)
    for route in inventory.routes:
        yield from _route_entries(inventory, route)
    for workload in inventory.workloads:
        yield from _host_entries(workload)


# --- Services ---------------------------------------------------------------------------------------------------------


def service_reach(service: Service) -> Judged | None:
    """Who reaches the Service from outside, and by which word of it; None when it is for the cluster only."""
    judged = _by_type(service)
    if not service.external_ips or service.type == "ExternalName":
        return judged
    shown = ", ".join(service.external_ips)
    if only_private(service.external_ips):
        return judged or (
            Reach.INTERNAL,
            Text(f"its external address {shown} is a private one", f"其外部地址 {shown} 是内网地址"),
        )
    public = Text(f"it answers on the public address {shown}", f"它在公网地址 {shown} 上应答")
    return judged if judged and judged[0] is Reach.INTERNET else (Reach.INTERNET, public)


def _by_type(service: Service) -> Judged | None:
    if service.type == "NodePort":
        return Reach.ASSUMED_INTERNET, Text(
            "every node opens its port; whether the nodes have public addresses is not seen here",
            "每个节点都会开放该端口；这里看不到节点是否有公网地址",
        )
    return _load_balancer(service) if service.type == "LoadBalancer" else None


def _load_balancer(service: Service) -> Judged:
    annotations, name = service.meta.annotations, service.load_balancer_class
    limited = allowed((*service.source_ranges, *_listed(annotations.get(key, "") for key in ADDRESS_LISTS)))
    own = signed(SERVICE_SIGNS, annotations) or addressed(annotations) or (classed(name) if name else None)
    # What keeps it inside counts first, then who may connect, then what is not seen, then what opens it.
    for judged in (own, limited):
        if judged and judged[0] is Reach.INTERNAL:
            return judged
    for judged in (access_listed(annotations), own):
        if judged and judged[0] is Reach.ASSUMED_INTERNET:
            return judged
    if own or limited:
        return own or limited or _PUBLIC_BY_DEFAULT
    if name:
        return Reach.ASSUMED_INTERNET, Text(
            f"what load balancers of the class {name} are reached by is not known",
            f"不清楚 {name} 类型的负载均衡能被谁访问",
        )
    return _PUBLIC_BY_DEFAULT


_PUBLIC_BY_DEFAULT: Judged = (
    Reach.INTERNET,
    Text(
        "type LoadBalancer gets a public address unless something says otherwise",
        "LoadBalancer 类型默认会得到公网地址，除非另有说明",
    ),
)


def _service_entries(inventory: Inventory, service: Service) -> Iterator[Entry]:
    judged = service_reach(service)
    if judged is None:
        return
    certificate = any(service.meta.annotations.get(key) for key in CERTIFICATES)
    for workload in inventory.selected_by(service):
        for port in service.ports:
            tls = certificate or port.name.startswith("https") or port.port in {443, 8443}
            at: Path = ("spec", "ports", port.index)
            yield Entry(workload, service.meta, at, port.target, "", judged[0], tls, judged[1])


def _listed(values: Iterator[str]) -> Sequence[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


# --- Ingresses --------------------------------------------------------------------------------------------------------


def ingress_reach(ingress: Ingress, inventory: Inventory) -> Judged:
    """Who reaches the Ingress: its annotations, its class, its controller's own Service, else what is usual."""
    annotations = ingress.meta.annotations
    limited = allowed(_listed(annotations.get(key, "") for key in ADDRESS_LISTS))
    if limited and limited[0] is Reach.INTERNAL:
        return limited
    judged = (
        signed(INGRESS_SIGNS, annotations)
        or _controller_reach(inventory, ingress.class_name or "nginx")
        or classed(ingress.class_name)
    )
    return judged or _by_class_name(ingress.class_name)


def _by_class_name(name: str) -> Judged:
    if any(word in name.lower() for word in ("internal", "intranet", "private", "inner")):
        return Reach.ASSUMED_INTERNET, Text(
            f"the class {name} sounds internal, but its controller is not seen here",
            f"类型 {name} 听起来是内网的，但这里看不到它的控制器",
        )
    return Reach.INTERNET, Text(
        "it publishes the workload, and nothing keeps its controller inside",
        "它对外发布该工作负载，且没有任何内容把它的控制器限制在内网",
    )


def controllers(inventory: Inventory, class_name: str) -> tuple[Workload, ...]:
    """The controllers that serve a class: those that name it, else those of its family; none where none was read."""
    exact = tuple(w for w, c in inventory.controllers if c == class_name)
    return exact or tuple(w for w, c in inventory.controllers if c in FAMILIES and c in class_name)


def services_before(inventory: Inventory, workloads: Sequence[Workload]) -> tuple[Service, ...]:
    """The Services that select one of the workloads."""
    found = (s for w in workloads for s in inventory.services_by_workload.get(id(w), ()))
    return tuple({id(s): s for s in found}.values())


def _controller_reach(inventory: Inventory, class_name: str) -> Judged | None:
    """The widest reach of the Services before the controllers of a class, None where none was read."""
    chosen = controllers(inventory, class_name)
    found: list[Judged] = []
    for service in services_before(inventory, chosen):
        judged = service_reach(service)
        if judged:
            why = Text(
                f"its controller's Service {service.meta.name}: {judged[1].en}",
                f"其控制器的 Service {service.meta.name}：{judged[1].zh}",
            )
            found.append((judged[0], why))
    found += [(Reach.ASSUMED_INTERNET, _ON_NODES) for w in chosen if w.pod.host_network]
    return min(found, key=lambda judged: list(Reach).index(judged[0]), default=None)


_ON_NODES = Text(
    "it listens on the nodes; whether they have public addresses is not seen here",
    "它在节点上监听；这里看不到节点是否有公网地址",
)
_INSIDE_NAMES = (
    ".local",
    ".internal",
    ".lan",
    ".intranet",
    ".corp",
    ".home",
    ".svc",
    ".test",
    ".localhost",
    ".private",
)


def _judged_by_host(judged: Judged, host: str) -> Judged:
    """An entry for a name that no public DNS serves (RFC 6761, RFC 6762, ICANN's `.internal`) is at most assumed."""
    if judged[0] is Reach.INTERNET and (host == "localhost" or host.endswith(_INSIDE_NAMES)):
        return Reach.ASSUMED_INTERNET, Text(
            f"the host {host} is not a public name, though the address may be",
            f"{host} 不是公网域名，但地址可能是公网的",
        )
    return judged


def tls_hosts(ingress: Ingress) -> frozenset[str]:
    """The hosts for which the Ingress ends TLS; `""` stands for every host."""
    certificate = any(ingress.meta.annotations.get(key) for key in CERTIFICATES)
    listed = {host for entry in ingress.tls_hosts for host in (entry or ("",))}
    passed = ingress.meta.annotations.get("nginx.ingress.kubernetes.io/ssl-passthrough") == "true"
    listens = '"HTTPS"' in ingress.meta.annotations.get("alb.ingress.kubernetes.io/listen-ports", "")
    router = ingress.meta.annotations.get("traefik.ingress.kubernetes.io/router.tls") == "true"
    return frozenset(listed | {""}) if certificate or passed or listens or router else frozenset(listed)


def _ingress_encrypts(ingress: Ingress, host: str) -> bool:
    return any(host_matches(pattern, host) for pattern in tls_hosts(ingress))


def host_matches(pattern: str, host: str) -> bool:
    """Whether a host stands under a pattern: the same name, `""` or `*` for all, `*.x` for names below x."""
    if pattern in {"", "*"} or pattern == host:
        return True
    return pattern.startswith("*.") and host.endswith(pattern[1:])


# --- Gateways and routes ----------------------------------------------------------------------------------------------


def gateway_reach(gateway: Gateway, inventory: Inventory) -> Judged | None:
    """Who reaches a Gateway; None when it is for the cluster only (Istio's `service-type: ClusterIP`)."""
    annotations = gateway.meta.annotations
    if annotations.get("networking.istio.io/service-type") == "ClusterIP":
        return None
    return (
        signed(SERVICE_SIGNS, annotations)
        or classed(gateway.class_name)
        or _controller_reach(inventory, gateway.class_name)
        or _by_class_name(gateway.class_name)
    )


def _route_entries(inventory: Inventory, route: Route) -> Iterator[Entry]:
    if route.meta.group == "route.openshift.io":
        limited = allowed(_listed(route.meta.annotations.get(key, "") for key in ADDRESS_LISTS))
        for backend in route.backends:
            judged = limited or _judged_by_host(_by_class_name(""), backend.host)
            yield from _backend_entries(inventory, route.meta, backend, judged, encrypted=route.tls is not None)
        return
    for namespace, name in route.gateways:
        gateway = inventory.gateways_by_name.get((namespace, name))
        if gateway is None:
            unseen: Judged = (
                Reach.ASSUMED_INTERNET,
                Text(f"its gateway {namespace}/{name} is not seen here", f"这里看不到它的网关 {namespace}/{name}"),
            )
            for backend in route.backends:
                yield from _backend_entries(inventory, route.meta, backend, unseen, encrypted=False)
            continue
        judged_or_none = gateway_reach(gateway, inventory)
        if judged_or_none is None:
            continue
        for backend in route.backends:
            listeners = [x for x in gateway.listeners if host_matches(x.hostname, backend.host) or not backend.host]
            host = backend.host or next((x.hostname for x in listeners), "")
            yield from _backend_entries(
                inventory,
                route.meta,
                replace(backend, host=host),
                _judged_by_host(judged_or_none, host),
                encrypted=bool(listeners) and all(encrypts(x) for x in listeners),
            )


def encrypts(listener: Listener) -> bool:
    """Whether a listener speaks TLS to its clients."""
    return listener.terminated or listener.protocol.upper() in {"HTTPS", "TLS"}


def _backend_entries(
    inventory: Inventory, via: Meta, backend: Backend, judged: Judged, *, encrypted: bool
) -> Iterator[Entry]:
    for service in inventory.services_by_name.get((backend.namespace, backend.service), ()):
        target = next((p.target for p in service.ports if _names(p, backend.port)), backend.port)
        for workload in inventory.selected_by(service):
            yield Entry(workload, via, backend.at, target, backend.host, judged[0], encrypted, judged[1])


def _names(port: ServicePort, wanted: str | int | None) -> bool:
    return wanted is None or wanted in {port.port, port.name, port.target}


# --- Pods on the node's own addresses ---------------------------------------------------------------------------------


def _host_entries(workload: Workload) -> Iterator[Entry]:
    for container in workload.pod.regular:
        for port in container.ports:
            if not port.host_port and not workload.pod.host_network:
                continue
            if port.host_ip.startswith("127.") or port.host_ip == "::1":
                continue
            inside = bool(port.host_ip) and only_private((port.host_ip,))
            written: Path = (*container.path, "ports", port.index)
            at = (*written, "hostPort") if port.host_port else written
            reach = Reach.INTERNAL if inside else Reach.ASSUMED_INTERNET
            yield Entry(
                workload, workload.meta, at, port.container_port, "", reach, port.container_port == 443, _ON_NODES
            )
