"""Build the graph of what was seen and rank the changes."""

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.look import Progress, Seen, look, report_of
from fourc.app.numbers import number_in
from fourc.app.request import Request
from fourc.app.suppose import assumptions_of, compromised, never_done
from fourc.app.teach import factors
from fourc.app.uncollected import uncollected
from fourc.fix.notes import cautions
from fourc.fix.rewrite import propose
from fourc.graph.build import build
from fourc.model.change import Change, FileEdit
from fourc.model.location import STDIN
from fourc.model.remedy import FixClass
from fourc.model.report import Report, WhatIf
from fourc.model.step import Graph
from fourc.model.text import Text
from fourc.plan.changes import Draft, change_of, drafts
from fourc.plan.order import DEFAULT, Plan, Terms, on_paths, order


class Planned(Struct, frozen=True):
    """What was seen, with graph, drafts and plan."""

    seen: Seen
    graph: Graph
    drafts: dict[str, Draft]
    plan: Plan
    terms: Terms = DEFAULT
    taught: bool = False
    what_if: WhatIf | None = None

    @property
    def numbered(self) -> bool:
        """Whether `fix` and `show` make the same plan, so that its numbers are theirs."""
        same_taught = Terms(taught=self.terms.taught, assumed=self.terms.assumed)
        return self.terms == same_taught and self.seen.images is None

    def report(self, *, edits: bool = False) -> Report:
        """The run for the reporters; `edits` works out every change's diffs."""
        changes = self.plan.changes
        if edits:
            changes = tuple(with_edits(c, self.drafts[c.id], self.seen) for c in changes)
        return replace(
            report_of(self.seen),
            changes=changes,
            stop=self.plan.stop,
            ways=len(self.plan.ways),
            ways_left=tuple(len(w) for w in self.plan.ways_after),
            change_of=change_of(tuple(self.drafts.values())),
            taught=self.taught,
            optimum=self.plan.optimum,
            left=self.plan.left,
            idle=frozenset(f.fingerprint for f in self.seen.findings) - on_paths(self.graph, self.terms.held),
            budget=self.terms.budget,
            what_if=self.what_if,
            numbered=self.numbered,
        )


@uncollected()
def plan_for(request: Request, progress: Progress = lambda _: None) -> Planned:
    """Look, then rank the changes.

    Raises:
        UsageError: what the plan is to suppose names a pod or change that is not there, or a probability that no step has.
    """
    seen = look(request, progress)
    progress(Text("ranking", "正在排序"))
    graph = graph_of(seen)
    made = drafts(seen.collected.inventory, seen.findings)
    taught = {} if request.stdin is not None else factors(seen.root)
    suppose = request.suppose
    held = compromised(graph, suppose.compromised)
    terms = replace(request.terms, taught=taught, assumed=assumptions_of(request.settings), held=held)
    what_if = WhatIf(suppose.compromised) if suppose.compromised else None
    if suppose.without:
        whole = order(graph, made, replace(terms, budget=None)).changes
        terms = replace(terms, without=frozenset(whole[number_in(whole, word) - 1].id for word in suppose.without))
    ranked = order(graph, made, terms)
    if suppose.without:
        what_if = never_done(graph, made, ranked, terms, suppose)
    by_id = {d.id: d for d in made}
    places = {d.id: _places(d) for d in made}
    changes = tuple(replace(c, places=places[c.id]) for c in ranked.changes)
    plan = replace(ranked, changes=changes)
    return Planned(seen, graph, by_id, plan, terms, bool(taught), what_if)


def graph_of(seen: Seen) -> Graph:
    """The attack graph of what was seen, with what the configuration declares about the cluster's network."""
    declared = seen.request.settings.network_policies_enforced
    inventory = seen.collected.inventory
    if seen.packages is None and seen.images is None:
        return build(inventory, seen.findings, seen.platform.explained, enforced=declared)
    from fourc.app.entries import entries_of  # noqa: PLC0415 - most plans know of no packages

    kept = {f.fingerprint: f for f in seen.findings}
    entries = entries_of(seen.packages, inventory, kept, seen.images.images if seen.images is not None else ())
    return build(
        inventory, seen.findings, seen.platform.explained, entries.footholds, entries.programs, enforced=declared
    )


def with_edits(change: Change, draft: Draft, seen: Seen) -> Change:
    """The change with its diffs, what is left to a person, and the notes that go among what is to be tried first."""
    proposal = propose(draft.findings, seen.read)
    edits = [FileEdit(f.path, f.fix_class, f.diff) for f in proposal.files]
    edits += [FileEdit(STDIN, draft.fix_class, "", command) for command in proposal.patches]
    lost = cautions(proposal.files)
    return replace(change, edits=tuple(edits), by_hand=draft.by_hand, cautions=lost + change.cautions)


def _places(draft: Draft) -> tuple[str, ...]:
    """`path:line` of the draft's findings, gravest first, each line once."""
    ranked = sorted(draft.findings, key=lambda f: -f.severity)
    return tuple(dict.fromkeys(f"{f.location.path}:{f.location.line}" for f in ranked if f.location))


def upto_class(word: str) -> FixClass:
    """`safe`, `try-first` or `decision` as a class."""
    return next(c for c in FixClass if c.word == word)
