"""The order of the changes: risk removed per cost of a year, greedily, each given the changes before it."""

import heapq
import math
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
CAREFUL = 60
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
    ranking = _Ranking(graph, drafts, objective, factors or {})
    all_ways = left = ways(graph)
    ranked: list[Change] = []
    ways_after: list[frozenset[Way]] = []
    while ranking.waiting:
        draft, gain = ranking.take()
        if ranking.certain & set(ranking.touched[draft.id]):
            left = ways(graph, frozenset(ranking.removed))
        closed = len((ways_after[-1] if ways_after else all_ways) - left)
        ways_after.append(left)
        share = gain / ranking.whole if ranking.whole else 0.0
        ranked.append(_change(draft, ranking.hours[draft.id], share, closed, ranking.touched[draft.id]))
    return Plan(tuple(ranked), _stop(ranked), ranking.whole, all_ways, tuple(ways_after))


class _Ranking:
    """Lazy greedy choice (Minoux 1978): a draft whose earlier worth is already lower than the best is not asked again.

    After `CAREFUL` choices what is left weighs little: it keeps the order of its last known worth, each with the risk that
    it really removes at its place.
    """

    def __init__(
        self, graph: Graph, drafts: Sequence[Draft], objective: Objective, taught: Mapping[ChangeKind, float]
    ) -> None:
        self.worlds = Worlds(graph.steps, graph.goals)
        self.needed = {s.id: s.findings for s in graph.steps}
        self.certain = {s.id for s in graph.steps if s.basis is not Basis.ASSUMED or s.source == START}
        self.touched = _touched(graph, drafts)
        self.hours = {d.id: _hours(d, taught) for d in drafts}
        yearly = {d.id: costs.yearly_cost(self.hours[d.id].likely, costs.WORK[d.kind].upkeep, 0.0) for d in drafts}
        self.cost = yearly if objective is Objective.HOURS else dict.fromkeys(yearly, 1.0)
        self.drafts = {d.id: d for d in drafts}
        self.mended: set[str] = set()
        self.removed: set[str] = set()
        self.whole = self.before = self.worlds.risk()
        self.taken = 0
        self.waiting = [(-math.inf if self.touched[n] else 0.0, yearly[n], n) for n in sorted(self.drafts)]
        heapq.heapify(self.waiting)

    def take(self) -> tuple[Draft, float]:
        """The next draft and the risk that it removes now."""
        while True:
            bound, yearly, name = heapq.heappop(self.waiting)
            after = self._risk_after(name)
            gain = max(0.0, self.before - after)
            worth = gain / self.cost[name]
            careful = self.taken < CAREFUL and bound < 0
            if not careful or not self.waiting or -worth <= self.waiting[0][0]:
                break
            heapq.heappush(self.waiting, (-worth, yearly, name))
        self.removed |= self._removed_by(name)
        self.mended |= self.drafts[name].fingerprints
        self.before = after
        self.taken += 1
        return self.drafts[name], gain

    def _risk_after(self, name: str) -> float:
        gone = self._removed_by(name)
        return self.worlds.risk(self.removed | gone) if gone else self.before

    def _removed_by(self, name: str) -> set[str]:
        """The steps whose every finding would be mended."""
        mended = self.mended | self.drafts[name].fingerprints
        return {s for s in self.touched[name] if self.needed[s] <= mended}


def _touched(graph: Graph, drafts: Sequence[Draft]) -> dict[str, tuple[str, ...]]:
    """The steps in which a finding of the draft stands."""
    by_finding: dict[str, list[str]] = {}
    for step in graph.steps:
        for finding in step.findings:
            by_finding.setdefault(finding, []).append(step.id)
    return {d.id: tuple(sorted({s for f in d.fingerprints for s in by_finding.get(f, ())})) for d in drafts}


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
