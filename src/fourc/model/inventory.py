"""All typed facts of one run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from fourc.model.kubernetes.config import (
    Autoscaler,
    Bound,
    DataObject,
    DisruptionBudget,
    Namespace,
    WebhookConfiguration,
)
from fourc.model.kubernetes.network import Gateway, Ingress, NetworkPolicy, Route, Service
from fourc.model.kubernetes.pod import Workload
from fourc.model.kubernetes.rbac import Binding, Role, ServiceAccount


@dataclass(frozen=True)
class Inventory:
    """What was read, in the order of paths and places in them."""

    workloads: tuple[Workload, ...] = ()
    services: tuple[Service, ...] = ()
    ingresses: tuple[Ingress, ...] = ()
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
    other_kinds: Mapping[str, int] = field(default_factory=dict)
    objects: int = 0

    @cached_property
    def used_namespaces(self) -> tuple[str, ...]:
        """Every namespace in which a workload runs, sorted."""
        return tuple(sorted({w.meta.namespace or "default" for w in self.workloads}))

    @cached_property
    def accounts_by_name(self) -> Mapping[tuple[str, str], ServiceAccount]:
        """Service accounts by namespace and name; of several copies the first."""
        return {(a.meta.namespace or "default", a.meta.name): a for a in reversed(self.accounts)}

    @cached_property
    def roles_by_name(self) -> Mapping[tuple[str, str | None, str], Role]:
        """Roles by kind, namespace and name; of several copies the first."""
        return {(r.meta.kind, r.meta.namespace, r.meta.name): r for r in reversed(self.roles)}

    def in_namespace(self, namespace: str | None) -> Iterator[Workload]:
        """The workloads of one namespace."""
        return (w for w in self.workloads if w.meta.namespace == namespace)

    def selected_by(self, service: Service) -> Iterator[Workload]:
        """The workloads behind a Service; one without selector has none."""
        if not service.selector:
            return iter(())
        wanted = service.selector.items()
        return (
            w for w in self.in_namespace(service.meta.namespace) if all(w.pod.labels.get(k) == v for k, v in wanted)
        )

    def mounts_token(self, workload: Workload) -> bool:
        """Whether the pod gets a token of its service account (pod's word first, then the account's, default yes)."""
        if workload.pod.automount_token is not None:
            return workload.pod.automount_token
        key = (workload.meta.namespace or "default", workload.pod.service_account)
        account = self.accounts_by_name.get(key)
        return account is None or account.automount_token is not False

    def granted(self, namespace: str, account: str) -> Iterator[tuple[Binding, Role | None]]:
        """The bindings that name a service account itself or through a group, each with its role where that was read."""
        groups = {
            "system:serviceaccounts",
            f"system:serviceaccounts:{namespace}",
            "system:authenticated",
        }
        for binding in self.bindings:
            for subject in binding.subjects:
                direct = subject.kind == "ServiceAccount" and (subject.namespace, subject.name) == (
                    namespace,
                    account,
                )
                if direct or (subject.kind == "Group" and subject.name in groups):
                    role_namespace = None if binding.role_kind == "ClusterRole" else binding.meta.namespace
                    yield (
                        binding,
                        self.roles_by_name.get((binding.role_kind, role_namespace, binding.role_name)),
                    )
                    break
