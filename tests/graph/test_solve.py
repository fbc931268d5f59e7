"""The bit-parallel solver agrees with walking every world by itself."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourc.graph.sample import nested, worlds_for, worlds_where
from fourc.graph.solve import START, Worlds
from fourc.model.step import Basis, Goal, GoalKind, Step
from fourc.model.text import same

WORLDS = worlds_for(1)
NAMES = [START, "a", "b", "c", "d"]
STEPS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES[1:]), st.floats(0, 1)),
    max_size=12,
    unique_by=lambda s: s[:2],
)


def step(source: str, target: str, probability: float) -> Step:
    return Step(f"{source}>{target}", "k", source, target, probability, Basis.INFERRED, (), same("e"))


def test_a_mask_has_about_its_share_of_worlds_and_depends_on_the_seed_alone() -> None:
    for share in (0.0, 0.05, 0.5, 0.9, 1.0):
        mask = worlds_where("seed", share, WORLDS)
        assert abs(mask.bit_count() / WORLDS - share) <= 1 / WORLDS
        assert mask == worlds_where("seed", share, WORLDS)
    assert worlds_where("seed", 0.5, WORLDS) != worlds_where("other", 0.5, WORLDS)


def test_a_world_of_a_small_probability_is_one_of_every_larger_one() -> None:
    masks = nested("seed", [0.5, 0.1, 1.0, 0.02], 256)
    assert [m.bit_count() for m in masks] == [128, pytest.approx(25.6, abs=1), 256, pytest.approx(5.1, abs=1)]
    assert masks[3] & masks[1] == masks[3]
    assert masks[1] & masks[0] == masks[1]


@settings(deadline=None, max_examples=50)
@given(STEPS)
def test_every_world_is_what_a_walk_through_it_alone_reaches(edges: list[tuple[str, str, float]]) -> None:
    steps = [step(*e) for e in edges]
    goals = [Goal(n, GoalKind.DATA, 1.0) for n in NAMES[1:]]
    held = Worlds(steps, goals).held()
    for world in range(0, WORLDS, 411):
        reached = {START}
        for _ in NAMES:
            reached |= {
                s.target
                for s in steps
                if s.source in reached and worlds_where(s.id, s.probability, WORLDS) >> world & 1
            }
        assert {n for n, mask in held.items() if mask >> world & 1} == reached


def test_risk_is_impact_times_the_share_of_worlds_and_falls_when_a_step_goes() -> None:
    worlds = Worlds([step(START, "a", 1.0), step("a", "b", 0.5)], [Goal("b", GoalKind.DATA, 10.0)])
    assert abs(worlds.risk() - 5.0) < 0.5
    assert worlds.risk({"a>b"}) == 0.0
