"""From a host name to the pods behind it: Services in every form that the cluster's DNS knows, or the world outside.

https://github.com/kubernetes/dns/blob/master/docs/specification.md
"""

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from fourc.flows.hosts import Host, Sign, is_address, is_public_name
from fourc.model.flows import API_SERVER, FlowPort, Party, PartyKind, workload_party
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import Service, ServicePort
from fourc.model.kubernetes.pod import Workload

_HOPS = 4
API_PORTS = (443, 6443)
"""The API server's Service and what usually stands behind it."""


class Target(Struct, frozen=True):
    """The far end of a connection and the port there; None means every port."""

    party: Party
    port: FlowPort | None


class Names:
    """Looks names up as a pod of a namespace would."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """Every namespace that was read or is named by an object."""
        inventory = self.inventory
        named = {n.meta.name for n in inventory.namespaces} | {
            s.meta.namespace or "default" for s in inventory.services
        }
        return frozenset(named | set(inventory.used_namespaces))

    def targets(self, host: Host, namespace: str) -> tuple[Target, ...]:
        """What stands behind the name for a pod of the namespace; nothing where that is not known."""
        return tuple(dict.fromkeys(self._look_up(host, namespace, _HOPS)))

    def is_inside(self, host: Host, namespace: str) -> bool:
        """Whether the name is one that only the cluster's own DNS can serve, read or not."""
        labels = host.name.split(".")
        single = len(labels) == 1 and host.placed and host.port is not None and not host.name.isdecimal()
        return single or bool(self._service_names(labels, namespace)) or self._namespace_in(labels) is not None

    def _look_up(self, host: Host, namespace: str, hops: int) -> Iterator[Target]:
        labels = host.name.split(".")
        known = _known_to_all(host)
        if known is not None:
            yield from known
            return
        for pair in self._service_names(labels, namespace):
            services = self.inventory.services_by_name.get(pair, ())
            if services:
                for service in services:
                    yield from self.behind(service, host.port, hops)
                return
        where = self._namespace_in(labels)
        if where is not None and where not in self.inventory.used_namespaces and (host.placed or "svc" in labels):
            yield Target(Party(PartyKind.PODS, where), None)  # a namespace that was read has no such Service
        elif where is None and is_public_name(host):
            yield Target(Party(PartyKind.HOST, host.name), FlowPort(host.port) if host.port else None)

    def _namespace_in(self, labels: list[str]) -> str | None:
        """The namespace that a name of the cluster's own DNS speaks of, though no such Service was read."""
        if len(labels) > 2 and "svc" in labels[1:]:
            return labels[labels.index("svc", 1) - 1]
        return labels[1] if len(labels) == 2 and labels[1] in self.namespaces else None

    def _service_names(self, labels: list[str], namespace: str) -> list[tuple[str, str]]:
        """The (namespace, Service) pairs that the name may mean, the likeliest first."""
        known = self.inventory.services_by_name
        count = len(labels)
        if "svc" in labels[1:]:
            at = labels.index("svc", 1)
            return [(labels[at - 1], labels[at - 2])] if at >= 2 else []
        pairs = [(namespace, labels[0])] if count == 1 else []
        if count == 2:
            pairs = [(labels[1], labels[0]), (namespace, labels[1])]
        elif count == 3:
            pairs = [(labels[2], labels[1])]
        return [p for i, p in enumerate(pairs) if p in known and ((i == 0 and count < 3) or self._headless(p))]

    def _headless(self, pair: tuple[str, str]) -> bool:
        return any(s.headless for s in self.inventory.services_by_name.get(pair, ()))

    def behind(self, service: Service, port: int | str | None, hops: int = _HOPS) -> Iterator[Target]:
        """The pods behind a Service's port (None: behind each); of an ExternalName what stands behind that name."""
        namespace = service.meta.namespace or "default"
        if service.type == "ExternalName":
            if hops and service.external_name:
                number = port if isinstance(port, int) else None
                yield from self._look_up(Host(service.external_name.lower(), number, Sign.FIELD), namespace, hops - 1)
            return
        workloads = list(self.inventory.selected_by(service))
        chosen = [p for p in service.ports if port is None or port in {p.port, p.name}]
        for workload in workloads:
            party = workload_party(workload.meta.ref)
            for entry in chosen:
                yield Target(party, pod_port(workload, entry))
            if not chosen:  # a headless Service leads to the pod's own port, whatever the Service lists
                yield Target(party, FlowPort(port) if port is not None else None)
        if workloads:
            return
        if service.selector:
            party = Party(PartyKind.PODS, namespace, labels=tuple(sorted(service.selector.items())))
            ports = [FlowPort(p.target if p.target is not None else p.port, p.protocol) for p in chosen]
            yield from (Target(party, port) for port in ports or (None,))
        else:
            yield from self._elsewhere(service, chosen)

    def _elsewhere(self, service: Service, chosen: list[ServicePort]) -> Iterator[Target]:
        """What a Service without a selector leads to: the addresses of its Endpoints, where those were read."""
        key = (service.meta.namespace or "default", service.meta.name)
        if key == ("default", "kubernetes"):
            yield from (Target(API_SERVER, FlowPort(port)) for port in API_PORTS)
            return
        names = {p.name for p in chosen}
        found = self.inventory.endpoints_by_service.get(key, ())
        for endpoints in found:
            ports = [FlowPort(p.port, p.protocol) for p in endpoints.ports if not names or p.name in names]
            for address in endpoints.addresses:
                party = Party(PartyKind.ADDRESS, f"{address}/{128 if ':' in address else 32}")
                yield from (Target(party, port) for port in ports or (None,))
        if not found:
            party = Party(PartyKind.HOST, f"{key[1]}.{key[0]}")
            numbers = [FlowPort(_number(p), p.protocol) for p in chosen]
            yield from (Target(party, port) for port in numbers or (None,))


def _known_to_all(host: Host) -> tuple[Target, ...] | None:
    """Addresses, the API server and the metadata service; None for every other name."""
    if host.name == "metadata.google.internal":
        return (Target(Party(PartyKind.ADDRESS, "169.254.169.254/32"), FlowPort(host.port or 80)),)
    if is_address(host.name):
        party = Party(PartyKind.ADDRESS, f"{host.name}/{128 if ':' in host.name else 32}")
        return (Target(party, FlowPort(host.port) if host.port else None),) if host.placed else ()
    if host.name.split(".")[:2] == ["kubernetes", "default"]:
        return tuple(Target(API_SERVER, FlowPort(port)) for port in API_PORTS)
    return None


def _number(port: ServicePort) -> int:
    return port.target if isinstance(port.target, int) else port.port


def pod_port(workload: Workload, port: ServicePort) -> FlowPort:
    """The pod's port behind a Service's port."""
    return named_port(workload, port.target if port.target is not None else port.port, port.protocol)


def named_port(workload: Workload, port: int | str, protocol: str = "TCP") -> FlowPort:
    """The port by its number where a container says it; a name of digits is a number."""
    if isinstance(port, str) and port.isdecimal():
        return FlowPort(int(port), protocol)
    if isinstance(port, str):
        for container in workload.pod.containers:
            for declared in container.ports:
                if declared.name == port:
                    return FlowPort(declared.container_port, declared.protocol)
    return FlowPort(port, protocol)
