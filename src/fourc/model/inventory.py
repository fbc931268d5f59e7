"""All typed facts of one run."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Protocol, TypeVar

from msgspec import Struct, field

from fourc.model.controllers import controller_class
from fourc.model.kubernetes.admin_policy import AdminPolicy, ForeignPolicy
from fourc.model.kubernetes.admission import Constraint
from fourc.model.kubernetes.config import (
    Autoscaler,
    Bound,
    DataObject,
    DisruptionBudget,
    Namespace,
    WebhookConfiguration,
)
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.monitoring import AggregatedApi, Monitor, OperatedPods
from fourc.model.kubernetes.network import (
    BalancerSettings,
    Endpoints,
    Gateway,
    Ingress,
    IngressClass,
    NetworkPolicy,
    Route,
    Service,
)
from fourc.model.kubernetes.pod import Workload
from fourc.model.kubernetes.rbac import Binding, Role, ServiceAccount
from fourc.model.subject import Ref

K = TypeVar("K")
V = TypeVar("V")


class _Fact(Protocol):
    @property
    def meta(self) -> Meta: ...


class Inventory(Struct, frozen=True, dict=True):
    """What was read, in the order of paths and places in them."""

    workloads: tuple[Workload, ...] = ()
    services: tuple[Service, ...] = ()
    ingresses: tuple[Ingress, ...] = ()
    ingress_classes: tuple[IngressClass, ...] = ()
    balancers: tuple[BalancerSettings, ...] = ()
    gateways: tuple[Gateway, ...] = ()
    routes: tuple[Route, ...] = ()
    policies: tuple[NetworkPolicy, ...] = ()
    namespaces: tuple[Namespace, ...] = ()
    data: tuple[DataObject, ...] = ()
    budgets: tuple[DisruptionBudget, ...] = ()
    bounds: tuple[Bound, ...] = ()
    webhooks: tuple[WebhookConfiguration, ...] = ()
    autoscalers: tuple[Autoscaler, ...] = ()
    accounts: tuple[ServiceAccount, ...] = ()
    roles: tuple[Role, ...] = ()
    bindings: tuple[Binding, ...] = ()
    monitors: tuple[Monitor, ...] = ()
    operated: tuple[OperatedPods, ...] = ()
    api_services: tuple[AggregatedApi, ...] = ()
    endpoints: tuple[Endpoints, ...] = ()
    addresses: Mapping[str, Ref] = field(default_factory=dict)
    other_kinds: Mapping[str, int] = field(default_factory=dict)
    objects: int = 0
    admin_policies: tuple[AdminPolicy, ...] = ()
    foreign_policies: tuple[ForeignPolicy, ...] = ()
    constraints: tuple[Constraint, ...] = ()

    @cached_property
    def secret_names(self) -> frozenset[tuple[str, str]]:
        """Namespace and name of every Secret that was read."""
        return frozenset((d.meta.namespace or "default", d.meta.name) for d in self.data if d.secret)

    @cached_property
    def used_namespaces(self) -> tuple[str, ...]:
        """Every namespace in which a workload runs, sorted."""
        return tuple(sorted({w.meta.namespace or "default" for w in self.workloads}))

    @cached_property
    def named_namespaces(self) -> frozenset[str]:
        """Every namespace that is an object here or in which one stands."""
        facts: tuple[_Fact, ...] = (
            *self.workloads, *self.services, *self.ingresses, *self.gateways, *self.routes, *self.policies, *self.data,
            *self.budgets, *self.bounds, *self.autoscalers, *self.accounts, *self.roles, *self.bindings,
        )  # fmt: skip
        inside = {fact.meta.namespace for fact in facts if fact.meta.namespace}
        return frozenset(inside | {n.meta.name for n in self.namespaces})

    @cached_property
    def accounts_by_name(self) -> Mapping[tuple[str, str], ServiceAccount]:
        """Service accounts by namespace and name; of several copies the first."""
        return {(a.meta.namespace or "default", a.meta.name): a for a in reversed(self.accounts)}

    @cached_property
    def roles_by_name(self) -> Mapping[tuple[str, str | None, str], Role]:
        """Roles by kind, namespace and name; of several copies the first."""
        return {(r.meta.kind, r.meta.namespace, r.meta.name): r for r in reversed(self.roles)}

    @cached_property
    def config_maps(self) -> Mapping[tuple[str, str], DataObject]:
        """ConfigMaps by namespace and name; of several copies the first."""
        return {(d.meta.namespace or "default", d.meta.name): d for d in reversed(self.data) if not d.secret}

    @cached_property
    def controllers(self) -> tuple[tuple[Workload, str], ...]:
        """The ingress controllers with the class that each serves."""
        return tuple((w, name) for w in self.workloads if (name := controller_class(w)))

    @cached_property
    def services_by_name(self) -> Mapping[tuple[str, str], tuple[Service, ...]]:
        """Services by namespace and name."""
        return _grouped(((s.meta.namespace or "default", s.meta.name), s) for s in self.services)

    @cached_property
    def endpoints_by_service(self) -> Mapping[tuple[str, str], tuple[Endpoints, ...]]:
        """Endpoints by namespace and name of their Service."""
        return _grouped(((e.meta.namespace or "default", e.service), e) for e in self.endpoints)

    @cached_property
    def services_by_workload(self) -> Mapping[int, tuple[Service, ...]]:
        """The Services that select a workload, by its `id`."""
        return _grouped((id(w), s) for s in self.services for w in self.selected_by(s))

    @cached_property
    def called_by_api_server(self) -> frozenset[int]:
        """The workloads, by their `id`, behind webhooks and aggregated APIs: the API server calls them from outside."""
        named = {
            (w.service.namespace, w.service.name) for c in self.webhooks for w in c.webhooks if w.service is not None
        }
        named |= {(a.namespace, a.service) for a in self.api_services}
        services = (s for key in named for s in self.services_by_name.get(key, ()))
        return frozenset(id(w) for s in services for w in self.selected_by(s))

    @cached_property
    def ingresses_by_service(self) -> Mapping[tuple[str, str], tuple[Ingress, ...]]:
        """Ingresses by namespace and name of the Services that they lead to, one entry for each backend."""
        return _grouped(((b.namespace, b.service), i) for i in self.ingresses for b in i.backends)

    @cached_property
    def ingress_class_by_name(self) -> Mapping[str, IngressClass]:
        """Ingress classes by name, the default one by `""` too; of several copies the first."""
        named = {c.meta.name: c for c in reversed(self.ingress_classes)}
        default = next((c for c in self.ingress_classes if c.default), None)
        return named if default is None else {"": default, **named}

    @cached_property
    def balancer_by_name(self) -> Mapping[tuple[str, str, str], BalancerSettings]:
        """Providers' settings of load balancers by group, kind and name; of several copies the first."""
        return {(b.meta.group, b.meta.kind, b.meta.name): b for b in reversed(self.balancers)}

    @cached_property
    def config_map_by_name(self) -> Mapping[tuple[str, str], DataObject]:
        """ConfigMaps by namespace and name; of several copies the first."""
        maps = (d for d in reversed(self.data) if not d.secret)
        return {(d.meta.namespace or "default", d.meta.name): d for d in maps}

    @cached_property
    def issuers(self) -> tuple[tuple[str | None, str, str], ...]:
        """The cert-manager issuers that Ingresses name: namespace of the Ingress, annotation, issuer."""
        keys = ("cert-manager.io/issuer", "cert-manager.io/cluster-issuer")
        named = ((i.meta.namespace, k, i.meta.annotations.get(k, "")) for i in self.ingresses for k in keys)
        return tuple(dict.fromkeys(row for row in named if row[2]))

    @cached_property
    def gateways_by_name(self) -> Mapping[tuple[str, str], Gateway]:
        """Gateways by namespace and name; of several copies the first."""
        return {(g.meta.namespace or "default", g.meta.name): g for g in reversed(self.gateways)}

    @cached_property
    def policies_by_namespace(self) -> Mapping[str, tuple[NetworkPolicy, ...]]:
        """Network policies by namespace."""
        return _grouped((p.meta.namespace or "default", p) for p in self.policies)

    @cached_property
    def workloads_by_namespace(self) -> Mapping[str | None, tuple[Workload, ...]]:
        """Workloads by namespace."""
        return _grouped((w.meta.namespace, w) for w in self.workloads)

    @cached_property
    def workloads_by_label(self) -> Mapping[tuple[str | None, str, str], tuple[Workload, ...]]:
        """Workloads by namespace and by each label of their pods."""
        return _grouped((((w.meta.namespace, k, v), w) for w in self.workloads for k, v in w.pod.labels.items()))

    def in_namespace(self, namespace: str | None) -> Iterator[Workload]:
        """The workloads of one namespace."""
        return iter(self.workloads_by_namespace.get(namespace, ()))

    def labelled(self, namespace: str | None, labels: Mapping[str, str]) -> Iterator[Workload]:
        """The workloads of one namespace whose pods have all these labels."""
        if not labels:
            return self.in_namespace(namespace)
        wanted = labels.items()
        fewest = min((self.workloads_by_label.get((namespace, k, v), ()) for k, v in wanted), key=len)
        return (w for w in fewest if all(w.pod.labels.get(k) == v for k, v in wanted))

    def selected_by(self, service: Service) -> Iterator[Workload]:
        """The workloads behind a Service; one without selector has none."""
        return self.labelled(service.meta.namespace, service.selector) if service.selector else iter(())

    def mounts_token(self, workload: Workload) -> bool:
        """Whether the pod gets a token of its service account (pod's word first, then the account's, default yes)."""
        if workload.pod.automount_token is not None:
            return workload.pod.automount_token
        key = (workload.meta.namespace or "default", workload.pod.service_account)
        account = self.accounts_by_name.get(key)
        return account is None or account.automount_token is not False


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, tuple[V, ...]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
