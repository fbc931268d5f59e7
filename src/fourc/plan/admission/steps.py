"""The steps to Pod Security, each made for itself: to warn, to mend a manifest, to move an agent, to refuse."""

import posixpath
from collections.abc import Mapping, Sequence
from shlex import join

from msgspec.structs import replace

from fourc.fix.recipes import remedy
from fourc.model.finding import Confidence, Finding, Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.location import STDIN
from fourc.model.pod_security import PREFIX, Level
from fourc.model.remedy import ChangeKind, FixClass, NewFile
from fourc.model.rollout import RolloutStep
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.patch.yaml.node import Path
from fourc.patch.yaml.operations import Operation, Remove, Set
from fourc.plan import costs
from fourc.plan.admission.last_resort import dared
from fourc.plan.admission.moves import AGENTS, REASON, UNTIL, Move, move
from fourc.plan.admission.situation import Agent, Judged, Situation, Terms
from fourc.plan.changes import change_id
from fourc.plan.words import story_of, title_of

_RULE = "namespace-without-pod-security"
_KINDS = {Level.BASELINE: ChangeKind.MEET_BASELINE, Level.RESTRICTED: ChangeKind.MEET_RESTRICTED}
_ROLLED_OUT = ("Deployment", "StatefulSet", "DaemonSet")


def warning(open_: Sequence[Situation], terms: Terms) -> RolloutStep | None:
    """The step that lets every namespace tell, and refuse nothing."""
    wanted: dict[str, dict[str, str]] = {}
    for each in open_:
        labels = each.meta.labels if each.meta else {}
        missing = {
            f"{PREFIX}{mode}": terms.goal.word
            for mode in ("warn", "audit")
            if labels.get(f"{PREFIX}{mode}") not in {level.word for level in Level if level >= terms.goal}
        }
        if missing:
            wanted[each.name] = missing
    if not wanted:
        return None
    owner = Ref("Namespace", None, "namespaces")
    by_name = {s.name: s for s in open_}
    findings = tuple(
        _labelled(by_name[n], owner, labels, "warn-about-pods") for n, labels in wanted.items() if by_name[n].meta
    )
    commands = tuple(_label(n, labels) for n, labels in wanted.items() if by_name[n].meta is None)
    files = len({f.origin.path for f in findings}) + len(commands)
    kind = ChangeKind.GUARD_ADMISSION
    names = ", ".join(wanted)
    return RolloutStep(
        id=change_id(kind, owner),
        kind=kind,
        title=Text("Warn about unsafe pods in {n}", "在 {n} 中对不安全的 Pod 发出警告").of(n=names),
        story=Text(
            "Refuses nothing: who applies a manifest reads what the level would refuse, and the audit log keeps it.",
            "不拒绝任何对象：应用清单的人会看到哪些内容会被拒绝，审计日志也会记录。",
        ),
        namespaces=tuple(wanted),
        hours=terms.hours(kind, files, 0, FixClass.SAFE),
        breaks=costs.breaks(kind, FixClass.SAFE),
        fix_class=FixClass.SAFE,
        findings=findings,
        commands=commands,
        rollback=tuple(_label_back(by_name[n], labels) for n, labels in wanted.items()),
    )


def exempting(situation: Situation, terms: Terms) -> RolloutStep | None:
    """Where only agents run: the reason and the date are written down, and nothing is refused."""
    meta = situation.meta
    if meta is None or not situation.agents or situation.others or REASON in meta.annotations:
        return None
    why = "; ".join(f"{a.workload.meta.name}: {a.why.en}" for a in situation.agents)
    noted = {REASON: why, UNTIL: terms.until}
    operations = [Set(("metadata", "annotations", key), value) for key, value in noted.items()]
    operations.append(Set(("metadata", "labels", f"{PREFIX}enforce"), Level.PRIVILEGED.word))
    kind, owner = ChangeKind.GUARD_ADMISSION, meta.ref
    findings = (_edited(meta, owner, operations, "warn-about-pods", "exempt"),)
    return RolloutStep(
        id=change_id(kind, owner),
        kind=kind,
        title=Text("Write down why {n} is exempt", "写明 {n} 为何豁免").of(n=meta.name),
        story=Text(
            "Only node agents run there; whoever looks later finds the reason, and the day to ask again.",
            "这里只运行节点代理；以后查看的人能看到原因和复查日期。",
        ),
        namespaces=(meta.name,),
        hours=terms.hours(kind, 1, 0, FixClass.SAFE),
        breaks=costs.breaks(kind, FixClass.SAFE),
        fix_class=FixClass.SAFE,
        findings=findings,
        rollback=_undo(findings),
    )


def between(judged: Judged, level: Level) -> tuple[Finding, ...]:
    """What stands between the workload and the level, with edits, beyond what the step for the level below mends."""
    verdict = judged.source or judged.verdict
    earlier = verdict.findings(Level.BASELINE) if level is Level.RESTRICTED else ()
    gone = [o.path for f in earlier for o in operations_of(dared(f, verdict.workload)) if takes_item(o)]
    mended = {id(f) for f in earlier}
    found = [f for f in verdict.findings(level) if id(f) not in mended and not _is_below(f.at, gone)]
    edited = [dared(f, verdict.workload) for f in found]
    gone = [o.path for f in edited for o in operations_of(f) if takes_item(o)]
    return tuple(f for f in edited if any(map(takes_item, operations_of(f))) or not _is_below(f.at, gone))


def operations_of(finding: Finding) -> tuple[Operation, ...]:
    return finding.remedy.operations if finding.remedy else ()


def takes_item(operation: Operation) -> bool:
    """Whether it takes an item out of a list."""
    return isinstance(operation, Remove) and isinstance(operation.path[-1], int)


def _is_below(path: Path, items: Sequence[Path]) -> bool:
    return any(path[: len(item)] == item for item in items)


def meeting(judged: Judged, level: Level, namespace: str, terms: Terms) -> RolloutStep:
    """The manifest's change for one workload and level."""
    source = (judged.source or judged.verdict).workload
    ref, kind = replace(source.meta.ref, namespace=namespace), _KINDS[level]
    findings = between(judged, level)
    made = [f.remedy for f in findings if f.remedy is not None]
    piped = source.meta.origin.path == STDIN
    editable = source.meta.origin.editable or piped
    if not editable or not findings or judged.verdict.against(level) - (judged.source or judged.verdict).against(level):
        path = judged.workload.meta.origin.path
        left = ", ".join(sorted(judged.verdict.against(level)))
        by_hand: tuple[Text, ...] = (_RENDERED.of(n=source.meta.name, l=level.word, p=path, c=left),)
    else:
        by_hand = ()
    worst = max((r.fix_class for r in made), default=FixClass.DECISION)
    undo = _command("rollout", "undo", ref.kind.lower(), ref.name, "-n", namespace) if ref.kind in _ROLLED_OUT else ""
    return RolloutStep(
        id=change_id(kind, ref),
        kind=kind,
        title=title_of(kind, ref, set()),
        story=story_of(kind, ref, set()),
        namespaces=(namespace,),
        hours=terms.hours(kind, 1, 1, worst),
        breaks=costs.breaks(kind, worst),
        fix_class=worst,
        findings=findings if editable else (),
        by_hand=by_hand,
        cautions=tuple(dict.fromkeys(r.caution for r in made if r.caution is not None)),
        restarts=(ref,),
        rollback=(*_undo(findings), *([undo] if undo else [])),
    )


_RENDERED = Text(
    "what {p} renders for {n} still has what {l} forbids ({c}): take it out of its patches, values or templates",
    "{p} 为 {n} 渲染的结果仍含有 {l} 禁止的内容（{c}）：请从它的补丁、values 或模板中去掉",
)


def moving(inventory: Inventory, agent: Agent, terms: Terms) -> RolloutStep:
    moved: Move = move(inventory, agent.workload, agent.why, terms.until)
    ref, kind = agent.workload.meta.ref, ChangeKind.MOVE_AGENT
    files = len({f.origin.path for f in moved.findings}) + 1
    back = _command("delete", ref.kind.lower(), ref.name, "-n", AGENTS)
    return RolloutStep(
        id=change_id(kind, ref),
        kind=kind,
        title=title_of(kind, ref, set()),
        story=story_of(kind, ref, set()),
        namespaces=(ref.namespace or "default",),
        hours=terms.hours(kind, files, 1, FixClass.DECISION),
        breaks=costs.breaks(kind, FixClass.DECISION),
        fix_class=FixClass.DECISION,
        findings=moved.findings,
        by_hand=(moved.by_hand,) if moved.by_hand else (),
        cautions=moved.cautions,
        restarts=(ref,),
        rollback=(*_undo(moved.findings), back),
    )


def enforcing(situation: Situation, level: Level, enforced: Level, after: Sequence[str], terms: Terms) -> RolloutStep:
    """The label that refuses, with the version whose rules it means."""
    labels = {f"{PREFIX}enforce": level.word, f"{PREFIX}enforce-version": f"v1.{terms.version.minor}"}
    kind, name = ChangeKind.ENFORCE_ADMISSION, situation.name
    owner = Ref("Namespace", None, name)
    findings = (_labelled(situation, owner, labels, "enforce-level"),) if situation.meta else ()
    commands = () if situation.meta else (_label(name, labels),)
    said = Text("Let {n} refuse what {l} forbids", "让 {n} 拒绝 {l} 级别禁止的 Pod").of(n=name, l=level.word)
    check = _label(name, labels, "--dry-run=server")
    undone = f"{PREFIX}enforce={enforced.word}" if enforced is not Level.PRIVILEGED else f"{PREFIX}enforce-"
    back = _command("label", "--overwrite", "namespace", name, undone)
    return RolloutStep(
        id=f"{change_id(kind, replace(owner, name=f'{name}-{level.word}'))}",
        kind=kind,
        title=said,
        story=story_of(kind, owner, set()),
        namespaces=(name,),
        hours=terms.hours(kind, 1, 0, FixClass.TRY_FIRST),
        breaks=costs.breaks(kind, FixClass.TRY_FIRST),
        fix_class=FixClass.TRY_FIRST,
        findings=findings,
        commands=commands,
        cautions=(_ONLY_ANEW,),
        after=tuple(dict.fromkeys(after)),
        check=check,
        rollback=(*_undo(findings), back) if situation.meta else (back,),
    )


_ONLY_ANEW = Text(
    "Pods that run go on running; what the level forbids is refused when it starts anew. The check must list no pod.",
    "正在运行的 Pod 不受影响；级别禁止的 Pod 在重新启动时会被拒绝。检查命令不应列出任何 Pod。",
)


def _labelled(situation: Situation, owner: Ref, labels: Mapping[str, str], recipe: str) -> Finding:
    """The labels as an edit of the namespace's file, which is made where it has none."""
    meta = situation.meta
    assert meta is not None  # noqa: S101 - whoever has no file gets one, or commands
    if situation.is_new and recipe == "warn-about-pods":
        metas = (j.source.workload.meta for j in situation.judged if j.source)
        first = next(m for m in metas if posixpath.dirname(m.origin.path) == posixpath.dirname(meta.origin.path))
        made = remedy(recipe, owner, new_files=(NewFile(meta.origin.path, _manifest(meta.name, labels)),))
        return replace(_edited(meta, owner, [], recipe, ""), origin=first.origin, fix=made)
    operations = [Set(("metadata", "labels", key), value) for key, value in labels.items()]
    return _edited(meta, owner, operations, recipe, ",".join(labels.values()))


def _edited(meta: Meta, owner: Ref, operations: Sequence[Operation], recipe: str, detail: str) -> Finding:
    return Finding(
        rule=_RULE,
        layer=Layer.CLUSTER,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message=Text("{n} does not ask for it yet", "{n} 尚未要求").of(n=meta.name),
        subject=meta.ref,
        origin=meta.origin,
        at=("metadata", "labels"),
        container=None,
        detail=recipe + detail,
        references=(),
        fix=remedy(recipe, owner, *operations),
    )


def _manifest(name: str, labels: Mapping[str, str]) -> str:
    written = "".join(f"    {key}: {value}\n" for key, value in labels.items())
    return f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {name}\n  labels:\n{written}"


def _undo(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The way back of edits: before they are committed, and after."""
    paths = dict.fromkeys(f.origin.path for f in findings if f.remedy and f.remedy.operations)
    return (f"git restore {join(paths)}", "git revert COMMIT") if paths else ("git revert COMMIT",)


def _command(*words: str) -> str:
    """A command of kubectl that can be pasted into a shell, whatever stands in the files."""
    return f"kubectl {join(words)}"


def _label(namespace: str, labels: Mapping[str, str], *flags: str) -> str:
    return _command("label", *flags, "--overwrite", "namespace", namespace, *(f"{k}={v}" for k, v in labels.items()))


def _label_back(situation: Situation, labels: Mapping[str, str]) -> str:
    had = situation.meta.labels if situation.meta else {}
    old = (f"{k}={had[k]}" if k in had else f"{k}-" for k in labels)
    return _command("label", "--overwrite", "namespace", situation.name, *old)
