"""What was seen on the wire, in a registry's export or in source code, matched with the workloads that were read."""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from fourc.fix.images import parse_image
from fourc.flows.references import Texts
from fourc.flows.targets import Names, pod_port
from fourc.model.flows import (
    ANYWHERE,
    API_SERVER,
    CLUSTER,
    DNS,
    NODE,
    Code,
    Evidence,
    EvidenceKind,
    Flow,
    FlowPort,
    Party,
    PartyKind,
    Sighting,
    workload_party,
)
from fourc.model.kubernetes.pod import Workload
from fourc.model.subject import Ref

_WORDS: Mapping[str, Party] = {
    "anywhere": ANYWHERE, "world": ANYWHERE, "api-server": API_SERVER, "kube-apiserver": API_SERVER, "node": NODE,
    "host": NODE, "remote-node": ANYWHERE, "cluster": CLUSTER, "dns": DNS,
}  # fmt: skip
_APPLICATION_KEYS = (
    "SPRING_APPLICATION_NAME",
    "spring.application.name",
    "DUBBO_APPLICATION_NAME",
    "dubbo.application.name",
)


class Learned(Struct, frozen=True):
    """The flows, the workloads whose own calls somebody saw or whose sources were read, and what matched nothing."""

    flows: tuple[Flow, ...]
    witnessed: frozenset[Ref]
    unmatched: tuple[Sighting, ...] = ()


def learned(names: Names, texts: Texts, sightings: Sequence[Sighting], code: Code) -> Learned:
    """Match every sighting and every client in code; what matches nothing that was read is left out."""
    matcher = _Matcher(names, texts)
    flows: list[Flow] = []
    witnessed: set[Ref] = set()
    unmatched: list[Sighting] = []
    for sighting in sightings:
        found: list[Flow] = []
        sources = matcher.parties(sighting.source, sighting.kind)
        for source in sources:
            found += matcher.seen(sighting, source)
        witnessed |= {flow.source.ref for flow in found if flow.source.ref is not None}
        flows += found
        if not found:
            unmatched.append(sighting)
    for application in sorted(code.applications):
        witnessed |= {w.meta.ref for w in matcher.applications.get(application, ())}
    for client in code.clients:
        evidence = (Evidence(EvidenceKind.CODE, client.service, place=client.place),)
        for source_workload in matcher.applications.get(client.application, ()):
            for target in matcher.applications.get(client.service, ()):
                for port in matcher.ports(target):
                    me, other = workload_party(source_workload.meta.ref), workload_party(target.meta.ref)
                    flows += [Flow(me, other, port, evidence)] if me != other else []
    return Learned(tuple(flows), frozenset(witnessed), tuple(unmatched))


class _Matcher:
    def __init__(self, names: Names, texts: Texts) -> None:
        self.names = names
        self.inventory = names.inventory
        self.texts = texts

    @cached_property
    def applications(self) -> Mapping[str, tuple[Workload, ...]]:
        """Workloads by every name that code or a registry may know them by, in lower case."""
        found: dict[str, dict[Ref, Workload]] = {}
        for workload in self.inventory.workloads:
            known = {workload.meta.name, *(workload.pod.labels.get(k, "") for k in ("app", "app.kubernetes.io/name"))}
            known |= {s.meta.name for s in self.inventory.services_by_workload.get(id(workload), ())}
            known |= {parse_image(c.image).repository.rpartition("/")[2] for c in workload.pod.regular if c.image}
            known |= {said.text for said in self.texts.of(workload) if said.key.lstrip("-D") in _APPLICATION_KEYS}
            for name in known - {""}:
                found.setdefault(name.lower(), {})[workload.meta.ref] = workload
        return {name: tuple(workloads.values()) for name, workloads in found.items()}

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], tuple[Party, ...]]:
        found: dict[tuple[str, str], dict[Party, None]] = {}
        for workload in self.inventory.workloads:
            namespace = workload.meta.namespace or "default"
            party = workload_party(workload.meta.ref)
            services = (s.meta.name for s in self.inventory.services_by_workload.get(id(workload), ()))
            for name in (workload.meta.name, *services):
                found.setdefault((namespace, name), {})[party] = None
        return {key: tuple(parties) for key, parties in found.items()}

    @cached_property
    def _namespaces_of(self) -> Mapping[str, tuple[str, ...]]:
        """The namespaces in which something has a name."""
        found: dict[str, dict[str, None]] = {}
        for namespace, name in self._by_name:
            found.setdefault(name, {})[namespace] = None
        return {name: tuple(namespaces) for name, namespaces in found.items()}

    @cached_property
    def _workloads(self) -> Mapping[Ref, Workload]:
        return {w.meta.ref: w for w in reversed(self.inventory.workloads)}

    def parties(self, end: str, kind: EvidenceKind) -> tuple[Party, ...]:
        """What one end of a sighting is; nothing where it names something that was not read."""
        if end in _WORDS:
            return (_WORDS[end],)
        if kind is EvidenceKind.REGISTRY and end.lower() in self.applications:
            return tuple(workload_party(w.meta.ref) for w in self.applications[end.lower()])
        if end in self.inventory.addresses:
            ref = self.inventory.addresses[end]
            return (workload_party(ref),) if ref in self._workloads else ()
        try:
            network = ipaddress.ip_network(end, strict=False)
        except ValueError:
            return tuple(self._named(end))
        return (Party(PartyKind.ADDRESS, str(network)),)

    def _named(self, end: str) -> Iterator[Party]:
        namespace, slash, name = end.rpartition("/")
        if not slash:
            wanted = self._namespaces_of.get(end, ())
            if len(wanted) == 1:
                yield from self._by_name[wanted[0], end]
            elif "." in end:
                yield Party(PartyKind.HOST, end.rstrip("."))
            return
        exact = self._by_name.get((namespace, name))
        if exact:
            yield from exact
            return
        # A pod's name: its workload's, then a template's hash and five letters, or a number.
        parts = name.split("-")
        for cut in (1, 2):
            maker = "-".join(parts[:-cut])
            if maker and (namespace, maker) in self._by_name:
                yield from self._by_name[namespace, maker]
                return

    def seen(self, sighting: Sighting, source: Party) -> Iterator[Flow]:
        """The flows that a sighting from this source speaks for."""
        evidence = (Evidence(sighting.kind, f"{sighting.source} -> {sighting.target}", place=sighting.place),)
        port = None if sighting.port is None else FlowPort(sighting.port, sighting.protocol)
        for target in self.parties(sighting.target, sighting.kind):
            for known in self._pod_ports(target, port, sighting):
                if source != target and PartyKind.WORKLOAD in {source.kind, target.kind}:
                    yield Flow(source, target, known, evidence)

    def _pod_ports(self, target: Party, port: FlowPort | None, sighting: Sighting) -> Iterable[FlowPort | None]:
        """The pod's ports: a registry knows none, and a table may name the Service's."""
        if target.ref is None:
            return (port,)
        workload = self._workloads[target.ref]
        if port is None:
            return self.ports(workload) if sighting.kind is EvidenceKind.REGISTRY else (None,)
        declared = {p.container_port for c in workload.pod.regular for p in c.ports}
        if port.port in declared:
            return (port,)
        services = self.inventory.services_by_workload.get(id(workload), ())
        behind = [
            pod_port(workload, p)
            for s in services
            for p in s.ports
            if (p.port, p.protocol) == (port.port, port.protocol)
        ]
        return behind or (port,)

    def ports(self, workload: Workload) -> tuple[FlowPort | None, ...]:
        """Every port that the workload or a Service before it declares; every one at all where none is."""
        services = self.inventory.services_by_workload.get(id(workload), ())
        ports = {pod_port(workload, p) for s in services for p in s.ports}
        ports |= {FlowPort(p.container_port, p.protocol) for c in workload.pod.regular for p in c.ports}
        return tuple(sorted(ports, key=str)) or (None,)
