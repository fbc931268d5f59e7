"""Secrets that a workload holds, and what they open."""

from collections import defaultdict
from collections.abc import Iterator

from fourc.checks.credentials import is_credential
from fourc.graph import odds
from fourc.graph.builder import Builder, shown, workload_id
from fourc.graph.stores import store_of
from fourc.model.kubernetes.pod import Workload
from fourc.model.step import GoalKind, Place
from fourc.model.text import Text

_IN_ENV = Text("{w}: the variable {e} holds Secret {s}", "{w}：环境变量 {e} 中是 Secret {s}")
_ALL_ENV = Text("{w}: envFrom brings every key of Secret {s}", "{w}：envFrom 带入 Secret {s} 的所有键")
_MOUNTED = Text("{w} mounts Secret {s} (volume {v})", "{w} 挂载了 Secret {s}（卷 {v}）")
_PROJECTED = Text("{w} mounts Secret {s} (projected volume {v})", "{w} 挂载了 Secret {s}（projected 卷 {v}）")
_PLAIN = Text("{w}: the variable {e} holds a password in plain text", "{w}：环境变量 {e} 中是明文密码")
_KNOWN = Text("what Secret {s} of {n} holds is known then", "这样就知道了 {n} 中 Secret {s} 的内容")
_OPENS = Text("Secret {s} is what {w} is opened with", "Secret {s} 是打开 {w} 的凭据")


def secret_steps(builder: Builder) -> None:
    """From workloads to the Secrets that they hold, and from those to the stores that hold the same ones."""
    for workload in builder.inventory.workloads:
        _plain_steps(builder, workload)
    holders: dict[tuple[str, str], list[Workload]] = defaultdict(list)
    for workload in builder.inventory.workloads:
        namespace = workload.meta.namespace or "default"
        for name, said, place in held_secrets(workload):
            secret = builder.secret(namespace, name)
            builder.step("read-secret-of-pod", workload_id(workload.meta.ref), secret, said, places=[place])
            if workload not in holders[namespace, name]:
                holders[namespace, name].append(workload)
    for (namespace, name), workloads in holders.items():
        if len(workloads) < 2:
            continue
        for workload in workloads:
            if store_of(builder.inventory, workload) is not None:
                me = workload_id(workload.meta.ref)
                said = _OPENS.of(s=name, w=shown(workload.meta.ref))
                builder.step("log-in-with-secret", builder.secret(namespace, name), f"data:{me}", said)


def own_secrets(builder: Builder, namespace: str) -> str:
    """The goal that stands for single Secrets of a namespace, which open little more than their application."""
    name = f"own-secrets:{namespace}"
    return builder.goal(name, GoalKind.SECRETS, namespace, namespace, odds.IMPACT_OF_OWN_SECRETS)


def known_secrets(builder: Builder) -> None:
    """From every Secret that something leads to, to the goal of its namespace."""
    for node in tuple(builder.nodes.values()):
        if node.kind == "secret":
            namespace = node.namespace or "default"
            said = _KNOWN.of(s=node.name, n=namespace)
            builder.step("know-secret", node.id, own_secrets(builder, namespace), said)


def _plain_steps(builder: Builder, workload: Workload) -> None:
    """Passwords written into variables: whoever is in the container reads them with the environment."""
    for container in workload.pod.containers:
        for variable in container.env:
            if variable.value and is_credential(variable.name, variable.value):
                builder.step(
                    "read-password-in-environment",
                    workload_id(workload.meta.ref),
                    own_secrets(builder, workload.meta.namespace or "default"),
                    _PLAIN.of(w=shown(workload.meta.ref), e=variable.name),
                    places=[(workload.meta.origin, (*container.path, "env", variable.index, "value"))],
                    tail=f"{container.name}/{variable.name}",
                )


def held_secrets(workload: Workload) -> Iterator[tuple[str, Text, Place]]:
    """The Secrets in a workload's variables and volumes, with the evidence and the place."""
    who, origin = shown(workload.meta.ref), workload.meta.origin
    for container in workload.pod.containers:
        for variable in container.env:
            if variable.source == "secretKeyRef" and variable.source_name:
                at = (*container.path, "env", variable.index, "valueFrom")
                yield variable.source_name, _IN_ENV.of(w=who, e=variable.name, s=variable.source_name), (origin, at)
        for source in container.env_from:
            if source.kind == "Secret" and source.name:
                yield (
                    source.name,
                    _ALL_ENV.of(w=who, s=source.name),
                    (origin, (*container.path, "envFrom", source.index)),
                )
    yield from _mounted(workload)


def _mounted(workload: Workload) -> Iterator[tuple[str, Text, Place]]:
    who, origin = shown(workload.meta.ref), workload.meta.origin
    for volume in workload.pod.volumes:
        if next(workload.pod.mounters(volume.name), None) is None:
            continue
        if volume.secret:
            yield volume.secret, _MOUNTED.of(w=who, s=volume.secret, v=volume.name), (origin, volume.path)
        for kind, name in volume.projected:
            if kind == "Secret":
                yield name, _PROJECTED.of(w=who, s=name, v=volume.name), (origin, volume.path)
