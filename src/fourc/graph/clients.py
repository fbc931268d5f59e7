"""Who is let in because it must be: clients that the manifests name keep their access when everyone else loses it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from fourc.graph.builder import Builder, shown, workload_id
from fourc.graph.stores import store_of
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import Service
from fourc.model.kubernetes.pod import Workload
from fourc.model.text import Text

_HOST = re.compile(
    r"(?<![\w.-])([a-z](?:[a-z0-9-]*[a-z0-9])?)(?:\.([a-z0-9](?:[a-z0-9-]*[a-z0-9])?))?(?:\.svc[\w.-]*)?(?![\w-]|://)"
)
_USES = Text(
    "{c} is a client of {w}: it names Service {s}, and reads what it may read there",
    "{c} 是 {w} 的客户端：它写明了 Service {s}，能读取那里允许它读取的数据",
)


def client_steps(builder: Builder) -> None:
    """From each client to the data of the store whose Service it names."""
    served = _served(builder)
    if not served:
        return
    for client in builder.inventory.workloads:
        here = client.meta.namespace or "default"
        found = {
            (namespace or here, name)
            for text in _texts(builder.inventory, client)
            for name, namespace in _HOST.findall(text)
        }
        for key in sorted(found & served.keys()):
            for store, service in served[key]:
                if store is not client:
                    said = _USES.of(c=shown(client.meta.ref), w=shown(store.meta.ref), s=service.meta.name)
                    data = f"data:{workload_id(store.meta.ref)}"
                    builder.step("use-as-client", workload_id(client.meta.ref), data, said)


def _served(builder: Builder) -> Mapping[tuple[str, str], list[tuple[Workload, Service]]]:
    """The stores behind each Service, by its namespace and name."""
    found: dict[tuple[str, str], list[tuple[Workload, Service]]] = defaultdict(list)
    for workload in builder.inventory.workloads:
        services = builder.inventory.services_by_workload.get(id(workload), ())
        if services and store_of(builder.inventory, workload) is not None:
            for service in services:
                found[service.meta.namespace or "default", service.meta.name].append((workload, service))
    return found


def _texts(inventory: Inventory, workload: Workload) -> Iterator[str]:
    """What may name a host: variables, arguments, ConfigMaps."""
    maps = {v.config_map for v in workload.pod.volumes if v.config_map}
    for container in workload.pod.containers:
        yield from (*container.command, *container.args, *(e.value for e in container.env if e.value))
        maps |= {e.name for e in container.env_from if e.kind == "ConfigMap"}
        maps |= {e.source_name for e in container.env if e.source == "configMapKeyRef" and e.source_name}
    for name in sorted(maps):
        data = inventory.config_maps.get((workload.meta.namespace or "default", name))
        if data is not None:
            yield from data.values.values()
