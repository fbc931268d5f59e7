"""Choose options one after the other by risk removed per cost, each given those before it.

The attacks that work now bound what an option can remove (see `attacks`), so only the options with the highest bounds are
really tried. Where other ways hold up what an option would bring down, it is tried together with what removes them: two ways to
one goal, or findings of one step that different changes mend, are worth nothing alone.
"""

import heapq
import math
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from fourc.graph.solve import Loss
from fourc.plan.attacks import Attacks
from fourc.plan.problem import Problem

MANY = 300  # options of which most are tried again only when they are next by what was seen last
CAREFUL = (
    4_000  # of many, choices are careful until so many goals were looked up; later ones go by the bounds known then
)
HELD_UP = 0.7  # an option that removes less than this share of what it might is tried together with others
LOOK_AHEAD = 4  # so many blocked options are tried with their rescuers, at each choice (of many options one)
PARTNERS = 2  # so many rescuers are tried for each
GROWN = 1.5  # with that much more to remove, what a trial has shown of an option says nothing any more
ALIKE = 0.05  # worth that differs by less than that is told apart by chance alone where it is small
DEEPEST = 4  # options in a bundle that was found this way
SMALL = 1e-12

Bundle = frozenset[int]


class Pick(Struct, frozen=True):
    """One option at its place, with the steps that it removes there and the risk that goes with them."""

    option: int
    steps: tuple[int, ...]
    gain: float


class _Trial(Struct, frozen=True):
    """A bundle tried now: what it removes, and what it would if nothing held it up."""

    bundle: Bundle
    gain: float
    bound: float
    cost: float
    loss: Loss | None

    @property
    def worth(self) -> float:
        return self.gain / max(SMALL, self.cost)

    @property
    def blocked(self) -> bool:
        return self.loss is not None and self.gain < HELD_UP * self.bound - SMALL


class Greedy:
    """One run over a problem; `picks()` goes on until nothing is left or nothing fits into the budget."""

    def __init__(
        self,
        problem: Problem,
        budget: float = math.inf,
        only: Collection[int] | None = None,
        costs: Sequence[float] | None = None,
    ) -> None:
        """`only` limits the choice to some options; `costs` (by option) stand in for the options' own."""
        self.problem = problem
        self.left = budget
        self.costs = [o.cost for o in problem.options] if costs is None else costs
        self.done: set[int] = set()
        self.state = problem.start()
        self.whole = self.state.risk()
        self.attacks = Attacks(problem, self.state)
        self.allowed = frozenset(range(len(problem.options)) if only is None else only)
        self.many = len(problem.options) > MANY
        self.look_ahead = 1 if self.many else LOOK_AHEAD
        self._bundles: list[Bundle] = list(self._first_bundles())
        self._with: dict[int, list[int]] = {n: [] for n in self.allowed}
        self._version = [0] * len(self._bundles)
        self._heap: list[tuple[float, float, bool, int, int]] = []
        self._touched: set[str] = set()
        self._tried: dict[int, _Trial] = {}
        self._last: dict[int, tuple[float, float]] = {}
        for number, bundle in enumerate(self._bundles):
            for option in bundle:
                self._with[option].append(number)
            self._push(number)

    def picks(self, first: Sequence[int] = ()) -> Iterator[Pick]:
        """The options in order, `first` before all. What lies on no attack comes last, the cheap before the dear.

        Where nothing removes anything by itself any more (a hundred ways lead to the same goal), what most attacks pass
        through comes next.
        """
        for option in first:
            yield self._do(option)
        helps = True
        while True:
            chosen = self._best(careful=helps and self._careful())
            if not chosen and helps:
                helps = False
                self._tried.clear()
                self._last.clear()
                for number in range(len(self._bundles)):
                    self._push(number)
                continue
            if not chosen:
                break
            while chosen:
                option = self._first_of(chosen)
                chosen -= {option}
                yield self._do(option)
        rest = [n for n in self.allowed if n not in self.done]
        for option in sorted(rest, key=lambda n: (self.problem.options[n].hours, n)):
            for each in self.problem.in_order(self._whole({option}), self.done):
                if self._fits({each}):
                    yield self._do(each)

    def _careful(self) -> bool:
        return not self.many or self.attacks.looked_up < CAREFUL

    def _first_bundles(self) -> Iterator[Bundle]:
        """Every option that touches a step (with what must come before it), and the cheapest set for each shared step."""
        made: dict[Bundle, None] = {}
        for option in sorted(self.allowed):
            if self.problem.touched[option]:
                made[self._whole({option})] = None
        shared = {clauses: step for step, clauses in self.problem.clauses.items() if len(clauses) > 1}
        for step in sorted(shared.values()):
            bundle = self._completing(step, frozenset())
            if bundle is not None and len(bundle) > 1:
                made[bundle] = None
        yield from (bundle for bundle in made if bundle <= self.allowed)

    def _completing(self, step: int, chosen: Bundle) -> Bundle | None:
        """The chosen options with the cheapest ones that remove the step; None where some finding has no allowed one."""
        whole = set(chosen)
        for clause in sorted(self.problem.clauses[step], key=sorted):
            if clause & (whole | self.done):
                continue
            able = [n for n in clause if n in self.allowed]
            if not able:
                return None
            whole.add(min(able, key=lambda n: (self.costs[n], n)))
        return self._whole(whole)

    def _whole(self, chosen: Collection[int]) -> Bundle:
        """The chosen options with all that must come before them, without what is done."""
        before = frozenset[int]().union(*(self.problem.before[n] for n in chosen))
        return (frozenset(chosen) | before) - self.done

    def _first_of(self, bundle: Bundle) -> int:
        """The option of the bundle that removes most by itself, among those that need not wait for another."""
        free = [n for n in sorted(bundle) if self.problem.before[n].isdisjoint(bundle)]
        if len(free) == 1:
            return free[0]
        return max(free, key=lambda n: (self._try(frozenset({n})).worth, -n))

    def _cost(self, bundle: Collection[int]) -> float:
        return sum(self.costs[n] for n in bundle)

    def _fits(self, bundle: Collection[int]) -> bool:
        return self.left == math.inf or sum(self.problem.options[n].hours for n in bundle) <= self.left + SMALL

    def _push(self, number: int, gain: float | None = None) -> None:
        """Put a bundle into the heap by what it is worth, at most if nobody has tried it."""
        bundle = self._bundles[number]
        self._version[number] += 1
        if not bundle:
            return
        most = self._hoped(number) if gain is None else gain
        hours = sum(self.problem.options[n].hours for n in bundle)
        worth = round(most / max(SMALL, self._cost(bundle)), 12)
        heapq.heappush(self._heap, (-worth, hours, number in self._tried, number, self._version[number]))

    def _hoped(self, number: int) -> float:
        """What a bundle removes at most; of many, as much of that as when it was tried last, until there is much more."""
        most = sum(self.attacks.most[n] for n in self._bundles[number])
        gain, before = self._last.get(number, (0.0, 0.0))
        return most if most >= before * GROWN else most * gain / before

    def _best(self, *, careful: bool) -> Bundle | None:
        """The bundle that removes most for its cost now; None when none that fits removes anything."""
        exact: set[int] = set()
        while self._heap:
            negative, _, _, number, version = heapq.heappop(self._heap)
            bundle = self._bundles[number]
            if version != self._version[number] or not self._fits(bundle):
                continue
            if -negative <= SMALL:
                self._push(number)
                break
            if number in self._tried:
                return self._together(self._tried[number].worth) or self._nearest(number)
            if len(bundle) > 1 and number not in exact and number not in self._last:
                exact.add(number)
                self._push(number, self.attacks.most_of(bundle))
                continue
            if not careful:
                return bundle
            trial = self._tried[number] = self._try(bundle)
            if self.many:
                self._last[number] = trial.gain, sum(self.attacks.most[n] for n in bundle)
            if trial.gain > SMALL:
                self._push(number, trial.gain)
        return self._together(0.0)

    def _nearest(self, first: int) -> Bundle:
        """Of the bundles that the worlds can hardly tell from the best one, that beside most work that is done anyway."""
        least = self._tried[first].worth * (1 - ALIKE)
        alike = [first]
        while self._heap and -self._heap[0][0] >= least and len(alike) < LOOK_AHEAD:
            _, _, _, number, version = heapq.heappop(self._heap)
            bundle = self._bundles[number]
            if version != self._version[number] or not self._fits(bundle):
                continue
            if number not in self._tried:
                self._tried[number] = self._try(bundle)
            if self._tried[number].worth >= least and len(bundle) == len(self._bundles[first]):
                alike.append(number)
        return self._bundles[max(alike, key=lambda n: (self._near(self._bundles[n]), -alike.index(n)))]

    def _near(self, bundle: Bundle) -> int:
        return len({f for n in bundle for f in self.problem.options[n].files} & self._touched)

    def _steps(self, bundle: Collection[int]) -> list[int]:
        """What is removed when the bundle is done now."""
        return self.problem.newly(bundle, self.done, self.state.gone)

    def _try(self, bundle: Bundle) -> _Trial:
        cost = self._cost(bundle)
        steps = self._steps(bundle)
        if not any(self.state.tree[s] for s in steps):
            return _Trial(bundle, 0.0, 0.0, cost, None)
        loss = self.state.loss(steps)
        weigh = self.problem.worlds.weigh
        return _Trial(bundle, weigh(loss.lost), weigh(loss.damage), cost, loss)

    def _together(self, worth: float) -> Bundle | None:
        """A bundle that is worth more than that: an option that other ways hold up, with what removes these ways."""
        blocked = [t for t in self._tried.values() if t.blocked and t.bound / t.cost > worth]
        blocked.sort(key=lambda t: (-t.bound / t.cost, sorted(t.bundle)))
        found: Bundle | None = None
        for start in blocked[: self.look_ahead]:
            trial = start
            for _ in range(DEEPEST - 1):
                more = self._with_partner(trial, worth)
                if more is None:
                    break
                trial = more
                if trial.worth > worth * (1 + 1e-9) + SMALL:
                    worth, found = trial.worth, trial.bundle
        return found

    def _with_partner(self, trial: _Trial, worth: float) -> _Trial | None:
        """The trial with the partner that makes it worth most, if that can still beat `worth`."""
        if not trial.blocked:
            return None
        best: _Trial | None = None
        for partner in self._partners(trial)[:PARTNERS]:
            bundle = self._whole(trial.bundle | partner)
            most = trial.bound + sum(self.attacks.most[n] for n in bundle - trial.bundle)
            if not bundle <= self.allowed or not self._fits(bundle) or most <= worth * self._cost(bundle):
                continue
            made = self._try(bundle)
            if made.bound / made.cost > worth and (best is None or made.worth > best.worth):
                best = made
        return best

    def _partners(self, trial: _Trial) -> Sequence[Bundle]:
        """The options under the steps that hold up what the trial would bring down, those that hold up most first."""
        assert trial.loss is not None  # noqa: S101 - asked only where something was tried
        needs = self.problem.worlds.needs
        beyond: dict[int, int] = {}
        holding = dict(trial.loss.rescues)
        for step, bits in trial.loss.rescues.items():
            for need in needs[step]:
                if need not in trial.loss.damage:
                    beyond[need] = beyond.get(need, 0) | bits
        for step, bits in self.state.above(beyond).items():
            holding[step] = holding.get(step, 0) | bits
        weight: dict[Bundle, int] = {}
        for step, bits in holding.items():
            if step in self.problem.clauses and not self.state.gone[step]:
                options = self._completing(step, trial.bundle)
                if options is not None and options - trial.bundle:
                    key = options - trial.bundle
                    weight[key] = weight.get(key, 0) | bits
        return sorted(weight, key=lambda b: (-weight[b].bit_count(), self._cost(b), sorted(b)))

    def _do(self, option: int) -> Pick:
        steps = self._steps({option})
        loss = self.state.remove(steps)
        self.done.add(option)
        self._touched |= self.problem.options[option].files
        self.left -= self.problem.options[option].hours
        fresh = set(self._tried)
        self._tried.clear()
        for number in self._with[option]:
            self._bundles[number] -= {option}
            fresh.add(number)
        if self._careful():
            for other in self.attacks.do(option):
                fresh.update(self._with.get(other, ()))
        for number in sorted(fresh):
            self._push(number)
        return Pick(option, tuple(steps), self.problem.worlds.weigh(loss.lost))
