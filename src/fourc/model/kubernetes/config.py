"""Namespaces, configuration data, budgets and admission."""

from collections.abc import Mapping

from msgspec import Struct

from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import Selector
from fourc.patch.yaml.node import Path


class Namespace(Struct, frozen=True):
    """core/v1 Namespace."""

    meta: Meta


class DataObject(Struct, frozen=True):
    """A ConfigMap or Secret: texts by key, with `encoded` for the keys under `data` of a Secret (base64 in the file)."""

    meta: Meta
    type: str
    values: Mapping[str, str]
    encoded: frozenset[str]

    @property
    def secret(self) -> bool:
        """Whether it is a Secret."""
        return self.meta.kind == "Secret"


class DisruptionBudget(Struct, frozen=True):
    """policy/v1 PodDisruptionBudget."""

    meta: Meta
    selector: Selector
    min_available: str | int | None
    max_unavailable: str | int | None


class Bound(Struct, frozen=True):
    """A ResourceQuota or LimitRange: what a namespace is bounded by; `defaults` are a LimitRange's container defaults."""

    meta: Meta
    resources: frozenset[str]
    default_limits: frozenset[str]
    default_requests: frozenset[str]


class CalledService(Struct, frozen=True):
    """The Service that the API server calls."""

    namespace: str
    name: str
    port: int


class Webhook(Struct, frozen=True):
    """One webhook of a configuration; without `service` it is called by its URL."""

    path: Path
    name: str
    failure_policy: str
    namespace_selector: Selector
    object_selector: Selector
    resources: tuple[str, ...]
    timeout: int
    service: CalledService | None = None


class WebhookConfiguration(Struct, frozen=True):
    """admissionregistration.k8s.io Validating- or MutatingWebhookConfiguration."""

    meta: Meta
    webhooks: tuple[Webhook, ...]


class Autoscaler(Struct, frozen=True):
    """autoscaling HorizontalPodAutoscaler."""

    meta: Meta
    target_kind: str
    target_name: str
    min_replicas: int
