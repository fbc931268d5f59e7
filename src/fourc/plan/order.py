"""The order of the changes: risk removed per cost of a year, greedily, each given the changes before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from fourc.graph.build import BROKEN_IN
from fourc.graph.odds import COUNTED_IMPACT
from fourc.graph.solve import START, Worlds
from fourc.model.change import Change, Range
from fourc.model.remedy import ChangeKind
from fourc.model.step import Basis, GoalKind, Graph
from fourc.plan import costs
from fourc.plan.changes import Draft

STOP_SHARE = 0.10
SPREAD = 0.5


class Objective(Enum):
    """What the risk removed is divided by."""

    HOURS = "hours"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Way:
    """The last step of an attack: what gives a goal to whoever holds `source`."""

    source: str
    goal: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes in order. `stop` is how many come before the stop line; `risk` is the whole before any of them."""

    changes: tuple[Change, ...]
    stop: int
    risk: float
    ways: frozenset[Way]
    ways_after: tuple[frozenset[Way], ...]


def removed_steps(graph: Graph, mended: frozenset[str]) -> frozenset[str]:
    """The steps whose every finding is mended."""
    return frozenset(s.id for s in graph.steps if s.findings and s.findings <= mended)


def ways(graph: Graph, removed: frozenset[str] = frozenset()) -> frozenset[Way]:
    """The steps into a goal that start from something an outsider or a broken-in pod holds, without lucky guesses.

    A step whose basis is only assumed is no way, except the first one (the broken-in pod itself). A store that is broken
    into by itself holds its own data anyway: its data counts only where someone else gets in. An outage is no way.
    """
    goals = {g.node: g.kind for g in graph.goals}
    counted = {g.node for g in graph.goals if g.kind is not GoalKind.OUTAGE and g.impact >= COUNTED_IMPACT}
    live = [s for s in graph.steps if s.id not in removed and (s.basis is not Basis.ASSUMED or s.source == START)]
    held = {START}
    grown = True
    while grown:
        reached = {s.target for s in live if s.source in held and s.target not in goals} - held
        held |= reached
        grown = bool(reached)
    entered = {s.target for s in live if s.source in held and s.kind != BROKEN_IN}
    return frozenset(
        Way(s.source, s.target)
        for s in live
        if s.source in (entered if goals.get(s.target) is GoalKind.DATA else held)
        and s.source not in {START, *goals}
        and s.target in counted
    )


def order(
    graph: Graph,
    drafts: Sequence[Draft],
    objective: Objective = Objective.HOURS,
    factors: Mapping[ChangeKind, float] | None = None,
) -> Plan:
    """Rank the drafts. Ties go to the cheaper, then to the smaller id, so that two runs give the same order."""
    worlds = Worlds(graph.steps, graph.goals)
    taught = factors or {}
    before = whole = worlds.risk()
    all_ways = ways(graph)
    mended: frozenset[str] = frozenset()
    waiting = {d.id: d for d in drafts}
    touched = _touched(graph, drafts)
    bound = {d.id: float("inf") for d in drafts}
    ranked: list[Change] = []
    ways_after: list[frozenset[Way]] = []
    while waiting:
        draft, gain = _best(waiting, bound, worlds, graph, mended, before, objective, touched, taught)
        mended |= draft.fingerprints
        removed = removed_steps(graph, mended)
        before = worlds.risk(removed)
        left = ways(graph, removed)
        closed = len((ways_after[-1] if ways_after else all_ways) - left)
        ways_after.append(left)
        ranked.append(_change(draft, _hours(draft, taught), gain / whole if whole else 0.0, closed, touched[draft.id]))
        del waiting[draft.id]
    return Plan(tuple(ranked), _stop(ranked), whole, all_ways, tuple(ways_after))


def _touched(graph: Graph, drafts: Sequence[Draft]) -> dict[str, tuple[str, ...]]:
    """The steps in which a finding of the draft stands."""
    by_finding: dict[str, list[str]] = {}
    for step in graph.steps:
        for finding in step.findings:
            by_finding.setdefault(finding, []).append(step.id)
    return {d.id: tuple(sorted({s for f in d.fingerprints for s in by_finding.get(f, ())})) for d in drafts}


def _best(
    waiting: dict[str, Draft],
    bound: dict[str, float],
    worlds: Worlds,
    graph: Graph,
    mended: frozenset[str],
    before: float,
    objective: Objective,
    touched: dict[str, tuple[str, ...]],
    taught: Mapping[ChangeKind, float],
) -> tuple[Draft, float]:
    """The draft with the highest worth now; a draft whose earlier worth is already lower is not asked again."""
    best: tuple[float, float, str] | None = None
    for name in sorted(waiting, key=lambda n: (-bound[n], _cost(waiting[n], Objective.HOURS, taught), n)):
        if best is not None and bound[name] <= best[0]:
            break
        draft = waiting[name]
        gain = 0.0
        if touched[name]:
            gain = max(0.0, before - worlds.risk(removed_steps(graph, mended | draft.fingerprints)))
        worth = gain / _cost(draft, objective, taught)
        bound[name] = worth
        if best is None or worth > best[0]:
            best = (worth, gain, name)
    assert best is not None  # noqa: S101 - called with at least one draft waiting
    return waiting[best[2]], best[1]


def _cost(draft: Draft, objective: Objective, taught: Mapping[ChangeKind, float]) -> float:
    if objective is Objective.CHANGES:
        return 1.0
    return costs.yearly_cost(_hours(draft, taught).likely, costs.WORK[draft.kind].upkeep, 0.0)


def _hours(draft: Draft, taught: Mapping[ChangeKind, float]) -> Range:
    default = costs.hours(draft.kind, draft.files, len(draft.restarts), draft.fix_class)
    return default.scaled(taught.get(draft.kind, 1.0))


def _change(draft: Draft, hours: Range, share: float, closed: int, steps: tuple[str, ...]) -> Change:
    return Change(
        id=draft.id,
        kind=draft.kind,
        owner=draft.owner,
        title=draft.title,
        story=draft.story,
        hours=hours,
        upkeep=costs.WORK[draft.kind].upkeep,
        money=0.0,
        risk_removed=Range(share * (1 - SPREAD), share, min(1.0, share * (1 + SPREAD))),
        restarts=draft.restarts,
        breaks=costs.breaks(draft.kind, draft.fix_class),
        findings=tuple(sorted(draft.fingerprints)),
        steps=steps,
        ways_closed=closed,
        after=(),
        cautions=draft.cautions,
        fix_class=draft.fix_class,
    )


def _stop(ranked: Sequence[Change]) -> int:
    """After how many changes the rest together removes less than a tenth of the risk."""
    rest = sum(c.risk_removed.likely for c in ranked)
    for count, change in enumerate(ranked):
        if rest < STOP_SHARE:
            return count
        rest -= change.risk_removed.likely
    return len(ranked)
