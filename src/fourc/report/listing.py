"""Longer texts: every finding, one change in full, one finding in full, what was not seen."""

from collections.abc import Iterator, Sequence

from fourc.model.change import Change
from fourc.model.finding import Finding
from fourc.model.gap import Gap
from fourc.model.remedy import NoFix, Remedy
from fourc.model.report import Report
from fourc.model.step import Step
from fourc.model.text import Lang, Text
from fourc.report.text import pad, span


def place_of(finding: Finding) -> str:
    """`path:line:column`."""
    where = finding.location
    return f"{one_line(where.path)}:{where.line}:{where.column}" if where else one_line(finding.origin.path)


def one_line(path: str) -> str:
    """The path as it can stand in a line: a line break in a name must not begin another one."""
    return path.replace("\n", "\\n")


def gap_line(gap: Gap) -> Text:
    """What was not seen, why, and what would make it visible, in one line."""
    where = f"{one_line(gap.location.path)}:{gap.location.line}: " if gap.location else ""
    return _GAP.of(where=where, what=gap.message, reason=gap.reason.value, remedy=gap.remedy)


def gap_sentences(gap: Gap) -> Text:
    """What was not seen and what would make it visible, for reports that name the place elsewhere."""
    return _SENTENCES.of(what=gap.message, remedy=gap.remedy)


def findings_lines(report: Report, lang: Lang) -> Iterator[str]:
    """The findings, gravest first, each on one line, then the gaps."""
    for found in sorted(report.findings, key=lambda f: (-f.severity, place_of(f), f.rule)):
        severity = pad(found.severity.label.say(lang), 8)
        yield f"{severity} {place_of(found)} {found.message.say(lang)} [{found.rule} {found.fingerprint}]"
    count = len(report.findings)
    yield Text("{n} finding{s}", "{n} 个问题").of(n=count, s="" if count == 1 else "s").say(lang)
    for text in report.left_out:
        yield text.say(lang)
    for gap in report.gaps:
        yield gap_line(gap).say(lang)


_SENTENCES = Text("{what}. {remedy}", "{what}。{remedy}")
_GAP = Text("not seen: {where}{what} ({reason}). {remedy}", "没有看到：{where}{what}（{reason}）。{remedy}")
_BY_HAND = Text("by hand", "手动")
_MENDED = Text("{what} ({how})", "{what}（{how}）")


def change_lines(number: int, change: Change, findings: Sequence[Finding], lang: Lang) -> Iterator[str]:
    """One change: why, cost, what may break, what it mends, and its diffs, unindented, at the end."""
    yield f"{number}  {change.title.say(lang)}   ({change.id})"
    yield f"   {change.story.say(lang)}"
    yield ""
    share = round(100 * change.risk_removed.likely, 1)
    facts = Text(
        "Takes {h}. Removes about {p}% of the risk. Chance to break: {b}% ({w}).",
        "需要 {h}。约消除 {p}% 的风险。可能影响：{b}%（{w}）。",
    )
    chance = round(100 * change.breaks.probability)
    yield f"   {facts.of(h=span(change.hours, lang), p=share, b=chance, w=change.breaks.what).say(lang)}"
    for caution in change.cautions:
        yield f"   - {caution.say(lang)}"
    yield ""
    yield Text("   What it mends:", "   解决的问题：").say(lang)
    for found in sorted(findings, key=lambda f: (-f.severity, place_of(f))):
        how = found.fix.fix_class.label if isinstance(found.fix, Remedy) else _BY_HAND
        yield f"   {place_of(found)}  {_MENDED.of(what=found.message, how=how).say(lang)}"
    if change.by_hand:
        yield ""
        yield Text("   To do by hand:", "   需要手动完成：").say(lang)
    for hand in change.by_hand:
        yield f"   - {hand.what.say(lang)}"
    yield ""
    for edit in change.edits:
        yield (edit.diff or edit.command).rstrip("\n")


def finding_lines(finding: Finding, page: Text, steps: Sequence[Step], number: int | None, lang: Lang) -> Iterator[str]:
    """One finding: where, why, what an attacker does with it, and the rule's page."""
    yield f"{finding.message.say(lang)}"
    yield f"{place_of(finding)}   {finding.rule}   {finding.severity.label.say(lang)}   {finding.fingerprint}"
    if number is not None:
        yield Text("Mended by change {n}: `fourc show {n}`", "由改动 {n} 解决：`fourc show {n}`").of(n=number).say(lang)
    elif isinstance(finding.fix, NoFix):
        yield finding.fix.why.say(lang)
    yield from dict.fromkeys(_step_line(step, lang) for step in steps)
    yield ""
    yield page.say(lang)


def _step_line(step: Step, lang: Lang) -> str:
    line = Text("Attack step: {s} -> {t}, {p}% a year ({b})", "攻击步骤：{s} -> {t}，每年 {p}%（{b}）")
    chance = round(100 * step.probability, 1)
    return line.of(s=step.source, t=step.target, p=chance, b=step.basis.value).say(lang)


def doctor_lines(report: Report, lang: Lang) -> Iterator[str]:
    """Everything unseen with its remedy."""
    for gap in report.gaps:
        where = f"{gap.location.path}:{gap.location.line}  " if gap.location else ""
        yield f"{where}{gap.message.say(lang)}"
        yield f"    {gap.remedy.say(lang)}"
    for unseen in (*report.coverage.unseen, *report.coverage.extras):
        yield unseen.what.say(lang)
        yield f"    {unseen.remedy.say(lang)}"
    if not report.gaps and not report.coverage.unseen:
        yield Text("Everything here was looked at.", "这里的一切都已查看。").say(lang)
