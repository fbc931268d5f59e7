"""Numbers that the user knows better than our tables, as plain values by the tables' own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from fourc.graph.odds import BY_DESIGN, ODDS, Odds
from fourc.graph.rules import ROWS
from fourc.model.finding import Severity
from fourc.model.remedy import ChangeKind
from fourc.model.step import GoalKind, Graph, Step

GUESSED = 1.5  # a guess lies between two thirds and one and a half times the number
DESIGNED = 1.1
BEFORE_START = "before-start"


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
    """The graph with the user's own probabilities and impacts.

    What grades a probability (a finding's severity, a container that is not root) grades the user's number likewise.
    """
    if not assumed.odds and not assumed.impact:
        return graph
    default = {name: row.probability for name, row in odds_rows()}
    steps: list[Step] = []
    for step in graph.steps:
        row = row_of(step)
        own = assumed.odds.get(row) if row else None
        if row and own is not None:
            steps.append(replace(step, probability=min(1.0, step.probability * own / default[row])))
        else:
            steps.append(step)
    goals = tuple(
        replace(g, impact=assumed.impact[g.kind.value]) if g.kind.value in assumed.impact else g for g in graph.goals
    )
    return Graph(graph.nodes, tuple(steps), goals)


def row_of(step: Step) -> str | None:
    """The row of the odds that a step goes by: the one of its kind, or the variant of it that has the step's probability."""
    if step.kind in ROWS:
        return step.kind
    base = next((name for name in ODDS if step.kind == name or step.kind.startswith(f"{name}-")), None)
    variants = [name for name in ODDS if base and name.startswith(f"{base}-") and name != step.kind]
    if base and ODDS[base].probability != step.probability:
        early = [BEFORE_START] if ODDS[BEFORE_START].probability < ODDS[base].probability else []
        return next((n for n in (*variants, *early) if ODDS[n].probability == step.probability), base)
    return base


def spread_of(kind: str) -> float:
    """By how much a number may be off: little where Kubernetes allows the step by design, else as guesses are."""
    row = ODDS.get(kind.removeprefix("step:"))
    return DESIGNED if row is not None and row.source == BY_DESIGN else GUESSED


def odds_names() -> frozenset[str]:
    """The kinds of steps that `[odds]` may name."""
    return frozenset(name for name, _ in odds_rows())


def odds_rows() -> Sequence[tuple[str, Odds]]:
    """Every probability of the graph by the kind of step: the table's own, then the rules that open a step.

    Rules that are graded by severity have the odds of a grave finding here.
    """
    return (*ODDS.items(), *((rule, row.odds_of(Severity.HIGH)) for rule, row in ROWS.items()))


def impact_names() -> frozenset[str]:
    """The kinds of goals that `[impact]` may name."""
    return frozenset(kind.value for kind in GoalKind)


def hours_names() -> frozenset[str]:
    """The kinds of work that `[hours]` may name, and what every change needs."""
    return frozenset(kind.value for kind in ChangeKind) | {"review", "restart", "incident"}
