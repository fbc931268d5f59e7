"""Read and check: what every command that looks at manifests begins with."""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.coverage import extras_of, unseen_of
from fourc.app.database import database_file
from fourc.app.deployed import homes, moved_namespaces
from fourc.app.ignoring import Own, own_ignores
from fourc.app.leaks import Leaks, beside, leaks_below, new_gaps
from fourc.app.located import with_places
from fourc.app.request import Request, asked_for, below_top, folder_of, within
from fourc.app.uncollected import uncollected
from fourc.checks.api import Check, Judge
from fourc.checks.platform import Sorted, sort_out
from fourc.checks.registry import all_checks
from fourc.collect.limits import Limits, Options
from fourc.collect.locate import Locator
from fourc.collect.manifests.collect import collect_manifests, collect_stdin
from fourc.collect.manifests.collected import Collected
from fourc.collect.workers import begun
from fourc.errors import FourcError, UsageError
from fourc.fix.by_hand import told
from fourc.flows.needed import needed
from fourc.model.assumed import assumed_entries
from fourc.model.finding import Finding, Layer, Severity
from fourc.model.gap import Gap, GapReason
from fourc.model.inventory import Inventory
from fourc.model.location import STDIN
from fourc.model.report import Coverage, Report, StaleIgnore
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.model.version import KubeVersion
from fourc.patch.yaml.reader import decode
from fourc.plan.admission.switch import with_switch
from fourc.plan.changes import change_of, drafts
from fourc.plan.policies import with_policies
from fourc.reach.unmodelled import unmodelled

if TYPE_CHECKING:
    from fourc.app.planned_images import PlannedImages
    from fourc.app.supplied import Supplied
    from fourc.app.vulnerabilities import Vulnerable
    from fourc.enforce.own_check import OwnCheck

log = logging.getLogger(__name__)

_NO_NAMESPACE = Text("nothing that was read is in the namespace {name}", "读到的内容都不在命名空间 {name} 中")

Progress = Callable[[Text | None], None]

_MANY_WORKLOADS = 100
"""Workloads from which on a worker saves more time than it costs."""


class Seen(Struct, frozen=True):
    """What was read and found, before anything is ranked; `stale` are ignores that hid nothing."""

    request: Request
    root: Path
    collected: Collected
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    read: Callable[[str], str | None]
    platform: Sorted
    stale: tuple[StaleIgnore, ...] = ()
    packages: "Vulnerable | None" = None
    """What is known of the packages; None where nobody asked, or there was no database to ask."""
    images: "PlannedImages | None" = None
    """What is in the images that were asked for."""


@uncollected()
def look(request: Request, progress: Progress = lambda _: None) -> Seen:
    """Read and check everything under the paths (or stdin)."""
    progress(Text("reading", "正在读取"))
    request = _whole(request)
    with _leaks(request) as leaks, _packages(request) as packages:
        return _look(request, leaks, packages, progress)


def _look(
    request: Request, leaks: Callable[[], Leaks], packages: "Callable[[], Supplied | None]", progress: Progress
) -> Seen:
    own_checks = _own_checks(request)
    root, collected, locator, read = read_manifests(request, keep=bool(own_checks))
    judge = Judge(collected.inventory, request.version)
    progress(Text("checking", "正在检查"))
    found: list[Finding] = []
    gaps = [*collected.gaps, *unmodelled(collected.inventory, locator.locate)]
    limit = Limits().findings
    many = len(collected.inventory.workloads) >= _MANY_WORKLOADS
    with begun(lambda: needed(collected.inventory), worth_it=many) as flows:
        for check in all_checks():
            found += _findings(check, judge, gaps)
            if len(found) > limit:
                gaps.append(_too_many(limit))
                break
        found += _only_in_overlays(found, collected, request.version, gaps)
        if own_checks:
            from fourc.app.own_checks import own_findings  # noqa: PLC0415 - most folders have none

            own_found, own_gaps = own_findings(own_checks, collected, locator.locate)
            found += own_found
            gaps += own_gaps
        platform = sort_out(collected.inventory, found)
        gaps += _maybe_open(collected.inventory, request)
        policed = with_policies(collected.inventory, platform.kept, moved_namespaces(collected), flows)
    moved = homes(collected)
    used = {*collected.inventory.used_namespaces, *moved.values()}
    policed = with_switch(policed, platform.explained, used, moved, request.version)
    found = [told(f) for f in policed]
    located = with_places(found, request, root, collected, locator, read)
    own = request.own
    assert own is not None  # noqa: S101 - `_whole` has just seen to it
    progress(Text("looking for secrets", "正在查找密钥"))
    found_leaks = leaks()
    located += [f for f in beside(located, found_leaks) if asked_for(f, request)]
    gaps += new_gaps(gaps, found_leaks)
    supplied = packages()
    if supplied is not None:
        located += [f for f in supplied.vulnerable.findings if asked_for(f, request)]
        gaps += supplied.new_gaps(gaps)
    images = None
    if request.images or request.all_images:
        from fourc.app.planned_images import planned_images  # noqa: PLC0415 - most plans look into none

        images = planned_images(request, collected.inventory, locator.locate, located, progress)
        located += [f for f in images.findings if f.severity >= request.severity]
        gaps += images.gaps
    checks = {check.id for check in all_checks()} if _is_whole(request, own) else set[str]()
    reported, stale = own.apply(located, lambda ignore: ignore.rule in checks)
    found_packages = supplied.vulnerable if supplied is not None else None
    return Seen(request, root, collected, reported, tuple(gaps), read, platform, stale, found_packages, images)


def _whole(request: Request) -> Request:
    """The request with what follows from the folder that it is about."""
    root = folder_of(request)
    below = request.below
    if below is None:
        below = "" if request.stdin is not None else below_top(root)
    return replace(request, below=below, own=request.own or own_ignores(root))


@contextmanager
def _leaks(request: Request) -> Iterator[Callable[[], Leaks]]:
    """A call for the secrets below the paths, which a worker looks for meanwhile; none where nobody asked for them."""
    own = request.own
    there = any(os.path.lexists(path) for path in request.paths)
    if not request.secrets or request.stdin is not None or own is None or not there:
        yield Leaks
        return
    paths = tuple(path for path in request.paths if os.path.lexists(path))
    with begun(lambda: leaks_below(paths, own, read_ignored=request.read_ignored), worth_it=True) as leaks:
        yield leaks


@contextmanager
def _packages(request: Request) -> "Iterator[Callable[[], Supplied | None]]":
    """A call for what is known of the packages below the paths, which a worker reads meanwhile."""
    own = request.own
    there = tuple(path for path in request.paths if os.path.lexists(path))
    if not request.packages or request.stdin is not None or own is None or not there or request.namespaces:
        yield lambda: None
        return
    database = database_file(request.settings)
    if database is None and not request.imported:
        yield lambda: None
        return
    from fourc.app.supplied import supplied_below  # noqa: PLC0415 - without a database nothing of it is needed

    with begun(lambda: supplied_below(request, there, own), worth_it=True) as supplied:
        yield supplied


def _is_whole(request: Request, own: Own) -> bool:
    """Whether everything that the ignore file is about was looked at, so that what fits nothing is stale."""
    named = [os.path.realpath(path) for path in request.paths]
    everything = request.severity is Severity.INFO and not request.namespaces and request.stdin is None
    return everything and named == [str(own.folder)]


def report_of(seen: Seen) -> Report:
    """The findings and gaps of a run without a plan."""
    inventory = seen.collected.inventory
    made = drafts(inventory, seen.findings)
    return Report(
        name=seen.root.resolve().name if seen.request.stdin is None else STDIN,
        kubernetes_version=str(seen.request.version),
        findings=seen.findings,
        gaps=seen.gaps,
        coverage=Coverage(
            files=seen.collected.coverage.files,
            documents=seen.collected.coverage.documents,
            objects=inventory.objects,
            applications=len({w.meta.ref for w in inventory.workloads if within(w.meta.ref, seen.request.namespaces)}),
            unseen=unseen_of(seen.collected.coverage, seen.request),
            extras=extras_of(),
            kinds_not_modelled=inventory.other_kinds,
            platform=tuple(dict.fromkeys(p.name for _, p in seen.platform.programs)),
        ),
        change_of=change_of(made),
        stale=seen.stale,
    )


def _own_checks(request: Request) -> "tuple[OwnCheck, ...]":
    """The checks that the user wrote; nothing of them is loaded where there are none."""
    beside = folder_of(request) / ".fourc" / "checks"
    if not (request.own_checks or request.settings.own_checks or (request.stdin is None and beside.is_dir())):
        return ()
    from fourc.app.own_checks import own_checks  # noqa: PLC0415 - most folders have none

    return own_checks(request)


def read_manifests(
    request: Request, *, keep: bool = False
) -> tuple[Path, Collected, Locator, Callable[[str], str | None]]:
    """What is under the paths (or piped in): the folder, the facts, who finds places in files, and who reads their texts.

    With `keep` the objects are kept as they are written, too.

    Raises:
        UsageError: no path exists, or a namespace was named in which nothing is.
    """
    if request.stdin is not None:
        collected = collect_stdin(request.stdin, Options(keep=keep))
        _check_namespaces(request.namespaces, collected.inventory)
        locator = Locator(Path(), stdin=request.stdin)
        stdin = request.stdin
        return Path(), collected, locator, lambda path: _decoded(stdin) if path == STDIN else None
    paths = [Path(p) for p in request.paths]
    if not any(os.path.lexists(path) for path in paths):
        hint = Text(
            "name a folder or file that holds manifests, or a command: fourc --help",
            "请指定存放清单的目录或文件，或一个命令：fourc --help",
        )
        raise UsageError(Text("{path} does not exist", "{path} 不存在").of(path=str(paths[0])), hint=hint)
    root = folder_of(request)
    collected = collect_manifests(root, paths, Options(read_ignored=request.read_ignored, keep=keep))
    _check_namespaces(request.namespaces, collected.inventory)
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


def _too_many(limit: int) -> Gap:
    return Gap(
        GapReason.TOO_LARGE,
        Text("more than {n} findings; no further check was asked", "问题超过 {n} 个；其余检查没有执行").of(n=limit),
        Text("scan its parts one after the other", "请分部分扫描"),
        subject="findings",
    )


def _maybe_open(inventory: Inventory, request: Request) -> Iterator[Gap]:
    """Entries that are only assumed, in the namespaces that were asked for."""
    for gap in assumed_entries(inventory):
        if isinstance(gap.subject, Ref) and within(gap.subject, request.namespaces):
            yield gap


def _check_namespaces(asked: frozenset[str], inventory: Inventory) -> None:
    """Refuse a namespace in which nothing was read: it is most likely misspelt, and an empty report would look good."""
    known = inventory.named_namespaces
    for name in sorted(asked - known):
        near = get_close_matches(name, sorted(known), 3, 0.5)
        meant = Text("did you mean {names}?", "是否想写 {names}？").of(names=", ".join(near))
        have = Text("there are {names}", "现有 {names}").of(names=", ".join(sorted(known)[:10]) or "-")
        raise UsageError(_NO_NAMESPACE.of(name=name), hint=meant if near else have)


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


def _broken_check(name: str, error: Exception) -> Gap:
    return Gap(
        GapReason.UNSUPPORTED,
        Text("the check {c} failed on this input: {e}", "检查 {c} 在这份输入上失败：{e}").of(
            c=name, e=repr(error)[:200]
        ),
        Text("please report it with the file that causes it", "请附上引发问题的文件反馈给我们"),
        subject=name,
    )
