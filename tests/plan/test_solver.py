"""The planner against brute force on small random cases: AND steps, shared edits, precedence, budgets."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourc.graph.sample import worlds_where
from fourc.graph.solve import START, Held
from fourc.model.step import Basis, Goal, GoalKind, Graph, Step
from fourc.model.text import same
from fourc.plan import exact
from fourc.plan.attacks import classes
from fourc.plan.bound import most_removed
from fourc.plan.greedy import Greedy
from fourc.plan.problem import Option, Problem

COUNT = 64
NODES = [START, "a", "b", "c", "d", "e", "f"]
FINDINGS = [f"f{i}" for i in range(7)]
IDS = [f"o{i}" for i in range(6)]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Graph, list[Option]]:
    """A graph of a few steps and up to six options over its findings; options share findings and wait for each other."""
    steps: list[Step] = []
    for i in range(draw(st.integers(1, 14))):
        source, target = draw(st.sampled_from(NODES)), draw(st.sampled_from(NODES[1:]))
        when = tuple(draw(st.lists(st.sampled_from(NODES[1:]), max_size=1)))
        found = frozenset(draw(st.lists(st.sampled_from(FINDINGS), max_size=2)))
        chance = draw(st.sampled_from([0.3, 0.6, 1.0]))
        steps.append(Step(f"s{i}", "k", source, target, chance, Basis.INFERRED, (), same(""), found, when))
    goals = tuple(
        Goal(n, GoalKind.DATA, draw(st.sampled_from([1.0, 3.0])))
        for n in draw(st.lists(st.sampled_from(NODES[1:]), min_size=1, max_size=3, unique=True))
    )
    options: list[Option] = []
    for i in range(draw(st.integers(1, len(IDS)))):
        mends = frozenset(draw(st.lists(st.sampled_from(FINDINGS), min_size=1, max_size=3)))
        after = (draw(st.sampled_from(IDS[:i])),) if i and draw(st.booleans()) else ()
        hours = draw(st.sampled_from([0.5, 1.0, 1.5, 2.0]))
        options.append(Option(IDS[i], hours, hours, mends, after))
    return Graph((), tuple(steps), goals), options


def risk_of(graph: Graph, options: Sequence[Option]) -> float:
    """The risk after these options, by walking through every world by itself."""
    mended = frozenset[str]().union(*(o.mends for o in options))
    left = [s for s in graph.steps if not s.findings or not s.findings <= mended]
    masks = {s.id: worlds_where(s.id, s.probability, COUNT) for s in left}
    risk = 0.0
    for world in range(COUNT):
        held = {START}
        for _ in NODES:
            held |= {s.target for s in left if masks[s.id] >> world & 1 and {s.source, *s.when} <= held}
        risk += sum(g.impact for g in graph.goals if g.node in held)
    return risk / COUNT


def allowed(options: Sequence[Option]) -> Iterator[tuple[Option, ...]]:
    """Every set in which each option has those that must come before it."""
    known = {o.id for o in options}
    for size in range(len(options) + 1):
        for some in combinations(options, size):
            ids = {o.id for o in some}
            if all(a in ids for o in some for a in o.after if a in known):
                yield some


def best_of(graph: Graph, options: Sequence[Option], budget: float) -> float:
    """The least risk that a budget of hours can leave."""
    return min(risk_of(graph, some) for some in allowed(options) if sum(o.hours for o in some) <= budget + 1e-9)


@settings(deadline=None, max_examples=60)
@given(cases(), st.data())
def test_taking_steps_away_one_by_one_is_what_walking_without_them_gives(
    case: tuple[Graph, list[Option]], data: st.DataObject
) -> None:
    graph, options = case
    problem = Problem(graph, options, count=COUNT)
    state = problem.start()
    done: list[int] = []
    for option in data.draw(st.permutations(range(len(options)))):
        steps = problem.newly({option}, done, state.gone)
        would = state.risk() - problem.worlds.weigh(state.loss(steps).lost)
        state.remove(steps)
        done.append(option)
        assert state.risk() == pytest.approx(would)
        assert state.risk() == pytest.approx(risk_of(graph, [problem.options[n] for n in done]))
        assert state.risk() == pytest.approx(Held(problem.worlds, problem.removed(done)).risk())


@settings(deadline=None, max_examples=60)
@given(cases())
def test_an_order_has_every_option_once_behind_what_must_come_first_and_tells_its_gains(
    case: tuple[Graph, list[Option]],
) -> None:
    graph, options = case
    problem = Problem(graph, options, count=COUNT)
    done: list[Option] = []
    for pick in Greedy(problem).picks():
        before = risk_of(graph, done)
        done.append(problem.options[pick.option])
        assert pick.gain == pytest.approx(before - risk_of(graph, done))
        assert set(done[-1].after) <= {o.id for o in done}
    assert sorted(o.id for o in done) == sorted(o.id for o in options)


@settings(deadline=None, max_examples=60)
@given(cases(), st.sampled_from([0.5, 1.0, 2.0, 3.5, 5.0]))
def test_no_set_of_a_cost_removes_more_than_the_bound(case: tuple[Graph, list[Option]], budget: float) -> None:
    graph, options = case
    problem = Problem(graph, options, count=COUNT)
    greedy = Greedy(problem)
    picks = list(greedy.picks())
    costs = [o.cost for o in problem.options]
    best = risk_of(graph, ()) - best_of(graph, options, budget)
    assert most_removed(problem, greedy.attacks.cuts, budget, costs) >= best - 1e-9
    assert sum(p.gain for p in picks) <= sum(classes(problem, greedy.attacks.cuts).values()) + 1e-9


@settings(deadline=None, max_examples=60)
@given(cases(), st.sampled_from([0.5, 1.0, 2.0, 3.5, 5.0]))
def test_a_greedy_budget_is_kept_and_its_bound_is_true_though_the_run_ended_early(
    case: tuple[Graph, list[Option]], budget: float
) -> None:
    graph, options = case
    problem = Problem(graph, options, count=COUNT)
    greedy = Greedy(problem, budget)
    chosen = [problem.options[p.option] for p in greedy.picks()]
    assert sum(o.hours for o in chosen) <= budget + 1e-9
    best = risk_of(graph, ()) - best_of(graph, options, budget)
    assert most_removed(problem, greedy.attacks.cuts, budget, [o.hours for o in problem.options]) >= best - 1e-9


@pytest.mark.skipif(not exact.available(), reason="scipy (the extra solver) is not installed")
@settings(deadline=None, max_examples=60)
@given(cases(), st.sampled_from([0.5, 1.0, 2.0, 3.5, 5.0]))
def test_the_exact_set_for_a_budget_is_the_one_that_brute_force_finds(
    case: tuple[Graph, list[Option]], budget: float
) -> None:
    graph, options = case
    problem = Problem(graph, options, count=COUNT)
    found = exact.best_set(problem, budget, [o.hours for o in problem.options])
    assert found is not None
    chosen = [problem.options[n] for n in found.options]
    best = best_of(graph, options, budget)
    assert sum(o.hours for o in chosen) <= budget + 1e-6
    assert risk_of(graph, chosen) == pytest.approx(best)
    assert found.removed == pytest.approx(risk_of(graph, ()) - best)
    assert found.bound == pytest.approx(found.removed)
    kept = exact.needed(problem, found.options, best)
    assert risk_of(graph, [problem.options[n] for n in kept]) == pytest.approx(best)


def removable(name: str, source: str, target: str, *findings: str) -> Step:
    return Step(name, "k", source, target, 1.0, Basis.INFERRED, (), same(""), frozenset(findings))


def test_two_ways_to_one_goal_that_are_worth_nothing_alone_are_closed_together_and_first() -> None:
    steps = [removable(f"way{i}", START, "goal", f"f{i}") for i in range(2)]
    steps.append(removable("small", START, "other", "f2"))
    graph = Graph((), tuple(steps), (Goal("goal", GoalKind.DATA, 100.0), Goal("other", GoalKind.DATA, 1.0)))
    options = [Option(f"o{i}", 1.0, 1.0, frozenset({f"f{i}"})) for i in range(3)]
    picks = list(Greedy(Problem(graph, options, count=COUNT)).picks())
    assert {p.option for p in picks[:2]} == {0, 1}
    assert [p.gain for p in picks] == [0.0, 100.0, 1.0]


def test_a_step_that_two_changes_must_mend_is_worth_it_together() -> None:
    steps = (removable("both", START, "goal", "f0", "f1"), removable("small", START, "other", "f2"))
    graph = Graph((), steps, (Goal("goal", GoalKind.DATA, 100.0), Goal("other", GoalKind.DATA, 1.0)))
    options = [Option(f"o{i}", 1.0, 1.0, frozenset({f"f{i}"})) for i in range(3)]
    picks = list(Greedy(Problem(graph, options, count=COUNT)).picks())
    assert {p.option for p in picks[:2]} == {0, 1}


def test_an_edit_that_two_changes_share_is_worth_nothing_the_second_time() -> None:
    graph = Graph((), (removable("way", START, "goal", "f0"),), (Goal("goal", GoalKind.DATA, 10.0),))
    options = [Option(n, 1.0, 1.0, frozenset({"f0"})) for n in ("a", "b")]
    assert [p.gain for p in Greedy(Problem(graph, options, count=COUNT)).picks()] == [10.0, 0.0]


def test_what_must_come_first_is_paid_for_by_what_waits_for_it() -> None:
    steps = (removable("big", START, "goal", "f0"), removable("small", START, "other", "f1"))
    graph = Graph((), steps, (Goal("goal", GoalKind.DATA, 10.0), Goal("other", GoalKind.DATA, 3.0)))
    first = Option("first", 9.0, 9.0, frozenset({"nothing"}))
    options = [
        first,
        Option("big", 1.0, 1.0, frozenset({"f0"}), ("first",)),
        Option("small", 1.0, 1.0, frozenset({"f1"})),
    ]
    problem = Problem(graph, options, count=COUNT)
    assert [problem.options[p.option].id for p in Greedy(problem).picks()] == ["small", "first", "big"]


def test_options_that_wait_for_each_other_wait_for_nobody() -> None:
    graph = Graph((), (removable("way", START, "goal", "f0"),), (Goal("goal", GoalKind.DATA, 10.0),))
    options = [Option("a", 1.0, 1.0, frozenset({"f0"}), ("b",)), Option("b", 1.0, 1.0, frozenset({"f1"}), ("a",))]
    assert {p.option for p in Greedy(Problem(graph, options, count=COUNT)).picks()} == {0, 1}
