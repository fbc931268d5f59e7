"""The plan: the changes in order, the best set for a budget, and how far both are from the best possible.

The order takes what removes most risk for its cost first, each given the changes before it. A budget (hours of work) is
spent on the best set that it buys, which then is ordered in the same way.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import Enum

from msgspec import Struct, field

from fourc.graph.relevant import between
from fourc.graph.solve import START
from fourc.model.change import Change, Range
from fourc.model.remedy import ChangeKind
from fourc.model.report import Optimum
from fourc.model.step import Graph
from fourc.plan import costs, exact
from fourc.plan.assumptions import NONE, Assumptions, with_assumptions
from fourc.plan.bound import most_removed
from fourc.plan.changes import Draft
from fourc.plan.greedy import MANY, Greedy, Pick
from fourc.plan.problem import Option, Problem
from fourc.plan.spread import stability
from fourc.plan.ways import Way, ways

STOP_SHARE = 0.10
SHOWN = 3
DOUBT = 0.02  # a bound farther than this from what is shown is worth half a second


class Objective(Enum):
    """What the risk removed is divided by."""

    HOURS = "hours"
    CHANGES = "changes"


class Terms(Struct, frozen=True):
    """What the person asks of the plan.

    `taught` multiplies the hours of a kind of work, `held` are nodes that an attacker holds from the start, `without` ids
    of changes that will never be done (nor what must come after them).
    """

    objective: Objective = Objective.HOURS
    budget: float | None = None
    taught: Mapping[ChangeKind, float] = field(default_factory=dict)
    assumed: Assumptions = NONE
    held: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()


DEFAULT = Terms()


class Plan(Struct, frozen=True):
    """The changes in order. `stop` is how many come before the stop line; `risk` is the whole before any of them.

    `left` is the share of the risk that is left after the stop line; `ways_after` is known for the `SHOWN` leading changes.
    """

    changes: tuple[Change, ...]
    stop: int
    risk: float
    ways: frozenset[Way]
    ways_after: tuple[frozenset[Way], ...]
    optimum: Optimum | None = None
    left: float = 1.0


def removed_steps(graph: Graph, mended: frozenset[str]) -> frozenset[str]:
    """The steps whose every finding is mended."""
    return frozenset(s.id for s in graph.steps if s.findings and s.findings <= mended)


def on_paths(graph: Graph, held: Collection[str] = ()) -> frozenset[str]:
    """The findings that open a step on some way from the start to a goal; mending any other alone changes no risk."""
    kept = between(graph.steps, {START, *held}, {g.node for g in graph.goals})
    return frozenset(f for s in kept for f in s.findings)


def order(graph: Graph, drafts: Sequence[Draft], terms: Terms = DEFAULT) -> Plan:
    """Rank the drafts. Ties go to the quicker, to files that are touched anyway, then to the smaller id."""
    graph = with_assumptions(graph, terms.assumed)
    by_id = {d.id: d for d in _left_over(drafts, terms.without)}
    hours = {d.id: _hours(d, terms) for d in by_id.values()}
    problem = Problem(graph, [_option(d, hours[d.id], terms) for d in by_id.values()], held=terms.held)
    whole = problem.start().risk()
    if terms.budget is None:
        greedy, picks, best = _best_first(problem, whole)
    else:
        chosen, best = _within(problem, terms.budget)
        greedy = Greedy(problem, only=chosen)
        picks = list(greedy.picks())
    sure = stability(graph, problem, picks, [by_id[o.id].kind.value for o in problem.options], terms.held)
    closing = _Closing(graph, terms.held)
    all_ways = closing.ways()
    ranked: list[Change] = []
    ways_after: list[frozenset[Way]] = []
    for pick, spread in zip(picks, sure.shares, strict=True):
        draft = by_id[problem.options[pick.option].id]
        steps = closing.mend(draft.fingerprints)
        share = pick.gain / whole if whole else 0.0
        ranked.append(
            Change(
                id=draft.id,
                kind=draft.kind,
                owner=draft.owner,
                title=draft.title,
                story=draft.story,
                hours=hours[draft.id],
                upkeep=costs.WORK[draft.kind].upkeep,
                money=0.0,
                risk_removed=Range(min(share, spread[0]), share, min(1.0, max(share, spread[1]))),
                restarts=draft.restarts,
                breaks=costs.breaks(draft.kind, draft.fix_class),
                findings=tuple(sorted(draft.fingerprints)),
                steps=steps,
                after=tuple(a for a in draft.after if a in by_id),
                cautions=draft.cautions,
                fix_class=draft.fix_class,
                among_first=None if pick.option in sure.unclear else round(sure.among_first.get(pick.option, 0.0), 4),
            )
        )
        if len(ranked) <= SHOWN:
            ways_after.append(closing.ways())
    stop = len(ranked) if terms.budget is not None else _stop(ranked)
    left = max(0.0, 1.0 - sum(c.risk_removed.likely for c in ranked[:stop]))
    if best is None or (terms.budget is None and best.count > stop):
        best = _optimum(problem, greedy, picks[: min(SHOWN, stop)], whole)
    return Plan(tuple(ranked), stop, whole, all_ways, tuple(ways_after), best, left)


class _Closing:
    """Which steps are gone as more and more findings are mended, and which ways that leaves."""

    def __init__(self, graph: Graph, held: Collection[str]) -> None:
        self._graph = graph
        self._held = held
        self._missing = {s.id: set(s.findings) for s in graph.steps if s.findings}
        self._with: dict[str, list[str]] = {}
        for step in graph.steps:
            for finding in step.findings:
                self._with.setdefault(finding, []).append(step.id)
        self._gone: set[str] = set()

    def ways(self) -> frozenset[Way]:
        """The ways that are left."""
        return ways(self._graph, self._gone, self._held)

    def mend(self, findings: Collection[str]) -> tuple[str, ...]:
        """The steps that go when these findings are mended too."""
        gone: set[str] = set()
        for finding in findings:
            for step in self._with.get(finding, ()):
                self._missing[step].discard(finding)
                if not self._missing[step] and step not in self._gone:
                    gone.add(step)
        self._gone |= gone
        return tuple(sorted(gone))


def _left_over(drafts: Sequence[Draft], without: Collection[str]) -> list[Draft]:
    """The drafts without those that will never be done, and without what has to wait for one of them for ever."""
    gone = set(without)
    size = -1
    while size != len(gone):
        size = len(gone)
        gone |= {d.id for d in drafts if gone.intersection(d.after)}
    return [d for d in drafts if d.id not in gone]


def _hours(draft: Draft, terms: Terms) -> Range:
    default = costs.hours(
        draft.kind,
        draft.files,
        len(draft.restarts),
        draft.fix_class,
        terms.assumed.hours,
        findings=len(draft.findings),
    )
    return default.scaled(terms.taught.get(draft.kind, 1.0))


def _option(draft: Draft, hours: Range, terms: Terms) -> Option:
    rate = terms.assumed.hourly_rate or costs.HOURLY_RATE
    yearly = costs.yearly_cost(hours.likely, costs.WORK[draft.kind].upkeep, 0.0, rate)
    cost = yearly if terms.objective is Objective.HOURS else 1.0
    return Option(draft.id, cost, hours.likely, draft.fingerprints, draft.after, draft.paths)


def _within(problem: Problem, budget: float) -> tuple[frozenset[int], Optimum | None]:
    """The options to do within so many hours: the best set where it can be had, else the better of two greedy ones."""
    whole = problem.start().risk()
    hours = [o.hours for o in problem.options]
    if not whole:
        return frozenset(), None
    if exact.available():
        best = exact.best_set(problem, budget, hours)
        if best is not None:
            chosen = exact.needed(problem, best.options, whole - best.removed)
            return chosen, Optimum(len(chosen), best.removed / whole, best.bound / whole)
    bound = whole
    tried: list[tuple[float, list[int]]] = []
    for costs_ in (hours, [1.0] * len(hours)):
        greedy = Greedy(problem, budget, costs=costs_)
        picks = [p for p in greedy.picks() if p.gain > 0]
        tried.append((sum(p.gain for p in picks), [p.option for p in picks]))
        bound = min(bound, most_removed(problem, greedy.attacks.cuts, budget, hours))
    removed, options = max(tried, key=lambda t: t[0])
    return frozenset(options), Optimum(len(options), removed / whole, bound / whole)


def _best_first(problem: Problem, whole: float) -> tuple[Greedy, list[Pick], Optimum | None]:
    """The order; where its bound leaves doubt about what is shown, the best set of that cost comes first, if it can be had."""
    greedy = Greedy(problem)
    picks = list(greedy.picks())
    shown = picks[:SHOWN]
    optimum = _optimum(problem, greedy, shown, whole)
    if optimum is None or optimum.within <= DOUBT or len(problem.options) > MANY or not exact.available():
        return greedy, picks, optimum
    costs_ = [o.cost for o in problem.options]
    best = exact.best_set(problem, problem.cost(p.option for p in shown), costs_, exact.QUICK)
    if best is None:
        return greedy, picks, optimum
    count = len(shown)
    if best.removed > optimum.removed * whole * (1 + 1e-6):
        first = [
            p.option for p in Greedy(problem, only=exact.needed(problem, best.options, whole - best.removed)).picks()
        ]
        greedy = Greedy(problem)
        picks = list(greedy.picks(first))
        count = len(first)
    return greedy, picks, Optimum(count, sum(p.gain for p in picks[:count]) / whole, best.bound / whole)


def _optimum(problem: Problem, greedy: Greedy, picks: Sequence[Pick], whole: float) -> Optimum | None:
    """The beginning of an order against every set of the same cost."""
    removed = sum(p.gain for p in picks)
    if not removed or not whole:
        return None
    spent = problem.cost(p.option for p in picks)
    best = most_removed(problem, greedy.attacks.cuts, spent, [o.cost for o in problem.options], removed)
    return Optimum(len(picks), removed / whole, max(removed, best) / whole)


def _stop(ranked: Sequence[Change]) -> int:
    """After how many changes the rest together removes less than a tenth of the risk."""
    rest = sum(c.risk_removed.likely for c in ranked)
    for count, change in enumerate(ranked):
        if rest < STOP_SHARE:
            return count
        rest -= change.risk_removed.likely
    return len(ranked)
