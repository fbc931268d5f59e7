"""The likeliest ways from `internet` to each goal, through each workload.

A way's likelihood is the product of its steps' probabilities, so the likeliest one is the shortest where a step is as long
as `-log(probability)` (Dijkstra 1959). What an AND step asks for besides counts as the shortest way to it from the step's
source, or else from `internet`.
"""

import hashlib
import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from fourc.graph.build import BROKEN_IN
from fourc.graph.solve import START
from fourc.model.step import AttackPath, Basis, Goal, Graph, Step

PAIRS = 100_000
"""Up to so many pairs of workload and goal every pair gets its path; above, every workload one for each kind of goal."""
_NEAR = 3  # steps from an AND step's source within which its other conditions are looked for
_ORDER = {Basis.OBSERVED: 0, Basis.INFERRED: 1, Basis.ASSUMED: 2}


class Paths(Struct, frozen=True):
    """The paths, likeliest harm first; `whole` when every pair of workload and goal was looked at."""

    paths: tuple[AttackPath, ...]
    whole: bool


def likeliest_paths(graph: Graph, pairs: int = PAIRS) -> Paths:
    """The likeliest path to each goal, and the likeliest one to it through each workload."""
    routes = _Routes(graph)
    workloads = [s.target for s in graph.steps if s.kind == BROKEN_IN]
    goals = [g for g in graph.goals if g.node in routes.distance]
    whole = len(workloads) * len(goals) <= pairs
    found: dict[tuple[str, ...], AttackPath] = {}
    for goal in goals:
        _keep(found, routes, goal.node, routes.from_start(goal.node))
    groups: Sequence[Sequence[Goal]] = [[g] for g in goals]
    if not whole:
        kinds = sorted({g.kind for g in goals})
        groups = [[g for g in goals if g.kind is kind] for kind in kinds]
    for group in groups:
        onward = routes.towards([g.node for g in group])
        for workload in workloads:
            steps = _through(routes, onward, workload)
            if steps:
                _keep(found, routes, steps[-1].target, steps)
    impact = {g.node: g.impact for g in graph.goals}
    ranked = sorted(
        found.values(), key=lambda p: (_ORDER[p.basis], -round(p.probability * impact[p.goal], 9), len(p.steps), p.id)
    )
    return Paths(tuple(ranked), whole)


def ways_to(graph: Graph, goal: str, sources: Iterable[str]) -> Mapping[str, tuple[Step, ...]]:
    """For each of the sources that leads to the goal: the steps of the likeliest way."""
    onward = _Routes(graph).towards([goal])
    found: dict[str, tuple[Step, ...]] = {}
    for source in sources:
        way = _walk(onward, source)
        if way:
            found[source] = tuple(way)
    return found


def _walk(onward: Mapping[str, Step], source: str) -> list[Step]:
    way: list[Step] = []
    while source in onward:
        way.append(onward[source])
        source = onward[source].target
    return way


def path_id(steps: Iterable[str]) -> str:
    """A path's id: stable as long as its steps are."""
    return f"path-{hashlib.sha256(chr(10).join(steps).encode()).hexdigest()[:10]}"


def _keep(found: dict[tuple[str, ...], AttackPath], routes: "_Routes", goal: str, steps: Sequence[Step]) -> None:
    names = tuple(s.id for s in steps)
    if names and names not in found:
        probability = math.exp(-sum(routes.cost[s.id] for s in steps))
        basis = max((s.basis for s in steps), key=lambda b: _ORDER[b])
        found[names] = AttackPath(path_id(names), goal, names, round(probability, 6), basis)


def _through(routes: "_Routes", onward: Mapping[str, Step], workload: str) -> list[Step]:
    """The best way in and the best way on; where they cross, the best step that leads straight in."""
    rest = _walk(onward, workload)
    if not rest:
        return []
    first = routes.from_start(workload)
    ahead = {s.target for s in rest}
    if any(s.source in ahead or s.target in ahead for s in first):
        first = [min(routes.entries[workload], key=lambda s: (routes.cost[s.id], s.id))]
    return [*first, *rest]


class _Routes:
    """Shortest ways over the graph."""

    def __init__(self, graph: Graph) -> None:
        self.out: dict[str, list[Step]] = defaultdict(list)
        self.into: dict[str, list[Step]] = defaultdict(list)
        self.entries: dict[str, list[Step]] = defaultdict(list)
        self.cost = {s.id: -math.log(s.probability) for s in graph.steps if s.probability > 0}
        steps = [s for s in graph.steps if s.id in self.cost]
        for step in steps:
            self.out[step.source].append(step)
            self.into[step.target].append(step)
            if step.source == START:
                self.entries[step.target].append(step)
        joint = [s for s in steps if s.when]
        self.distance, self._before = self._from_start({s.id for s in joint})
        usable = set(self.cost)
        grown = True
        while grown and joint:  # an AND step counts once everything that it asks for can be reached without it
            ready = [s for s in joint if all(w in self.distance for w in (s.source, *s.when))]
            for step in ready:
                self.cost[step.id] += sum(self._extra(step.source, w) for w in step.when)
            joint = [s for s in joint if s not in ready]
            if ready:
                self.distance, self._before = self._from_start({s.id for s in joint})
            grown = bool(ready)
        self.usable = usable - {s.id for s in joint}

    def from_start(self, target: str) -> list[Step]:
        """The likeliest way to a node that can be reached."""
        way: list[Step] = []
        while target in self._before:
            step = self._before[target]
            way.append(step)
            target = step.source
        return way[::-1]

    def towards(self, goals: Iterable[str]) -> Mapping[str, Step]:
        """By node the step with which the likeliest way on to the nearest of the goals begins."""
        nearest = dict.fromkeys(goals, 0.0)
        chosen: dict[str, Step] = {}
        waiting = [(0.0, g) for g in sorted(nearest)]
        done: set[str] = set()
        while waiting:
            length, node = heapq.heappop(waiting)
            if node in done:
                continue
            done.add(node)
            for step in self.into.get(node, ()):
                if step.id not in self.usable or step.source == START:
                    continue
                further = length + self.cost[step.id]
                if further < nearest.get(step.source, math.inf):
                    nearest[step.source] = further
                    chosen[step.source] = step
                    heapq.heappush(waiting, (further, step.source))
        return chosen

    def _from_start(self, closed: set[str]) -> tuple[dict[str, float], dict[str, Step]]:
        distance = {START: 0.0}
        before: dict[str, Step] = {}
        waiting = [(0.0, START)]
        done: set[str] = set()
        while waiting:
            length, node = heapq.heappop(waiting)
            if node in done:
                continue
            done.add(node)
            for step in self.out.get(node, ()):
                if step.id in closed:
                    continue
                further = length + self.cost[step.id]
                if further < distance.get(step.target, math.inf):
                    distance[step.target] = further
                    before[step.target] = step
                    heapq.heappush(waiting, (further, step.target))
        return distance, before

    def _extra(self, source: str, wanted: str) -> float:
        """How long the way to a condition is for someone who holds the step's source."""
        near = self._nearby(source)
        return min((length for node, length in near if node == wanted), default=self.distance[wanted])

    def _nearby(self, source: str) -> Iterator[tuple[str, float]]:
        front = {source: 0.0}
        for _ in range(_NEAR):
            following: dict[str, float] = {}
            for node, length in front.items():
                for step in self.out.get(node, ()):
                    if not step.when:
                        further = length + self.cost[step.id]
                        following[step.target] = min(further, following.get(step.target, math.inf))
            yield from following.items()
            front = following
