"""Pods that the Prometheus operator makes, as workloads like any other."""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from fourc.model.inventory import Inventory
from fourc.model.kubernetes.monitoring import OperatedPods
from fourc.model.kubernetes.pod import (
    Container,
    ContainerPort,
    ContainerRole,
    PodSpec,
    Quantities,
    Security,
    Workload,
)

# Name and number of the ports that the operator's pods open.
# https://github.com/prometheus-operator/prometheus-operator/tree/main/pkg (prometheus, alertmanager, thanos)
_RELOADER = ("reloader-web", 8080, "TCP")
_PORTS: Mapping[str, tuple[tuple[str, int, str], ...]] = {
    "Prometheus": (("web", 9090, "TCP"), _RELOADER),
    "PrometheusAgent": (("web", 9090, "TCP"), _RELOADER),
    "Alertmanager": (("web", 9093, "TCP"), ("mesh-tcp", 9094, "TCP"), ("mesh-udp", 9094, "UDP"), _RELOADER),
    "ThanosRuler": (("web", 10902, "TCP"), ("grpc", 10901, "TCP"), _RELOADER),
}


def with_operated(inventory: Inventory) -> Inventory:
    """The inventory with a workload for each custom resource whose operator makes pods; as it is where it has them.

    A dump of a cluster has what the operator made of it: then that is the workload.
    """
    known = {w.meta.ref for w in inventory.workloads} | {w.meta.owner for w in inventory.workloads}
    added = tuple(_workload(inventory, o) for o in inventory.operated if o.meta.ref not in known)
    return replace(inventory, workloads=(*inventory.workloads, *added)) if added else inventory


def _workload(inventory: Inventory, pods: OperatedPods) -> Workload:
    labels: dict[str, str] = {}
    for selector in _selectors(inventory, pods):
        labels |= selector
    labels |= pods.labels
    ports = tuple(
        ContainerPort(index, name, number, 0, "", protocol)
        for index, (name, number, protocol) in enumerate(_PORTS[pods.meta.kind])
    )
    pod = PodSpec(
        path=("spec",), meta_path=("spec", "podMetadata"), labels=labels, annotations={}, host_network=False,
        host_pid=False, host_ipc=False, host_users=None, os=None, service_account=pods.service_account,
        automount_token=None, security=_NONE, volumes=(), containers=(_container(pods.meta.kind, ports),), node_name="",
        priority_class="", restart_policy="Always", share_process_namespace=False, spread=False,
    )  # fmt: skip
    return Workload(pods.meta, pod, None)


def _selectors(inventory: Inventory, pods: OperatedPods) -> Iterator[Mapping[str, str]]:
    """What Services say about the labels of these pods: the operator gives them more than are known here."""
    for service in inventory.services:
        common = service.selector.keys() & pods.labels.keys()
        same = all(service.selector[key] == pods.labels[key] for key in common)
        if service.meta.namespace == pods.meta.namespace and common and same:
            yield service.selector


_NONE = Security(present=False)


def _container(kind: str, ports: tuple[ContainerPort, ...]) -> Container:
    return Container(
        path=("spec",), role=ContainerRole.REGULAR, name=kind.lower(), image="", pull_policy=None, command=(), args=(),
        env=(), env_from=(), ports=ports, resources=Quantities({}, {}), security=_NONE, mounts=(), probes=(),
        restart_always=False,
    )  # fmt: skip
