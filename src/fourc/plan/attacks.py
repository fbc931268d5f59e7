"""For every goal and world in which it is held: one attack that works, as the options of which one must be done.

The attack is the one of the world's tree (see `graph.solve`). Doing an option can break only the attacks that it stands in,
so the table says at once how much each option can remove at most, and only those attacks are looked up again. Whoever does
no option of an attack leaves its goal held, which is what the bound of a plan is built on.
"""

from collections.abc import Iterable, Mapping

from fourc.graph.solve import Held
from fourc.plan.problem import Problem

Attack = frozenset[int]


class Attacks:
    """The attacks that work now, and the last attack of each goal and world that is no longer held."""

    def __init__(self, problem: Problem, state: Held, done: Iterable[int] = ()) -> None:
        """Look up every goal's attacks in the state, in which `done` options are done."""
        self.problem = problem
        self.state = state
        self.done = set(done)
        self.most: list[float] = [0.0] * len(problem.options)
        self._open: dict[Attack, dict[int, int]] = {}
        self._with: list[set[Attack]] = [set() for _ in problem.options]
        self._broken: dict[Attack, float] = {}
        self._impact = problem.worlds.weights
        for goal in self._impact:
            self._look_up(goal, state.hold[goal])

    def most_of(self, options: Iterable[int]) -> float:
        """What doing all these options together can remove at most."""
        some = set[Attack]().union(*(self._with[n] for n in options))
        return sum(self._weight(attack) for attack in sorted(some, key=sorted))

    def do(self, option: int) -> set[int]:
        """Settle the attacks in which the option stands, after the state has changed; the options whose worth changed."""
        self.done.add(option)
        changed: set[int] = set()
        again: dict[int, int] = {}
        for attack in sorted(self._with[option], key=sorted):
            weight = self._weight(attack)
            for other in attack:
                self.most[other] -= weight
                self._with[other].discard(attack)
            changed |= attack
            for goal, bits in self._open.pop(attack).items():
                held = bits & self.state.hold[goal]
                if held != bits:
                    broken = self._impact[goal] * (bits ^ held).bit_count()
                    self._broken[attack] = self._broken.get(attack, 0.0) + broken
                if held:
                    again[goal] = again.get(goal, 0) | held
        for goal, bits in again.items():
            changed |= self._look_up(goal, bits)
        for other in changed:
            if not self._with[other]:
                self.most[other] = 0.0
        return changed

    def notes(self) -> Mapping[Attack, float]:
        """By attack the risk that cannot go unless one of its options is done; what nothing can break is left out."""
        notes = dict(self._broken)
        for attack in self._open:
            notes[attack] = notes.get(attack, 0.0) + self._weight(attack)
        return notes

    def _weight(self, attack: Attack) -> float:
        return sum(self._impact[goal] * bits.bit_count() for goal, bits in self._open[attack].items())

    def _look_up(self, goal: int, bits: int) -> set[int]:
        changed: set[int] = set()
        for attack, mask in attacks(self.problem, self.state, goal, bits, self.done).items():
            if not attack:
                continue
            goals = self._open.setdefault(attack, {})
            fresh = mask & ~goals.get(goal, 0)
            goals[goal] = goals.get(goal, 0) | mask
            weight = self._impact[goal] * fresh.bit_count()
            for option in attack:
                self.most[option] += weight
                self._with[option].add(attack)
            changed |= attack
        return changed


def attacks(problem: Problem, state: Held, goal: int, bits: int, done: set[int]) -> dict[Attack, int]:
    """The trees' attacks on a goal in some worlds: by the options of which one must be done, the worlds.

    An attack of which no option can be done is the empty set.
    """
    worlds, tree, ins, starts = problem.worlds, state.tree, problem.worlds.ins, problem.worlds.starts
    clauses = problem.clauses
    nothing: Attack = frozenset()
    found: dict[Attack, int] = {}
    todo: list[tuple[int, tuple[int, ...], Attack, int]] = [(goal, (), nothing, bits)] if bits else []
    while todo:
        node, rest, attack, mask = todo.pop()
        if node < starts:
            if rest:
                todo.append((rest[0], rest[1:], attack, mask))
            else:
                found[attack] = found.get(attack, 0) | mask
            continue
        for step in ins[node]:
            through = tree[step] & mask
            if not through:
                continue
            needs = worlds.needs[step]
            breaking = attack | _breaking(clauses[step], done) if step in clauses else attack
            more = rest if len(needs) == 1 else (*(n for n in needs[1:] if n not in rest), *rest)
            todo.append((needs[0], more, breaking, through))
            mask ^= through
            if not mask:
                break
    return found


def _breaking(clauses: frozenset[frozenset[int]], done: set[int]) -> Attack:
    """Options of which one must be done to remove the step: those of one finding that is not mended, the hardest one."""
    if len(clauses) == 1:
        return next(iter(clauses))
    unmet = [c for c in clauses if c.isdisjoint(done)]
    return min(unmet, key=lambda c: (len(c), sorted(c)), default=frozenset())
