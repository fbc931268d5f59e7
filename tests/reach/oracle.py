"""A second answer, straight from the API's documentation: connection by connection, policy by policy, rule by rule.

It reads the manifests as plain data and shares no code with what it judges.
"""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from typing import Any  # the oracle judges raw manifests

from msgspec import Struct

Object = Mapping[str, Any]


class Host(Struct, frozen=True):
    """Somebody at an end: a pod (its object), or an address outside the cluster."""

    pod: Object | None = None
    address: str = ""


class Cluster(Struct, frozen=True):
    """The objects of a cluster."""

    namespaces: Sequence[Object]
    pods: Sequence[Object]
    policies: Sequence[Object]
    admin: Sequence[Object]

    def labels_of(self, namespace: str) -> Mapping[str, str]:
        """A namespace's labels; its name is one."""
        same = (n for n in self.namespaces if n["metadata"]["name"] == namespace)
        written: Mapping[str, str] = next((n["metadata"].get("labels", {}) for n in same), {})
        return {**written, "kubernetes.io/metadata.name": namespace}


def connects(cluster: Cluster, source: Host, target: Host, protocol: str, port: int) -> bool:
    """Whether a new connection is let through: the source's egress and the target's ingress must both let it."""
    out = _side(cluster, "egress", source, target, target, protocol, port)
    return out and _side(cluster, "ingress", target, source, target, protocol, port)


def _side(cluster: Cluster, way: str, mine: Host, other: Host, target: Host, protocol: str, port: int) -> bool:
    if mine.pod is None or mine.pod["spec"].get("hostNetwork"):
        return True  # no policy is about addresses outside, and none is enforced on the host's network
    word = _first(cluster, "Admin", way, mine, other, target, protocol, port)
    if word in {"Allow", "Accept", "Deny"}:
        return word != "Deny"
    own = [p for p in cluster.policies if _is_about(p, way, mine.pod)]
    if own:
        return any(_admits(cluster, p, way, other, target, protocol, port) for p in own)
    word = _first(cluster, "Baseline", way, mine, other, target, protocol, port)
    return word != "Deny"


# --- NetworkPolicy ----------------------------------------------------------------------------------------------------


def _is_about(policy: Object, way: str, pod: Object) -> bool:
    spec = policy["spec"]
    types = spec.get("policyTypes")
    if types is None:
        types = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
    same = policy["metadata"]["namespace"] == pod["metadata"]["namespace"]
    return way.capitalize() in types and same and _matches(spec["podSelector"], pod["metadata"].get("labels", {}))


def _admits(cluster: Cluster, policy: Object, way: str, other: Host, target: Host, protocol: str, port: int) -> bool:
    for rule in policy["spec"].get(way) or []:
        peers = rule.get("from" if way == "ingress" else "to")
        ports = rule.get("ports")
        near = not peers or any(_is_peer(cluster, policy, peer, other) for peer in peers)
        if near and (not ports or any(_is_port(p, target, protocol, port) for p in ports)):
            return True
    return False


def _is_peer(cluster: Cluster, policy: Object, peer: Object, other: Host) -> bool:
    if "ipBlock" in peer:
        block = peer["ipBlock"]
        if other.pod is not None:
            every = ipaddress.ip_network(block["cidr"]).prefixlen == 0 and not block.get("except")
            return bool(other.pod["spec"].get("hostNetwork")) and every
        return _in(other.address, block["cidr"]) and not any(_in(other.address, e) for e in block.get("except", []))
    if other.pod is None or other.pod["spec"].get("hostNetwork"):
        return False
    space = other.pod["metadata"]["namespace"]
    if "namespaceSelector" in peer:
        if not _matches(peer["namespaceSelector"], cluster.labels_of(space)):
            return False
    elif space != policy["metadata"]["namespace"]:
        return False
    return _matches(peer.get("podSelector", {}), other.pod["metadata"].get("labels", {}))


def _is_port(entry: Object, target: Host, protocol: str, port: int) -> bool:
    if entry.get("protocol", "TCP") != protocol:
        return False
    wanted = entry.get("port")
    if wanted is None:
        return True
    if isinstance(wanted, str):
        return any(n == wanted and p == protocol and number == port for n, p, number in _named(target))
    return bool(wanted <= port <= entry.get("endPort", wanted))


def _named(target: Host) -> Iterator[tuple[str, str, int]]:
    if target.pod is not None:
        for container in target.pod["spec"]["containers"]:
            for port in container.get("ports", []):
                yield port.get("name", ""), port.get("protocol", "TCP"), port["containerPort"]


# --- Administrators' policies -----------------------------------------------------------------------------------------


def _first(
    cluster: Cluster, tier: str, way: str, mine: Host, other: Host, target: Host, protocol: str, port: int
) -> str | None:
    """The action of the first rule of a tier that matches, in the order of priorities; names break ties."""
    ordered = sorted(cluster.admin, key=lambda p: (p["spec"].get("priority", 1000), p["metadata"]["name"]))
    for policy in ordered:
        if _tier(policy) != tier or not _chosen(cluster, policy["spec"]["subject"], mine):
            continue
        for rule in policy["spec"].get(way) or []:
            peers = rule["from" if way == "ingress" else "to"]
            near = any(_admin_peer(cluster, peer, other) for peer in peers)
            if near and _admin_ports(rule, target, protocol, port):
                return str(rule["action"])
    return None


def _tier(policy: Object) -> str:
    if policy["kind"] == "BaselineAdminNetworkPolicy":
        return "Baseline"
    return str(policy["spec"].get("tier", "Admin"))


def _chosen(cluster: Cluster, chooser: Object, host: Host) -> bool:
    if host.pod is None or host.pod["spec"].get("hostNetwork"):
        return False
    labels = cluster.labels_of(host.pod["metadata"]["namespace"])
    if "namespaces" in chooser:
        return _matches(chooser["namespaces"], labels)
    pods = chooser["pods"]
    mine = host.pod["metadata"].get("labels", {})
    return _matches(pods.get("namespaceSelector", {}), labels) and _matches(pods.get("podSelector", {}), mine)


def _admin_peer(cluster: Cluster, peer: Object, other: Host) -> bool:
    if "networks" in peer:
        if other.pod is not None:
            return any(ipaddress.ip_network(n).prefixlen == 0 for n in peer["networks"])
        return any(_in(other.address, network) for network in peer["networks"])
    return _chosen(cluster, peer, other)


def _admin_ports(  # noqa: C901, PLR0911, PLR0912 - one branch for each way of the API to write a port
    rule: Object, target: Host, protocol: str, port: int
) -> bool:
    if "ports" not in rule and "protocols" not in rule:
        return True
    for entry in rule.get("ports", []):
        if "portNumber" in entry:
            one = entry["portNumber"]
            if one.get("protocol", "TCP") == protocol and one["port"] == port:
                return True
        elif "portRange" in entry:
            span = entry["portRange"]
            if span.get("protocol", "TCP") == protocol and span["start"] <= port <= span["end"]:
                return True
        elif any(n == entry["namedPort"] and p == protocol and number == port for n, p, number in _named(target)):
            return True
    for entry in rule.get("protocols", []):
        name = entry.get("destinationNamedPort")
        if name is not None:
            if any(n == name and p == protocol and number == port for n, p, number in _named(target)):
                return True
        elif protocol.lower() in entry:
            wanted = (entry[protocol.lower()] or {}).get("destinationPort")
            if wanted is None or wanted.get("number") == port:
                return True
            if "range" in wanted and wanted["range"]["start"] <= port <= wanted["range"]["end"]:
                return True
    return False


# --- Selectors and ranges ---------------------------------------------------------------------------------------------


def _matches(selector: Object | None, labels: Mapping[str, str]) -> bool:
    selector = selector or {}
    if any(labels.get(k) != v for k, v in (selector.get("matchLabels") or {}).items()):
        return False
    for entry in selector.get("matchExpressions") or []:
        key, operator, values = entry["key"], entry["operator"], entry.get("values", [])
        holds = {
            "In": key in labels and labels[key] in values,
            "NotIn": key not in labels or labels[key] not in values,
            "Exists": key in labels,
            "DoesNotExist": key not in labels,
        }[operator]
        if not holds:
            return False
    return True


def _in(address: str, network: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network)
