"""Who is scraped and called by the platform, and pods that operators make from kinds without a pod template."""

from collections.abc import Mapping

from msgspec import Struct

from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import Selector
from fourc.patch.yaml.node import Path


class MonitorEndpoint(Struct, frozen=True):
    """One endpoint: the `port` is a Service's port name (ServiceMonitor) or a container's (PodMonitor), `target` a pod's."""

    path: Path
    port: str | None
    target: str | int | None


class Monitor(Struct, frozen=True):
    """monitoring.coreos.com ServiceMonitor or PodMonitor; `namespaces` None means every one."""

    meta: Meta
    selector: Selector
    namespaces: tuple[str, ...] | None
    endpoints: tuple[MonitorEndpoint, ...]


class OperatedPods(Struct, frozen=True):
    """A custom resource whose operator makes pods with these labels; `scrapes` when they scrape the monitors' targets.

    `alerts` are the Services to which they send alerts: field, namespace, name, port.
    """

    meta: Meta
    labels: Mapping[str, str]
    service_account: str
    scrapes: bool
    alerts: tuple[tuple[Path, str, str, str | int | None], ...] = ()


class AggregatedApi(Struct, frozen=True):
    """apiregistration.k8s.io APIService with a Service: the API server calls it."""

    meta: Meta
    namespace: str
    service: str
    port: int


class PodAddress(Struct, frozen=True):
    """The address of a running pod."""

    meta: Meta
    address: str
