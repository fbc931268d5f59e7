"""Which workloads keep something that an attacker wants, and whether they ask for a password."""

import re
from collections.abc import Iterator

from msgspec import Struct

from fourc.fix.images import known_image
from fourc.graph.programs import Program, program_of
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Container, Workload

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
    5672: False,  # RabbitMQ: its guest comes from the same machine only
    9042: True,  # Cassandra
    8983: True,  # Solr
    8500: True,  # Consul
    5984: False,  # CouchDB since 3
    7687: False,  # Neo4j
    26257: False,  # CockroachDB
}
_REGISTRY_PORT = 5000
# How people switch a password on: variables of the usual images, flags, lines of configuration files.
_VARIABLE = re.compile(
    r"PASS(?:WORD|WD)?(?:_FILE)?$|REQUIREPASS|INITDB_ROOT_USERNAME|AUTH_(?:TOKEN|SECRET)|SASL|HTPASSWD"
)
# How people switch it off again: variables of the usual images that let everyone in.
_LET_IN = re.compile(
    r"ALLOW_EMPTY_(?:ROOT_)?PASSWORD|ALLOW_ANONYMOUS_LOGIN|DISABLE_SECURITY_PLUGIN|ALLOW_PLAINTEXT_LISTENER|"
    r"ANONYMOUS_ACCESS_ENABLED|ALLOW_NONE_AUTHENTICATION"
)
_LETS_IN = re.compile(
    r"xpack\.security\.enabled[\"'\]=:\s]+false|HOST_AUTH_METHOD=trust|NACOS_AUTH_ENABLE=false|--skip-grant-tables|"
    r"--noauth\b|protected-mode\s+no\b(?![\s\S]*requirepass)"
)
_SETTING = re.compile(
    r"requirepass|masterauth|aclfile|--auth\b|--keyFile|--clusterAuth|--client-cert-auth|authorization:\s*enabled|"
    r"xpack\.security\.enabled[\"'\]=:\s]+true|nacos\.core\.auth\.enabled\s*=\s*true|sasl|htpasswd|--user\b|"
    r"-S\b|^\s*auth:",
    re.IGNORECASE | re.MULTILINE,
)
# Programs that do what anyone who connects tells them to, by the port that is theirs (their own documentation).
_OBEYING = {
    2375: "Docker",  # without TLS; 2376 is with
    44134: "Tiller",
}
_PROXY = re.compile(r"\bkubectl\b.*\bproxy\b.*--address[= ](?:0\.0\.0\.0|::)")


class Store(Struct, frozen=True):
    """A workload that keeps data; `open` when it answers without a password, as far as the manifests say.

    `keys` when it is open only to who tries the well-known keys that it is shipped with.
    """

    open: bool
    keys: bool = False


def store_of(inventory: Inventory, workload: Workload) -> Store | None:
    """By its image where that is known, else by the ports that it or its Service opens; None for anything else."""
    for container in workload.pod.regular:
        known = program_of(container.image)
        if known is not None:
            return _judged(inventory, workload, container, *known)
    shipped = _shipped(inventory, workload)
    if shipped is None:
        return None
    if any(_lets_everyone_in(inventory, workload, c) for c in workload.pod.regular):
        return Store(open=True)
    return Store(shipped and not any(_asks(inventory, workload, c) for c in workload.pod.regular))


def _judged(inventory: Inventory, workload: Workload, container: Container, program: Program, tag: str) -> Store:
    """What the program's own settings say."""
    texts = [*_texts(inventory, workload, container)]
    texts += [f"{e.name}={e.source_name or ''}" for e in container.env if e.source]

    def says(pattern: str) -> bool:
        return bool(pattern) and any(re.search(pattern, text, re.MULTILINE) for text in texts)

    if says(program.lets_in) or _lets_everyone_in(inventory, workload, container):
        return Store(open=True)
    if not program.open_at(tag) or says(program.asks):
        return Store(open=False)
    whole = any(source.kind == "Secret" for source in container.env_from)
    asked = whole if program.only else _asks(inventory, workload, container)
    return Store(open=not asked, keys=program.keys and not asked)


def _shipped(inventory: Inventory, workload: Workload) -> bool | None:
    """Whether it answers without a password as shipped; None for what is no store."""
    known = [f for f in (known_image(c.image) for c in workload.pod.regular) if f is not None and f.kind in KINDS]
    if known:
        return any(f.unauthenticated for f in known)
    ports = listening(inventory, workload)
    opened = [_PORTS[p] for p in ports if p in _PORTS]
    if _REGISTRY_PORT in ports and "registry" in workload.meta.name:
        opened.append(True)
    return any(opened) if opened else None


def _lets_everyone_in(inventory: Inventory, workload: Workload, container: Container) -> bool:
    """Whether something in the manifests says in so many words that no password is wanted."""
    no = {"", "no", "false", "0"}
    if any(_LET_IN.search(e.name.upper()) and (e.value or "").lower() not in no for e in container.env):
        return True
    return any(_LETS_IN.search(text) for text in _texts(inventory, workload, container))


def _asks(inventory: Inventory, workload: Workload, container: Container) -> bool:
    """Whether something in the manifests sets a password; a Secret that is handed over whole is taken for one."""
    if any(_VARIABLE.search(e.name.upper()) for e in container.env if e.value != ""):
        return True
    if any(source.kind == "Secret" for source in container.env_from):
        return True
    return any(_SETTING.search(text) for text in _texts(inventory, workload, container))


def _texts(inventory: Inventory, workload: Workload, container: Container) -> Iterator[str]:
    yield " ".join((*container.command, *container.args))
    yield "\n".join(f"{e.name}={e.value or ''}" for e in container.env)
    mounted = {m.name for m in container.mounts}
    maps = {v.config_map for v in workload.pod.volumes if v.config_map and v.name in mounted}
    maps |= {e.name for e in container.env_from if e.kind == "ConfigMap"}
    for name in sorted(maps):
        data = inventory.config_maps.get((workload.meta.namespace or "default", name))
        if data is not None:
            yield from data.values.values()


def obeys_anyone(inventory: Inventory, workload: Workload) -> str | None:
    """The program in it that does what anyone who connects tells it to; None where none is known."""
    known = next((name for port, name in _OBEYING.items() if port in listening(inventory, workload)), None)
    if known is not None:
        return known
    lines = (" ".join((*c.command, *c.args)) for c in workload.pod.regular)
    return "kubectl proxy" if any(_PROXY.search(line) for line in lines) else None


def listening(inventory: Inventory, workload: Workload) -> set[int]:
    """The ports on which the pod is known to listen: its own and those that Services send to it."""
    ports = {p.container_port for c in workload.pod.regular for p in c.ports}
    named = {p.name: p.container_port for c in workload.pod.regular for p in c.ports if p.name}
    for service in inventory.services_by_workload.get(id(workload), ()):
        for port in service.ports:
            number = named.get(port.target, port.port) if isinstance(port.target, str) else port.target
            ports.add(port.port if number is None else number)
    return ports
