"""From needed flows to the rules of one workload: who may call it, and whom it may call."""

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from fourc.model.flows import Flow, FlowPort, Party, PartyKind
from fourc.model.kubernetes.network import Peer, PolicyPart, PolicyPort, Requirement, Selector
from fourc.model.subject import Ref
from fourc.model.text import Text

NAME_LABEL = "kubernetes.io/metadata.name"
METADATA = ("100.100.100.200/32", "169.254.169.254/32")
"""Where clouds give out the node's credentials: left out of every wide range."""
METADATA_6 = ("fd00:ec2::254/128",)
NODE_LOCAL_DNS = "169.254.20.10/32"
"""https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/"""
OUTSIDE = (Peer(None, None, "0.0.0.0/0", METADATA), Peer(None, None, "::/0", METADATA_6))
_EVERY_POD = Peer(None, Selector({}), None)
_NODES = (Peer(None, None, "0.0.0.0/0"), Peer(None, None, "::/0"))
_DNS_PORTS = (FlowPort(53, "UDP"), FlowPort(53, "TCP"))

Ports = frozenset[FlowPort] | None
"""None stands for every port."""


class Rule(Struct, frozen=True):
    """One rule with the flows for which it is there."""

    part: PolicyPart
    reasons: tuple[Flow, ...]


class Rules(Struct, frozen=True):
    """The rules of one workload in one direction, and what a person has to confirm."""

    rules: tuple[Rule, ...]
    fill_in: tuple[Text, ...] = ()


class Surroundings(Struct, frozen=True):
    """What rules are written with: selectors and namespaces of workloads, hosts' confirmed addresses, OpenShift's DNS."""

    selectors: Mapping[Ref, Mapping[str, str]]
    on_host: frozenset[Ref]
    addresses: Mapping[str, tuple[str, ...]]
    openshift: bool = False


Peers = tuple[Peer, ...]
_Key = tuple[tuple[str, ...], ...]


class _Groups:
    """Flows by the peers that stand for their far end (selectors hold mappings, so peers cannot be keys)."""

    def __init__(self) -> None:
        self.peers: dict[_Key, Peers] = {}
        self.flows: dict[_Key, list[Flow]] = defaultdict(list)

    def add(self, peers: Peers, flow: Flow, apart: str = "") -> None:
        """Add a flow; what must have a rule of its own, so that a person can fill it in, is kept `apart`."""
        key = (*(_peer_key(p) for p in peers), *([(apart,)] if apart else []))
        self.peers[key] = peers
        self.flows[key].append(flow)

    def rules(self) -> tuple[Rule, ...]:
        return _grouped([(self.peers[key], flows) for key, flows in self.flows.items()])


def incoming(me: Ref, flows: Iterable[Flow], around: Surroundings) -> Rules:
    """Who may call the workload; its own node always may (https://kubernetes.io/docs/concepts/services-networking/)."""
    groups = _Groups()
    for flow in flows:
        if flow.source.kind is not PartyKind.NODE:
            groups.add(_sources(flow.source, me, around), flow)
    anyone = groups.flows.get((), [])
    if anyone:  # a port that is open to everyone needs no list of callers
        open_ports = _ports_of(anyone)
        for key in [k for k, mine in groups.flows.items() if k and _within(_ports_of(mine), open_ports)]:
            anyone += groups.flows.pop(key)
    return Rules(_numbered(groups.rules()))


def outgoing(me: Ref, flows: Iterable[Flow], around: Surroundings) -> Rules:
    """Whom the workload may call: DNS first, the world outside last."""
    groups = _Groups()
    fill_in: dict[Text, None] = {}
    names: list[Flow] = []
    for flow in flows:
        if flow.target.kind is PartyKind.DNS:
            names.append(flow)
            continue
        apart = str(flow.target) if flow.target.kind in {PartyKind.HOST, PartyKind.API_SERVER} else ""
        groups.add(_targets(flow.target, me, around), flow, apart)
        text = to_confirm(flow.target, around)
        if text is not None:
            fill_in[text] = None
    return Rules(_numbered([*_name_rules(names, around), *groups.rules()]), tuple(fill_in))


def _sources(party: Party, me: Ref, around: Surroundings) -> Peers:
    """The peers of an ingress rule; none where the caller's address cannot be told from others."""
    if party.kind is PartyKind.CLUSTER:
        return (_EVERY_POD,)
    if party.kind in {PartyKind.ANYWHERE, PartyKind.OUTSIDE, PartyKind.API_SERVER, PartyKind.HOST}:
        return ()
    if party.ref is not None and (party.ref in around.on_host or not around.selectors.get(party.ref)):
        return () if party.ref in around.on_host else (_pods({}, party.ref.namespace, me),)
    return _peers(party, me, around)


def _targets(party: Party, me: Ref, around: Surroundings) -> Peers:
    """The peers of an egress rule."""
    if party.kind in {PartyKind.HOST, PartyKind.API_SERVER}:
        known = around.addresses.get(_address_name(party))
        return tuple(Peer(None, None, cidr) for cidr in known) if known else OUTSIDE
    if party.kind is PartyKind.NODE or party.ref in around.on_host:
        return _NODES
    wide = _WIDE.get(party.kind)
    if wide is None and party.ref is not None and not around.selectors.get(party.ref):
        wide = (_pods({}, party.ref.namespace, me),)
    return _peers(party, me, around) if wide is None else wide


_WIDE: Mapping[PartyKind, Peers] = {
    PartyKind.OUTSIDE: OUTSIDE,
    PartyKind.ANYWHERE: (_EVERY_POD, *OUTSIDE),
    PartyKind.CLUSTER: (_EVERY_POD,),
}


def _peers(party: Party, me: Ref, around: Surroundings) -> Peers:
    if party.kind is PartyKind.ADDRESS:
        return (Peer(None, None, party.name, excluded(party.name)),)
    if party.ref is not None:
        return (_pods(around.selectors[party.ref], party.ref.namespace, me),)
    return (_pods(dict(party.labels), party.name, me),)


def _pods(labels: Mapping[str, str], namespace: str | None, me: Ref) -> Peer:
    where = namespace or "default"
    if where == (me.namespace or "default"):
        return Peer(Selector(dict(labels)), None, None)
    return Peer(Selector(dict(labels)) if labels else None, Selector({NAME_LABEL: where}), None)


def excluded(cidr: str) -> tuple[str, ...]:
    """The metadata addresses that lie inside a range and are not the whole of it."""
    network = ipaddress.ip_network(cidr, strict=False)
    if not isinstance(network, ipaddress.IPv4Network) or network.prefixlen == 32:
        return ()
    return tuple(m for m in METADATA if ipaddress.IPv4Network(m).subnet_of(network))


def _address_name(party: Party) -> str:
    return "kubernetes" if party.kind is PartyKind.API_SERVER else party.name


_HOST = Text(
    "{h} is a name, and policies only know addresses: put its addresses in place of 0.0.0.0/0 and ::/0 "
    "(dig +short {h}), or give --address {h}=CIDR. Until then every address outside is open on these ports",
    "{h} 是域名，而策略只认地址：请用它的地址替换 0.0.0.0/0 和 ::/0（dig +short {h}），或使用 --address {h}=CIDR。"
    "在此之前，这些端口对外部所有地址开放",
)
_API = Text(
    "the API server's address stands in no manifest: put it in place of 0.0.0.0/0 and ::/0 "
    "(kubectl get endpoints kubernetes -n default), or give --address kubernetes=CIDR. Until then every address outside is "
    "open on these ports",
    "清单中没有 API 服务器的地址：请用它替换 0.0.0.0/0 和 ::/0（kubectl get endpoints kubernetes -n default），"
    "或使用 --address kubernetes=CIDR。在此之前，这些端口对外部所有地址开放",
)
_ANY = Text(
    "what this program calls stands in no manifest: its connections to the outside stay open, but for the cloud's metadata "
    "address",
    "该程序访问的目标没有写在清单里：除云元数据地址外，对外的出站连接保持开放",
)


def to_confirm(party: Party, around: Surroundings) -> Text | None:
    """What stays open because only the user knows the address."""
    if party.kind is PartyKind.HOST and party.name not in around.addresses:
        return _HOST.of(h=party.name)
    if party.kind is PartyKind.API_SERVER and "kubernetes" not in around.addresses:
        return _API
    return _ANY if party.kind in {PartyKind.ANYWHERE, PartyKind.OUTSIDE} else None


def _name_rules(flows: Sequence[Flow], around: Surroundings) -> list[Rule]:
    if not flows:
        return []
    kube_dns = Peer(Selector({"k8s-app": "kube-dns"}), Selector({NAME_LABEL: "kube-system"}), None)
    peers = (kube_dns, Peer(None, None, NODE_LOCAL_DNS))
    rules = [Rule(PolicyPart(0, peers, _policy_ports(frozenset(_DNS_PORTS))), tuple(flows))]
    if around.openshift:
        ports = frozenset({FlowPort(5353, "UDP"), FlowPort(5353, "TCP")})
        dns = Peer(None, Selector({NAME_LABEL: "openshift-dns"}), None)
        rules.append(Rule(PolicyPart(0, (dns,), _policy_ports(ports)), tuple(flows)))
    return rules


def _grouped(found: Iterable[tuple[Peers, Sequence[Flow]]]) -> tuple[Rule, ...]:
    """Peers with the same ports in one rule; everyone and the world outside in rules of their own."""
    by_ports: dict[tuple[bool, Ports], list[tuple[Peers, Sequence[Flow]]]] = defaultdict(list)
    for peers, flows in found:
        alone = not peers or any(p.cidr for p in peers)
        by_ports[alone, _ports_of(flows)].append((peers, flows))
    rules: list[Rule] = []
    for (alone, ports), members in by_ports.items():
        ordered = sorted(members, key=lambda m: [_peer_key(p) for p in m[0]])
        for group in [[m] for m in ordered] if alone else [ordered]:
            peers = tuple(p for m in group for p in m[0])
            rules.append(Rule(PolicyPart(0, peers, _policy_ports(ports)), tuple(f for m in group for f in m[1])))
    return tuple(sorted(rules, key=_rule_key))


def _ports_of(flows: Iterable[Flow]) -> Ports:
    ports = [f.port for f in flows]
    return None if None in ports else frozenset(p for p in ports if p is not None)


def _within(ports: Ports, others: Ports) -> bool:
    return others is None or (ports is not None and ports <= others)


def _policy_ports(ports: Ports) -> tuple[PolicyPort, ...]:
    ordered = sorted(ports or (), key=lambda p: (p.protocol, isinstance(p.port, str), str(p.port).zfill(5)))
    return tuple(PolicyPort(p.protocol, p.port) for p in ordered)


def _peer_key(peer: Peer) -> tuple[str, ...]:
    namespaces = "" if peer.namespaces is None else str(sorted(peer.namespaces.labels.items()))
    pods = "" if peer.pods is None else str(sorted(peer.pods.labels.items()))
    return peer.cidr or "", namespaces, pods


def _rule_key(rule: Rule) -> tuple[bool, list[tuple[str, ...]], str]:
    wide = not rule.part.peers or any(p.cidr for p in rule.part.peers)
    return wide, [_peer_key(p) for p in rule.part.peers], str(rule.part.ports)


def _numbered(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(
        Rule(PolicyPart(index, rule.part.peers, rule.part.ports), rule.reasons) for index, rule in enumerate(rules)
    )


def in_selector(key: str, values: Iterable[str]) -> Selector:
    """A selector for any of several values of one label."""
    return Selector({}, (Requirement(key, "In", tuple(sorted(values))),))
