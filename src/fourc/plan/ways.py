"""The ways that people count: the last step of an attack, into what must not be reached."""

from collections.abc import Collection

from msgspec import Struct

from fourc.graph.build import BROKEN_IN
from fourc.graph.odds import COUNTED_IMPACT
from fourc.graph.relevant import reached_by
from fourc.graph.solve import START
from fourc.model.step import Basis, GoalKind, Graph


class Way(Struct, frozen=True):
    """The last step of an attack: what gives a goal to whoever holds `source`."""

    source: str
    goal: str


def ways(graph: Graph, removed: Collection[str] = frozenset(), held: Collection[str] = ()) -> frozenset[Way]:
    """The steps into a goal that start from something an outsider or a broken-in pod holds, without lucky guesses.

    A step whose basis is only assumed is no way, except the first one (the broken-in pod itself). A store that is broken
    into by itself holds its own data anyway: its data counts only where someone else gets in. An outage is no way.
    `held` nodes are in the attacker's hands from the start.
    """
    goals = {g.node: g.kind for g in graph.goals}
    counted = {g.node for g in graph.goals if g.kind is not GoalKind.OUTAGE and g.impact >= COUNTED_IMPACT}
    live = [s for s in graph.steps if s.id not in removed and (s.basis is not Basis.ASSUMED or s.source == START)]
    reached = reached_by([s for s in live if s.target not in goals], {START, *held})
    entered = {s.target for s in live if s.kind != BROKEN_IN and _able(reached, s.source, s.when)} | set(held)
    return frozenset(
        Way(s.source, s.target)
        for s in live
        if _able(entered if goals.get(s.target) is GoalKind.DATA else reached, s.source, s.when)
        and s.source not in {START, *goals}
        and s.target in counted
    )


def _able(reached: Collection[str], source: str, when: Collection[str]) -> bool:
    return source in reached and all(node in reached for node in when)
