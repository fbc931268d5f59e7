"""Secrets that a workload holds, and what they open."""

from collections import defaultdict
from collections.abc import Iterator

from fourc.graph.builder import Builder, shown, workload_id
from fourc.graph.stores import store_of
from fourc.model.kubernetes.pod import Workload
from fourc.model.step import Place
from fourc.model.text import Text

_IN_ENV = Text("{w}: the variable {e} holds Secret {s}", "{w}：环境变量 {e} 中是 Secret {s}")
_ALL_ENV = Text("{w}: envFrom brings every key of Secret {s}", "{w}：envFrom 带入 Secret {s} 的所有键")
_MOUNTED = Text("{w} mounts Secret {s} (volume {v})", "{w} 挂载了 Secret {s}（卷 {v}）")
_OPENS = Text("Secret {s} is what {w} is opened with", "Secret {s} 是打开 {w} 的凭据")


def secret_steps(builder: Builder) -> None:
    """From workloads to the Secrets that they hold, and from those to the stores that hold the same ones."""
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
    for volume in workload.pod.volumes:
        if volume.secret:
            yield volume.secret, _MOUNTED.of(w=who, s=volume.secret, v=volume.name), (origin, volume.path)
