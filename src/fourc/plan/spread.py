"""How far the plan can be trusted when every number in it is a guess: the same plan in many scenarios.

In a scenario each kind of step, goal and change has its own factor, drawn evenly on a logarithmic scale between the inverse
of its spread and the spread. The scenarios are evenly spaced for each kind and shuffled against each other (a Latin
hypercube). All scenarios lie side by side in one set of worlds: scenario k owns the k-th block of bits, and the same draws
stand behind every block, so that what differs between scenarios is the numbers and not chance.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct

from fourc.graph.odds import BY_DESIGN, ODDS
from fourc.graph.sample import nested
from fourc.graph.solve import Held
from fourc.model.step import Graph, Step
from fourc.plan.greedy import Pick
from fourc.plan.problem import Option, Problem

GUESSED = 1.5  # a guess lies between two thirds and one and a half times the number
DESIGNED = 1.1  # what Kubernetes allows by design leaves less to guess
FIRST = 3
CONSIDERED = 7  # so many leading changes compete for the first places in the scenarios
LOW, HIGH = 0.05, 0.95

SpreadOf = Callable[[str], float]
Bundle = frozenset[int]


class Stability(Struct, frozen=True):
    """For each pick the low and high share of the risk that it removes; by option how often it is among the first three.

    `unclear` options remove what is too rare for the worlds of one scenario.
    """

    shares: tuple[tuple[float, float], ...]
    among_first: Mapping[int, float]
    unclear: frozenset[int]


def spread_of(kind: str) -> float:
    """By how much a number of this kind (`step:` and its row, `goal:` or `change:`) may be off."""
    row = ODDS.get(kind.removeprefix("step:"))
    return DESIGNED if row is not None and row.source == BY_DESIGN else GUESSED


def stability(
    graph: Graph,
    problem: Problem,
    picks: Sequence[Pick],
    kinds: Sequence[str],
    held: Collection[str] = (),
    spread: SpreadOf = spread_of,
) -> Stability:
    """Replay the picks in every scenario, then choose the first three anew in each. `kinds` are the options' kinds of work."""
    scenarios = _Scenarios(graph, problem, kinds, held, spread)
    shares = scenarios.replay(picks)
    return Stability(shares, scenarios.first_places(picks), frozenset(scenarios.unclear))


class _Scenarios:
    def __init__(
        self, graph: Graph, problem: Problem, kinds: Sequence[str], held: Collection[str], spread: SpreadOf
    ) -> None:
        matter = frozenset(problem.worlds.steps)
        self.unclear: set[int] = set()
        self.exactly = problem
        self.nominal = problem.start().risk()
        self.count, self.block = (32, 128) if len(matter) <= 4_000 else (16, 64) if len(matter) <= 20_000 else (8, 32)
        self.factors: dict[str, list[float]] = {}
        self.spread_of = spread
        steps = tuple(s for s in graph.steps if s.id in matter)
        options: Sequence[Option] = problem.options
        self.problem = Problem(
            Graph(graph.nodes, steps, graph.goals), options, self._sampled, self.count * self.block, held
        )
        names = {name: n for n, name in enumerate(self.problem.worlds.names)}
        self.weights: dict[int, list[float]] = {}
        for goal in graph.goals:
            if goal.node in names:
                mine = self.weights.setdefault(names[goal.node], [0.0] * self.count)
                for k, factor in enumerate(self._factors(f"goal:{goal.kind.value}")):
                    mine[k] += goal.impact * factor / self.block
        self.costs = [
            [option.cost * factor for factor in self._factors(f"change:{kind}")]
            for option, kind in zip(options, kinds, strict=True)
        ]

    def _factors(self, kind: str) -> list[float]:
        """The factor of a kind in each scenario."""
        if kind not in self.factors:
            ranks = sorted(range(self.count), key=lambda k: hashlib.sha256(f"{kind}\0{k}".encode()).digest())
            spread = self.spread_of(kind)
            places = [0.0] * self.count
            for rank, k in enumerate(ranks):
                places[k] = spread ** (2 * (rank + 0.5) / self.count - 1)
            self.factors[kind] = places
        return self.factors[kind]

    def _sampled(self, step: Step) -> int:
        chances = [min(1.0, step.probability * factor) for factor in self._factors(f"step:{step.row or step.kind}")]
        masks = nested(step.id, chances, self.block)
        return int.from_bytes(b"".join(mask.to_bytes(self.block // 8, "little") for mask in masks), "little")

    def _vector(self, masks: Mapping[int, int]) -> list[float]:
        """The risk of these masks in each scenario."""
        size = self.block // 8
        total = [0.0] * self.count
        for goal, bits in masks.items():
            weights = self.weights.get(goal, ())
            if weights and bits.bit_count() < self.count:
                while bits:
                    k = ((bits & -bits).bit_length() - 1) // self.block
                    total[k] += weights[k]
                    bits &= bits - 1  # noqa: PLW2901 - the mask narrows
            elif weights:
                data = bits.to_bytes(size * self.count, "little")
                for k, weight in enumerate(weights):
                    total[k] += weight * int.from_bytes(data[size * k : size * (k + 1)]).bit_count()
        return total

    def _levelled(self, removed: Sequence[float], likely: float) -> Sequence[float]:
        """The scenarios' values moved to the likely one: a scenario has few worlds, and their chance must not decide."""
        mean = sum(removed) / self.count
        return [likely * value / mean for value in removed] if mean else [likely] * self.count

    def replay(self, picks: Sequence[Pick]) -> tuple[tuple[float, float], ...]:
        """The low and high share of the risk that each pick removes at its place."""
        state = self.problem.start()
        whole = self._vector(dict(enumerate(state.hold)))
        nominal = self.nominal
        done: set[int] = set()
        shares: list[tuple[float, float]] = []
        waiting: set[int] = set()
        for pick in picks:
            waiting.add(pick.option)
            if not pick.gain:  # nothing comes of it by itself; its steps go together with what comes next
                shares.append((0.0, 0.0))
                continue
            loss = state.remove(self.problem.newly(waiting, done, state.gone))
            done |= waiting
            waiting.clear()
            removed = self._vector(loss.lost)
            seen = sorted(r / w if w else 0.0 for r, w in zip(removed, whole, strict=True))
            share, mean = pick.gain / nominal, sum(seen) / self.count
            if seen[round(LOW * (self.count - 1))]:
                low, high = (share / mean * seen[round(q * (self.count - 1))] for q in (LOW, HIGH))
            else:
                # too rare for the worlds of one scenario: as if two guesses stood between it and the goal
                low, high = share / GUESSED**2, share * GUESSED**2
                self.unclear.add(pick.option)
            shares.append((low, min(1.0, high)))
        return tuple(shares)

    def first_places(self, picks: Sequence[Pick]) -> Mapping[int, float]:
        """How often each option is among the first three when every scenario chooses for itself."""
        bundles = _leading(picks)
        groups: dict[Bundle, list[int]] = {frozenset(): list(range(self.count))}
        for _ in range(FIRST):
            following: dict[Bundle, list[int]] = {}
            for done, members in groups.items():
                for k, chosen in self._choices(done, members, bundles).items():
                    following.setdefault(done | chosen, []).append(k)
            groups = following
        often: dict[int, float] = {}
        for done, members in groups.items():
            for option in sorted(done):
                often[option] = often.get(option, 0.0) + len(members) / self.count
        return often

    def _choices(self, done: Bundle, members: Sequence[int], bundles: Sequence[Bundle]) -> dict[int, Bundle]:
        """By scenario the bundle that is worth most after what is done; nothing where three are done."""
        nothing: Bundle = frozenset()
        best: dict[int, tuple[float, Bundle]] = dict.fromkeys(members, (0.0, nothing))
        if len(done) >= FIRST:
            return dict.fromkeys(members, nothing)
        state = Held(self.problem.worlds, self.problem.removed(done))
        exactly = Held(self.exactly.worlds, self.exactly.removed(done))
        for bundle in bundles:
            left = bundle - done
            if not left:
                continue
            lost = exactly.loss(self.exactly.newly(left, done, exactly.gone)).lost
            removed = self._levelled(
                self._vector(state.loss(self.problem.newly(left, done, state.gone)).lost),
                self.exactly.worlds.weigh(lost),
            )
            for k in members:
                worth = removed[k] / max(1e-9, sum(self.costs[n][k] for n in left))
                if worth > best[k][0]:
                    best[k] = (worth, left)
        return {k: chosen for k, (_, chosen) in best.items()}


def _leading(picks: Sequence[Pick]) -> list[Bundle]:
    """The leading picks; one that is worth nothing until a later one is done goes together with that one."""
    bundles: list[Bundle] = []
    waiting: list[int] = []
    for pick in picks[:CONSIDERED]:
        waiting.append(pick.option)
        if pick.gain > 0:
            bundles.append(frozenset(waiting))
            waiting = []
    return bundles
