"""Numbers that the user knows better than our tables, as plain values by the tables' own words."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from fourc.graph import odds
from fourc.graph.rules import ROWS
from fourc.model.finding import Severity
from fourc.model.remedy import ChangeKind
from fourc.model.step import GoalKind, Graph


class Assumptions(Struct, frozen=True):
    """What `fourc.toml` says: `[odds]` by kind of step, `[impact]` by kind of goal, `[hours]` by kind of change.

    `[hours]` also knows `review`, `restart` and `incident`. What is absent keeps its default.
    """

    odds: Mapping[str, float] = field(default_factory=dict)
    impact: Mapping[str, float] = field(default_factory=dict)
    hours: Mapping[str, float] = field(default_factory=dict)
    hourly_rate: float | None = None


NONE = Assumptions()


def with_assumptions(graph: Graph, assumed: Assumptions) -> Graph:
    """The graph with the user's own probabilities and impacts.

    A step that is rarer than its row says (a container that surely does not run as root) stays so by the same factor.
    """
    if not assumed.odds and not assumed.impact:
        return graph
    usual = dict(odds_rows())
    factors = {name: own / usual[name].probability for name, own in assumed.odds.items() if name in usual}
    steps = tuple(
        replace(s, probability=min(1.0, s.probability * factors[row])) if (row := s.row or s.kind) in factors else s
        for s in graph.steps
    )
    goals = tuple(
        replace(g, impact=assumed.impact[g.kind.value]) if g.kind.value in assumed.impact else g for g in graph.goals
    )
    return Graph(graph.nodes, steps, goals)


def odds_names() -> frozenset[str]:
    """The kinds of steps that `[odds]` may name."""
    return frozenset(name for name, _ in odds_rows())


def odds_rows() -> Sequence[tuple[str, odds.Odds]]:
    """Every probability of the graph by the kind of step: the table's own, then the rules that open a step.

    A rule whose findings are graded by severity has the odds of a grave one here; a number of the user's replaces all.
    """
    rows: dict[str, odds.Odds] = {}
    for name, value in vars(odds).items():
        if isinstance(value, odds.Odds):
            rows[name.lower().replace("_", "-")] = value
        elif isinstance(value, Mapping):
            rows |= {key: each for key, each in value.items() if isinstance(key, str) and isinstance(each, odds.Odds)}
    rows |= {rule: row.odds_of(Severity.HIGH) for rule, row in ROWS.items()}
    return tuple(rows.items())


def impact_names() -> frozenset[str]:
    """The kinds of goals that `[impact]` may name."""
    return frozenset(kind.value for kind in GoalKind)


def hours_names() -> frozenset[str]:
    """The kinds of work that `[hours]` may name, and what every change needs."""
    return frozenset(kind.value for kind in ChangeKind) | {"review", "restart", "incident"}
