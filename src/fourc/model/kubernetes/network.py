"""Services, entries and network policies."""

from collections.abc import Mapping

from msgspec import Struct

from fourc.model.kubernetes.meta import Meta
from fourc.patch.yaml.node import Path


class ServicePort(Struct, frozen=True):
    """One port of a Service."""

    index: int
    name: str
    port: int
    target: str | int | None
    node_port: int
    protocol: str


class Service(Struct, frozen=True):
    """core/v1 Service."""

    meta: Meta
    type: str
    selector: Mapping[str, str]
    ports: tuple[ServicePort, ...]
    external_name: str
    external_ips: tuple[str, ...]
    source_ranges: tuple[str, ...]
    load_balancer_class: str
    headless: bool


class EndpointPort(Struct, frozen=True):
    """One port of Endpoints; its name is that of the Service's port."""

    name: str
    port: int
    protocol: str


class Endpoints(Struct, frozen=True):
    """core/v1 Endpoints or discovery.k8s.io EndpointSlice: the addresses behind a Service of its namespace."""

    meta: Meta
    service: str
    addresses: tuple[str, ...]
    ports: tuple[EndpointPort, ...]


class Backend(Struct, frozen=True):
    """Where an entry leads: a Service of `namespace`, for a host and path."""

    host: str
    path: str
    namespace: str
    service: str
    port: str | int | None
    at: Path


class Ingress(Struct, frozen=True):
    """networking.k8s.io Ingress; `tls_hosts` holds one tuple for each `tls` entry (empty: every host)."""

    meta: Meta
    class_name: str
    backends: tuple[Backend, ...]
    tls_hosts: tuple[tuple[str, ...], ...]
    rule_hosts: tuple[tuple[Path, str], ...]


class IngressClass(Struct, frozen=True):
    """networking.k8s.io IngressClass; `parameters` are group, kind and name of the object with its settings."""

    meta: Meta
    controller: str
    parameters: tuple[str, str, str] | None
    default: bool


class BalancerSettings(Struct, frozen=True):
    """What a provider's own object says about the load balancers of a class (AlbConfig, IngressClassParams).

    `address` is the word that decides who reaches it, `""` where it is left out; `reused` the id of an instance that
    exists already; `ranges` the addresses that may connect and `lists` the ids of access lists that stand elsewhere.
    """

    meta: Meta
    address: str
    reused: str = ""
    ranges: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


class Listener(Struct, frozen=True):
    """One listener of a Gateway; `terminated` when it names certificates.

    `admits` says the namespaces whose routes it takes: `All`, `Same`, `Selector` (then `selector`) or `None`.
    """

    path: Path
    name: str
    protocol: str
    hostname: str
    port: int
    terminated: bool
    admits: str = "All"
    selector: "Selector | None" = None


class Gateway(Struct, frozen=True):
    """gateway.networking.k8s.io Gateway, or Istio's with its servers as listeners."""

    meta: Meta
    class_name: str
    listeners: tuple[Listener, ...]


class Route(Struct, frozen=True):
    """HTTPRoute, GRPCRoute, TLSRoute, TCPRoute, or an OpenShift Route, or an Istio VirtualService.

    `sections` names a listener for each of the gateways (`""`: any), or is empty where none is named.
    """

    meta: Meta
    gateways: tuple[tuple[str, str], ...]
    backends: tuple[Backend, ...]
    tls: str | None = None
    insecure_policy: str | None = None
    sections: tuple[str, ...] = ()


class Requirement(Struct, frozen=True):
    """One `matchExpressions` entry."""

    key: str
    operator: str
    values: tuple[str, ...]


class Selector(Struct, frozen=True):
    """A label selector; empty selects everything (apimachinery `LabelSelectorAsSelector`)."""

    labels: Mapping[str, str]
    expressions: tuple[Requirement, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it selects everything."""
        return not self.labels and not self.expressions

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether an object with these labels is selected."""
        if any(labels.get(k) != v for k, v in self.labels.items()):
            return False
        return all(_holds(r, labels) for r in self.expressions)


def _holds(requirement: Requirement, labels: Mapping[str, str]) -> bool:
    value = labels.get(requirement.key)
    if requirement.operator == "In":
        return value in requirement.values
    if requirement.operator == "NotIn":
        return value not in requirement.values
    return (value is not None) == (requirement.operator == "Exists")


class Peer(Struct, frozen=True):
    """A peer of a policy rule; `cidr` excludes the selectors, None selectors are absent ones.

    `excluded` holds the ranges inside `cidr` that the peer leaves out (`except`).
    """

    pods: Selector | None
    namespaces: Selector | None
    cidr: str | None
    excluded: tuple[str, ...] = ()


class PolicyPort(Struct, frozen=True):
    """One entry of a rule's `ports`: without `port` every port of the protocol, with `end_port` a range."""

    protocol: str
    port: int | str | None = None
    end_port: int | None = None


class PolicyPart(Struct, frozen=True):
    """One ingress or egress rule; no peers means everyone, no ports means every port."""

    index: int
    peers: tuple[Peer, ...]
    ports: tuple[PolicyPort, ...] = ()


class NetworkPolicy(Struct, frozen=True):
    """networking.k8s.io/v1 NetworkPolicy with the API's default for `policyTypes` applied."""

    meta: Meta
    selector: Selector
    ingress: tuple[PolicyPart, ...] | None
    egress: tuple[PolicyPart, ...] | None
    types_written: bool
