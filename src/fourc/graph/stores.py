"""Which workloads keep something that an attacker wants, and whether they ask for a password by default."""

from dataclasses import dataclass

from fourc.fix.images import known_image
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Workload

KINDS = frozenset({"database", "cache", "queue", "search", "registry", "config"})

# Ports that belong to one program (IANA or the program's documentation), and whether it answers without a password as shipped.
_PORTS = {
    6379: True,  # Redis
    11211: True,  # Memcached
    27017: True,  # MongoDB
    9200: True,  # Elasticsearch before 8, OpenSearch without its plug-in
    2379: True,  # etcd
    2181: True,  # ZooKeeper
    9092: True,  # Kafka
    8848: True,  # Nacos
    3306: False,  # MySQL
    5432: False,  # PostgreSQL
    1433: False,  # SQL Server
    5672: False,  # RabbitMQ
}
_REGISTRY_PORT = 5000


@dataclass(frozen=True, slots=True)
class Store:
    """A workload that keeps data; `open` when it answers without a password unless somebody configured one."""

    open: bool


def store_of(inventory: Inventory, workload: Workload) -> Store | None:
    """By its image where that is known, else by the ports that it or its Service opens; None for anything else."""
    known = [f for f in (known_image(c.image) for c in workload.pod.regular) if f is not None and f.kind in KINDS]
    if known:
        return Store(any(f.unauthenticated for f in known))
    ports = listening(inventory, workload)
    opened = [_PORTS[p] for p in ports if p in _PORTS]
    if _REGISTRY_PORT in ports and "registry" in workload.meta.name:
        opened.append(True)
    return Store(any(opened)) if opened else None


def listening(inventory: Inventory, workload: Workload) -> set[int]:
    """The ports on which the pod is known to listen: its own and those that Services send to it."""
    ports = {p.container_port for c in workload.pod.regular for p in c.ports}
    for service in inventory.services:
        same = service.meta.namespace == workload.meta.namespace and bool(service.selector)
        if same and all(workload.pod.labels.get(k) == v for k, v in service.selector.items()):
            ports |= {p.target if isinstance(p.target, int) else p.port for p in service.ports}
    return ports
