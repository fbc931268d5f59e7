"""Monitors, the pods that the Prometheus operator makes, aggregated APIs (monitoring.coreos.com, apiregistration.k8s.io)."""

from collections.abc import Mapping

from fourc.collect.manifests.fields import Fields
from fourc.collect.manifests.selectors import decode_selector
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.monitoring import AggregatedApi, Monitor, MonitorEndpoint, OperatedPods

# The label `app.kubernetes.io/name` that the operator gives to the pods of each kind, next to `instance`.
# https://github.com/prometheus-operator/prometheus-operator/tree/main/pkg (prometheus, alertmanager, thanos)
OPERATED: Mapping[str, str] = {
    "Prometheus": "prometheus",
    "PrometheusAgent": "prometheus-agent",
    "Alertmanager": "alertmanager",
    "ThanosRuler": "thanos-ruler",
}
_SCRAPERS = frozenset({"Prometheus", "PrometheusAgent"})


def decode_monitor(fields: Fields, meta: Meta) -> Monitor | None:
    """A ServiceMonitor or PodMonitor; without a namespace selector it looks into its own namespace.

    None where the API would refuse one of its selectors.
    """
    spec = fields.child("spec")
    where = spec.child("namespaceSelector")
    namespaces = None if where.flag("any") else where.strings("matchNames") or (meta.namespace or "default",)
    key = "endpoints" if meta.kind == "ServiceMonitor" else "podMetricsEndpoints"
    endpoints = tuple(
        MonitorEndpoint(e.path, e.text("port"), e.integer_or_text("targetPort") or e.integer("portNumber"))
        for e in spec.children(key)
    )
    selector = decode_selector(spec.child("selector"))
    if any(spec.child(part).refused for part in ("selector", "namespaceSelector")):
        return None
    return Monitor(meta, selector, namespaces, endpoints)


def decode_operated(fields: Fields, meta: Meta) -> OperatedPods:
    """A Prometheus, PrometheusAgent, Alertmanager or ThanosRuler."""
    spec = fields.child("spec")
    labels = {"app.kubernetes.io/name": OPERATED[meta.kind], "app.kubernetes.io/instance": meta.name}
    own = spec.child("podMetadata").string_map("labels")
    alerts = tuple(
        (a.path, a.text("namespace") or meta.namespace or "default", a.text("name") or "", a.integer_or_text("port"))
        for a in spec.child("alerting").children("alertmanagers")
    )
    account = spec.text("serviceAccountName") or "default"
    return OperatedPods(meta, own | labels, account, meta.kind in _SCRAPERS, alerts)


def decode_api_service(fields: Fields, meta: Meta) -> AggregatedApi | None:
    """An APIService; one without a Service is served by the API server itself."""
    service = fields.child("spec").child("service")
    name = service.text("name")
    if not name:
        return None
    return AggregatedApi(meta, service.text("namespace") or "default", name, service.integer("port") or 443)
