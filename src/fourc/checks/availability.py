"""What keeps a program reachable: which Services lead to it, where it answers, and texts of new files beside it."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from fourc.fix.images import known_image
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import Service, ServicePort
from fourc.model.kubernetes.pod import Container, Workload
from fourc.model.remedy import NewFile
from fourc.model.version import KubeVersion

_ENDING = frozenset({"Job", "CronJob", "AdvancedCronJob", "BroadcastJob", "Workflow", "CronWorkflow", "TaskRun"})


class Served(Struct, frozen=True):
    """A workload that runs on, with the Services that lead to it."""

    workload: Workload
    services: tuple[Service, ...]


def each_long_running(inventory: Inventory) -> Iterator[Served]:
    """Every workload that is not a job and not a pod that ends by itself."""
    keyed: dict[tuple[str | None, str, str], list[Service]] = defaultdict(list)
    for service in inventory.services:
        if service.selector:
            keyed[(service.meta.namespace, *next(iter(service.selector.items())))].append(service)
    for workload in inventory.workloads:
        if workload.meta.kind in _ENDING or workload.pod.restart_policy != "Always":
            continue
        labels = workload.pod.labels
        near = (s for item in labels.items() for s in keyed.get((workload.meta.namespace, *item), ()))
        yield Served(workload, tuple(s for s in near if s.selector.items() <= labels.items()))


def answers_at(served: Served, container: Container) -> int | None:
    """The port at which the container surely or likely answers: one that a Service calls, else its first TCP port."""
    own = [p for p in container.ports if p.protocol == "TCP" and p.container_port]
    called = [_target(s, container) for service in served.services for s in service.ports if s.protocol == "TCP"]
    for port in called:
        if port is not None and port in {p.container_port for p in own}:
            return port
    if own:
        return own[0].container_port
    alone = len([c for c in served.workload.pod.regular if not c.sidecar]) == 1 and not container.sidecar
    return next((p for p in called if p is not None), None) if alone else None


def is_called(served: Served, container: Container) -> bool:
    """Whether a Service sends requests to this container."""
    own = {p.container_port for p in container.ports}
    others = {p.container_port for c in served.workload.pod.regular for p in c.ports if c is not container}
    targets = {_target(s, container) for service in served.services for s in service.ports} - {None}
    return bool(targets & own) or (bool(targets - others) and not own and answers_at(served, container) is not None)


def _target(port: ServicePort, container: Container) -> int | None:
    """The container's port behind a Service's port; a name is looked up in the container."""
    target = port.port if port.target is None else port.target
    if isinstance(target, int):
        return target
    return next((p.container_port for p in container.ports if p.name == target), None)


_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "mysql": ("mysqladmin", "ping", "-h", "127.0.0.1"),
    "postgres": ("pg_isready", "-h", "127.0.0.1"),
}


def known_command(container: Container) -> tuple[str, ...]:
    """The command by which a well-known image says that it answers; empty where none is known."""
    facts = known_image(container.image)
    return _COMMANDS.get(facts.name.removeprefix("docker.io/library/"), ()) if facts else ()


# --- new files --------------------------------------------------------------------------------------------------------

_CHANGING = frozenset(
    {"pod-template-hash", "controller-revision-hash", "helm.sh/chart", "app.kubernetes.io/version", "version"}
)
_BUDGETS_STABLE = 21
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_PLAIN = re.compile(r"[a-z][a-z0-9./_-]*[a-z0-9]")
_NOT_TEXT = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})


def lasting_labels(labels: Mapping[str, str]) -> Mapping[str, str]:
    """The labels that survive the next release; all of them where none does."""
    kept = {key: value for key, value in labels.items() if key not in _CHANGING}
    return kept or labels


def beside(meta: Meta, name: str) -> str:
    """The path of a new file in the folder of the object's own file; a name cannot lead out of it."""
    return str(PurePosixPath(meta.origin.path).parent / _UNFIT.sub("-", name).lstrip("."))


def has_budget(inventory: Inventory, workload: Workload) -> bool:
    """Whether a PodDisruptionBudget covers the workload's pods."""
    near = (b for b in inventory.budgets if b.meta.namespace == workload.meta.namespace)
    return any(b.selector.matches(workload.pod.labels) for b in near)


def budget_file(workload: Workload, version: KubeVersion) -> NewFile:
    """A PodDisruptionBudget beside the workload that lets one pod at a time stop."""
    meta, labels = workload.meta, lasting_labels(workload.pod.labels)
    lines = (
        f"apiVersion: policy/{'v1' if version.minor >= _BUDGETS_STABLE else 'v1beta1'}",
        "kind: PodDisruptionBudget",
        "metadata:",
        f"  name: {scalar(meta.name)}",
        *((f"  namespace: {scalar(meta.namespace or '')}",) if meta.namespace_written else ()),
        "spec:",
        "  maxUnavailable: 1",
        "  selector:",
        "    matchLabels:",
        *(f"      {scalar(k)}: {scalar(v)}" for k, v in sorted(labels.items())),
    )
    return NewFile(beside(meta, f"{meta.name}-pdb.yaml"), "\n".join(lines) + "\n")


def scalar(value: str) -> str:
    """A label's or name's text as YAML 1.1 takes it for a text."""
    return value if _PLAIN.fullmatch(value) and value not in _NOT_TEXT else json.dumps(value, ensure_ascii=False)
