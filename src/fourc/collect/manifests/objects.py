"""From one object's plain data to its facts."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from fourc.collect.manifests import admission, config, gateways, monitoring, network, policies, rbac
from fourc.collect.manifests.fields import MAX_PROBLEMS, Fields, Problem
from fourc.collect.manifests.workloads import TEMPLATES, decode_core_workload, decode_custom_workloads
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
from fourc.model.location import Origin
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.patch.yaml.node import Json

Fact: TypeAlias = (
    Workload
    | Service
    | Ingress
    | IngressClass
    | BalancerSettings
    | Gateway
    | Route
    | NetworkPolicy
    | AdminPolicy
    | ForeignPolicy
    | Namespace
    | DataObject
    | DisruptionBudget
    | Bound
    | WebhookConfiguration
    | Autoscaler
    | ServiceAccount
    | Role
    | Binding
    | Monitor
    | OperatedPods
    | AggregatedApi
    | PodAddress
    | Endpoints
    | Constraint
)
Decoder: TypeAlias = Callable[[Fields, Meta], Fact | None]

_RBAC = "rbac.authorization.k8s.io"
_ADMISSION = "admissionregistration.k8s.io"
_GATEWAY_API = "gateway.networking.k8s.io"
_MONITORING = "monitoring.coreos.com"
DECODERS: Mapping[tuple[str, str], Decoder] = {
    **dict.fromkeys(TEMPLATES, decode_core_workload),
    ("", "Service"): network.decode_service,
    ("", "Endpoints"): network.decode_endpoints,
    ("discovery.k8s.io", "EndpointSlice"): network.decode_endpoint_slice,
    ("networking.k8s.io", "Ingress"): network.decode_ingress,
    ("extensions", "Ingress"): network.decode_ingress,
    ("networking.k8s.io", "IngressClass"): network.decode_ingress_class,
    ("alibabacloud.com", "AlbConfig"): network.decode_alb_config,
    ("elbv2.k8s.aws", "IngressClassParams"): network.decode_ingress_class_params,
    ("eks.amazonaws.com", "IngressClassParams"): network.decode_ingress_class_params,
    ("networking.k8s.io", "NetworkPolicy"): policies.decode_policy,
    ("extensions", "NetworkPolicy"): policies.decode_policy,
    (_GATEWAY_API, "Gateway"): gateways.decode_gateway,
    **{
        (_GATEWAY_API, kind): gateways.decode_route
        for kind in ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")
    },
    ("networking.istio.io", "Gateway"): gateways.decode_istio_gateway,
    ("networking.istio.io", "VirtualService"): gateways.decode_virtual_service,
    ("route.openshift.io", "Route"): gateways.decode_openshift_route,
    **{
        ("policy.networking.k8s.io", kind): policies.decode_admin_policy
        for kind in ("AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy")
    },
    **dict.fromkeys(policies.FOREIGN, policies.decode_foreign_policy),
    ("", "Namespace"): config.decode_namespace,
    ("", "ConfigMap"): config.decode_config_map,
    ("", "Secret"): config.decode_secret,
    ("policy", "PodDisruptionBudget"): config.decode_budget,
    ("", "ResourceQuota"): config.decode_quota,
    ("", "LimitRange"): config.decode_limit_range,
    (_ADMISSION, "ValidatingWebhookConfiguration"): config.decode_webhooks,
    (_ADMISSION, "MutatingWebhookConfiguration"): config.decode_webhooks,
    ("autoscaling", "HorizontalPodAutoscaler"): config.decode_autoscaler,
    ("", "ServiceAccount"): rbac.decode_account,
    (_RBAC, "Role"): rbac.decode_role,
    (_RBAC, "ClusterRole"): rbac.decode_role,
    (_RBAC, "RoleBinding"): rbac.decode_binding,
    (_RBAC, "ClusterRoleBinding"): rbac.decode_binding,
    (_MONITORING, "ServiceMonitor"): monitoring.decode_monitor,
    (_MONITORING, "PodMonitor"): monitoring.decode_monitor,
    **{(_MONITORING, kind): monitoring.decode_operated for kind in monitoring.OPERATED},
    ("apiregistration.k8s.io", "APIService"): monitoring.decode_api_service,
}
CLUSTER_SCOPED = frozenset(
    {
        "APIService",
        "AdminNetworkPolicy",
        "AlbConfig",
        "BaselineAdminNetworkPolicy",
        "CSIDriver",
        "CSINode",
        "CertificateSigningRequest",
        "CiliumClusterwideNetworkPolicy",
        "ClusterIssuer",
        "ClusterNetworkPolicy",
        "ClusterPolicy",
        "ClusterRole",
        "ClusterRoleBinding",
        "ClusterUserDefinedNetwork",
        "CustomResourceDefinition",
        "FlowSchema",
        "GlobalNetworkPolicy",
        "GatewayClass",
        "IngressClass",
        "IngressClassParams",
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PodSecurityPolicy",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "RuntimeClass",
        "SidecarSet",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttachment",
        "VolumeSnapshotClass",
    }
)
UNSEARCHED = frozenset({"CustomResourceDefinition"})
"""Kinds that no fact comes from, and that speak of pod templates without holding one."""

_NO_NAME = Text(
    "this {kind} has no name (metadata.name); the cluster refuses it",
    "这个 {kind} 没有名称（metadata.name）；集群会拒绝它",
)
_NO_KIND = Text(
    "kind and apiVersion must be texts; the cluster refuses it", "kind 和 apiVersion 必须是文本；集群会拒绝它"
)
_ITEMS_LIST = Text("items must be a list; the cluster refuses it", "items 必须是列表；集群会拒绝它")


class Decoded:
    """What one document holds: its facts, its objects' names and owners, and what the API would refuse.

    `plain` holds the objects' own data where they are to be kept.
    """

    def __init__(self, *, keep: bool = False) -> None:
        self.keep = keep
        self.plain: list[tuple[Meta, Mapping[str, Json]]] = []
        self.facts: list[Fact] = []
        self.metas: list[Meta] = []
        self.other_kinds: list[str] = []
        self.problems: list[tuple[Origin, Problem]] = []

    def extend(self, other: "Decoded") -> None:
        """Add what another one holds."""
        self.facts += other.facts
        self.metas += other.metas
        self.other_kinds += other.other_kinds
        self.problems += other.problems
        self.plain += other.plain


def is_object(data: "Json | Mapping[str, Json]") -> bool:
    """Whether it has the two fields by which kubectl knows an object."""
    return isinstance(data, Mapping) and data.get("kind") is not None and data.get("apiVersion") is not None


def unpack(data: "Json | Mapping[str, Json]", origin: Origin) -> Iterator[tuple[Mapping[str, Json], Origin]]:
    """The objects of a document: itself, or the items of a `List`, each with its own origin."""
    if not isinstance(data, Mapping) or not is_object(data):
        return
    kind, items = data.get("kind"), data.get("items")
    if isinstance(kind, str) and kind.endswith("List") and isinstance(items, list):
        for index, item in enumerate(items):
            if isinstance(item, dict):
                # a list typed by its kind may leave out kind and apiVersion of its items
                typed = {"kind": kind.removesuffix("List"), "apiVersion": data["apiVersion"], **item}
                whole = item if kind == "List" or is_object(item) else typed
                place = Origin(
                    origin.path, origin.document, origin.line, (*origin.item, "items", index), origin.rendered_by
                )
                if len(place.item) <= 2 * MAX_LISTS:
                    yield from unpack(whole, place)
        return
    yield data, origin


MAX_LISTS = 4
"""Lists in lists that are unpacked."""


def decode_object(data: Mapping[str, Json], origin: Origin, decoded: Decoded) -> None:
    """Add the facts of one object to `decoded`."""
    problems: list[Problem] = []
    fields = Fields(data, (), problems)
    kind, version = data.get("kind"), data.get("apiVersion")
    if not isinstance(kind, str) or not isinstance(version, str):
        decoded.problems.append((origin, Problem((), _NO_KIND)))
        return
    if kind == "List":  # one with items was unpacked before
        if "items" in fields:
            decoded.problems.append((origin, Problem(("items",), _ITEMS_LIST)))
        return
    meta = _meta(fields, kind, version.rpartition("/")[0], origin)
    decoder = DECODERS.get((meta.group, kind))
    if meta.group == admission.CONSTRAINTS:
        decoder = admission.decode_constraint
    if decoder is not None:
        _decode_known(decoder, fields, meta, decoded)
    else:
        workloads = () if kind in UNSEARCHED else tuple(decode_custom_workloads(fields, meta))
        decoded.facts += workloads
        if not workloads:
            decoded.other_kinds.append(kind)
    decoded.metas.append(meta)
    if decoded.keep:
        decoded.plain.append((meta, data))
    if len(decoded.problems) < MAX_PROBLEMS:
        decoded.problems += ((origin, problem) for problem in dict.fromkeys(problems))


def _decode_known(decoder: Decoder, fields: Fields, meta: Meta, decoded: Decoded) -> None:
    fact = None
    if meta.name:
        fact = decoder(fields, meta)
    else:
        fields.refuse(_NO_NAME.of(kind=meta.kind), *(("metadata",) if "metadata" in fields else ()))
    if fact is not None:
        decoded.facts.append(fact)
    if meta.kind == "Pod" and not fields.child("spec").flag("hostNetwork"):  # else it is the node's address
        address = fields.child("status").text("podIP")
        decoded.facts += [PodAddress(meta, address)] if address else []
    if isinstance(fact, ForeignPolicy | OperatedPods | Constraint):  # their effect is not, or not wholly, understood
        decoded.other_kinds.append(meta.kind)


def _meta(fields: Fields, kind: str, group: str, origin: Origin) -> Meta:
    metadata = fields.child("metadata")
    written = metadata.text("namespace")
    whole = kind in CLUSTER_SCOPED or group == admission.CONSTRAINTS
    namespace = None if whole else (written or "default")
    return Meta(
        kind=kind,
        group=group,
        name=metadata.text("name") or metadata.text("generateName") or "",
        namespace=namespace,
        namespace_written=bool(written) and namespace is not None,
        origin=origin,
        labels=metadata.labels("labels"),
        annotations=metadata.string_map("annotations"),
        owner=_owner(metadata, namespace),
    )


def _owner(metadata: Fields, namespace: str | None) -> Ref | None:
    for owner in metadata.children("ownerReferences"):
        kind, name = owner.text("kind") or "", owner.text("name")
        if owner.flag("controller") and name:
            return Ref(kind, None if kind in CLUSTER_SCOPED else namespace, name)
    return None
