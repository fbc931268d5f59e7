"""The bit-parallel solver agrees with walking every world by itself."""

from hypothesis import given
from hypothesis import strategies as st

from fourc.graph.solve import START, WORLDS, Worlds, worlds_where
from fourc.model.step import Basis, Goal, GoalKind, Step
from fourc.model.text import same

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
        mask = worlds_where("seed", share)
        assert abs(mask.bit_count() / WORLDS - share) < 0.05
        assert mask == worlds_where("seed", share)
    assert worlds_where("seed", 0.5) != worlds_where("other", 0.5)


@given(STEPS)
def test_every_world_is_what_a_walk_through_it_alone_reaches(edges: list[tuple[str, str, float]]) -> None:
    steps = [step(*e) for e in edges]
    held = Worlds(steps, ()).held()
    for world in range(0, WORLDS, 211):
        reached = {START}
        for _ in NAMES:
            reached |= {
                s.target for s in steps if s.source in reached and worlds_where(s.id, s.probability) >> world & 1
            }
        assert {n for n, mask in held.items() if mask >> world & 1} == reached


def test_risk_is_impact_times_the_share_of_worlds_and_falls_when_a_step_goes() -> None:
    worlds = Worlds([step(START, "a", 1.0), step("a", "b", 0.5)], [Goal("b", GoalKind.DATA, 10.0)])
    assert abs(worlds.risk() - 5.0) < 0.5
    assert worlds.risk({"a>b"}) == 0.0
