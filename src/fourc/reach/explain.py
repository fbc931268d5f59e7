"""Why a connection is allowed or denied: which policy and which rule said so, at each end."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from fourc.model.connectivity import Direction, Part, Reason, Side, Verb
from fourc.model.kubernetes.admin_policy import Action, AdminPolicy, Tier
from fourc.model.kubernetes.network import NetworkPolicy
from fourc.model.ports import PortSet
from fourc.patch.yaml.node import Path
from fourc.reach.engine import End, Reach
from fourc.reach.entries import Entry
from fourc.reach.rules import Resolved, Rule, blocks_of

_VERBS = {Action.ALLOW: Verb.ALLOWS, Action.DENY: Verb.DENIES, Action.PASS: Verb.PASSES}
Judged = list[tuple[int, Side]]
"""Ports as bits, each piece with its verdict at one end."""


class Explainer:
    """Explains connections of one state; what was asked before is remembered."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._known: dict[tuple[Direction, End, End], Judged] = {}

    def parts(self, source: End, target: End) -> tuple[Part, ...]:
        """Every port between two ends, allowed or not, in as few parts as there are different reasons."""
        found: dict[tuple[Side, Side], int] = {}
        for out, egress in self._judged(Direction.EGRESS, source, target):
            for into, ingress in self._judged(Direction.INGRESS, target, source):
                both = out & into
                if both:
                    found[egress, ingress] = found.get((egress, ingress), 0) | both
        ports = self._reach.atoms.ports
        return tuple(Part(ports(mask), egress, ingress) for (egress, ingress), mask in found.items())

    def entry_parts(self, controller: End, target: End, entries: Sequence[Entry]) -> tuple[Part, ...]:
        """Every port between an ingress controller and a workload that entries lead to."""
        opened = PortSet()
        for entry in entries:
            opened = opened.union(entry.ports)
        parts: list[Part] = []
        for part in self.parts(controller, target):
            for ports, leads in ((opened, True), (opened.complement(), False)):
                common = part.ports.intersection(ports)
                if common:
                    parts += _with_entries(replace(part, ports=common), entries, leads=leads)
        return tuple(parts)

    def _judged(self, direction: Direction, end: End, other: End) -> Judged:
        key = (direction, end, other)
        if key not in self._known:
            self._known[key] = _merged(self._judge(direction, end, other))
        return self._known[key]

    def _judge(self, direction: Direction, end: End, other: End) -> Iterator[tuple[int, Side]]:
        selecting = self._reach.selecting(direction, end)
        first = self._ask(selecting, Tier.ADMIN, end, other, [(self._reach.atoms.all, ())])
        yield from first.decided
        own = [r for r in selecting if r.tier is None]
        if own:
            for mask, before in first.left:
                yield from self._own(own, end, other, mask, before)
            return
        second = self._ask(selecting, Tier.BASELINE, end, other, first.left)
        yield from second.decided
        yield from ((mask, Side(allowed=True, reasons=before)) for mask, before in second.left)

    def _ask(
        self,
        selecting: Sequence[Resolved],
        tier: Tier,
        end: End,
        other: End,
        open_: list[tuple[int, tuple[Reason, ...]]],
    ) -> "_Asked":
        asked = _Asked(open_)
        for policy in selecting:
            if policy.tier is tier:
                for rule in policy.rules:
                    matched = self._mask(rule, policy.direction, end, other)
                    if matched and rule.action is not None:
                        reason = _reason(policy, _VERBS[rule.action], (rule,))
                        asked.ask(matched, rule.action, reason)
        return asked

    def _mask(self, rule: Rule, direction: Direction, end: End, other: End) -> int:
        mask = 0
        for ends, ports in blocks_of(rule, direction, end, self._reach.space, self._reach.atoms):
            if ends >> other & 1:
                mask |= ports
        return mask

    def _own(
        self, own: Sequence[Resolved], end: End, other: End, open_: int, before: tuple[Reason, ...]
    ) -> Iterator[tuple[int, Side]]:
        """NetworkPolicies: what their rules add up to."""
        masks = [[(rule, self._mask(rule, p.direction, end, other)) for rule in p.rules] for p in own]
        groups: dict[tuple[tuple[int, ...], ...], int] = {tuple(() for _ in own): open_}
        for number, rules in enumerate(masks):
            said = 0
            for rule, mask in rules:
                if said == self._reach.atoms.all:
                    break  # a policy's further rules add nothing
                said |= mask & self._reach.atoms.all
                split: dict[tuple[tuple[int, ...], ...], int] = {}
                for allowing, ports in groups.items():
                    if ports & ~mask:
                        split[allowing] = ports & ~mask
                    if ports & mask:
                        more = (*allowing[:number], (*allowing[number], rule.index), *allowing[number + 1 :])
                        split[more] = ports & mask
                groups = split
        for allowing, ports in groups.items():
            if any(allowing):
                reasons = tuple(
                    _reason(policy, Verb.ALLOWS, tuple(r for r in policy.rules if r.index in indexes))
                    for policy, indexes in zip(own, allowing, strict=True)
                    if indexes
                )
                yield ports, Side(allowed=True, reasons=before + reasons)
            else:
                reasons = tuple(_refusal(policy, rules, other) for policy, rules in zip(own, masks, strict=True))
                yield ports, Side(allowed=False, reasons=before + reasons)


class _Asked:
    """A tier's rules asked one after the other: what is decided, what is left or passed on, with the reasons so far."""

    def __init__(self, open_: list[tuple[int, tuple[Reason, ...]]]) -> None:
        self._open = open_
        self._passed: list[tuple[int, tuple[Reason, ...]]] = []
        self.decided: list[tuple[int, Side]] = []

    def ask(self, mask: int, action: Action, reason: Reason) -> None:
        still: list[tuple[int, tuple[Reason, ...]]] = []
        for ports, before in self._open:
            hit = ports & mask
            if hit and action is Action.PASS:
                self._passed.append((hit, (*before, reason)))
            elif hit:
                self.decided.append((hit, Side(action is Action.ALLOW, (*before, reason))))
            if ports ^ hit:
                still.append((ports ^ hit, before))
        self._open = still

    @property
    def left(self) -> list[tuple[int, tuple[Reason, ...]]]:
        return [*self._open, *self._passed]


def _merged(pieces: Iterator[tuple[int, Side]]) -> Judged:
    found: dict[Side, int] = {}
    for mask, side in pieces:
        if mask:
            found[side] = found.get(side, 0) | mask
    return [(mask, side) for side, mask in found.items()]


def _refusal(policy: Resolved, rules: Sequence[tuple[Rule, int]], other: End) -> Reason:
    if not policy.rules:
        return _reason(policy, Verb.NO_RULES, ())
    near = tuple(rule for rule, _ in rules if rule.peers >> other & 1)
    if not near:
        return _reason(policy, Verb.NO_RULE, ())
    nameless = all(not mask and rule.ports.names and not rule.ports.fixed for rule, mask in rules if rule in near)
    return _reason(policy, Verb.NO_SUCH_NAME if nameless else Verb.OTHER_PORTS, near)


def _reason(policy: Resolved, verb: Verb, rules: Sequence[Rule]) -> Reason:
    field = policy.direction.value.lower()
    at: Path = ("spec", field, rules[0].index) if rules else ("spec",)
    meta = policy.policy.meta
    names = tuple(rule_name(policy.policy, r) for r in rules)
    return Reason(verb, policy.direction, meta.ref, meta.origin, at, names)


def rule_name(policy: NetworkPolicy | AdminPolicy, rule: Rule) -> str:
    """What an administrator calls the rule, else its number."""
    return rule.name if isinstance(policy, AdminPolicy) and rule.name else f"#{rule.index + 1}"


def _with_entries(part: Part, entries: Sequence[Entry], *, leads: bool) -> Iterator[Part]:
    """The part with the entries' say before that of the policies."""
    if not leads:
        reasons = tuple(_entry_reason(Verb.LEADS_ELSEWHERE, e) for e in _once(entries))
        policies = () if part.ingress.allowed else part.ingress.reasons
        yield replace(part, ingress=Side(allowed=False, reasons=reasons + policies))
        return
    found: dict[tuple[Reason, ...], PortSet] = {}
    left = part.ports
    for entry in entries:
        common = left.intersection(entry.ports)
        if common:
            key = (_entry_reason(Verb.LEADS, entry),)
            found[key] = found.get(key, PortSet()).union(common)
            left = left.without(common)
    for reasons, ports in found.items():
        side = Side(part.ingress.allowed, reasons + part.ingress.reasons)
        yield replace(part, ports=ports, ingress=side)


def _once(entries: Sequence[Entry]) -> list[Entry]:
    return list({(e.via.ref, e.service.meta.ref): e for e in entries}.values())


def _entry_reason(verb: Verb, entry: Entry) -> Reason:
    return Reason(verb, Direction.INGRESS, entry.via.ref, entry.via.origin, entry.at, (), entry.service.meta.name)
