"""Checks that users wrote: found beside what is scanned, run over it like our own."""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from fourc.app.request import Request, folder_of
from fourc.collect.manifests.collected import Collected
from fourc.enforce.cel import INSTALL, CelAbsentError
from fourc.enforce.own_check import OwnCheck
from fourc.enforce.own_files import read_checks
from fourc.enforce.own_rules import Broken, Unjudged, judge
from fourc.errors import UsageError
from fourc.model.finding import Confidence, Finding
from fourc.model.gap import Gap, GapReason
from fourc.model.location import Location, Origin
from fourc.model.remedy import NoFix
from fourc.model.text import Text
from fourc.patch.yaml.node import Path as FieldPath

FOLDER = ".fourc/checks"
_MOST_MEMORY = 1 << 30
Said: TypeAlias = Broken | Unjudged
_NO_FIX = Text(
    "this check is your own, and its file says no fix; why it matters: {why}",
    "这是你们自己的检查，文件里没有修复方法；原因：{why}",
)
_ABSENT = Text(
    "your own checks were not run: {n} need the extra `cel`", "没有运行你们自己的检查：{n} 个检查需要附加组件 `cel`"
)
_UNJUDGED = Text(
    "your check {id} could not judge {kind} {name}: {why}", "你们的检查 {id} 无法判断 {kind} {name}：{why}"
)
_MEND = Text(
    "let the expression allow for the absent field (has() or .?field.orValue(...)) in {file}",
    "请在 {file} 的表达式中考虑字段缺失的情况（has() 或 .?field.orValue(...)）",
)


def own_checks(request: Request) -> tuple[OwnCheck, ...]:
    """The checks of `.fourc/checks` in the folder that is looked at, of the configuration and of the flag.

    Raises:
        UsageError: a file or folder that was named is not there, or a check cannot be understood.
    """
    named = [Path(p) for p in (*request.settings.own_checks, *request.own_checks)]
    for path in named:
        if not path.exists():
            raise UsageError(
                Text("{path} does not exist", "{path} 不存在").of(path=str(path)),
                hint=Text("name a file or folder with checks of your own", "请指定存放自有检查的文件或目录"),
            )
    beside = folder_of(request) / FOLDER
    folders = [beside] if request.stdin is None and beside.is_dir() else []
    files = [file for path in (*folders, *named) for file in _files(path)]
    return read_checks(list(dict.fromkeys(files)))


def _files(path: Path) -> list[Path]:
    return sorted(f for f in path.rglob("*") if f.suffix in {".yaml", ".yml"}) if path.is_dir() else [path]


def own_findings(
    checks: Sequence[OwnCheck], collected: Collected, locate: Callable[[Origin, FieldPath], Location]
) -> tuple[list[Finding], list[Gap]]:
    """What they find; an object that a check could not judge is a gap, never a pass."""
    found: list[Finding] = []
    gaps: list[Gap] = []
    try:
        for said in _bounded(judge(checks, collected.plain)):
            if isinstance(said, Broken):
                found.append(_finding(said))
                continue
            names = {"id": said.check.id, "kind": said.meta.kind, "name": said.meta.name, "why": said.why[:200]}
            place = locate(said.meta.origin, ())
            mend = _MEND.of(file=said.check.file)
            gaps.append(Gap(GapReason.UNSUPPORTED, _UNJUDGED.of(**names), mend, place, said.meta.ref))
    except CelAbsentError:
        told = ", ".join(check.id for check in checks)
        return [], [Gap(GapReason.MISSING, _ABSENT.of(n=len(checks)), INSTALL, subject=told)]
    return found, gaps


def _bounded(said: Iterator[Said]) -> Iterator[Said]:
    """What is said, with at most a gigabyte more of memory: an expression can make a text of any length in a few steps."""
    try:
        import resource  # noqa: PLC0415 - not on every platform
    except ImportError:
        yield from said
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = (
        int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if sys.platform == "linux" else 0
    )
    limit = used + _MOST_MEMORY if used else soft
    limits = [x for x in (limit, soft, hard) if x != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(limits, default=soft), hard))
    try:
        yield from said
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _finding(broken: Broken) -> Finding:
    check, meta = broken.check, broken.meta
    return Finding(
        rule=check.id,
        layer=check.layer,
        severity=check.severity,
        confidence=Confidence.HIGH,
        message=check.validations[broken.number].message,
        subject=meta.ref,
        origin=meta.origin,
        at=broken.at,
        container=None,
        detail=str(broken.number + 1) if len(check.validations) > 1 else "",
        references=check.references,
        fix=NoFix(_NO_FIX.of(why=check.why)),
    )
