"""How much any set of options of some cost can remove at most, whatever order it came from.

For each goal and each world some attacks are known that worked while the order was made (see `attacks`): sets of options of
which at least one must be done, or the goal stays held. Keeping only these makes breaking easier than it is, so the best set
for these attacks alone is worth at least as much as the best set for all; every beginning of the order itself is worth the
same under both. The best set for the attacks alone is bounded from above by the dual of its linear programme, improved step
by step; any point of the dual gives a true bound. What the bound's own set leaves held makes further attacks known.
"""

import math
from collections.abc import Mapping, Sequence

from fourc.graph.solve import Held
from fourc.plan.attacks import Attack, Cuts, classes, cut
from fourc.plan.problem import Problem

ROUNDS = 60
FEWEST = 15
CUTS = 5
CLOSE = 0.02  # a bound that near to what is known to be removed is tight enough
EFFORT = 600_000  # attacks gone through in all rounds; counted, so that runs repeat


def most_removed(problem: Problem, cuts: Cuts, budget: float, costs: Sequence[float], enough: float = 0.0) -> float:
    """The risk that options of so much cost together remove at most (an upper bound, never too low).

    The search for a tighter bound ends near `enough`, which some set is known to remove. `cuts` learns of further attacks.
    """
    best = math.inf
    left = EFFORT
    for _ in range(CUTS):
        weights = classes(problem, cuts)
        rounds = max(FEWEST, min(ROUNDS, left // (1 + sum(map(len, weights)))))
        bound, chosen = _dual(weights, budget, costs, rounds)
        best = min(best, bound)
        left -= rounds * sum(map(len, weights)) + sum(
            bits.bit_count() for mine in cuts.values() for bits in mine.values()
        )
        if (
            left < 0
            or best <= enough * (1 + CLOSE)
            or not cut(problem, Held(problem.worlds, problem.removed(chosen)), cuts, chosen)
        ):
            break
    return best


def _dual(
    weights: Mapping[frozenset[Attack], float], budget: float, costs: Sequence[float], rounds: int
) -> tuple[float, frozenset[int]]:
    """A bound for what breaks all of a class's attacks, and the options with which it was found."""
    number: dict[Attack, int] = {}
    rows = [[number.setdefault(attack, len(number)) for attack in known] for known in weights]
    attacks, heavy = list(number), list(weights.values())
    # Of each class's weight, what is credited by each of its attacks to every option that breaks it; the rest is given away.
    share = [[weight / len(row)] * len(row) for row, weight in zip(rows, heavy, strict=True)]
    whole = best = sum(heavy)
    chosen = frozenset[int]()
    size = 0.5
    for _ in range(rounds):
        credited = [0.0] * len(attacks)
        for row, parts in zip(rows, share, strict=True):
            for n, part in zip(row, parts, strict=True):
                credited[n] += part
        credit = [0.0] * len(costs)
        for attack, part in zip(attacks, credited, strict=True):
            for option in attack:
                credit[option] += part
        value, taken = _fractional(credit, costs, budget)
        bound = whole - sum(credited) + value
        if bound < best - 1e-12:
            best, chosen = bound, frozenset(n for n, part in enumerate(taken) if part)
        else:
            size *= 0.8
        broken = [sum(taken[option] for option in attack) - 1.0 for attack in attacks]
        for n, row in enumerate(rows):
            step = size * heavy[n]
            share[n] = _capped([part - step * broken[a] for a, part in zip(row, share[n], strict=True)], heavy[n])
    return best, chosen


def _capped(parts: list[float], most: float) -> list[float]:
    """The nearest parts that are not negative and together no more than that."""
    kept = [max(0.0, part) for part in parts]
    if sum(kept) <= most:
        return kept
    level, total = 0.0, 0.0
    for count, part in enumerate(sorted(parts, reverse=True), 1):
        total += part
        if part <= (total - most) / count:
            break
        level = (total - most) / count
    return [max(0.0, part - level) for part in parts]


def _fractional(credit: Sequence[float], costs: Sequence[float], budget: float) -> tuple[float, list[float]]:
    """The best that a budget buys when options may be done in part: the value, and how much of each is done."""
    taken = [0.0] * len(credit)
    value = 0.0
    for n in sorted(range(len(credit)), key=lambda n: (-credit[n] / max(costs[n], 1e-9), n)):
        if budget <= 0 or credit[n] <= 0:
            break
        part = min(1.0, budget / costs[n]) if costs[n] > 0 else 1.0
        taken[n] = part
        value += part * credit[n]
        budget -= part * costs[n]
    return value, taken
