"""How much any set of options of some cost can remove at most, whatever order it came from.

For each goal and each world in which the order breaks every attack on that goal, the last attack that still worked is known
(see `attacks`): a set of options of which at least one must be done. Keeping only that one attack makes breaking easier
than it is, so the best set for these attacks alone is worth at least as much as the best set for all; every beginning of
the order itself is worth the same under both. The best set for the attacks alone is bounded from above by the dual of its
linear programme, improved step by step; any point of the dual gives a true bound.
"""

from collections.abc import Mapping, Sequence

from fourc.plan.attacks import Attack

ROUNDS = 60


def most_removed(notes: Mapping[Attack, float], budget: float, costs: Sequence[float], enough: float = 0.0) -> float:
    """The risk that options of so much cost together remove at most (an upper bound, never too low).

    The search for a tighter bound ends at `enough`, which some set is known to remove.
    """
    attacks, weights = list(notes), list(notes.values())
    share = list(
        weights
    )  # of each attack's weight, what is credited to every option that breaks it; the rest is given away
    whole = best = sum(weights)
    size = 0.5
    for _ in range(ROUNDS):
        credit = [0.0] * len(costs)
        for attack, part in zip(attacks, share, strict=True):
            for option in attack:
                credit[option] += part
        value, taken = _fractional(credit, costs, budget)
        bound = whole - sum(share) + value
        if bound < best - 1e-12:
            best = bound
        else:
            size *= 0.8
        if best <= enough * (1 + 1e-9):
            break
        for n, attack in enumerate(attacks):
            broken = sum(taken[option] for option in attack)
            share[n] = min(weights[n], max(0.0, share[n] - size * weights[n] * (broken - 1.0)))
    return best


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
