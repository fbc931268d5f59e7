"""One flow of Hubble, as `hubble observe -o json` or `-o jsonpb` prints it.

https://github.com/cilium/cilium/blob/main/api/v1/flow/flow.proto
"""

from collections.abc import Mapping
from typing import cast

from fourc.model.flows import Sighting

_PROTOCOLS = ("TCP", "UDP", "SCTP")
_RESERVED = {"reserved:host": "node", "reserved:kube-apiserver": "api-server", "reserved:remote-node": "anywhere"}
_IGNORED = frozenset({"reserved:health", "reserved:init", "reserved:unmanaged"})

Object = Mapping[str, object]


def hubble_sighting(data: Object, place: str) -> Sighting | None:
    """The connection; None for answers, what was dropped, what has no ports and look-ups of names.

    Raises:
        ValueError: it is no flow.
    """
    flow = _object(data.get("flow")) or data
    if "lost_events" in data or "node_status" in data or "debug_event" in data:
        return None
    if not any(key in flow for key in ("verdict", "IP", "l4", "source", "destination")):
        raise ValueError("neither verdict nor source nor destination")
    if flow.get("verdict") not in {"FORWARDED", "REDIRECTED", "TRACED", 1, 5} or _answers(flow):
        return None
    layer = _object(flow.get("l4"))
    protocol = next((p for p in _PROTOCOLS if p in layer), None)
    if protocol is None:
        return None
    port = _object(layer[protocol]).get("destination_port")
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536:
        raise ValueError("no destination_port")
    addresses = _object(flow.get("IP"))
    names = flow.get("destination_names")
    name = str(names[0]) if isinstance(names, list) and names else ""
    source = _end(_object(flow.get("source")), str(addresses.get("source", "")), "anywhere")
    target = _end(_object(flow.get("destination")), str(addresses.get("destination", "")), name)
    if not source or not target or (port == 53 and _is_dns(_object(flow.get("destination")))):
        return None
    return Sighting(source, target, port, protocol, place)


def _answers(flow: Object) -> bool:
    if flow.get("is_reply") is True or flow.get("reply") is True:
        return True
    flags = _object(_object(_object(flow.get("l4")).get("TCP")).get("flags"))
    return flow.get("is_reply") is None and bool(flags.get("SYN") and flags.get("ACK"))


def _end(end: Object, address: str, world: str) -> str:
    labels = _labels(end)
    if labels & _IGNORED:
        return ""
    namespace = end.get("namespace")
    if namespace:
        workloads = end.get("workloads")
        first = _object(workloads[0]) if isinstance(workloads, list) and workloads else {}
        name = first.get("name") or end.get("pod_name")
        return f"{namespace}/{name}" if name else ""
    for label, word in _RESERVED.items():
        if label in labels:
            return word
    return world or address


def _is_dns(end: Object) -> bool:
    return any(label.endswith("k8s-app=kube-dns") for label in _labels(end))


def _labels(end: Object) -> frozenset[str]:
    labels = end.get("labels")
    return frozenset(str(label) for label in labels) if isinstance(labels, list) else frozenset()


def _object(value: object) -> Object:
    return cast("Object", value) if isinstance(value, dict) else {}
