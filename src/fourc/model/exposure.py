"""Who reaches which workload from outside the cluster, as far as the manifests say.

INTERNET stands for what a manifest makes public; where an instance, a class or a name leaves it open the entry is
assumed, and `why` says what would settle it.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from fourc.model.infrastructure import recognise
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import Backend, Gateway, Ingress, Listener, Route, Service, ServicePort
from fourc.model.kubernetes.pod import Workload
from fourc.model.load_balancers import CERTIFICATES, Judged, Reach, allowed, only_private
from fourc.model.reaches import (
    ON_NODES,
    PUBLISHED,
    SCAN_TOO,
    SEE_NODES,
    address_list,
    controllers,
    gateway_reach,
    ingress_reach,
    judged_by_host,
    service_reach,
    services_before,
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


class Entry(Struct, frozen=True):
    """One way from outside into a workload: the object `via` opens it at `at`, for a host and a port of the pod.

    `encrypted` when TLS ends at the entry or passes through it; `remedy` settles one that is only assumed, None where
    looking at the address that the cluster gave it is enough.
    """

    workload: Workload
    via: Meta
    at: Path
    port: str | int | None
    host: str
    reach: Reach
    encrypted: bool
    why: Text
    remedy: Text | None = None


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
            entry = judged_by_host(reach, backend.host)
            encrypted = _ingress_encrypts(ingress, backend.host)
            yield from _backend_entries(inventory, ingress.meta, backend, entry, encrypted=encrypted)
    for route in inventory.routes:
        yield from _route_entries(inventory, route)
    for workload in inventory.workloads:
        yield from _host_entries(workload)


# --- Services ---------------------------------------------------------------------------------------------------------


def _service_entries(inventory: Inventory, service: Service) -> Iterator[Entry]:
    judged = service_reach(service)
    if judged is None:
        return
    certificate = any(service.meta.annotations.get(key) for key in CERTIFICATES)
    for workload in inventory.selected_by(service):
        for port in service.ports:
            if not _leads_into(port, workload):
                continue
            tls = certificate or port.name.startswith("https") or port.port in {443, 8443}
            at: Path = ("spec", "ports", port.index)
            yield Entry(workload, service.meta, at, port.target, "", judged.reach, tls, judged.why, judged.remedy)


# --- Ingresses --------------------------------------------------------------------------------------------------------


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


def _route_entries(inventory: Inventory, route: Route) -> Iterator[Entry]:
    if route.meta.group == "route.openshift.io":
        limited = allowed(address_list(route.meta.annotations))
        for backend in route.backends:
            judged = limited or judged_by_host(PUBLISHED, backend.host)
            yield from _backend_entries(inventory, route.meta, backend, judged, encrypted=route.tls is not None)
        return
    for number, (namespace, name) in enumerate(route.gateways):
        gateway = inventory.gateways_by_name.get((namespace, name))
        if gateway is None:
            unseen = Judged(
                Reach.ASSUMED_INTERNET,
                Text(f"its gateway {namespace}/{name} is not seen here", f"这里看不到它的网关 {namespace}/{name}"),
                SCAN_TOO.of(what=f"Gateway {namespace}/{name}"),
            )
            for backend in route.backends:
                yield from _backend_entries(inventory, route.meta, backend, unseen, encrypted=False)
            continue
        section = route.sections[number] if route.sections else ""
        yield from _gateway_entries(inventory, route, gateway, section)


def _gateway_entries(inventory: Inventory, route: Route, gateway: Gateway, section: str) -> Iterator[Entry]:
    """What a Gateway opens by those of its listeners (all, or the named one) that take the route and its hosts."""
    reach = gateway_reach(gateway, inventory)
    named = [(x, _admits(gateway, x, route, inventory)) for x in gateway.listeners if section in {"", x.name}]
    admitting = [(x, verdict) for x, verdict in named if verdict is not False]
    if reach is None or (gateway.listeners and not admitting):
        return
    for backend in route.backends:
        if admitting and not any(_meet(x.hostname, backend.host) for x, _ in admitting):
            continue
        matching = [(x, v) for x, v in admitting if host_matches(x.hostname, backend.host) or not backend.host]
        listeners = [x for x, _ in matching]
        host = backend.host or next((x.hostname for x in listeners), "")
        judged = judged_by_host(reach, host)
        if admitting and all(verdict is None for _, verdict in matching or admitting):
            judged = _unsure(judged, gateway, route)
        encrypted = bool(listeners) and all(encrypts(x) for x in listeners)
        yield from _backend_entries(inventory, route.meta, replace(backend, host=host), judged, encrypted=encrypted)


def _meet(one: str, other: str) -> bool:
    """Whether two patterns of hosts have one in common; an empty one stands for all."""
    return not other or host_matches(one, other) or host_matches(other, one)


_LABEL_OF_NAME = "kubernetes.io/metadata.name"
_NOT_SEEN = Text(
    "the allowedRoutes of Gateway {g} select namespaces by labels, and those of {n} are not seen here",
    "Gateway {g} 的 allowedRoutes 按标签选择命名空间，而这里看不到 {n} 的标签",
)


def _admits(gateway: Gateway, listener: Listener, route: Route, inventory: Inventory) -> bool | None:
    """Whether a listener takes routes of the route's namespace; None where labels decide that were not read."""
    namespace = route.meta.namespace or "default"
    if listener.admits == "Same":
        return namespace == (gateway.meta.namespace or "default")
    if listener.admits != "Selector":
        return listener.admits == "All"
    if listener.selector is None:
        return False
    seen = next((n.meta.labels for n in inventory.namespaces if n.meta.name == namespace), None)
    if listener.selector.matches({**(seen or {}), _LABEL_OF_NAME: namespace}):
        return True
    return False if seen is not None else None


def _unsure(judged: Judged, gateway: Gateway, route: Route) -> Judged:
    if judged.reach is not Reach.INTERNET:
        return judged
    name = route.meta.namespace or "default"
    why = _NOT_SEEN.of(g=gateway.meta.name, n=name)
    return Judged(Reach.ASSUMED_INTERNET, why, SCAN_TOO.of(what=f"Namespace {name}"))


def encrypts(listener: Listener) -> bool:
    """Whether a listener speaks TLS to its clients."""
    return listener.terminated or listener.protocol.upper() in {"HTTPS", "TLS"}


def _backend_entries(
    inventory: Inventory, via: Meta, backend: Backend, judged: Judged, *, encrypted: bool
) -> Iterator[Entry]:
    for service in inventory.services_by_name.get((backend.namespace, backend.service), ()):
        if service.type == "ExternalName":
            continue
        meant = _meant(service, backend.port, by_target=via.group == "route.openshift.io")
        for workload in inventory.selected_by(service):
            port = next((p for p in meant if _leads_into(p, workload)), None)
            if port is not None:
                yield Entry(
                    workload,
                    via,
                    backend.at,
                    port.target,
                    backend.host,
                    judged.reach,
                    encrypted,
                    judged.why,
                    judged.remedy,
                )


def _meant(service: Service, wanted: str | int | None, *, by_target: bool) -> Sequence[ServicePort]:
    """The ports of the Service that a backend means; what names none of them leads nowhere.

    Routers of OpenShift look for the target, and some Ingress controllers take it where no port has the number.
    """
    found = [p for p in service.ports if wanted is None or wanted in {p.port, p.name}]
    if by_target or not found:
        found += [p for p in service.ports if p not in found and p.target == wanted]
    return found


def _leads_into(port: ServicePort, workload: Workload) -> bool:
    """Whether the pod has the target of the port; a name that no container has leads nowhere."""
    if not isinstance(port.target, str):
        return True
    open_ports = (p for c in workload.pod.regular for p in c.ports)
    return any(p.name == port.target and p.protocol == port.protocol for p in open_ports)


# --- Pods on the node's own addresses ---------------------------------------------------------------------------------


def _host_entries(workload: Workload) -> Iterator[Entry]:
    platform = False
    if workload.pod.host_network or any(p.host_port for c in workload.pod.regular for p in c.ports):
        # what a program of the platform opens on the nodes is for the nodes and the cluster themselves
        platform = recognise(workload) is not None
    for container in workload.pod.regular:
        for port in container.ports:
            if not port.host_port and not workload.pod.host_network:
                continue
            if port.host_ip.startswith("127.") or port.host_ip == "::1":
                continue
            inside = platform or (bool(port.host_ip) and only_private((port.host_ip,)))
            written: Path = (*container.path, "ports", port.index)
            at = (*written, "hostPort") if port.host_port else written
            reach = Reach.INTERNAL if inside else Reach.ASSUMED_INTERNET
            tls = port.container_port == 443
            yield Entry(workload, workload.meta, at, port.container_port, "", reach, tls, ON_NODES, SEE_NODES)
