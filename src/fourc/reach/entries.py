"""What Ingresses, routes and Services lead to: pods and their ports."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import Backend, Route, Service, ServicePort
from fourc.model.kubernetes.pod import Workload
from fourc.model.ports import PortSet
from fourc.patch.yaml.node import Path


class Entry(Struct, frozen=True):
    """An Ingress or route (`via`, at the field `at`) that leads to ports of a workload through a Service.

    `wrong_port` when it names a target port where the API asks for a port of the Service.
    """

    via: Meta
    at: Path
    service: Service
    workload: Workload
    ports: PortSet
    wrong_port: bool = False


def controller_entries(inventory: Inventory) -> Iterator[Entry]:
    """Where ingress controllers and gateways lead, in the order of Ingresses and routes; a mesh's own routes do not."""
    for ingress in inventory.ingresses:
        for backend in ingress.backends:
            yield from _behind(inventory, ingress.meta, backend)
    for route in inventory.routes:
        if is_entry(route):
            for backend in route.backends:
                yield from _behind(inventory, route.meta, backend, by_target=route.meta.group == "route.openshift.io")


def is_entry(route: Route) -> bool:
    """Whether a route is for what comes through a gateway or router; others are for a mesh's own traffic."""
    return bool(route.gateways) or route.meta.group == "route.openshift.io"


def service_entries(inventory: Inventory) -> Iterator[tuple[Service, Workload, PortSet]]:
    """The pods behind each Service, with the ports that it leads to (every type but ExternalName, which leads outside)."""
    for service in inventory.services:
        if service.type != "ExternalName":
            for workload in inventory.selected_by(service):
                ports = target_ports(workload, service.ports)
                if ports:
                    yield service, workload, ports


def _behind(inventory: Inventory, via: Meta, backend: Backend, *, by_target: bool = False) -> Iterator[Entry]:
    for service in inventory.services_by_name.get((backend.namespace, backend.service), ()):
        if service.type == "ExternalName":
            continue
        meant = [p for p in service.ports if backend.port is None or backend.port in {p.name, p.port}]
        lenient = by_target or not meant
        if lenient:  # routers look for the target, and some controllers take it where no port has the number
            meant += [p for p in service.ports if p not in meant and p.target == backend.port]
        for workload in inventory.selected_by(service):
            ports = target_ports(workload, meant)
            if ports:
                yield Entry(via, backend.at, service, workload, ports, wrong_port=lenient and not by_target)


def target_ports(workload: Workload, ports: Iterable[ServicePort]) -> PortSet:
    """The pod's ports behind a Service's; a name that the pod does not have leads nowhere."""
    found: list[tuple[str, int, int]] = []
    for port in ports:
        if isinstance(port.target, int):
            found.append((port.protocol, port.target, port.target))
        else:
            found += (
                (p.protocol, p.container_port, p.container_port)
                for c in workload.pod.containers
                if c.runs_on
                for p in c.ports
                if p.name == port.target and p.protocol == port.protocol
            )
    return PortSet.of(found)
