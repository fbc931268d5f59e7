"""What Pod Security judges of a pod, and nothing else: no variable, command, image or label leaves the machine with it."""

from collections.abc import Mapping

from fourc.collect.whole_pods import Pod
from fourc.patch.yaml.node import Json

_SPEC = ("hostIPC", "hostNetwork", "hostPID", "hostUsers", "os", "securityContext")
_LISTS = ("containers", "initContainers", "ephemeralContainers")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("postStart", "preStop")
_ANNOTATIONS = ("seccomp.security.alpha.kubernetes.io/", "container.apparmor.security.beta.kubernetes.io/",
                "container.seccomp.security.alpha.kubernetes.io/")  # fmt: skip
_IMAGE = "example.invalid/left-out"
_WINDOWS = "windowsOptions"
_OPAQUE: Mapping[str, tuple[str, ...]] = {"csi": ("driver",), "flexVolume": ("driver",)}
"""Volumes whose parameters may be secrets, with what must be left for the server to take them."""


def judged_part(pod: Pod) -> Pod:
    """The pod with only those fields that k8s.io/pod-security-admission/policy looks at, still valid for the API."""
    spec, metadata = _mapping(pod.get("spec")), _mapping(pod.get("metadata"))
    kept: dict[str, Json] = {key: spec[key] for key in _SPEC if key in spec}
    if "securityContext" in kept:
        kept["securityContext"] = _security(kept["securityContext"])
    for key in _LISTS:
        if spec.get(key):
            kept[key] = [_container(_mapping(c)) for c in _items(spec[key])]
    if spec.get("volumes"):
        kept["volumes"] = [_volume(_mapping(v)) for v in _items(spec["volumes"])]
    annotations = {k: v for k, v in _mapping(metadata.get("annotations")).items() if k.startswith(_ANNOTATIONS)}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"annotations": annotations} if annotations else {},
        "spec": kept,
    }


def _container(container: Mapping[str, Json]) -> Json:
    kept: dict[str, Json] = {"name": container.get("name"), "image": _IMAGE}
    if "securityContext" in container:
        kept["securityContext"] = _security(container["securityContext"])
    ports = [_port(_mapping(p)) for p in _items(container.get("ports"))]
    if ports:
        kept["ports"] = ports
    if container.get("restartPolicy") is not None:
        kept["restartPolicy"] = container["restartPolicy"]
    for key in _PROBES:
        if handler := _handler(_mapping(container.get(key))):
            kept[key] = handler
    hooks = _mapping(container.get("lifecycle"))
    lifecycle: dict[str, Json] = {}
    for key in _HOOKS:
        if handler := _handler(_mapping(hooks.get(key))):
            lifecycle[key] = handler
    if lifecycle:
        kept["lifecycle"] = lifecycle
    return kept


def _port(port: Mapping[str, Json]) -> Json:
    return {key: port[key] for key in ("containerPort", "hostPort", "protocol") if key in port}


def _handler(handler: Mapping[str, Json]) -> dict[str, Json]:
    """A probe or hook that names a host."""
    for action in ("httpGet", "tcpSocket"):
        asked = _mapping(handler.get(action))
        if asked.get("host"):
            return {action: {key: asked[key] for key in ("host", "port") if key in asked}}
    return {}


def _security(security: Json) -> Json:
    fields = dict(_mapping(security))
    if _WINDOWS in fields:
        fields[_WINDOWS] = {k: v for k, v in _mapping(fields[_WINDOWS]).items() if k == "hostProcess"}
    return fields


def _volume(volume: Mapping[str, Json]) -> Json:
    return {
        source: {k: v for k, v in _mapping(value).items() if k in _OPAQUE[source]} if source in _OPAQUE else value
        for source, value in volume.items()
    }


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _items(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
