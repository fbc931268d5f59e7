"""Who may connect to whom, on which ports: the exact meaning of every policy that was read.

Order of the verdict at each end: administrators' policies by priority, then NetworkPolicies (a pod that one selects
is allowed what its policies add up to, and nothing else), then the baseline, then everything is allowed. A connection
needs the word of both ends.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from fourc.model.connectivity import Direction
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.admin_policy import Tier
from fourc.model.kubernetes.network import NetworkPolicy
from fourc.model.kubernetes.pod import Workload
from fourc.model.ports import PortSet
from fourc.reach.addresses import AddressRange
from fourc.reach.bits import members
from fourc.reach.classes import NamedPort, PodClass, Reading, words_of
from fourc.reach.ports import PortAtoms
from fourc.reach.rows import Decision, Row, add, meet
from fourc.reach.rules import Resolved, Resolver, Rule, address_blocks, blocks_of, port_names, port_spans
from fourc.reach.space import Space, Stranger

End = int
"""One end of a connection: the number of a pod class, a stranger or a range of addresses, in this order."""


class Flow(Struct, frozen=True):
    """Every source may connect to every target on these ports; sources and targets are bits of ends."""

    sources: int
    targets: int
    ports: PortSet


class Group(Struct, frozen=True):
    """Ends (bits) with the same row."""

    ends: int
    row: Row


class Reach:
    """The answer for one state of a cluster; asked by the numbers of ends (`class_of` gives a workload's)."""

    def __init__(
        self,
        space: Space,
        atoms: PortAtoms,
        resolved: Sequence[Resolved],
        joined: Mapping[Direction, tuple[tuple[int, AddressRange], ...]],
    ) -> None:
        self._joined = joined
        self.space = space
        self.atoms = atoms
        self.resolved = tuple(resolved)
        self._class_of = {id(w): c.index for c in space.classes for w in c.workloads}
        self._selecting: dict[Direction, list[tuple[int, ...]]] = {d: self._by_class(d) for d in Direction}
        self._rows: dict[Direction, list[Row]] = {}
        self._open: Row = {atoms.all: space.everyone ^ space.unread}
        add(self._open, space.unread, atoms.all | atoms.extra)
        self._groups = {direction: self._grouped(direction) for direction in Direction}
        for direction, groups in self._groups.items():
            rows = [self._open] * (space.first_range + len(space.addresses.ranges))
            for group in groups:
                for end in members(group.ends & space.pods):
                    rows[end] = group.row
            self._rows[direction] = rows

    @property
    def classes(self) -> tuple[PodClass, ...]:
        """The pods in classes that no policy tells apart."""
        return self.space.classes

    @property
    def ranges(self) -> tuple[AddressRange, ...]:
        """The addresses outside, in ranges that no policy tells apart."""
        return self.space.addresses.ranges

    def class_of(self, workload: Workload) -> End:
        """The class of a workload of the inventory."""
        return self._class_of[id(workload)]

    def ranges_for(self, direction: Direction) -> tuple[tuple[End, AddressRange], ...]:
        """The addresses in ranges that no policy of a direction tells apart (ingress: sources), each with its end."""
        return tuple((self.space.first_range + index, found) for index, found in self._joined[direction])

    def allowed(self, source: End, target: End) -> PortSet:
        """The ports on which a pod or address of `source` may connect to another one of `target`."""
        return self.atoms.ports(self._ports(source, target))

    def _ports(self, source: End, target: End) -> int:
        if max(source, target) >= self.space.first_range and min(source, target) >= self.space.first_stranger:
            return 0  # neither end is a pod of the cluster
        out = _at(self._rows[Direction.EGRESS][source], target)
        return out and out & _at(self._rows[Direction.INGRESS][target], source)

    def from_outside(self, target: End) -> PortSet:
        """The ports on which some address outside the cluster may connect."""
        ports = 0
        for found, ends in self._rows[Direction.INGRESS][target].items():
            if ends & self.space.outside:
                ports |= found
        return self.atoms.ports(ports)

    def to_outside(self, source: End) -> PortSet:
        """The ports on which it may connect to some address outside the cluster."""
        ports = 0
        for found, ends in self._rows[Direction.EGRESS][source].items():
            if ends & self.space.outside:
                ports |= found
        return self.atoms.ports(ports)

    def to_anyone(self, source: End) -> PortSet:
        """The ports on which its own policies let it connect to somebody."""
        ports = 0
        for found in self._rows[Direction.EGRESS][source]:
            ports |= found
        return self.atoms.ports(ports)

    def targets(self, source: End, among: int | None = None) -> Iterator[tuple[End, PortSet]]:
        """Whom (of these ends, by default of all) it may connect to (its own class too), with the ports."""
        asked = self.space.everyone if among is None else among
        if source >= self.space.first_stranger:
            asked &= self.space.pods
        inner, outer = asked & self.space.pods, asked & ~self.space.pods
        incoming = self._rows[Direction.INGRESS]
        from_here = _at(self._open, source)  # what no policy is about lets in
        for ports, ends in self._rows[Direction.EGRESS][source].items():
            for target in members(ends & inner):
                both = ports & _at(incoming[target], source)
                if both:
                    yield target, self.atoms.ports(both)
            if ports & from_here:
                for target in members(ends & outer):
                    yield target, self.atoms.ports(ports & from_here)

    def sources(self, target: End) -> Iterator[tuple[End, PortSet]]:
        """Who may connect to it (its own class too), with the ports."""
        for ports, ends in self._rows[Direction.INGRESS][target].items():
            for source in members(ends):
                both = ports & _at(self._rows[Direction.EGRESS][source], target)
                if both and min(source, target) < self.space.first_stranger:
                    yield source, self.atoms.ports(both)

    def text(self, direction: Direction, end: End, other: End) -> str:
        """The same in words, with the names of ports that are known by name alone."""
        return self.atoms.text(_at(self._rows[direction][end], other))

    def one_sided(self, direction: Direction, end: End, other: End) -> PortSet:
        """What the policies at `end` alone say about connections in this direction with `other`."""
        return self.atoms.ports(_at(self._rows[direction][end], other))

    def selecting(self, direction: Direction, end: End) -> tuple[Resolved, ...]:
        """The policies that are about an end in a direction, in the order in which they are asked."""
        if end >= self.space.first_stranger:
            return ()
        return tuple(self.resolved[i] for i in self._selecting[direction][end])

    def row(self, direction: Direction, end: End) -> Row:
        """What the policies at an end say: ports (bits of `atoms`) with the ends that have just these."""
        return self._rows[direction][end]

    def row_without(self, direction: Direction, end: End, policy: Resolved, rule: Rule) -> Row:
        """The same if a policy did not have one of its rules."""
        fewer = replace(policy, rules=tuple(r for r in policy.rules if r is not rule))
        others = [fewer if r is policy else r for r in self.selecting(direction, end)]
        return self._row(direction, others, end)

    def flows(self) -> Iterator[Flow]:
        """Everything that is allowed, in blocks whose (source, target) pairs are disjoint; a pod's own class is in it.

        What takes place outside the cluster alone is left out.
        """
        strangers = self.space.everyone ^ self.space.pods
        for sources, targets, ports in self._flows():
            inner = targets & self.space.pods
            if inner:
                yield Flow(sources, inner, self.atoms.ports(ports))
            inside, outer = sources & ~strangers, targets & strangers
            if inside and outer:
                yield Flow(inside, outer, self.atoms.ports(ports))

    def _flows(self) -> Iterator[tuple[int, int, int]]:
        touched = _Touched(self._groups[Direction.EGRESS])
        for taking in self._groups[Direction.INGRESS]:
            for ports, sources in taking.row.items():
                for giving in touched.by(sources):
                    from_ = giving.ends & sources
                    for others, targets in giving.row.items():
                        both = ports & others
                        to = both and targets & taking.ends
                        if to:
                            yield from_, to, both

    @staticmethod
    def members(ends: int) -> Iterator[End]:
        """The ends in a set of them."""
        return members(ends)

    def pods(self) -> int:
        """How many pods there are, replicas counted."""
        return sum(c.pods for c in self.classes)

    def pairs(self) -> int:
        """How many ordered pairs of different pods there are with any port allowed."""
        count = _counter([c.pods for c in self.classes])
        touched = _Touched(self._groups[Direction.EGRESS])
        inner, total = self.space.pods, 0
        for taking in self._groups[Direction.INGRESS]:
            mine = taking.ends & inner
            for ports, sources in taking.row.items():
                for giving in touched.by(sources & inner) if mine else ():
                    reached = 0  # the blocks of a row are disjoint, so they may be put together
                    for others, targets in giving.row.items():
                        if ports & others:
                            reached |= targets
                    reached &= mine
                    if reached:
                        total += count(giving.ends & sources & inner) * count(reached)
        itself = sum(c.pods for c in self.classes if self._ports(c.index, c.index))
        return total - itself

    def _by_class(self, direction: Direction) -> list[tuple[int, ...]]:
        found: list[list[int]] = [[] for _ in self.space.classes]
        for number, resolved in enumerate(self.resolved):
            if resolved.direction is direction:
                for end in members(resolved.subject):
                    found[end].append(number)
        return [tuple(numbers) for numbers in found]

    def _grouped(self, direction: Direction) -> list[Group]:
        """The ends by their rows; what no policy selects, and whatever is no pod, is open."""
        alike: dict[tuple[tuple[int, ...], tuple[NamedPort, ...]], list[int]] = {}
        for end, numbers in enumerate(self._selecting[direction]):
            names = self._named_for(numbers, end) if direction is Direction.INGRESS else ()
            alike.setdefault((numbers, names), []).append(end)
        rows: dict[frozenset[tuple[int, int]], int] = {}
        others = self.space.everyone ^ self.space.pods
        rows[frozenset(self._open.items())] = others
        for (numbers, _), ends in alike.items():
            row = self._row(direction, [self.resolved[i] for i in numbers], ends[0])
            key = frozenset(row.items())
            rows[key] = rows.get(key, 0) | sum(1 << end for end in ends)
        return [Group(ends, dict(key)) for key, ends in rows.items() if ends]

    def _named_for(self, numbers: Sequence[int], end: End) -> tuple[NamedPort, ...]:
        """What the policies' named ports mean at this end."""
        if not self.space.classes[end].named:
            return ()
        wanted = {name for i in numbers for name, _ in self.resolved[i].names}
        return tuple(sorted(port for port in self.space.classes[end].named if port[0] in wanted))

    def _row(self, direction: Direction, resolved: Sequence[Resolved], end: End) -> Row:
        """What the policies that select an end allow it in a direction."""
        if not resolved:
            return self._open
        admin = self._decide([r for r in resolved if r.tier is Tier.ADMIN], direction, end, self._open)
        own = [r for r in resolved if r.tier is None]
        allowed = admin.allowed
        if own:
            added: Row = {}
            for policy in own:
                for rule in policy.rules:
                    for ends, ports in blocks_of(rule, direction, end, self.space, self.atoms):
                        add(added, ends, ports)
            left = meet(admin.undecided(), added)
        else:
            base = self._decide([r for r in resolved if r.tier is Tier.BASELINE], direction, end, admin.undecided())
            for ports, ends in base.allowed.items():
                add(allowed, ends, ports)
            left = base.undecided()
        for ports, ends in left.items():
            add(allowed, ends, ports)
        return allowed

    def _decide(self, resolved: Sequence[Resolved], direction: Direction, end: End, open_: Row) -> Decision:
        decision = Decision(dict(open_))
        for policy in resolved:
            for rule in policy.rules:
                if rule.action is not None:
                    decision.ask(rule.action, blocks_of(rule, direction, end, self.space, self.atoms))
        return decision


class _Touched:
    """Finds the groups that hold some of a set of ends, without a look at every group where the set is small."""

    def __init__(self, groups: Sequence[Group]) -> None:
        ordered = sorted(groups, key=lambda g: g.ends.bit_count())
        self._largest, self._others = ordered[-1], ordered[:-1]
        self._rest = 0
        self._group_of: dict[End, int] = {}
        for number, group in enumerate(self._others):
            self._rest |= group.ends
            self._group_of.update(dict.fromkeys(members(group.ends), number))

    def by(self, ends: int) -> Iterator[Group]:
        """The groups with at least one of the ends."""
        if ends & self._largest.ends:
            yield self._largest
        left = ends & self._rest
        if left.bit_count() > _FEW:
            yield from (group for group in self._others if group.ends & left)
        elif left:
            for number in sorted({self._group_of[end] for end in members(left)}):
                yield self._others[number]


_FEW = 2000
"""Ends for which the groups are looked up one by one."""


def _counter(sizes: Sequence[int]) -> Callable[[int], int]:
    """Counts the pods behind classes: one set of bits for each binary digit of the classes' sizes."""
    if all(size == 1 for size in sizes):
        return int.bit_count
    digits = max(sizes, default=0).bit_length()
    planes = [sum(1 << i for i, size in enumerate(sizes) if size >> d & 1) for d in range(digits)]
    return lambda ends: sum((ends & plane).bit_count() << digit for digit, plane in enumerate(planes))


def _at(row: Row, end: End) -> int:
    for ports, ends in row.items():
        if ends >> end & 1:
            return ports
    return 0


def _once(policies: Sequence[NetworkPolicy]) -> list[NetworkPolicy]:
    """The policies without further copies: a folder may hold an object several times, a cluster holds it once."""
    kept: dict[tuple[str | None, str], list[NetworkPolicy]] = {}
    for policy in policies:
        alike = kept.setdefault((policy.meta.namespace, policy.meta.name), [])
        content = policy.selector, policy.ingress, policy.egress
        if all((p.selector, p.ingress, p.egress) != content for p in alike):
            alike.append(policy)
    return [policy for alike in kept.values() for policy in alike]


def reachability(inventory: Inventory, *, reading: Reading = Reading.API, strangers: Sequence[Stranger] = ()) -> Reach:
    """Who may connect to whom in what was read; `strangers` are pods to be asked about that were not."""
    policies = _once(inventory.policies)
    admin = sorted(inventory.admin_policies, key=lambda p: (p.priority, p.meta.name))
    blocks = address_blocks(policies, admin)
    every = [block for found in blocks.values() for block in found]
    space = Space(inventory, words_of(policies, admin), every, strangers, reading)
    atoms = PortAtoms(
        [*port_spans(policies, admin), *space.named_spans()], port_names(policies, admin) if strangers else ()
    )
    resolver = Resolver(space, atoms)
    resolved = [r for p in admin for r in resolver.admin(p)]
    resolved += [r for p in policies for r in resolver.policy(p)]
    joined = {direction: space.addresses.apart(found) for direction, found in blocks.items()}
    return Reach(space, atoms, resolved, joined)
