"""Read, check, build the graph and rank: the use-case behind every command that looks at manifests."""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from fourc.app.coverage import unseen_of
from fourc.app.teach import factors
from fourc.checks.api import Check, Judge
from fourc.checks.platform import Sorted, sort_out
from fourc.checks.registry import all_checks
from fourc.collect.limits import Options
from fourc.collect.locate import Locator
from fourc.collect.manifests.collect import collect_manifests, collect_stdin
from fourc.collect.manifests.collected import Collected
from fourc.errors import FourcError, UsageError
from fourc.fix.by_hand import told
from fourc.fix.rewrite import propose, unsure
from fourc.graph.build import build
from fourc.model.change import Change, FileEdit
from fourc.model.finding import Finding, Layer, Severity
from fourc.model.gap import Gap, GapReason
from fourc.model.location import STDIN, Location
from fourc.model.remedy import FixClass
from fourc.model.report import Coverage, Report
from fourc.model.step import Graph
from fourc.model.text import Text
from fourc.model.version import NEWEST, KubeVersion
from fourc.patch.yaml.reader import decode
from fourc.plan.changes import Draft, change_of, drafts
from fourc.plan.order import Objective, Plan, order
from fourc.plan.policies import with_policies
from fourc.reach.unmodelled import unmodelled

log = logging.getLogger(__name__)
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What the person asked for."""

    paths: tuple[str, ...] = (".",)
    version: KubeVersion = NEWEST
    severity: Severity = Severity.INFO
    objective: Objective = Objective.HOURS
    read_ignored: bool = False
    stdin: bytes | None = None


@dataclass(frozen=True)
class Seen:
    """What was read and found, before anything is ranked."""

    request: Request
    root: Path
    collected: Collected
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    read: Callable[[str], str | None] = field(repr=False)
    platform: Sorted
    refused: Mapping[str, str]

    @property
    def mendable(self) -> tuple[Finding, ...]:
        """The findings whose edit, if they have one, can be made."""
        return tuple(f for f in self.findings if f.fingerprint not in self.refused)


@dataclass(frozen=True)
class Planned:
    """What was seen, with graph, drafts and plan."""

    seen: Seen
    graph: Graph
    drafts: dict[str, Draft]
    plan: Plan
    taught: bool = False

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
        )


def look(request: Request, progress: Progress = lambda _: None) -> Seen:
    """Read and check everything under the paths (or stdin)."""
    progress("reading")
    root, collected, locator, read = _collect(request)
    judge = Judge(collected.inventory, request.version)
    progress("checking")
    found: list[Finding] = []
    gaps = [*collected.gaps, *unmodelled(collected.inventory, locator.locate)]
    for check in all_checks():
        found += _findings(check, judge, gaps)
    found += _only_in_overlays(found, collected, request.version, gaps)
    platform = sort_out(collected.inventory, found)
    found = [told(f) for f in with_policies(collected.inventory, platform.kept)]
    located: list[Finding] = []
    refused: dict[str, str] = {}
    kept = sorted((f for f in found if f.severity >= request.severity), key=lambda f: f.origin.path)
    for _, group in groupby(kept, key=lambda f: f.origin.path):
        mine = [
            replace(f, location=locator.locate(f.origin, f.at), places=_places_of(f, collected, locator)) for f in group
        ]
        mine = list(_unique(sorted(mine, key=_place)))
        located += mine
        proposal = propose(unsure(mine, locator.tree), read, trees=locator.tree)
        refused.update((r.finding.fingerprint, r.why) for r in proposal.refused)
    return Seen(request, root, collected, tuple(located), tuple(gaps), read, platform, refused)


def plan_for(request: Request, progress: Progress = lambda _: None) -> Planned:
    """Look, then rank the changes."""
    seen = look(request, progress)
    progress("ranking")
    graph = build(seen.collected.inventory, seen.findings, seen.platform.explained)
    made = drafts(seen.collected.inventory, seen.mendable)
    taught = {} if request.stdin is not None else factors(seen.root)
    ranked = order(graph, made, request.objective, taught)
    by_id = {d.id: d for d in made}
    places = {d.id: _places(d) for d in made}
    changes = tuple(replace(c, places=places[c.id]) for c in ranked.changes)
    return Planned(seen, graph, by_id, replace(ranked, changes=changes), bool(taught))


def report_of(seen: Seen) -> Report:
    """The findings and gaps of a run without a plan."""
    inventory = seen.collected.inventory
    made = drafts(inventory, seen.mendable)
    return Report(
        name=seen.root.resolve().name if seen.request.stdin is None else STDIN,
        kubernetes_version=str(seen.request.version),
        findings=seen.findings,
        gaps=seen.gaps,
        coverage=Coverage(
            files=seen.collected.coverage.files,
            documents=seen.collected.coverage.documents,
            objects=inventory.objects,
            applications=len({(w.meta.namespace, w.meta.kind, w.meta.name) for w in inventory.workloads}),
            unseen=unseen_of(seen.collected.coverage),
            kinds_not_modelled=inventory.other_kinds,
            platform=tuple(dict.fromkeys(p.name for _, p in seen.platform.programs)),
        ),
        change_of=change_of(made),
        refused=seen.refused,
    )


def with_edits(change: Change, draft: Draft, seen: Seen) -> Change:
    """The change with its diffs."""
    proposal = propose(draft.findings, seen.read)
    edits = [FileEdit(f.path, f.fix_class, f.diff) for f in proposal.files]
    edits += [FileEdit(STDIN, draft.fix_class, "", command) for command in proposal.patches]
    return replace(change, edits=tuple(edits))


def _collect(request: Request) -> tuple[Path, Collected, Locator, Callable[[str], str | None]]:
    if request.stdin is not None:
        collected = collect_stdin(request.stdin)
        locator = Locator(Path(), stdin=request.stdin)
        stdin = request.stdin
        return Path(), collected, locator, lambda path: _decoded(stdin) if path == STDIN else None
    paths = [Path(p) for p in request.paths]
    for path in paths:
        if not path.exists() and not path.is_symlink():
            hint = "name a folder or file that holds manifests, or a command: fourc --help"
            raise UsageError(f"{path} does not exist", hint=hint)
    root = paths[0] if len(paths) == 1 and paths[0].is_dir() else Path()
    collected = collect_manifests(root, paths, Options(read_ignored=request.read_ignored))
    locator = Locator(root)
    return root, collected, locator, lambda path: _file_text(root / path)


def _findings(check: Check[Any], judge: Judge, gaps: list[Gap]) -> list[Finding]:
    """One check's findings; a check that fails becomes a gap and hides nothing else."""
    try:
        return list(check.run(judge))
    except Exception as error:
        log.debug("check %s failed", check.id, exc_info=True)
        gaps.append(_broken_check(check.id, error))
        return []


def _only_in_overlays(
    found: Sequence[Finding], collected: Collected, version: KubeVersion, gaps: list[Gap]
) -> list[Finding]:
    """What is wrong with a container only after an overlay has changed it."""
    if not collected.variants.workloads:
        return []
    only: dict[tuple[str | None, ...], Finding] = {}
    known = {_sameness(f) for f in found}
    judge = Judge(collected.variants, version)
    for check in all_checks():
        if check.layer is Layer.CONTAINER:
            for finding in _findings(check, judge, gaps):
                if _sameness(finding) not in known:
                    only.setdefault(_sameness(finding), finding)
    return list(only.values())


def _sameness(finding: Finding) -> tuple[str | None, ...]:
    """What an object's finding keeps when an overlay gives the object another namespace."""
    return (finding.rule, finding.subject.kind, finding.subject.name, finding.container, finding.detail)


def _file_text(path: Path) -> str | None:
    """A file's text, every character of it; None where it is gone or no text."""
    try:
        return decode(path.read_bytes())
    except (OSError, FourcError):
        return None


def _decoded(data: bytes) -> str | None:
    try:
        return decode(data)
    except FourcError:
        return None


def _places_of(finding: Finding, collected: Collected, locator: Locator) -> tuple[Location, ...]:
    """Where else the same object was seen, raw and rendered."""
    others = collected.sights.get((finding.subject, finding.origin.path), ())
    return tuple(locator.locate(origin, finding.at) for origin in others)


def _broken_check(name: str, error: Exception) -> Gap:
    return Gap(
        GapReason.UNSUPPORTED,
        Text("the check {c} failed on this input: {e}", "检查 {c} 在这份输入上失败：{e}").of(
            c=name, e=repr(error)[:200]
        ),
        Text("please report it with the file that causes it", "请附上引发问题的文件反馈给我们"),
        subject=name,
    )


def _place(found: Finding) -> tuple[str, int, int, str, str]:
    place = found.location
    assert place is not None  # noqa: S101 - every finding was located just before
    return (place.path, place.line, place.column, found.rule, found.detail)


def _unique(found: Sequence[Finding]) -> Iterator[Finding]:
    """Findings whose fingerprints would be equal (copies of an object in one file) are told apart by a number."""
    seen: dict[str, int] = {}
    for finding in found:
        name = finding.fingerprint
        count = seen[name] = seen.get(name, 0) + 1
        yield finding if count == 1 else replace(finding, detail=f"{finding.detail}#{count}")


def _places(draft: Draft) -> tuple[str, ...]:
    """`path:line` of the draft's findings, gravest first, each line once."""
    ranked = sorted(draft.findings, key=lambda f: -f.severity)
    return tuple(dict.fromkeys(f"{f.location.path}:{f.location.line}" for f in ranked if f.location))


def stdin_bytes() -> bytes:
    """Everything piped in."""
    return sys.stdin.buffer.read()


def upto_class(word: str) -> FixClass:
    """`safe`, `try-first` or `decision` as a class."""
    return next(c for c in FixClass if c.word == word)
