"""What the planner chooses from, without a word of security: options, what each costs, and the steps that they remove."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from fourc.graph.sample import Sampler
from fourc.graph.solve import Held, Worlds
from fourc.model.step import Graph


class Option(Struct, frozen=True):
    """One change as the solver sees it.

    `cost` is what its worth is divided by, `hours` what it takes from a budget, `after` the ids that must come first and
    `files` what it touches: of equals, the one beside work that is done anyway comes first.
    """

    id: str
    cost: float
    hours: float
    mends: frozenset[str]
    after: tuple[str, ...] = ()
    files: frozenset[str] = frozenset()


Clause = frozenset[int]


class Problem:
    """Options over the sampled worlds of one graph. Options and steps are numbers from here on.

    A step is removed when each of its findings is mended, and a finding is mended when any option that mends it is done:
    `clauses[step]` holds one set of options for each finding, and every set has to be met.
    """

    def __init__(
        self,
        graph: Graph,
        options: Iterable[Option],
        sampler: Sampler | None = None,
        count: int = 0,
        held: Collection[str] = (),
    ) -> None:
        """Sample the graph once; options that name an unknown id in `after` wait for nobody."""
        self.options: Sequence[Option] = sorted(options, key=lambda o: o.id)
        number = {o.id: n for n, o in enumerate(self.options)}
        menders: dict[str, list[int]] = {}
        for n, option in enumerate(self.options):
            for finding in option.mends:
                menders.setdefault(finding, []).append(n)
        clauses = _Clauses(menders)
        by_step = {s.id: clauses.of(s.findings) for s in graph.steps if s.findings and menders.keys() >= s.findings}
        self.worlds = Worlds(graph.steps, graph.goals, by_step, sampler, count, held)
        self.clauses: Mapping[int, frozenset[Clause]] = {
            n: by_step[name] for n, name in enumerate(self.worlds.steps) if self.worlds.loose[n]
        }
        self.touched: list[list[int]] = [[] for _ in self.options]
        for step, needed in self.clauses.items():
            for mending in frozenset[int]().union(*needed):
                self.touched[mending].append(step)
        self.before: list[frozenset[int]] = _closed([{number[a] for a in o.after if a in number} for o in self.options])

    def start(self) -> Held:
        """The worlds as they are before anything is done."""
        return Held(self.worlds)

    def removed(self, done: Collection[int]) -> list[int]:
        """The steps that are gone when these options are done."""
        chosen = frozenset(done)
        touched = dict.fromkeys(s for option in sorted(chosen) for s in self.touched[option])
        return [s for s in touched if all(c & chosen for c in self.clauses[s])]

    def newly(self, bundle: Collection[int], done: Collection[int], gone: Sequence[int]) -> list[int]:
        """The steps that go when the bundle joins what is done, without those that are gone already."""
        if len(bundle) == 1:
            steps: Iterable[int] = self.touched[next(iter(bundle))]
        else:
            steps = dict.fromkeys(s for n in sorted(bundle) for s in self.touched[n])
        would = frozenset(done).union(bundle)
        return [s for s in steps if not gone[s] and all(not c.isdisjoint(would) for c in self.clauses[s])]

    def risk(self, done: Collection[int]) -> float:
        """The risk that is left when these options are done."""
        return Held(self.worlds, self.removed(done)).risk()

    def cost(self, done: Iterable[int]) -> float:
        """What they cost together."""
        return sum(self.options[n].cost for n in done)

    def in_order(self, chosen: Collection[int], done: Collection[int] = ()) -> Iterator[int]:
        """The chosen ones that are not yet done, each behind what must come first, else by number."""
        left = sorted(set(chosen) - set(done))
        had = set(done)
        while left:
            free = next(n for n in left if self.before[n] & set(left) <= had)
            left.remove(free)
            had.add(free)
            yield free


class _Clauses:
    """What has to be done to mend some findings; the same demand is one object however many steps make it."""

    def __init__(self, menders: Mapping[str, Sequence[int]]) -> None:
        self._menders = menders
        self._clause: dict[tuple[int, ...], frozenset[Clause]] = {}
        self._whole: dict[frozenset[Clause], frozenset[Clause]] = {}

    def of(self, findings: frozenset[str]) -> frozenset[Clause]:
        """One set of options for each finding."""
        if len(findings) == 1:
            (finding,) = findings
            return self._single(finding)
        whole = frozenset[Clause]().union(*(self._single(f) for f in findings))
        return self._whole.setdefault(whole, whole)

    def _single(self, finding: str) -> frozenset[Clause]:
        key = tuple(self._menders[finding])
        if key not in self._clause:
            self._clause[key] = frozenset({frozenset(key)})
        return self._clause[key]


def _closed(direct: Sequence[set[int]]) -> list[frozenset[int]]:
    """For every option all that must come before it; on a circle of demands nothing waits for itself."""
    closed: list[frozenset[int]] = []
    for n in range(len(direct)):
        seen: set[int] = set()
        todo = list(direct[n])
        while todo:
            other = todo.pop()
            if other not in seen and other != n:
                seen.add(other)
                todo += direct[other]
        closed.append(frozenset(seen))
    return [frozenset(b for b in before if n not in closed[b]) for n, before in enumerate(closed)]
