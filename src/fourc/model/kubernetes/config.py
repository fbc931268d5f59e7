"""Namespaces, configuration data, budgets and admission."""

from collections.abc import Mapping
from dataclasses import dataclass

from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import Selector
from fourc.patch.yaml.node import Path


@dataclass(frozen=True, slots=True)
class Namespace:
    """core/v1 Namespace."""

    meta: Meta


@dataclass(frozen=True, slots=True)
class DataObject:
    """A ConfigMap or Secret: texts by key, with `encoded` for the keys under `data` of a Secret (base64 in the file)."""

    meta: Meta
    type: str
    values: Mapping[str, str]
    encoded: frozenset[str]

    @property
    def secret(self) -> bool:
        """Whether it is a Secret."""
        return self.meta.kind == "Secret"


@dataclass(frozen=True, slots=True)
class DisruptionBudget:
    """policy/v1 PodDisruptionBudget."""

    meta: Meta
    selector: Selector
    min_available: str | int | None
    max_unavailable: str | int | None


@dataclass(frozen=True, slots=True)
class Bound:
    """A ResourceQuota or LimitRange: what a namespace is bounded by; `defaults` are a LimitRange's container defaults."""

    meta: Meta
    resources: frozenset[str]
    default_limits: frozenset[str]
    default_requests: frozenset[str]


@dataclass(frozen=True, slots=True)
class CalledService:
    """The Service that the API server calls."""

    namespace: str
    name: str
    port: int


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook of a configuration; without `service` it is called by its URL."""

    path: Path
    name: str
    failure_policy: str
    namespace_selector: Selector
    object_selector: Selector
    resources: tuple[str, ...]
    timeout: int
    service: CalledService | None = None


@dataclass(frozen=True, slots=True)
class WebhookConfiguration:
    """admissionregistration.k8s.io Validating- or MutatingWebhookConfiguration."""

    meta: Meta
    webhooks: tuple[Webhook, ...]


@dataclass(frozen=True, slots=True)
class Autoscaler:
    """autoscaling HorizontalPodAutoscaler."""

    meta: Meta
    target_kind: str
    target_name: str
    min_replicas: int
