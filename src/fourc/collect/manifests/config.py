"""Namespaces, configuration data, budgets, bounds, admission and autoscaling."""

import base64
import binascii

from fourc.collect.manifests.fields import Fields
from fourc.collect.manifests.selectors import NOTHING, decode_selector
from fourc.model.kubernetes.config import (
    Autoscaler,
    Bound,
    CalledService,
    DataObject,
    DisruptionBudget,
    Namespace,
    Webhook,
    WebhookConfiguration,
)
from fourc.model.kubernetes.meta import Meta
from fourc.model.text import Text

_NOT_BASE64 = Text(
    "{field} is not base64, as every value under `data` of a Secret must be; the cluster refuses it",
    "{field} 不是 base64 编码，而 Secret 的 `data` 下的每个值都必须是；集群会拒绝它",
)


def decode_namespace(_fields: Fields, meta: Meta) -> Namespace:
    """A Namespace."""
    return Namespace(meta)


def decode_config_map(fields: Fields, meta: Meta) -> DataObject:
    """A ConfigMap; its `binaryData` is no text and left out."""
    return DataObject(meta, "", fields.string_map("data"), frozenset())


def decode_secret(fields: Fields, meta: Meta) -> DataObject:
    """A Secret: what is text after base64, with `stringData` over `data` as the API merges them."""
    encoded = fields.string_map("data")
    plain = fields.string_map("stringData")
    values: dict[str, str] = {}
    for key, written in encoded.items():
        try:
            raw = base64.b64decode("".join(written.split()), validate=True)
        except (binascii.Error, ValueError):
            fields.refuse(_NOT_BASE64.of(field=key), "data", key)
            continue
        try:
            values[key] = raw.decode("utf-8")
        except UnicodeDecodeError:
            continue  # a key store, a picture: nothing that can be read
    return DataObject(meta, fields.text("type") or "Opaque", values | plain, frozenset(encoded.keys() - plain.keys()))


def decode_budget(fields: Fields, meta: Meta) -> DisruptionBudget | None:
    """A PodDisruptionBudget; in policy/v1 an absent selector selects nothing. None where the API refuses its selector."""
    spec = fields.child("spec")
    selector = decode_selector(spec.child("selector")) if "selector" in spec else NOTHING
    if spec.refused:
        return None
    return DisruptionBudget(
        meta,
        selector,
        spec.integer_or_text("minAvailable"),
        spec.integer_or_text("maxUnavailable"),
    )


def decode_quota(fields: Fields, meta: Meta) -> Bound:
    """A ResourceQuota."""
    return Bound(meta, frozenset(fields.child("spec").quantities("hard")), frozenset(), frozenset())


def decode_limit_range(fields: Fields, meta: Meta) -> Bound:
    """A LimitRange; as in the API a maximum is a default limit, and a default limit or a minimum a default request."""
    resources: set[str] = set()
    limits: set[str] = set()
    requests: set[str] = set()
    for entry in fields.child("spec").children("limits"):
        most, least = set(entry.quantities("max")), set(entry.quantities("min"))
        default, asked = set(entry.quantities("default")), set(entry.quantities("defaultRequest"))
        resources |= most | least | default | asked
        if entry.text("type") == "Container":
            limits |= default | most
            requests |= asked | default | most | least
    return Bound(meta, frozenset(resources), frozenset(limits), frozenset(requests))


def decode_webhooks(fields: Fields, meta: Meta) -> WebhookConfiguration:
    """A webhook configuration; v1beta1 has other defaults than v1. A webhook with a refused selector matches nothing."""
    beta = (fields.text("apiVersion") or "").endswith("/v1beta1")
    policy, timeout = ("Ignore", 30) if beta else ("Fail", 10)
    webhooks = tuple(
        Webhook(
            path=webhook.path,
            name=webhook.text("name") or "",
            failure_policy=webhook.text("failurePolicy") or policy,
            namespace_selector=decode_selector(webhook.child("namespaceSelector")),
            object_selector=decode_selector(webhook.child("objectSelector")),
            resources=tuple(name for rule in webhook.children("rules") for name in rule.strings("resources")),
            timeout=webhook.integer("timeoutSeconds") or timeout,
            service=_called(webhook.child("clientConfig").child("service")),
        )
        for webhook in fields.children("webhooks")
    )
    return WebhookConfiguration(meta, webhooks)


def _called(service: Fields) -> CalledService | None:
    name = service.text("name")
    return CalledService(service.text("namespace") or "", name, service.integer("port") or 443) if name else None


def decode_autoscaler(fields: Fields, meta: Meta) -> Autoscaler:
    """A HorizontalPodAutoscaler."""
    spec = fields.child("spec")
    target = spec.child("scaleTargetRef")
    least = spec.integer("minReplicas")
    return Autoscaler(meta, target.text("kind") or "", target.text("name") or "", 1 if least is None else least)
