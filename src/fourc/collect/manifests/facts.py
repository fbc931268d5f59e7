"""The decoded facts as one inventory."""

from collections import Counter
from typing import TypeVar

from fourc.collect.manifests.fold import addresses_of, fold, mark_autoscaled
from fourc.collect.manifests.objects import Decoded, Fact
from fourc.model.inventory import Inventory
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
from fourc.model.kubernetes.monitoring import AggregatedApi, Monitor, OperatedPods, PodAddress
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

_Kind = TypeVar("_Kind", bound=Fact)


def inventory_of(decoded: Decoded) -> Inventory:
    """The facts by type, in the order of their files, documents and items; owned workloads folded into their owners."""
    facts = sorted(decoded.facts, key=lambda fact: _place(fact.meta))

    def only(kind: type[_Kind]) -> tuple[_Kind, ...]:
        return tuple(fact for fact in facts if isinstance(fact, kind))

    autoscalers = only(Autoscaler)
    workloads = fold(only(Workload), decoded.metas)
    return Inventory(
        workloads=mark_autoscaled(workloads, autoscalers),
        services=only(Service),
        ingresses=only(Ingress),
        ingress_classes=only(IngressClass),
        balancers=only(BalancerSettings),
        gateways=only(Gateway),
        routes=only(Route),
        policies=only(NetworkPolicy),
        admin_policies=only(AdminPolicy),
        foreign_policies=only(ForeignPolicy),
        constraints=only(Constraint),
        namespaces=only(Namespace),
        data=only(DataObject),
        budgets=only(DisruptionBudget),
        bounds=only(Bound),
        webhooks=only(WebhookConfiguration),
        autoscalers=autoscalers,
        accounts=only(ServiceAccount),
        roles=only(Role),
        bindings=only(Binding),
        monitors=only(Monitor),
        operated=only(OperatedPods),
        api_services=only(AggregatedApi),
        endpoints=only(Endpoints),
        addresses=addresses_of(only(PodAddress), workloads, decoded.metas),
        other_kinds=dict(sorted(Counter(decoded.other_kinds).items())),
        objects=len(decoded.metas),
    )


def _place(meta: Meta) -> tuple[str, int]:
    return meta.origin.path, meta.origin.document
