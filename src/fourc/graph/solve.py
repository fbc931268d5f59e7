"""Which nodes an attacker can hold, in many sampled worlds at once, and what changes when steps are taken away.

A world is one bit (see `sample`), so the worlds in which a node is held are one integer: a step is an AND over all that it
asks for, a join is an OR, and thousands of worlds cost as much as one. For every node and world, one step is remembered as
the one that gave the node: these steps make a tree in each world. Taking a step away can only hurt what hangs below it in
the tree, so only that part is looked at again. Steps that some change can remove are used last: the tree leans on them
only where there is no other way, which keeps what hangs below them small.
"""

from collections import deque
from collections.abc import Collection, Container, Iterable, Iterator, Mapping

from msgspec import Struct

from fourc.graph.relevant import sampled_between
from fourc.graph.sample import Sampler, plain, worlds_for
from fourc.model.step import Goal, Step

START = "internet"


class Loss(Struct, frozen=True):
    """What removing steps does: `damage` is what hung below them, `lost` what no other way gives back (worlds by node).

    `cut` are the tree's steps that give nothing any more, `rescues` those that take their place, with the worlds.
    """

    damage: Mapping[int, int]
    lost: Mapping[int, int]
    cut: Mapping[int, int]
    rescues: Mapping[int, int]


class Worlds:
    """One graph in its sampled worlds, without what can never matter: steps and worlds from which no goal is reached."""

    def __init__(
        self,
        steps: Iterable[Step],
        goals: Iterable[Goal],
        removable: Container[str] = (),
        sampler: Sampler | None = None,
        count: int = 0,
        held: Collection[str] = (),
    ) -> None:
        """Sample every step once. `held` nodes are held from the start; `removable` steps are those that a change removes."""
        steps = tuple(steps)
        goals = tuple(goals)
        self.count = count or worlds_for(len(steps))
        self.every = (1 << self.count) - 1
        starts = {START, *held}
        kept = sampled_between(steps, starts, [g.node for g in goals], sampler or plain(self.count), self.every)
        self.names: list[str] = sorted(starts)
        self.starts = len(self.names)
        number: dict[str, int] = {name: i for i, name in enumerate(self.names)}
        for step, _ in kept:
            for name in (step.source, *step.when, step.target):
                if number.setdefault(name, len(self.names)) == len(self.names):
                    self.names.append(name)
        self.steps: list[str] = [step.id for step, _ in kept]
        self.works: list[int] = [works for _, works in kept]
        self.target: list[int] = [number[step.target] for step, _ in kept]
        self.needs: list[tuple[int, ...]] = [
            tuple(dict.fromkeys(number[n] for n in (step.source, *step.when))) for step, _ in kept
        ]
        self.loose = [name in removable for name in self.steps]
        self.ins: list[list[int]] = [[] for _ in self.names]
        self.outs: list[list[int]] = [[] for _ in self.names]
        for step_number, asked in enumerate(self.needs):
            for node in asked:
                self.outs[node].append(step_number)
        for step_number in sorted(
            range(len(self.steps)), key=self.loose.__getitem__
        ):  # what no change removes comes first
            self.ins[self.target[step_number]].append(step_number)
        weights: dict[int, float] = {}
        for goal in goals:
            if goal.node in number:
                weights[number[goal.node]] = weights.get(number[goal.node], 0.0) + goal.impact / self.count
        self.weights: Mapping[int, float] = weights

    def held(self, removed: Container[str] = ()) -> dict[str, int]:
        """By node the worlds in which it is held and leads to a goal (or is one), without the removed steps."""
        state = Held(self, [i for i, name in enumerate(self.steps) if name in removed])
        return {self.names[i]: mask for i, mask in enumerate(state.hold) if mask}

    def risk(self, removed: Container[str] = ()) -> float:
        """`sum of impact(goal) * P(goal reachable)` without the removed steps."""
        return Held(self, [i for i, name in enumerate(self.steps) if name in removed]).risk()

    def weigh(self, masks: Mapping[int, int]) -> float:
        """The risk of holding each node in so many worlds."""
        weights = self.weights
        return sum(weights[node] * bits.bit_count() for node, bits in masks.items() if node in weights)


class Held:
    """Who is held in which worlds, kept true while steps are taken away. Numbers are those of `worlds`.

    `tree[step]` are the worlds in which the step gave its target. Worlds in which no goal is held any more are left alone.
    """

    def __init__(self, worlds: Worlds, removed: Collection[int] = ()) -> None:
        """Walk the whole graph once, without the removed steps."""
        self.worlds = worlds
        self.gone = bytearray(len(worlds.steps))
        for step in removed:
            self.gone[step] = 1
        self.hold = [0] * len(worlds.names)
        self.tree = [0] * len(worlds.steps)
        self._below: list[dict[int, None]] = [{} for _ in worlds.names]
        self._walk()
        for step, bits in enumerate(self.tree):
            if bits:
                for need in worlds.needs[step]:
                    self._below[need][step] = None
        self._alive = self._any_goal()

    def risk(self) -> float:
        """`sum of impact(goal) * P(goal reachable)` now."""
        return sum(weight * self.hold[goal].bit_count() for goal, weight in self.worlds.weights.items())

    def _walk(self) -> None:
        """Steps that cannot be removed until nothing moves, then one round of the others, and so on."""
        worlds, hold = self.worlds, self.hold
        firm: list[list[tuple[int, int, int, tuple[int, ...]]]] = [[] for _ in hold]
        loose: list[list[tuple[int, int, int, tuple[int, ...]]]] = [[] for _ in hold]
        for step, needs in enumerate(worlds.needs):
            if not self.gone[step]:
                out = loose if worlds.loose[step] else firm
                for need in needs:
                    others = () if len(needs) == 1 else tuple(n for n in needs if n != need)
                    out[need].append((step, worlds.works[step], worlds.target[step], others))
        fresh = dict.fromkeys(range(worlds.starts))
        for node in fresh:
            hold[node] = worlds.every
        while fresh:
            queue, waiting, grown = deque(fresh), set(fresh), dict(fresh)
            while queue:
                node = queue.popleft()
                waiting.discard(node)
                for end in self._through(firm[node], hold[node]):
                    grown[end] = None
                    if end not in waiting:
                        waiting.add(end)
                        queue.append(end)
            fresh = {end: None for node in grown for end in self._through(loose[node], hold[node])}

    def _through(self, outs: Iterable[tuple[int, int, int, tuple[int, ...]]], held: int) -> Iterator[int]:
        """Take every step out of a node once; the nodes of which more is held then."""
        hold, tree = self.hold, self.tree
        for step, mask, end, others in outs:
            mask &= held  # noqa: PLW2901 - the mask narrows
            for need in others:
                mask &= hold[need]  # noqa: PLW2901 - the same
            before = hold[end]
            after = before | mask
            if after != before:
                hold[end] = after
                tree[step] |= after ^ before
                yield end

    def _any_goal(self) -> int:
        """The worlds in which some goal is held."""
        alive = 0
        for goal in self.worlds.weights:
            alive |= self.hold[goal]
        return alive

    def damage(self, steps: Iterable[int]) -> dict[int, int]:
        """What hangs below the steps: by node, the worlds in which it may be lost."""
        target, tree, below = self.worlds.target, self.tree, self._below
        hurt: dict[int, int] = {}
        todo: dict[int, int] = {}
        for step in steps:
            bits = tree[step] & self._alive
            if bits and not self.gone[step]:
                end = target[step]
                hurt[end] = todo[end] = hurt.get(end, 0) | bits
        while todo:
            node, bits = todo.popitem()
            for step in below[node]:
                hit = tree[step] & bits
                if not hit:
                    continue
                end = target[step]
                before = hurt.get(end, 0)
                after = before | hit
                if after != before:
                    hurt[end] = after
                    todo[end] = todo.get(end, 0) | (after ^ before)
        return hurt

    def loss(self, steps: Collection[int], *, everywhere: bool = False) -> Loss:
        """What would be lost without the steps; nothing is taken away yet.

        It is worked out only for worlds in which a goal hangs below the steps, unless it is asked for `everywhere`.
        """
        damage = self.damage(steps)
        matters = self._alive
        if not everywhere:
            matters = 0
            for node in damage.keys() & self.worlds.weights.keys():
                matters |= damage[node]
        without = frozenset(steps)
        cut = {step: bits for step in without if not self.gone[step] and (bits := self.tree[step] & matters)}
        rescues: dict[int, int] = {}
        hurt = self._hurt(damage, without, cut, rescues)
        now = {node: self.hold[node] & ~bits for node, bits in hurt.items()}
        stands = [node for node, bits in damage.items() if bits & ~hurt.get(node, 0)] if hurt else []
        self._given_back(stands, hurt, now, without, rescues)
        lost = {node: bits & ~now[node] for node, bits in hurt.items() if bits & ~now[node]}
        return Loss(damage, lost, cut, rescues)

    def _hurt(
        self, damage: Mapping[int, int], without: Container[int], cut: dict[int, int], rescues: dict[int, int]
    ) -> dict[int, int]:
        """What hangs below the cut steps, but not below a node that undamaged ones give back: all below that stays."""
        worlds, tree, below = self.worlds, self.tree, self._below
        now = {node: self.hold[node] & ~bits for node, bits in damage.items()}
        hurt: dict[int, int] = {}
        todo: dict[int, int] = {}
        for step, bits in cut.items():
            todo[worlds.target[step]] = todo.get(worlds.target[step], 0) | bits
        while todo:
            node, bits = todo.popitem()
            bits &= ~(now[node] | hurt.get(node, 0))
            for step in worlds.ins[node] if bits else ():
                mask = worlds.works[step] & bits
                if mask and not self.gone[step] and step not in without:
                    mask &= self._able(step, now)
                    if mask:
                        now[node] |= mask
                        rescues[step] = rescues.get(step, 0) | mask
                        bits ^= mask
                        if not bits:
                            break
            if bits:
                hurt[node] = hurt.get(node, 0) | bits
                for step in below[node]:
                    hit = tree[step] & bits
                    if hit:
                        cut[step] = cut.get(step, 0) | hit
                        todo[worlds.target[step]] = todo.get(worlds.target[step], 0) | hit
        return hurt

    def _given_back(
        self,
        todo: list[int],
        hurt: Mapping[int, int],
        now: dict[int, int],
        without: Container[int],
        rescues: dict[int, int],
    ) -> None:
        """Fill `now` with what other steps give, from what turned out not to be hurt on."""
        worlds = self.worlds
        while todo:
            for step in worlds.outs[todo.pop()]:
                end = worlds.target[step]
                mask = worlds.works[step] & hurt.get(end, 0) & ~now.get(end, 0)
                if mask and not self.gone[step] and step not in without:
                    mask &= self._able(step, now)
                    if mask:
                        now[end] |= mask
                        rescues[step] = rescues.get(step, 0) | mask
                        todo.append(end)

    def _able(self, step: int, now: Mapping[int, int]) -> int:
        """The worlds in which all that the step asks for is held, with `now` in place of what is hurt."""
        mask = -1
        for need in self.worlds.needs[step]:
            mask &= now[need] if need in now else self.hold[need]
        return mask

    def remove(self, steps: Collection[int]) -> Loss:
        """Take the steps away."""
        loss = self.loss(steps, everywhere=True)
        for step in steps:
            self.gone[step] = 1
            self._hang(step, 0)
        for step, bits in loss.cut.items():
            self._hang(step, self.tree[step] & ~bits)
        for step, bits in loss.rescues.items():
            self._hang(step, self.tree[step] | bits)
        for node, bits in loss.lost.items():
            self.hold[node] &= ~bits
        if not self.worlds.weights.keys().isdisjoint(loss.lost):
            self._alive = self._any_goal()
        return loss

    def _hang(self, step: int, bits: int) -> None:
        """The step gives its target in these worlds from now on."""
        if bool(bits) != bool(self.tree[step]):
            for need in self.worlds.needs[step]:
                if bits:
                    self._below[need][step] = None
                else:
                    self._below[need].pop(step, None)
        self.tree[step] = bits

    def above(self, nodes: Mapping[int, int]) -> dict[int, int]:
        """The tree's steps that lead to the nodes, with the worlds in which they do."""
        worlds, tree = self.worlds, self.tree
        seen: dict[int, int] = dict(nodes)
        todo = dict(nodes)
        used: dict[int, int] = {}
        while todo:
            node, bits = todo.popitem()
            for step in worlds.ins[node]:
                mask = tree[step] & bits
                if not mask:
                    continue
                used[step] = used.get(step, 0) | mask
                for need in worlds.needs[step]:
                    before = seen.get(need, 0)
                    after = before | mask
                    if after != before:
                        seen[need] = after
                        todo[need] = todo.get(need, 0) | (after ^ before)
                bits ^= mask
                if not bits:
                    break
        return used
