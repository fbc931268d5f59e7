"""The likeliest paths are what trying every way finds, and keep the promises of the report."""

import math
from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from fourc.graph.build import BROKEN_IN
from fourc.graph.paths import likeliest_paths, ways_to
from fourc.graph.solve import START
from fourc.model.step import Basis, Goal, GoalKind, Graph, Node, Step
from fourc.model.text import same

NAMES = ["a", "b", "c", "d"]
EDGES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from([*NAMES, "goal"]), st.sampled_from([0.1, 0.3, 0.5, 0.9])),
    max_size=12, unique_by=lambda e: e[:2],
)  # fmt: skip


def step(source: str, target: str, probability: float, *, kind: str = "k", when: tuple[str, ...] = ()) -> Step:
    return Step(
        f"{kind}:{source}:{target}", kind, source, target, probability, Basis.INFERRED, (), same("e"), frozenset(), when
    )


def graph(steps: list[Step]) -> Graph:
    nodes = tuple(Node(n, "k", n) for n in (START, *NAMES, "goal"))
    return Graph(nodes, tuple(steps), (Goal("goal", GoalKind.DATA, 10.0),))


def every_way(steps: list[Step], at: str, seen: frozenset[str] = frozenset()) -> Iterator[list[Step]]:
    """All ways from a node to the goal that come to no node twice."""
    if at == "goal":
        yield []
        return
    for s in steps:
        if s.source == at and s.target not in seen | {at}:
            for rest in every_way(steps, s.target, seen | {at}):
                yield [s, *rest]


@settings(deadline=None)
@given(EDGES, st.sets(st.sampled_from(NAMES), min_size=1))
def test_the_best_path_is_the_best_of_all_ways(edges: list[tuple[str, str, float]], entries: set[str]) -> None:
    steps = [step(*e) for e in edges if e[0] != e[1]] + [step(START, n, 0.5, kind=BROKEN_IN) for n in sorted(entries)]
    found = likeliest_paths(graph(steps))
    all_ways = list(every_way(steps, START))
    best = max((math.prod(s.probability for s in way) for way in all_ways), default=0.0)
    assert math.isclose(max((p.probability for p in found.paths), default=0.0), best, abs_tol=1e-5)
    by_id = {s.id: s for s in steps}
    for path in found.paths:
        chain = [by_id[name] for name in path.steps]
        assert chain[0].source == START
        assert chain[-1].target == path.goal == "goal"
        assert all(one.target == two.source for one, two in pairwise(chain))
        assert len({s.source for s in chain}) == len(chain)


@settings(deadline=None)
@given(EDGES, st.sets(st.sampled_from(NAMES), min_size=1))
def test_every_workload_that_leads_to_the_goal_has_a_path_through_it(
    edges: list[tuple[str, str, float]], entries: set[str]
) -> None:
    steps = [step(*e) for e in edges if e[0] != e[1]] + [step(START, n, 0.5, kind=BROKEN_IN) for n in sorted(entries)]
    by_id = {s.id: s for s in steps}
    through = {by_id[name].target for p in likeliest_paths(graph(steps)).paths for name in p.steps}
    leading = {n for n in entries if any(True for _ in every_way(steps, n, frozenset({START})))}
    assert leading <= through


def test_an_and_step_waits_for_what_it_asks_for() -> None:
    steps = [
        step(START, "a", 0.5, kind=BROKEN_IN), step("a", "b", 0.5), step("a", "goal", 1.0, when=("b",)),
        step("a", "goal", 1.0, kind="never", when=("c",)),
    ]  # fmt: skip
    (path,) = likeliest_paths(graph(steps)).paths
    assert path.steps == (f"{BROKEN_IN}:{START}:a", "k:a:goal")
    assert math.isclose(path.probability, 0.25)


def test_above_the_limit_every_workload_keeps_its_path_to_each_kind_of_goal() -> None:
    steps = [step(START, n, 0.5, kind=BROKEN_IN) for n in NAMES] + [step(n, "goal", 0.5) for n in NAMES]
    found = likeliest_paths(graph(steps), pairs=1)
    assert not found.whole
    assert {p.steps[0] for p in found.paths} == {f"{BROKEN_IN}:{START}:{n}" for n in NAMES}


def test_ways_to_a_goal_are_told_for_those_who_can_get_there() -> None:
    steps = [step("a", "b", 0.5), step("b", "goal", 0.5), step("c", "d", 0.5)]
    ways = ways_to(graph(steps), "goal", NAMES)
    assert {name: [s.id for s in way] for name, way in ways.items()} == {
        "a": ["k:a:b", "k:b:goal"],
        "b": ["k:b:goal"],
    }
