"""Workloads that find their peers through a registry: what they call stands in no manifest."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from fourc.fix.images import known_image, parse_image
from fourc.flows.references import Said, Texts
from fourc.model.flows import Evidence, EvidenceKind, Flow, Unknown
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Workload
from fourc.model.subject import Ref
from fourc.model.text import Text


class Finder(Struct, frozen=True):
    """One registry: the variables and fields of its clients, a sign in any value, and the images of its server."""

    name: str
    key: re.Pattern[str]
    value: re.Pattern[str]
    images: tuple[str, ...]


def _finder(name: str, key: str, value: str, *images: str) -> Finder:
    return Finder(name, re.compile(key, re.IGNORECASE), re.compile(value, re.IGNORECASE), images)


# Configuration keys of the clients: spring-cloud-alibaba, spring-cloud-netflix, spring-cloud-consul, spring-cloud-zookeeper,
# apollo-client and Apache Dubbo document them; variables are the same names with Spring's relaxed binding.
FINDERS = (
    _finder(
        "Nacos",
        r"(?:^|[_.-])nacos(?:[_.-]|$)|^-{0,2}spring[._]cloud[._]nacos",
        r"nacos://|spring\.cloud\.nacos|:8848\b",
        "nacos-server",
    ),
    _finder(
        "Eureka",
        r"(?:^|[_.-])eureka(?:[_.-]|$)",
        r"eureka\.client|defaultZone|:8761\b|/eureka\b",
        "eureka-server",
        "eureka",
    ),
    _finder(
        "Consul",
        r"^consul[_.-]|[._]cloud[._]consul",
        r"consul://|spring\.cloud\.consul|:8500\b",
        "consul",
    ),
    _finder(
        "ZooKeeper",
        r"dubbo[._-]?registry|[._]cloud[._]zookeeper",
        r"zookeeper://|spring\.cloud\.zookeeper|dubbo\.registry",
        "zookeeper",
    ),
    _finder(
        "Apollo",
        r"^apollo[._-]|^-?-?D?apollo\.",
        r"apollo\.meta|apollo-configservice",
        "apollo-configservice",
        "apollo-adminservice",
    ),
)
_YAML_KEY = {
    "Nacos": re.compile(r"^\s*nacos\s*:", re.MULTILINE),
    "Eureka": re.compile(r"^\s*eureka\s*:", re.MULTILINE),
    "Consul": re.compile(r"^\s*consul\s*:", re.MULTILINE),
    "ZooKeeper": re.compile(r"^\s*dubbo\s*:", re.MULTILINE),
    "Apollo": re.compile(r"^\s*apollo\s*:", re.MULTILINE),
}
_SWITCHED_OFF = re.compile(r"^(?:false|none|no|0|)$", re.IGNORECASE)
_ENABLED = re.compile(r"enabled$|^.*[_.-]enabled?$", re.IGNORECASE)
# Programs that keep their own state in ZooKeeper or Consul and name their peers by themselves.
_OWN_STATE = frozenset({"queue", "search", "database", "cache", "config", "monitoring", "admin"})

_WHY = Text(
    "{w} finds its peers through {r}: what it calls stands in no manifest",
    "{w} 通过 {r} 发现对端：它访问谁没有写在任何清单里",
)
_LINKERD = Text(
    "{w} gets a Linkerd proxy, which connects on ports of its own (4143)",
    "{w} 会注入 Linkerd 代理，代理使用自己的端口（4143）通信",
)


def server_of(workload: Workload) -> str | None:
    """The registry that the workload serves, by its image."""
    for container in workload.pod.regular:
        last = parse_image(container.image).repository.rpartition("/")[2] if container.image else ""
        for finder in FINDERS:
            if last in finder.images:
                return finder.name
    return None


def finders_of(
    inventory: Inventory, texts: Texts, flows: Mapping[Ref, list[Flow]]
) -> Iterator[tuple[Workload, Unknown]]:
    """The workloads that use a registry, each with the first sign of it."""
    servers = {w.meta.ref: name for w in inventory.workloads if (name := server_of(w))}
    meshed = {n.meta.name for n in inventory.namespaces if n.meta.annotations.get("linkerd.io/inject") == "enabled"}
    for workload in inventory.workloads:
        ref = workload.meta.ref
        wish = workload.pod.annotations.get("linkerd.io/inject", "")
        if wish == "enabled" or (not wish and (workload.meta.namespace or "default") in meshed):
            yield workload, Unknown("Linkerd", _LINKERD.of(w=ref.name))
            continue
        if ref in servers or _keeps_own_state(workload):
            continue
        found = _by_words(texts, workload) or _by_reference(servers, flows.get(ref, []))
        if found is not None:
            name, evidence = found
            yield workload, Unknown(name, _WHY.of(w=ref.name, r=name), evidence)


def _keeps_own_state(workload: Workload) -> bool:
    kinds = {f.kind for c in workload.pod.regular if c.image and (f := known_image(c.image))}
    return bool(kinds) and kinds <= _OWN_STATE


def _by_words(texts: Texts, workload: Workload) -> tuple[str, Evidence] | None:
    for said in texts.of(workload):
        if not (_ANY.search(said.text) or _ANY.search(said.key)):
            continue
        for finder in FINDERS:
            if _speaks_of(finder, said):
                return finder.name, said.evidence(finder.name)
    return None


_ANY = re.compile(r"nacos|eureka|consul|zookeeper|dubbo|apollo|defaultzone|:8848|:8761|:8500", re.IGNORECASE)
"""Stands in every text that speaks of a registry: what does not match need not be asked further."""


def _speaks_of(finder: Finder, said: Said) -> bool:
    if said.config:
        text = said.text
        return bool(finder.value.search(text) or _YAML_KEY[finder.name].search(text))
    if said.key and finder.key.search(said.key):
        return not (_ENABLED.search(said.key) and _SWITCHED_OFF.match(said.text))
    return bool(
        finder.value.search(said.text) or (said.text.startswith("-") and finder.key.search(said.text.lstrip("-D")))
    )


def _by_reference(servers: Mapping[Ref, str], flows: list[Flow]) -> tuple[str, Evidence] | None:
    named = {EvidenceKind.ENV, EvidenceKind.ARGUMENT, EvidenceKind.CONFIG_MAP, EvidenceKind.SECRET}
    for flow in flows:
        party = flow.target
        if party.ref is not None and party.ref in servers and flow.evidence[0].kind in named:
            return servers[party.ref], flow.evidence[0]
    return None
