"""Who calls whom, as a registry's export says: Nacos' subscribers, Consul's intentions, Dubbo's URLs in ZooKeeper."""

import re
from collections.abc import Iterator, Mapping
from typing import cast
from urllib.parse import parse_qs, unquote

from fourc.model.flows import EvidenceKind, Sighting

_DUBBO = re.compile(r"(consumer|dubbo|tri|rest|rmi|hessian)://([^/\s?]+)/([\w.$]+)(?:\?(\S*))?")


def registry_sightings(data: object, shown: str) -> Iterator[Sighting]:
    """The edges of a JSON export; nothing from one that only lists who is there."""
    if isinstance(data, Mapping) and isinstance(data.get("subscribers"), list):
        yield from _nacos(cast("Mapping[str, object]", data), shown)
    elif isinstance(data, list):
        for row in data:
            if isinstance(row, Mapping) and row.get("Action", "allow") == "allow":
                source, target = str(row.get("SourceName") or ""), str(row.get("DestinationName") or "")
                if source and target and "*" not in {source, target}:
                    yield Sighting(source, target, None, "TCP", shown, EvidenceKind.REGISTRY)


def _nacos(data: Mapping[str, object], shown: str) -> Iterator[Sighting]:
    """`/nacos/v1/ns/service/subscribers`: an application, or its address where it did not say its name."""
    for row in cast("list[object]", data["subscribers"]):
        if not isinstance(row, Mapping):
            continue
        target = str(row.get("serviceName") or data.get("serviceName") or "").rpartition("@@")[2]
        name = str(row.get("app") or "")
        source = (
            name if name and name != "unknown" else str(row.get("ip") or row.get("addrStr") or "").partition(":")[0]
        )
        if source and target:
            yield Sighting(source, target, None, "TCP", shown, EvidenceKind.REGISTRY)


def is_dubbo(line: str) -> bool:
    """Whether the line is a URL that Dubbo writes into its registry, plain or percent-encoded."""
    return _DUBBO.search(unquote(line)) is not None


def dubbo_sightings(lines: list[tuple[int, str]], shown: str) -> Iterator[Sighting]:
    """Consumers of an interface call every application that provides it."""
    providers: dict[str, dict[str, int]] = {}
    consumers: list[tuple[str, str, int]] = []
    for number, line in lines:
        for match in _DUBBO.finditer(unquote(line)):
            query = parse_qs(match[4] or "")
            application = query.get("application", [""])[0]
            interface = query.get("interface", [match[3]])[0]
            if match[1] == "consumer":
                consumers.append((application, interface, number))
            else:
                port = match[2].rpartition(":")[2]
                providers.setdefault(interface, {})[application] = int(port) if port.isdecimal() else 0
    for application, interface, number in consumers:
        for provider, port in providers.get(interface, {}).items():
            if application and provider and application != provider:
                yield Sighting(application, provider, port or None, "TCP", f"{shown}:{number}", EvidenceKind.REGISTRY)
