"""The best set of options within a budget, by mixed-integer programming, where scipy (the extra `solver`) is installed.

A goal counts as broken in a world when from each of its attacks at least one option is done. There are far too many attacks
to write down, so the programme starts with one for each goal and world, and whenever its answer leaves a goal held that it
believed to be broken, the attack that is left is added (lazily generated cuts). When none is left, the answer is the best
there is in the sampled worlds. Until then its value is an upper bound all the same. Limits are counted in rounds and nodes,
never in seconds, so that runs repeat.
"""

import importlib.util
from collections.abc import Mapping, Sequence

from msgspec import Struct

from fourc.graph.solve import Held
from fourc.plan.attacks import Attack, attacks, classes, cut
from fourc.plan.problem import Problem

EXTRA = "solver"

Row = dict[int, float]


class Effort(Struct, frozen=True):
    """How much may be tried: programmes, nodes of each, and classes of goals and worlds with the same attacks; a gap ends it."""

    rounds: int
    nodes: int
    largest: int
    gap: float = 0.0


WHOLE = Effort(60, 5_000, 4_000)
QUICK = Effort(7, 10, 1_000, 0.002)
"""Where nobody asked for the best set: many changes that are worth the same have more orders than can be tried."""


class Best(Struct, frozen=True):
    """The options, the risk that they remove, and what no set within the budget exceeds."""

    options: frozenset[int]
    removed: float
    bound: float


def available() -> bool:
    """Whether the extra is installed."""
    return importlib.util.find_spec("scipy") is not None


def best_set(problem: Problem, budget: float, costs: Sequence[float], effort: Effort = WHOLE) -> Best | None:
    """The set of options within the budget (in `costs`) that removes most; None where the problem is too large for this."""
    state = problem.start()
    whole = state.risk()
    cuts = attacks(problem, state, {goal: state.hold[goal] for goal in problem.worlds.weights}, ())
    best: Best | None = None
    for _ in range(effort.rounds):
        weights = classes(problem, cuts)
        if len(weights) > effort.largest:
            return None
        chosen, bound = _solved(problem, weights, budget, costs, effort)
        state = Held(problem.worlds, problem.removed(chosen))
        removed = whole - state.risk()
        if best is None or removed > best.removed:
            best = Best(chosen, removed, bound)
        best = Best(best.options, best.removed, min(best.bound, max(bound, best.removed)))
        if not cut(problem, state, cuts, chosen):
            break
    return best


def _solved(
    problem: Problem,
    weights: Mapping[frozenset[Attack], float],
    budget: float,
    costs: Sequence[float],
    effort: Effort,
) -> tuple[frozenset[int], float]:
    """One programme: a binary for each option, a share broken for each attack and class; its options and its bound."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - half a second, only when used
    from scipy.sparse import csr_array  # noqa: PLC0415 - the same

    options = len(problem.options)
    single = {attack: options + n for n, attack in enumerate(sorted({a for c in weights for a in c}, key=sorted))}
    gain = [0.0] * (options + len(single))
    rows: list[Row] = [dict(enumerate(costs))]
    rows += [{column: 1.0, **dict.fromkeys(attack, -1.0)} for attack, column in single.items()]
    for known in sorted(weights, key=lambda c: sorted(map(sorted, c))):
        if len(known) == 1:
            gain[single[next(iter(known))]] -= weights[known]
        else:
            gain.append(-weights[known])
            rows += [{len(gain) - 1: 1.0, single[attack]: -1.0} for attack in sorted(known, key=sorted)]
    rows += [{n: 1.0, b: -1.0} for n, before in enumerate(problem.before) for b in sorted(before)]
    entries = [(value, r, c) for r, row in enumerate(rows) for c, value in row.items()]
    values, at, columns = ([e[0] for e in entries], [e[1] for e in entries], [e[2] for e in entries])
    matrix = csr_array((values, (at, columns)), shape=(len(rows), len(gain)))
    upper = [budget] + [0.0] * (len(rows) - 1)
    found = milp(
        gain,
        integrality=[1] * options + [0] * (len(gain) - options),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, ub=upper),
        options={"node_limit": effort.nodes, "mip_rel_gap": effort.gap},
    )
    if found.x is None:
        return frozenset(), sum(weights.values())
    chosen = frozenset(n for n in range(options) if found.x[n] > 0.5)
    return chosen, -float(found.mip_dual_bound if found.mip_dual_bound is not None else found.fun)


def needed(problem: Problem, chosen: frozenset[int], risk: float) -> frozenset[int]:
    """The chosen options without those that change nothing, the dearest first to go."""
    kept = set(chosen)
    for option in sorted(chosen, key=lambda n: (-problem.options[n].hours, n)):
        if not any(option in problem.before[n] for n in kept) and problem.risk(kept - {option}) <= risk + 1e-9:
            kept.discard(option)
    return frozenset(kept)
