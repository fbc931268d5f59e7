"""CPU, memory and disk of containers: what counts as written, and what to write where nothing is known."""

import re
from collections.abc import Iterator

from msgspec import Struct

from fourc.checks.api import InPod, Judge
from fourc.fix.images import known_image, parse_image
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Container, Workload
from fourc.model.text import Text, same
from fourc.patch.yaml.operations import Operation, Set

MIB = 1024 * 1024
_FACTORS = {
    "": 1.0,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "T": 1e12,
    "m": 1e-3,
    "Ki": 2.0**10,
    "Mi": 2.0**20,
    "Gi": 2.0**30,
    "Ti": 2.0**40,
}
_QUANTITY = re.compile(r"([0-9.]{1,20})(m|k|[KMGT]i|[MGT])?")
_HEAP = re.compile(r"-Xmx(\d{1,12})([kKmMgG]?)\b")
_HEAP_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}
_HEAP_VARIABLES = {"JVM_XMX", "NACOS_JVM_XMX", "MAX_HEAP_SIZE"}

# Memory limit (MiB) and CPU request (thousandths) to start from, by the kind of a known image. Guesses.
_BY_KIND = {
    "agent": (256, 50),
    "cache": (512, 100),
    "database": (1024, 250),
    "queue": (1024, 250),
    "search": (2048, 500),
    "web": (256, 100),
}
_OTHERWISE = (512, 100)
_JVM_CPU = 500


def each_running(inventory: Inventory) -> Iterator[InPod]:
    """Every container that runs for as long as its pod does; what only starts the pod up is left out."""
    return (InPod(w, c) for w in inventory.workloads for c in w.pod.regular)


def amount(quantity: str) -> float | None:
    """A Kubernetes quantity as a number (bytes, cores); None where it is none."""
    found = _QUANTITY.fullmatch(quantity.strip())
    try:
        return float(found[1]) * _FACTORS[found[2] or ""] if found else None
    except ValueError:
        return None


def limited(judge: Judge, workload: Workload, container: Container, resource: str) -> bool:
    """Whether the container has a limit, its own or the namespace's default."""
    return resource in container.resources.limits or any(
        resource in bound.default_limits
        for bound in judge.inventory.bounds
        if bound.meta.namespace == workload.meta.namespace
    )


def requested(judge: Judge, workload: Workload, container: Container, resource: str) -> bool:
    """Whether the container asks for some of the resource; a limit of its own counts as a request (API default)."""
    return (
        resource in container.resources.requests
        or resource in container.resources.limits
        or any(
            resource in bound.default_requests | bound.default_limits
            for bound in judge.inventory.bounds
            if bound.meta.namespace == workload.meta.namespace
        )
    )


class Guess(Struct, frozen=True):
    """What to write for a container, and what that rests on."""

    request: str
    limit: str
    why: Text


def guessed_memory(container: Container) -> Guess:
    """From what it asks for, from the heap of its Java machine, or from the kind of its image."""
    heap = heap_bytes(container)
    asked = amount(container.resources.requests.get("memory", "")) or 0.0
    if heap:
        size = _mebibytes(max(heap * 1.5, heap + 256 * MIB, asked), 128)
        why = Text(
            "its Java heap may grow to {heap}Mi, and the Java machine needs about half as much beside it",
            "它的 Java 堆可增长到 {heap}Mi，Java 虚拟机另外还需要约一半",
        )
        return Guess(size, size, why.of(heap=round(heap / MIB)))
    if asked >= MIB:  # less is a slip, such as 512m
        size = _mebibytes(2 * asked, 1)
        return Guess(size, size, Text("it is twice what the container asks for", "这是容器申请量的两倍"))
    facts = known_image(container.image)
    limit, _ = _BY_KIND.get(facts.kind if facts else "", _OTHERWISE)
    if facts is None and is_java(container):
        limit = 1024
    why = Text("it is a usual value for {what}", "这是{what}的常见值")
    what = same(facts.name.rpartition("/")[2]) if facts else Text("a container of which nothing is known", "未知容器")
    return Guess(f"{limit // 2}Mi", f"{limit}Mi", why.of(what=what))


def guessed_cpu(container: Container) -> Guess:
    """The request of CPU: more for Java machines, which are slow to start."""
    facts = known_image(container.image)
    _, milli = _BY_KIND.get(facts.kind if facts else "", _OTHERWISE)
    if is_java(container):
        milli = max(milli, _JVM_CPU)
    limit = amount(container.resources.limits.get("cpu", ""))
    if limit is not None:
        milli = min(milli, round(limit * 1000))
    return Guess(f"{milli}m", "", Text("it is a usual value for a start", "这是常见的起始值"))


def heap_bytes(container: Container) -> int:
    """The largest heap that the container's arguments or variables allow its Java machine; 0 where none is named."""
    texts = [*container.command, *container.args, *(v.value or "" for v in container.env)]
    texts += [f"-Xmx{v.value}" for v in container.env if v.name in _HEAP_VARIABLES and v.value]
    sizes = [int(n) * _HEAP_UNITS[unit.lower()] for text in texts for n, unit in _HEAP.findall(text)]
    return max(sizes, default=0)


_JAVA_NAMES = re.compile(
    r"(^|[/_.-])(java|jdk|jre|openjdk|temurin|corretto|tomcat|jetty|wildfly|spring|springboot|nacos|elasticsearch|"
    r"opensearch|logstash|kafka|zookeeper|rocketmq|seata|skywalking|jenkins|sonarqube|nexus3?|keycloak|solr|cassandra|"
    r"xxl-job|dolphinscheduler|apollo)([/_.:-]|$)"
)
_NOT_JAVA = re.compile(r"exporter|operator|dashboard|kibana|sidecar")
_JAVA_VARIABLES = re.compile(r"JAVA_|JDK_JAVA_|CATALINA_|JVM_|(?:ES|KAFKA|LS|SERVER|MAVEN)_(?:JAVA|JVM|HEAP)_?OPTS")
_JAVA_COMMAND = re.compile(r"(^|[\s/;&|])java(\s|$)|\.(jar|war)\b|catalina\.sh")


def is_java(container: Container) -> bool:
    """Whether a Java machine runs in it, by command, variables or the image's name."""
    words = " ".join((*container.command, *container.args))
    name = parse_image(container.image).repository
    return bool(
        _JAVA_COMMAND.search(words)
        or any(_JAVA_VARIABLES.match(v.name) for v in container.env)
        or (_JAVA_NAMES.search(name) and not _NOT_JAVA.search(name))
        or heap_bytes(container)
    )


def write(container: Container, side: str, resource: str, value: str) -> Operation:
    """Set one entry of the container's `requests` or `limits`."""
    return Set((*container.path, "resources", side, resource), value)


def _mebibytes(size: float, step: int) -> str:
    return f"{-int(-size // (step * MIB)) * step}Mi"
