"""For every goal and world in which it is held: one attack that works, as the options of which one must be done.

The attack is the one of the world's tree (see `graph.solve`). Doing an option can break only the attacks that it stands in,
so the table says at once how much each option can remove at most, and only those attacks are looked up again. Whoever does
no option of an attack leaves its goal held: the attacks that one goal and world have had are what the bound of a plan is
built on.
"""

from collections.abc import Collection, Iterable, Mapping

from fourc.graph.solve import Held
from fourc.plan.problem import Problem

Attack = frozenset[int]
Cuts = dict[int, dict[Attack, int]]  # by goal the attacks that are known, with the worlds in which they work


class Attacks:
    """The attacks that work now, and in `cuts` all that were ever seen of goals that can be broken."""

    def __init__(self, problem: Problem, state: Held) -> None:
        """Look up every goal's attacks in the state, in which nothing is done yet."""
        self.problem = problem
        self.state = state
        self.done: set[int] = set()
        self.most: list[float] = [0.0] * len(problem.options)
        self.looked_up = 0
        self.cuts: Cuts = {goal: {} for goal in problem.worlds.weights}
        self._open: dict[Attack, dict[int, int]] = {}
        self._with: list[dict[Attack, None]] = [{} for _ in problem.options]
        self._look_up({goal: state.hold[goal] for goal in problem.worlds.weights})

    def most_of(self, options: Iterable[int]) -> float:
        """What doing all these options together can remove at most."""
        return sum(self._weight(a) for a in dict.fromkeys(a for n in options for a in self._with[n]))

    def do(self, option: int) -> set[int]:
        """Settle the attacks in which the option stands, after the state has changed; the options whose worth changed."""
        self.done.add(option)
        changed: set[int] = set()
        again: dict[int, int] = {}
        for attack in [*self._with[option]]:
            weight = self._weight(attack)
            for other in attack:
                self.most[other] -= weight
                del self._with[other][attack]
            changed |= attack
            for goal, bits in self._open.pop(attack).items():
                held = bits & self.state.hold[goal]
                if held:
                    again[goal] = again.get(goal, 0) | held
        self.looked_up += len(again)
        changed |= self._look_up(again)
        for other in changed:
            if not self._with[other]:
                self.most[other] = 0.0
        return changed

    def _weight(self, attack: Attack) -> float:
        weights = self.problem.worlds.weights
        return sum(weights[goal] * bits.bit_count() for goal, bits in self._open[attack].items())

    def _look_up(self, asked: Mapping[int, int]) -> set[int]:
        changed: set[int] = set()
        for goal, found in attacks(self.problem, self.state, asked, self.done).items():
            note(self.cuts[goal], found.items())
            for attack, bits in found.items():
                if attack:
                    goals = self._open.setdefault(attack, {})
                    goals[goal] = goals.get(goal, 0) | bits
                    weight = self.problem.worlds.weights[goal] * bits.bit_count()
                    for option in attack:
                        self.most[option] += weight
                        self._with[option][attack] = None
                    changed |= attack
        return changed


def note(cuts: dict[Attack, int], found: Iterable[tuple[Attack, int]]) -> None:
    """Add what was found to a goal's attacks; where one of them is the empty set, the goal is never broken."""
    for attack, bits in found:
        cuts[attack] = cuts.get(attack, 0) | bits


def attacks(problem: Problem, state: Held, goals: Mapping[int, int], done: Collection[int]) -> Cuts:
    """The trees' attacks on goals in some worlds: by the options of which one must be done, the worlds.

    An attack of which no option can be done is the empty set. What leads to several goals is looked at once.
    """
    worlds = problem.worlds
    used = state.above(goals)
    below: dict[int, list[int]] = {}
    for step in used:
        for need in worlds.needs[step]:
            below.setdefault(need, []).append(step)
    front: dict[int, dict[Attack, int]] = {start: {frozenset(): worlds.every} for start in range(worlds.starts)}
    known: dict[int, dict[Attack, int]] = {}
    while front:
        for node, found in front.items():
            note(known.setdefault(node, {}), found.items())
        following: dict[int, dict[Attack, int]] = {}
        for node, found in front.items():
            for step in below.get(node, ()):
                breaking = _breaking(problem.clauses[step], done) if step in problem.clauses else frozenset()
                parts = [(attack | breaking, mask) for attack, bits in found.items() if (mask := bits & used[step])]
                for need in worlds.needs[step]:
                    if need != node:
                        parts = _both(parts, known.get(need, {}))
                if parts:
                    note(following.setdefault(worlds.target[step], {}), parts)
        front = following
    return {
        goal: {a: mask for a, b in known.get(goal, {}).items() if (mask := b & bits)} for goal, bits in goals.items()
    }


def _both(parts: Iterable[tuple[Attack, int]], others: Mapping[Attack, int]) -> list[tuple[Attack, int]]:
    """The attacks that are two at once, where both are known."""
    return [(a | b, both) for a, bits in parts for b, mask in others.items() if (both := bits & mask)]


def _breaking(clauses: frozenset[frozenset[int]], done: Collection[int]) -> Attack:
    """Options of which one must be done to remove the step: those of one finding that is not mended, the hardest one."""
    if len(clauses) == 1:
        return next(iter(clauses))
    unmet = [c for c in clauses if c.isdisjoint(done)]
    return min(unmet, key=lambda c: (len(c), sorted(c)), default=frozenset())


def classes(problem: Problem, cuts: Cuts) -> dict[frozenset[Attack], float]:
    """Goals and worlds of which the same attacks are known are one class, with their risk together.

    Those that nothing can break are left out.
    """
    weights: dict[frozenset[Attack], float] = {}
    for goal, impact in problem.worlds.weights.items():
        never = cuts[goal].get(frozenset(), 0)
        once = twice = 0
        for mask in cuts[goal].values():
            twice |= once & mask
            once |= mask
        mine: dict[int, list[Attack]] = {}
        for attack, mask in cuts[goal].items():
            alone, bits = mask & ~twice & ~never, mask & twice & ~never
            if alone:
                single = frozenset({attack})
                weights[single] = weights.get(single, 0.0) + impact * alone.bit_count()
            while bits:
                mine.setdefault((bits & -bits).bit_length(), []).append(attack)
                bits &= bits - 1
        for known in mine.values():
            weights[frozenset(known)] = weights.get(frozenset(known), 0.0) + impact
    return weights


def cut(problem: Problem, state: Held, cuts: Cuts, chosen: Collection[int]) -> bool:
    """Note the attacks that the chosen options leave though they break all that were known; whether there were any."""
    wrong: dict[int, int] = {}
    for goal, mine in cuts.items():
        known = left = 0
        for attack, mask in mine.items():
            known |= mask
            if attack.isdisjoint(chosen):
                left |= mask
        if known & state.hold[goal] & ~left:
            wrong[goal] = known & state.hold[goal] & ~left
    for goal, found in attacks(problem, state, wrong, chosen).items():
        note(cuts[goal], found.items())
    return bool(wrong)
