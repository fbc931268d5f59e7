"""The way to Pod Security as people and machines read it."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from fourc.model.change import FileEdit, Range
from fourc.model.gap import Gap
from fourc.model.remedy import ChangeKind
from fourc.model.rollout import RolloutStep
from fourc.model.subject import Ref
from fourc.model.text import Lang, Text
from fourc.report import as_json
from fourc.report.json_text import json_text
from fourc.report.text import WIDTH, clip, pad, span, wrap

Value = object


class Between(Struct, frozen=True):
    """A workload and the controls that keep it from the goal."""

    ref: Ref
    level: str
    controls: tuple[str, ...]


class Exempt(Struct, frozen=True):
    """A workload that is let out, why, and until when (a date)."""

    ref: Ref
    reason: Text
    until: str


class NamespaceRow(Struct, frozen=True):
    """Where a namespace stands; levels are the words of the labels."""

    name: str
    enforced: str
    meets: str
    goal: str
    done: bool
    seen: bool
    between: tuple[Between, ...]
    exempt: tuple[Exempt, ...]


class StepRow(Struct, frozen=True):
    """A step with its edits (where they are asked for), what a person does and what to mind once the files are written."""

    step: RolloutStep
    upkeep: float
    edits: tuple[FileEdit, ...]
    by_hand: tuple[Text, ...]
    cautions: tuple[Text, ...]


class AdmitReport(Struct, frozen=True):
    """Everything that is printed."""

    name: str
    goal: str
    version: str
    workloads: int
    namespaces: tuple[NamespaceRow, ...]
    left_alone: tuple[str, ...]
    steps: tuple[StepRow, ...]
    gaps: tuple[Gap, ...]


def screen_lines(report: AdmitReport, lang: Lang) -> Iterator[str]:
    """Every namespace in one line, then every step in one."""
    head = Text(
        "fourc admit plan · {n} · {s} namespaces, {w} workloads · goal {g} (rules of Kubernetes {v})",
        "fourc admit plan · {n} · {s} 个命名空间，{w} 个工作负载 · 目标 {g}（Kubernetes {v} 的规则）",
    )
    said = head.of(n=report.name, s=len(report.namespaces), w=report.workloads, g=report.goal, v=report.version)
    yield from wrap(said.say(lang), WIDTH)
    yield ""
    titles = (
        Text("namespace|refuses today|meets today|in the way", "命名空间|目前拒绝|目前满足|还差").say(lang).split("|")
    )
    yield f"{pad(titles[0], 24)} {pad(titles[1], 15)} {pad(titles[2], 13)} {titles[3]}"
    for row in report.namespaces:
        meets = pad(row.meets if row.seen else "-", 13)
        yield f"{pad(row.name, 24)} {pad(_refuses(row, lang), 15)} {meets} {clip(_left(row, lang), 45)}"
    for name in report.left_alone:
        alone = Text("left alone: it belongs to the cluster itself", "不处理：属于集群自身").say(lang)
        yield f"{pad(name, 24)} {alone}"
    yield ""
    yield from _exempt_lines(report, lang)
    if not report.namespaces:
        yield Text(
            "No namespace and no workload was found here: name the folder that holds the manifests.",
            "这里没有找到命名空间或工作负载：请指定存放清单的目录。",
        ).say(lang)
    elif not report.steps:
        yield Text("Nothing is left to do.", "没有剩下的步骤。").say(lang)
    else:
        yield from _steps_lines(report, lang)
    yield ""
    yield from wrap(_PREDICTED.say(lang), WIDTH)
    yield from gap_lines(report.gaps, lang)


_PREDICTED = Text(
    "This is predicted from the files. What only runs in the cluster was not seen: fourc admit verify --kubeconfig FILE "
    "asks the API server, which changes nothing.",
    "以上是根据文件的预测，没有看到只存在于集群中的内容：fourc admit verify --kubeconfig 文件 会询问 API 服务器，不做任何修改。",
)


def gap_lines(gaps: Sequence[Gap], lang: Lang) -> Iterator[str]:
    """What was not seen, one line each."""
    for gap in gaps:
        where = f"{gap.location.path}:{gap.location.line}: " if gap.location else ""
        said = Text("not seen: {where}{what} ({reason}). {remedy}", "没有看到：{where}{what}（{reason}）。{remedy}")
        yield said.of(where=where, what=gap.message, reason=gap.reason.value, remedy=gap.remedy).say(lang)


def _refuses(row: NamespaceRow, lang: Lang) -> str:
    return Text("nothing", "无").say(lang) if row.enforced == "privileged" else row.enforced


def _left(row: NamespaceRow, lang: Lang) -> str:
    if row.done and row.seen:
        return Text("done", "完成").say(lang) if not row.exempt else Text("exempt", "豁免").say(lang)
    if not row.seen:
        return Text("no workload seen there", "没有看到工作负载").say(lang)
    if not row.between:
        return Text("nothing but the label", "只差标签").say(lang)
    return ", ".join(dict.fromkeys(b.ref.name for b in row.between))


def _exempt_lines(report: AdmitReport, lang: Lang) -> Iterator[str]:
    exempt = [e for row in report.namespaces for e in row.exempt]
    for each in exempt:
        said = Text(
            "Exempt until {d}: {k} {n} can never meet the level, {why}.",
            "豁免至 {d}：{k} {n} 不可能满足该级别，{why}。",
        )
        yield from wrap(said.of(d=each.until, k=each.ref.kind, n=str(each.ref), why=each.reason).say(lang), WIDTH)
    if exempt:
        yield ""


def _steps_lines(report: AdmitReport, lang: Lang) -> Iterator[str]:
    whole = Range(0.0, 0.0, 0.0)
    for row in report.steps:
        whole = whole.plus(row.step.hours)
    said = Text("{n} steps, {h}, in this order:", "{n} 个步骤，{h}，按此顺序：")
    yield said.of(n=len(report.steps), h=span(whole, lang)).say(lang)
    for number, row in enumerate(report.steps, 1):
        step = row.step
        by_hand = Text(" by hand", " 手动").say(lang) if row.by_hand else ""
        title = clip(f"{step.title.say(lang)}{'' if len(step.namespaces) > 1 else _in(step)}", 68)
        yield f"{number:>3}  {pad(title, 68)} {pad(span(step.hours, lang), 12)} {step.fix_class.label.say(lang)}{by_hand}"
    yield ""
    more = Text(
        "One step in full, with its way back: fourc admit plan --step 1. Write its files: add --apply. Then apply them to the "
        "cluster as you always do, and go on: the next step is then number 1.",
        "查看某一步的全部内容和回退方法：fourc admit plan --step 1；写入文件：加上 --apply。"
        "然后照常应用到集群并继续：下一步届时就是第 1 步。",
    )
    yield from wrap(more.say(lang), WIDTH)


def _in(step: RolloutStep) -> str:
    return "" if step.kind is ChangeKind.ENFORCE_ADMISSION else f" ({step.namespaces[0]})"


def step_lines(number: int, row: StepRow, before: Sequence[Text], lang: Lang) -> Iterator[str]:
    """One step in full; the diff stands last, unindented."""
    step = row.step
    yield f"{number}  {step.title.say(lang)}   ({step.id})"
    yield f"   {step.story.say(lang)}"
    facts = Text("Takes {h}. Class {c}. Chance to break: {b}% ({w}).", "需要 {h}。类别 {c}。可能影响：{b}%（{w}）。")
    chance = round(100 * step.breaks.probability)
    said = facts.of(h=span(step.hours, lang), c=step.fix_class.label, b=chance, w=step.breaks.what)
    yield f"   {said.say(lang)}"
    for title in before:
        yield f"   {Text('First: {t}', '先完成：{t}').of(t=title).say(lang)}"
    for caution in row.cautions:
        yield f"   - {caution.say(lang)}"
    for hand in row.by_hand:
        yield f"   {Text('By hand: {t}', '手动：{t}').of(t=hand).say(lang)}"
    if step.check:
        yield f"   {Text('Check first: {c}', '先检查：{c}').of(c=step.check).say(lang)}"
    for way in step.rollback:
        yield f"   {Text('Way back: {c}', '回退：{c}').of(c=way).say(lang)}"
    yield ""
    for edit in row.edits:
        yield (edit.diff or edit.command).rstrip("\n")


def render(report: AdmitReport, lang: Lang) -> str:
    """The machine's form: `changes` as in the plan's report, without ranks, and `namespaces`."""
    data: Mapping[str, Value] = {
        "schema": 1,
        "goal": report.goal,
        "kubernetes_version": report.version,
        "namespaces": [_namespace(row, lang) for row in report.namespaces],
        "left_alone": list(report.left_alone),
        "changes": [_step(row, lang) for row in report.steps],
        "gaps": [as_json.gap(g, lang) for g in report.gaps],
        "coverage": {"workloads": report.workloads, "unseen": [_PREDICTED.say(lang)]},
    }
    return json_text(data) + "\n"


def _namespace(row: NamespaceRow, lang: Lang) -> Mapping[str, Value]:
    return {
        "name": row.name,
        "enforced": row.enforced,
        "meets": row.meets,
        "goal": row.goal,
        "done": row.done,
        "seen": row.seen,
        "between": [{**as_json.subject(b.ref), "level": b.level, "controls": list(b.controls)} for b in row.between],
        "exempt": [{**as_json.subject(e.ref), "reason": e.reason.say(lang), "until": e.until} for e in row.exempt],
    }


def _step(row: StepRow, lang: Lang) -> Mapping[str, Value]:
    step = row.step
    return {
        "id": step.id,
        "title": step.title.say(lang),
        "kind": step.kind.value,
        "namespaces": list(step.namespaces),
        "hours": as_json.span(step.hours),
        "upkeep": row.upkeep,
        "money": 0.0,
        "class": step.fix_class.word,
        "restarts": [as_json.subject(ref) for ref in step.restarts],
        "breaks": as_json.breaks(step.breaks, lang),
        "edits": [as_json.edit(e) for e in row.edits],
        "by_hand": [hand.say(lang) for hand in row.by_hand],
        "cautions": [caution.say(lang) for caution in row.cautions],
        "findings": sorted({f.fingerprint for f in step.findings}),
        "after": list(step.after),
        "check": step.check,
        "rollback": list(step.rollback),
    }
