"""Policies with their selectors resolved: whom each rule is about, and for which ports."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from fourc.model.connectivity import Direction
from fourc.model.kubernetes.admin_policy import Action, AdminPolicy, AdminRule, Tier
from fourc.model.kubernetes.network import NetworkPolicy, PolicyPart
from fourc.reach.addresses import Block as AddressBlock
from fourc.reach.ports import PortAtoms
from fourc.reach.rows import Block
from fourc.reach.space import Space


class Ports(Struct, frozen=True):
    """A rule's ports: `fixed` ones as bits, and those that go by `(name, protocol)`."""

    fixed: int
    names: tuple[tuple[str, str], ...] = ()


class Rule(Struct, frozen=True):
    """One rule: the ends that its peers choose and its ports; `action` is None for a NetworkPolicy's, which only allows.

    `everyone` when it has no peers at all. `index` is its place in the list, `name` what an administrator calls it.
    """

    index: int
    name: str
    peers: int
    ports: Ports
    action: Action | None
    everyone: bool = False


class Resolved(Struct, frozen=True):
    """One direction of a policy: the pods that it is about, and its rules."""

    policy: NetworkPolicy | AdminPolicy
    tier: Tier | None
    direction: Direction
    subject: int
    rules: tuple[Rule, ...]

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The named ports of its rules."""
        return tuple(name for rule in self.rules for name in rule.ports.names)


def address_blocks(
    policies: Sequence[NetworkPolicy], admin: Sequence[AdminPolicy]
) -> dict[Direction, list[AddressBlock]]:
    """The ranges that the policies name, by the direction in which they do."""
    blocks: dict[Direction, list[AddressBlock]] = {direction: [] for direction in Direction}
    for policy in policies:
        for direction, parts in ((Direction.INGRESS, policy.ingress), (Direction.EGRESS, policy.egress)):
            for part in parts or ():
                blocks[direction] += [(peer.cidr, peer.excluded) for peer in part.peers if peer.cidr is not None]
    for admin_policy in admin:
        for direction, rules in ((Direction.INGRESS, admin_policy.ingress), (Direction.EGRESS, admin_policy.egress)):
            networks = (network for rule in rules for peer in rule.peers for network in peer.networks)
            blocks[direction] += [(network, ()) for network in networks]
    return blocks


def port_names(policies: Sequence[NetworkPolicy], admin: Sequence[AdminPolicy]) -> set[tuple[str, str]]:
    """Every name of a port in a rule, with its protocol where one is given."""
    parts = (part for p in policies for part in (*(p.ingress or ()), *(p.egress or ())))
    names = {(port.port, port.protocol) for part in parts for port in part.ports if isinstance(port.port, str)}
    rules = (rule for p in admin for rule in (*p.ingress, *p.egress))
    return names | {(port.name, port.protocol) for rule in rules for port in rule.ports or () if port.name}


def port_spans(policies: Sequence[NetworkPolicy], admin: Sequence[AdminPolicy]) -> list[tuple[str, int, int]]:
    """Every span of numbered ports that a policy names."""
    spans: set[tuple[str, int, int]] = set()
    for policy in policies:
        for part in (*(policy.ingress or ()), *(policy.egress or ())):
            for port in part.ports:
                if isinstance(port.port, int):
                    spans.add((port.protocol, port.port, port.port if port.end_port is None else port.end_port))
    for admin_policy in admin:
        for rule in (*admin_policy.ingress, *admin_policy.egress):
            spans |= {(p.protocol, p.first, p.last) for p in rule.ports or () if not p.name}
    return sorted(spans)


class Resolver:
    """Resolves policies in a space; equal peers are resolved once."""

    def __init__(self, space: Space, atoms: PortAtoms) -> None:
        self._space = space
        self._atoms = atoms

    def policy(self, policy: NetworkPolicy) -> Iterable[Resolved]:
        """The directions that a NetworkPolicy is about."""
        home = policy.meta.namespace or "default"
        subject = self._space.choose(policy.selector, None, home) & self._space.pods
        for direction, parts in ((Direction.INGRESS, policy.ingress), (Direction.EGRESS, policy.egress)):
            if parts is not None:
                rules = tuple(self._part(part, home) for part in parts)
                yield Resolved(policy, None, direction, subject, rules)

    def _part(self, part: PolicyPart, home: str) -> Rule:
        peers = 0 if part.peers else self._space.everyone
        for peer in part.peers:
            peers |= self._space.peer(peer, home)
        if not part.ports:
            return Rule(
                part.index, "", peers, Ports(self._atoms.all | self._atoms.extra), None, everyone=not part.peers
            )
        fixed = 0
        names: list[tuple[str, str]] = []
        for port in part.ports:
            if isinstance(port.port, str):
                names.append((port.port, port.protocol))
            elif port.port is None:
                fixed |= self._atoms.mask(port.protocol)
            else:
                last = port.port if port.end_port is None else port.end_port
                fixed |= self._atoms.mask(port.protocol, port.port, last)
        return Rule(part.index, "", peers, Ports(fixed, tuple(names)), None, everyone=not part.peers)

    def admin(self, policy: AdminPolicy) -> Iterable[Resolved]:
        """The directions for which an administrator's policy has rules."""
        subject = self._space.choose(policy.pods, policy.namespaces) & self._space.pods
        for direction, rules in ((Direction.INGRESS, policy.ingress), (Direction.EGRESS, policy.egress)):
            if rules:
                resolved = tuple(self._admin_rule(rule) for rule in rules)
                yield Resolved(policy, policy.tier, direction, subject, resolved)

    def _admin_rule(self, rule: AdminRule) -> Rule:
        peers = 0
        action = rule.action
        ports = self._admin_ports(rule)
        for peer in rule.peers:
            if peer.unknown and action is not Action.ALLOW:  # what the API asks of a peer of an unknown kind
                return Rule(
                    rule.index, rule.name, self._space.everyone, Ports(self._atoms.all | self._atoms.extra), Action.DENY
                )
            peers |= self._space.admin_peer(peer)
        return Rule(rule.index, rule.name, peers, ports, action)

    def _admin_ports(self, rule: AdminRule) -> Ports:
        if rule.ports is None:
            return Ports(self._atoms.all | self._atoms.extra)
        fixed = 0
        names: list[tuple[str, str]] = []
        for port in rule.ports:
            if port.name:
                names.append((port.name, port.protocol))
            else:
                fixed |= self._atoms.mask(port.protocol, port.first, port.last)
        return Ports(fixed, tuple(names))


def blocks_of(rule: Rule, direction: Direction, subject: int, space: Space, atoms: PortAtoms) -> list[Block]:
    """What the rule matches at one pod class: ends with the ports that it means for them.

    A name is a port of the destination: of `subject` for ingress, of each peer for egress. What is outside the cluster
    has none; the ports of pods that were not read are known by name alone.
    """
    ports = rule.ports.fixed
    if direction is Direction.INGRESS:
        for name, protocol in rule.ports.names:
            for found, number, _ in space.named(name, protocol, 1 << subject):
                ports |= atoms.mask(found, number, number)
        return [(rule.peers, ports)] if ports else []
    blocks = [(rule.peers, ports)] if ports else []
    for name, protocol in rule.ports.names:
        for found, number, having in space.named(name, protocol, rule.peers):
            blocks.append((having, atoms.mask(found, number, number)))
        unread = rule.peers & space.unread
        if unread:
            blocks.append((unread, atoms.name(name, protocol)))
    return blocks
