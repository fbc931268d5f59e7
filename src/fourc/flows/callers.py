"""Who calls a workload without naming it: entries, the API server, probes, scrapers, its own replicas."""

from collections.abc import Iterator, Sequence

from fourc.fix.images import parse_image
from fourc.flows.targets import Names, Target, named_port, pod_port
from fourc.model.exposure import controllers, entries
from fourc.model.flows import (
    ANYWHERE,
    API_SERVER,
    CLUSTER,
    NODE,
    Evidence,
    EvidenceKind,
    Flow,
    FlowPort,
    Party,
    workload_party,
)
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.monitoring import Monitor, MonitorEndpoint
from fourc.model.kubernetes.network import Service
from fourc.model.kubernetes.pod import ContainerPort, Workload
from fourc.patch.yaml.node import Path

_SCRAPERS = ("/prometheus", "/vmagent", "/vmsingle", "/victoria-metrics", "/prometheus-agent")
_SCRAPE_KEYS = ("prometheus.io/", "monitoring.alibabacloud.com/")


def entering(inventory: Inventory) -> Iterator[Flow]:
    """From outside: through load balancers, node ports and host ports by anyone, through Ingresses by their controller.

    A controller that was not read, or that shares its node's network, cannot be told from anyone else.
    """
    classes = {i.meta.ref: i.class_name or "nginx" for i in inventory.ingresses}
    gateways = {g.meta.ref: g.class_name for g in inventory.gateways}
    routes = {
        r.meta.ref: [gateways.get(g.meta.ref, "") for n in r.gateways if (g := inventory.gateways_by_name.get(n))]
        for r in inventory.routes
    }
    for entry in entries(inventory):
        served = [classes[entry.via.ref]] if entry.via.ref in classes else routes.get(entry.via.ref, [])
        callers = [w for name in served for w in controllers(inventory, name)]
        sources: list[Party] = [ANYWHERE]
        if callers and not any(w.pod.host_network for w in callers):
            sources = [workload_party(w.meta.ref) for w in callers]
        target = workload_party(entry.workload.meta.ref)
        for port in _entry_ports(inventory, entry.workload, entry.via, entry.port):
            for source in sources:
                if source != target:
                    yield Flow(source, target, port, (_evidence(EvidenceKind.ENTRY, entry.via, entry.at),))


def _entry_ports(
    inventory: Inventory, workload: Workload, via: Meta, port: str | int | None
) -> Iterator[FlowPort | None]:
    services = inventory.services_by_workload.get(id(workload), ())
    if via.kind == "Service":
        services = tuple(s for s in services if s.meta == via)
    ports = {pod_port(workload, p) for s in services for p in s.ports if port in {p.port, p.name, p.target, None}}
    if ports:
        yield from sorted(ports, key=str)
    else:
        yield named_port(workload, port) if port is not None else None


def from_api_server(names: Names) -> Iterator[Flow]:
    """Admission webhooks and aggregated APIs."""
    for configuration in names.inventory.webhooks:
        for webhook in configuration.webhooks:
            if webhook.service is not None:
                called = webhook.service
                at = (*webhook.path, "clientConfig", "service")
                evidence = _evidence(EvidenceKind.WEBHOOK, configuration.meta, at, called.name)
                yield from _called(names, called.namespace, called.name, called.port, evidence)
    for api in names.inventory.api_services:
        evidence = _evidence(EvidenceKind.WEBHOOK, api.meta, ("spec", "service"), api.service)
        yield from _called(names, api.namespace, api.service, api.port, evidence)


def alerting(names: Names) -> Iterator[Flow]:
    """Prometheus sends alerts to the Services that its object names."""
    for pods in names.inventory.operated:
        for at, namespace, name, port in pods.alerts:
            for service in names.inventory.services_by_name.get((namespace, name), ()):
                evidence = _evidence(EvidenceKind.MONITOR, pods.meta, at, name)
                for target in names.behind(service, port):
                    yield Flow(workload_party(pods.meta.ref), target.party, target.port, (evidence,))


def _called(names: Names, namespace: str, name: str, port: int, evidence: Evidence) -> Iterator[Flow]:
    for service in names.inventory.services_by_name.get((namespace, name), ()):
        for target in names.behind(service, port):
            yield Flow(API_SERVER, target.party, target.port, (evidence,))


def probing(workload: Workload) -> Iterator[Flow]:
    """The kubelet's probes and hooks; a probe of another host does not come to this pod."""
    me = workload_party(workload.meta.ref)
    for container in workload.pod.containers:
        for probe in container.probes:
            if probe.port is None or probe.host or probe.action not in {"httpGet", "tcpSocket", "grpc"}:
                continue
            at = (*container.path, *probe.field)
            evidence = _evidence(EvidenceKind.PROBE, workload.meta, at, probe.field[-1])
            yield Flow(NODE, me, named_port(workload, probe.port), (evidence,))


def scrapers(inventory: Inventory) -> tuple[Workload, ...]:
    """The workloads that scrape metrics: Prometheus and what speaks like it."""
    operated = {o.meta.ref for o in inventory.operated if o.scrapes}
    return tuple(
        w
        for w in inventory.workloads
        if w.meta.ref in operated
        or any(f"/{parse_image(c.image).repository}".endswith(_SCRAPERS) for c in w.pod.regular if c.image)
    )


def scraping(inventory: Inventory, callers: Sequence[Workload]) -> Iterator[Flow]:
    """Monitors and scrape annotations; without a scraper that was read, any pod may be the one."""
    sources: list[Party] = [workload_party(w.meta.ref) for w in callers] or [CLUSTER]
    for monitor in inventory.monitors:
        for target, evidence in _monitored(inventory, monitor):
            yield from (Flow(s, target.party, target.port, (evidence,)) for s in sources)
    for workload in inventory.workloads:
        for target, evidence in _annotated(inventory, workload):
            yield from (Flow(s, target.party, target.port, (evidence,)) for s in sources)


def _monitored(inventory: Inventory, monitor: Monitor) -> Iterator[tuple[Target, Evidence]]:
    where = monitor.namespaces
    for endpoint in monitor.endpoints:
        evidence = _evidence(
            EvidenceKind.MONITOR, monitor.meta, endpoint.path, endpoint.port or str(endpoint.target or "")
        )
        pairs: list[tuple[Workload, Service | None]]
        if monitor.meta.kind == "PodMonitor":
            chosen = [w for w in inventory.workloads if monitor.selector.matches(w.pod.labels)]
            pairs = [(w, None) for w in chosen if where is None or w.meta.namespace in where]
        else:
            services = [s for s in inventory.services if monitor.selector.matches(s.meta.labels)]
            services = [s for s in services if where is None or s.meta.namespace in where]
            pairs = [(w, s) for s in services for w in inventory.selected_by(s)]
        for workload, service in pairs:
            for port in _endpoint_ports(workload, service, endpoint):
                yield Target(workload_party(workload.meta.ref), port), evidence


def _endpoint_ports(
    workload: Workload, service: Service | None, endpoint: MonitorEndpoint
) -> Iterator[FlowPort | None]:
    if endpoint.port and service is not None:
        yield from (pod_port(workload, p) for p in service.ports if p.name == endpoint.port)
    elif endpoint.port:
        yield named_port(workload, endpoint.port)
    elif endpoint.target is not None:
        yield named_port(workload, endpoint.target)
    else:
        yield None


def _annotated(inventory: Inventory, workload: Workload) -> Iterator[tuple[Target, Evidence]]:
    """`prometheus.io/scrape` on the pods or on a Service before them; without a port, each port that is declared."""
    services = inventory.services_by_workload.get(id(workload), ())
    places: list[tuple[Meta, Path, dict[str, str]]] = [
        (workload.meta, (*workload.pod.meta_path, "annotations"), dict(workload.pod.annotations)),
        *((s.meta, ("metadata", "annotations"), dict(s.meta.annotations)) for s in services),
    ]
    for meta, at, annotations in places:
        for prefix in _SCRAPE_KEYS:
            if annotations.get(f"{prefix}scrape", "").lower() != "true":
                continue
            evidence = _evidence(EvidenceKind.SCRAPE, meta, (*at, f"{prefix}scrape"), f"{prefix}scrape")
            port = annotations.get(f"{prefix}port", "")
            declared = [c for container in workload.pod.regular for c in container.ports]
            ports: list[FlowPort | None] = [FlowPort(c.container_port) for c in _tcp(declared)]
            ports = [named_port(workload, port)] if port else ports
            for found in ports or [None]:
                yield Target(workload_party(workload.meta.ref), found), evidence


def _tcp(ports: list[ContainerPort]) -> list[ContainerPort]:
    return [p for p in ports if p.protocol == "TCP" and p.container_port]


def among_replicas(inventory: Inventory, workload: Workload) -> Iterator[Flow]:
    """The members of a set talk to each other: pods with names of their own, behind a headless Service."""
    headless = [s for s in inventory.services_by_workload.get(id(workload), ()) if s.headless]
    if workload.meta.kind == "StatefulSet" and headless:
        me = workload_party(workload.meta.ref)
        yield Flow(me, me, None, (_evidence(EvidenceKind.PEERS, headless[0].meta, ("spec", "clusterIP")),))
    elif workload.meta.kind == "Alertmanager":
        me = workload_party(workload.meta.ref)
        for protocol in ("TCP", "UDP"):
            yield Flow(me, me, FlowPort(9094, protocol), (_evidence(EvidenceKind.PEERS, workload.meta, ("spec",)),))


def _evidence(kind: EvidenceKind, meta: Meta, at: Path, says: str = "") -> Evidence:
    return Evidence(kind, says or meta.name, meta.ref, meta.origin, at)
