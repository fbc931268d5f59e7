"""Network policies: Kubernetes' own, the administrators', and those that are only recognised."""

import ipaddress

from fourc.collect.manifests.fields import Fields
from fourc.collect.manifests.selectors import decode_selector
from fourc.model.kubernetes.admin_policy import (
    Action,
    AdminPeer,
    AdminPolicy,
    AdminPort,
    AdminRule,
    ForeignPolicy,
    Tier,
)
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import NetworkPolicy, Peer, PolicyPart, PolicyPort
from fourc.model.text import Text

_PROTOCOLS = ("TCP", "UDP", "SCTP")
_ACTIONS = {"Allow": Action.ALLOW, "Accept": Action.ALLOW, "Deny": Action.DENY, "Pass": Action.PASS}
_DEFAULT_PRIORITY = 1000
_MOST_PORTS = 65535

_NO_PEER = Text(
    "a peer needs a podSelector, a namespaceSelector or an ipBlock; the cluster refuses it",
    "对端必须有 podSelector、namespaceSelector 或 ipBlock；集群会拒绝它",
)
_BAD_CIDR = Text("{cidr} is no address range; the cluster refuses it", "{cidr} 不是地址段；集群会拒绝它")
_NO_SUBJECT = Text(
    "a subject needs namespaces or pods; the cluster refuses it", "subject 必须有 namespaces 或 pods；集群会拒绝它"
)
_BOUNDS = Text(
    "a range of ports needs start and end; the cluster refuses it", "端口范围必须有 start 和 end；集群会拒绝它"
)
_NO_NUMBER = Text("a port needs a number; the cluster refuses it", "端口必须有端口号；集群会拒绝它")
_BAD_ACTION = Text("{action} is no action; the cluster refuses it", "{action} 不是合法的 action；集群会拒绝它")
_BAD_PROTOCOL = Text(
    "{protocol} is not TCP, UDP or SCTP; the cluster refuses it", "{protocol} 不是 TCP、UDP 或 SCTP；集群会拒绝它"
)
_BLOCK_ALONE = Text(
    "an ipBlock stands alone, without selectors; the cluster refuses it", "ipBlock 不能与选择器同时使用；集群会拒绝它"
)
_NO_CIDR = Text("an ipBlock needs a cidr; the cluster refuses it", "ipBlock 必须有 cidr；集群会拒绝它")
_BAD_TYPE = Text(
    "{type} is not Ingress or Egress; the cluster refuses it", "{type} 不是 Ingress 或 Egress；集群会拒绝它"
)
_BAD_PORT = Text("{port} is no port number; the cluster refuses it", "{port} 不是端口号；集群会拒绝它")
_NO_PORT = Text("endPort needs a port with a number; the cluster refuses it", "endPort 必须配合数字端口；集群会拒绝它")
_BAD_RANGE = Text("endPort must not be below port; the cluster refuses it", "endPort 不能小于 port；集群会拒绝它")


def decode_policy(fields: Fields, meta: Meta) -> NetworkPolicy | None:
    """A NetworkPolicy; without `policyTypes` it is about ingress, and about egress if it has egress rules.

    None where something in its spec keeps the API server from taking it: then it isolates nothing.
    """
    spec = fields.child("spec")
    selector = decode_selector(spec.child("podSelector"))
    ingress = tuple(_part(rule, "from") for rule in spec.entries("ingress"))
    egress = tuple(_part(rule, "to") for rule in spec.entries("egress"))
    types = spec.strings("policyTypes")
    for index, word in enumerate(types):
        if word not in ("Ingress", "Egress"):
            spec.refuse(_BAD_TYPE.of(type=word), "policyTypes", index)
    if spec.refused:
        return None
    return NetworkPolicy(
        meta=meta,
        selector=selector,
        ingress=ingress if not types or "Ingress" in types else None,
        egress=egress if (egress if not types else "Egress" in types) else None,
        types_written=bool(types),
    )


def _part(rule: Fields, direction: str) -> PolicyPart:
    peers = tuple(_peer(peer) for peer in rule.entries(direction))
    return PolicyPart(rule.index, peers, tuple(_port(port) for port in rule.entries("ports")))


def _peer(fields: Fields) -> Peer:
    pods = decode_selector(fields.child("podSelector")) if "podSelector" in fields else None
    namespaces = decode_selector(fields.child("namespaceSelector")) if "namespaceSelector" in fields else None
    block = fields.child("ipBlock")
    cidr = _cidr(block, block.text("cidr"), "cidr")
    selects = pods is not None or namespaces is not None
    if "ipBlock" in fields:
        if selects:
            fields.refuse(_BLOCK_ALONE)
        if "cidr" not in block:
            block.refuse(_NO_CIDR)
    elif not selects:
        fields.refuse(_NO_PEER)
    excluded = tuple(c for i, text in enumerate(block.strings("except")) if (c := _cidr(block, text, "except", i)))
    return Peer(pods, namespaces, cidr, excluded)


def _cidr(fields: Fields, text: str | None, *at: str | int) -> str | None:
    """The range as written; None, and a problem, where it is none."""
    if text is None:
        return None
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        fields.refuse(_BAD_CIDR.of(cidr=text), *at)
        return None
    return text


def _port(fields: Fields) -> PolicyPort:
    protocol = _protocol(fields, fields.text("protocol"))
    port, end = fields.integer_or_text("port"), fields.integer("endPort")
    for key, number in (("port", port), ("endPort", end)):
        if isinstance(number, int) and not 1 <= number <= _MOST_PORTS:
            fields.refuse(_BAD_PORT.of(port=number), key)
    if end is not None and not isinstance(port, int):
        fields.refuse(_NO_PORT, "endPort")
    elif end is not None and isinstance(port, int) and end < port:
        fields.refuse(_BAD_RANGE, "endPort")
    return PolicyPort(protocol, port, end)


def _protocol(fields: Fields, written: str | None) -> str:
    protocol = written or "TCP"
    if protocol not in _PROTOCOLS:
        fields.refuse(_BAD_PROTOCOL.of(protocol=protocol), "protocol")
    return protocol


# --- Administrators' policies -----------------------------------------------------------------------------------------


def decode_admin_policy(fields: Fields, meta: Meta) -> AdminPolicy | None:
    """An AdminNetworkPolicy, BaselineAdminNetworkPolicy or ClusterNetworkPolicy; None where the API refuses its spec."""
    spec = fields.child("spec")
    baseline = meta.kind == "BaselineAdminNetworkPolicy" or spec.text("tier") == "Baseline"
    subject = spec.child("subject")
    peer = _selected(subject)
    if peer.namespaces is None:
        spec.refuse(_NO_SUBJECT, *(("subject",) if "subject" in spec else ()))
    priority = spec.integer("priority")
    ingress = tuple(rule for entry in spec.entries("ingress") if (rule := _rule(entry, "from")))
    egress = tuple(rule for entry in spec.entries("egress") if (rule := _rule(entry, "to")))
    if peer.namespaces is None or spec.refused:
        return None
    return AdminPolicy(
        meta=meta,
        tier=Tier.BASELINE if baseline else Tier.ADMIN,
        priority=_DEFAULT_PRIORITY if priority is None else priority,
        namespaces=peer.namespaces,
        pods=peer.pods,
        ingress=ingress,
        egress=egress,
    )


def _rule(fields: Fields, direction: str) -> AdminRule | None:
    word = fields.text("action") or ""
    action = _ACTIONS.get(word)
    if action is None:
        fields.refuse(_BAD_ACTION.of(action=word or "-"), "action")
        return None
    peers = tuple(_selected(peer) for peer in fields.entries(direction))
    ports: tuple[AdminPort, ...] | None = None
    if "ports" in fields or "protocols" in fields:
        listed = [p for entry in fields.children("ports") for p in _admin_port(entry)]
        listed += [p for entry in fields.children("protocols") for p in _admin_protocol(entry)]
        ports = tuple(listed)
    return AdminRule(fields.index, fields.text("name") or "", action, peers, ports)


def _selected(fields: Fields) -> AdminPeer:
    if "pods" in fields:
        pods = fields.child("pods")
        return AdminPeer(
            namespaces=decode_selector(pods.child("namespaceSelector")),
            pods=decode_selector(pods.child("podSelector")),
        )
    if "namespaces" in fields:
        namespaces = fields.child("namespaces")
        if "namespaceSelector" in namespaces:  # as the first version of the API wrote it
            namespaces = namespaces.child("namespaceSelector")
        return AdminPeer(namespaces=decode_selector(namespaces))
    if "nodes" in fields:
        return AdminPeer(nodes=decode_selector(fields.child("nodes")))
    written = fields.strings("networks")
    networks = tuple(c for i, text in enumerate(written) if (c := _cidr(fields, text, "networks", i)))
    return AdminPeer(networks=networks, domains=fields.strings("domainNames"))


def _admin_port(fields: Fields) -> list[AdminPort]:
    """One entry of `ports` (v1alpha1)."""
    if "portNumber" in fields:
        number = fields.child("portNumber")
        port = _number(number, "port")
        return [AdminPort(_protocol(number, number.text("protocol")), port, port)]
    if "portRange" in fields:
        span = fields.child("portRange")
        return [AdminPort(_protocol(span, span.text("protocol")), *_span(span))]
    names = (fields.text("namedPort"), *fields.strings("namedPorts"))
    return [AdminPort("", name=name) for name in names if name]


def _admin_protocol(fields: Fields) -> list[AdminPort]:
    """One entry of `protocols` (v1alpha2)."""
    name = fields.text("destinationNamedPort")
    if name:
        return [AdminPort("", name=name)]
    found = []
    for protocol in _PROTOCOLS:
        if protocol.lower() in fields:
            port = fields.child(protocol.lower()).child("destinationPort")
            if "number" in port:
                number = _number(port, "number")
                found.append(AdminPort(protocol, number, number))
            else:  # without both it is about every port
                found.append(AdminPort(protocol, *(_span(port.child("range")) if "range" in port else ())))
    return found


def _number(fields: Fields, key: str) -> int:
    number = fields.integer(key)
    if number is None or not 1 <= number <= _MOST_PORTS:
        fields.refuse(_NO_NUMBER if number is None else _BAD_PORT.of(port=number), *((key,) if key in fields else ()))
    return number or 0


def _span(fields: Fields) -> tuple[int, int]:
    first, last = fields.integer("start"), fields.integer("end")
    if first is None or last is None:
        fields.refuse(_BOUNDS)
    return first or 1, last or 1


# --- Recognised only --------------------------------------------------------------------------------------------------


def decode_foreign_policy(_fields: Fields, meta: Meta) -> ForeignPolicy:
    """A policy whose effect is not modelled."""
    return ForeignPolicy(meta)


_CALICO = ("NetworkPolicy", "GlobalNetworkPolicy", "StagedNetworkPolicy", "StagedGlobalNetworkPolicy")
FOREIGN = (
    ("security.istio.io", "AuthorizationPolicy"),
    ("security.istio.io", "PeerAuthentication"),
    ("cilium.io", "CiliumNetworkPolicy"),
    ("cilium.io", "CiliumClusterwideNetworkPolicy"),
    *((group, kind) for group in ("crd.projectcalico.org", "projectcalico.org") for kind in _CALICO),
    ("crd.antrea.io", "NetworkPolicy"),
    ("crd.antrea.io", "ClusterNetworkPolicy"),
    ("k8s.ovn.org", "EgressFirewall"),
    ("k8s.ovn.org", "UserDefinedNetwork"),
    ("k8s.ovn.org", "ClusterUserDefinedNetwork"),
    ("k8s.cni.cncf.io", "NetworkAttachmentDefinition"),
    ("k8s.cni.cncf.io", "MultiNetworkPolicy"),
)
"""Kinds that change who reaches whom and are not modelled."""
