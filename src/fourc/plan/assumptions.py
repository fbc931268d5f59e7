"""Numbers that the user knows better than our tables, as plain values by the tables' own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fourc.model.step import Graph


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What `fourc.toml` says: `[odds]` by kind of step, `[impact]` by kind of goal, `[hours]` by kind of change.

    `[hours]` also knows `review`, `restart` and `incident`. What is absent keeps its default.
    """

    odds: Mapping[str, float] = field(default_factory=dict)
    impact: Mapping[str, float] = field(default_factory=dict)
    hours: Mapping[str, float] = field(default_factory=dict)
    hourly_rate: float | None = None


NONE = Assumptions()


def with_assumptions(graph: Graph, assumed: Assumptions) -> Graph:
    """The graph with the user's own probabilities and impacts."""
    if not assumed.odds and not assumed.impact:
        return graph
    steps = tuple(
        replace(s, probability=min(1.0, assumed.odds[s.kind])) if s.kind in assumed.odds else s for s in graph.steps
    )
    goals = tuple(
        replace(g, impact=assumed.impact[g.kind.value]) if g.kind.value in assumed.impact else g for g in graph.goals
    )
    return Graph(graph.nodes, steps, goals)
