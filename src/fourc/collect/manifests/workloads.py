"""Every kind that makes pods: the core kinds, those of well-known operators, and whatever else holds a pod template."""

from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec.structs import replace

from fourc.collect.manifests.fields import EMPTY, Fields
from fourc.collect.manifests.pods import decode_pod
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.pod import Workload
from fourc.model.text import Text
from fourc.patch.yaml.node import Json, Path

_TEMPLATE: Path = ("spec", "template")
TEMPLATES: Mapping[tuple[str, str], Path] = {
    ("", "Pod"): (),
    ("", "PodTemplate"): ("template",),
    ("", "ReplicationController"): _TEMPLATE,
    **{
        (group, kind): _TEMPLATE
        for group in ("apps", "extensions")
        for kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
    },
    ("batch", "Job"): _TEMPLATE,
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
}
"""Where the core kinds hold the pod: the mapping with `metadata` and `spec`."""

_REPLICATED = frozenset({"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout", "CloneSet"})
_OWN_METADATA = frozenset({"Revision"})
_UNSEARCHED = frozenset({"metadata", "status", "openAPIV3Schema"})
MAX_DEPTH, MAX_VISITED, MAX_TEMPLATES = 16, 50_000, 50
"""How far a custom resource is searched for pod templates: levels, nodes, templates found."""

_NO_TEMPLATE = Text(
    "{kind} {name} has no pod template; the cluster refuses it",
    "{kind} {name} 没有 Pod 模板；集群会拒绝它",
)


def decode_core_workload(fields: Fields, meta: Meta) -> Workload | None:
    """A core kind; None, and a problem, where it has no pod."""
    holder = fields
    for key in TEMPLATES[meta.group, meta.kind]:
        holder = holder.child(str(key))
    if not isinstance(holder.value("spec"), dict):
        fields.refuse(_NO_TEMPLATE.of(kind=meta.kind, name=meta.name))
        return None
    spec = fields.child("spec")
    replicas = None
    if meta.kind in _REPLICATED:
        replicas = spec.integer("replicas")
        replicas = 1 if replicas is None else replicas
    pod = decode_pod(holder.child("spec"), holder.child("metadata"))
    if meta.kind == "Job" and fields.child("metadata").text("name"):
        pod = replace(pod, labels={**_job_labels(meta.name), **pod.labels})
    return Workload(meta, pod, replicas, claim_templates=_claims(fields, meta))


def _job_labels(name: str) -> dict[str, str]:
    """What the Job controller adds (https://kubernetes.io/docs/reference/labels-annotations-taints/#job-name)."""
    return {"job-name": name, "batch.kubernetes.io/job-name": name}


def decode_custom_workloads(fields: Fields, meta: Meta) -> Iterator[Workload]:
    """One workload for each pod template in an object of any other kind."""
    for path, replicas in islice(_templates(fields), MAX_TEMPLATES):
        if path[-1] == "spec" and (len(path) > 1 or meta.kind in _OWN_METADATA):
            metadata = _at(fields, path[:-1]).child("metadata")
        else:  # the pods' labels stand nowhere
            metadata = Fields(EMPTY, (*path[:-1], "metadata"), [])
        default = 1 if meta.kind in _REPLICATED else None
        yield Workload(
            meta,
            decode_pod(_at(fields, path), metadata),
            default if replicas is None else replicas,
            claim_templates=_claims(fields, meta),
        )


def _claims(fields: Fields, meta: Meta) -> tuple[str, ...]:
    if meta.kind != "StatefulSet":
        return ()
    claims = fields.child("spec").children("volumeClaimTemplates")
    return tuple(claim.child("metadata").text("name") or "" for claim in claims)


def _templates(fields: Fields) -> Iterator[tuple[Path, int | None]]:
    """The paths of the pod specs, in their order, each with the `replicas` that stands nearest above it."""
    stack: list[tuple[Json, Path, bool, int | None]] = [
        (fields.value(key), (key,), key == "spec", None) for key in reversed(fields.keys()) if key not in _UNSEARCHED
    ]
    visited = 0
    while stack and visited < MAX_VISITED:
        value, path, in_spec, replicas = stack.pop()
        visited += 1
        if isinstance(value, dict):
            if in_spec and _is_pod_spec(value):
                yield path, replicas
                continue
            number = value.get("replicas")
            if isinstance(number, int) and not isinstance(number, bool):
                replicas = number
            if len(path) < MAX_DEPTH:
                stack += [
                    (child, (*path, key), in_spec or key == "spec", replicas)
                    for key, child in reversed(value.items())
                    if key not in _UNSEARCHED and isinstance(child, dict | list)
                ]
        elif isinstance(value, list) and len(path) < MAX_DEPTH:
            stack += [
                (child, (*path, index), in_spec, replicas)
                for index, child in reversed([*enumerate(value)])
                if isinstance(child, dict)
            ]


def _is_pod_spec(value: Mapping[str, Json]) -> bool:
    containers = value.get("containers")
    return (
        isinstance(containers, list)
        and bool(containers)
        and all(isinstance(c, dict) and isinstance(c.get("name", ""), str) for c in containers)
        and any(isinstance(c, dict) and isinstance(c.get("image"), str) for c in containers)
    )


def _at(fields: Fields, path: Path) -> Fields:
    """The mapping at a path that is known to lead to one."""
    at = 0
    while at < len(path):
        key = str(path[at])
        following = path[at + 1] if at + 1 < len(path) else None
        if isinstance(following, int):
            fields = next(item for item in fields.children(key) if item.index == following)
            at += 2
        else:
            fields = fields.child(key)
            at += 1
    return fields
