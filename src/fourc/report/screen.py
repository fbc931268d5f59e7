"""The plan's first screen: at most 25 lines of at most 100 columns, for someone who has no time."""

from collections.abc import Iterator, Sequence

from fourc.model.change import Change
from fourc.model.gap import GapReason
from fourc.model.report import Report
from fourc.model.subject import Ref
from fourc.model.text import Lang, Text, join, same
from fourc.report.commands import with_commands
from fourc.report.screen_opening import budget_said, hours_said, opening, percent, supposed
from fourc.report.text import WIDTH, pad, span, tail_of, width, wrap

SHOWN = 3
LINES = 25
INDENT = "    "
UNSURE = 0.7  # below it, a place among the first three is called unsure

Lines = list[str]


def plan_lines(report: Report, lang: Lang, seconds: float | None = None, again: Sequence[str] = ()) -> Iterator[str]:
    """The whole screen. Where it would grow too long, the least important of the last lines are left out.

    `again` are the words with which another command sees the same.
    """
    coverage = report.coverage
    took = "" if seconds is None else f" · {seconds:.1f} s"
    applications = _counted(coverage.applications, "application", "个应用")
    read = join([applications, _counted(coverage.objects, "object", "个对象")], zh="，").say(lang)
    lines = [f"fourc · {report.name} · {read}{took}", ""]
    lines += [line for text in supposed(report) for line in wrap(text.say(lang), WIDTH)]
    if not report.changes:
        yield from (*lines, *_nothing(report, lang, again))
        return
    shown = report.changes[: max(1, min(SHOWN, report.stop))] if report.stop else ()
    lines += [line for text in opening(report, shown) for line in wrap(text.say(lang), WIDTH)]
    if shown:
        lines.append("")
    lines += _entries(report, shown, lang, again)
    after = [(rank, with_commands(text, again)) for rank, text in _after(report, shown, lang, again)]
    yield from (*lines, *_fitting(after, LINES - len(lines)))


def _fitting(after: Sequence[tuple[int, Lines]], room: int) -> Lines:
    """The lines that there is room for, in their order; what has the highest rank is left out first."""
    kept: set[int] = set()
    for at in sorted(range(len(after)), key=lambda at: after[at][0]):
        room -= len(after[at][1])
        if room < 0:
            break
        kept.add(at)
    return [line for at, (_, told) in enumerate(after) if at in kept for line in told]


def _counted(number: int, noun: str, zh: str) -> Text:
    return Text(f"{number} {noun}{'' if number == 1 else 's'}", f"{number} {zh}")


def _entries(report: Report, shown: Sequence[Change], lang: Lang, again: Sequence[str]) -> Lines:
    figures = [(span(c.hours, lang), _removes(c).say(lang)) for c in shown]
    columns = [max((width(f[i]) for f in figures), default=0) for i in (0, 1)]
    room = WIDTH - len(INDENT) - sum(columns) - 4
    titles = max((width(c.title.say(lang)) for c in shown if width(c.title.say(lang)) <= room), default=0)
    lines: Lines = []
    before = report.ways
    ways_left = report.ways_left[: len(shown)]
    for number, (change, (hours, removes), left) in enumerate(zip(shown, figures, ways_left, strict=True), 1):
        title = change.title.say(lang)
        behind = f"{pad(hours, columns[0])}  {removes}"
        if width(title) <= room:
            lines.append(f" {number}  {pad(title, titles)}  {behind}".rstrip())
        else:
            lines += [f" {number}  {wrap(title, WIDTH - 4)[0]}"] + [
                INDENT + more for more in wrap(title, WIDTH - 4)[1:]
            ]
        lines += [INDENT + line for line in wrap(change.story.say(lang), WIDTH - len(INDENT))]
        facts = _facts(report, change, (before - left, before), lang)
        lines.append(INDENT + _row(facts if width(title) <= room else [f"{hours}  {removes}", *facts]))
        lines += _caution(change, str(number) if report.numbered else change.id, lang, again)
        before = left
    return lines


def _removes(change: Change) -> Text:
    share = change.risk_removed.likely
    if not round(share, 4):
        return Text("helps with others", "配合其他改动")
    return Text("removes {p}", "消除 {p}").of(p=percent(share))


def _facts(report: Report, change: Change, ways: tuple[int, int], lang: Lang) -> Lines:
    """Where it is, and what else to know before doing it; the first that has no room falls away from the end.

    `ways` is how many ways the change closes, and of how many.
    """
    more = f" (+{len(change.places) - 1})" if len(change.places) > 1 else ""
    facts = [] if report.numbered else [change.id]
    if change.places:
        facts.append(tail_of(change.places[0], 60) + more)
    if ways[0]:
        closes = Text("closes {c} of {n} ways", "关闭 {n} 条路中的 {c} 条").of(c=ways[0], n=ways[1])
        facts.append(closes.say(lang))
    if change.by_hand:
        partly = Text("partly by hand", "部分手动") if change.proofs else Text("by hand", "手动")
        facts.append(partly.say(lang))
    if change.restarts:
        one = len(change.restarts) == 1
        names = same(change.restarts[0].name) if one else Text("{n} apps", "{n} 个应用").of(n=len(change.restarts))
        facts.append(Text("restarts {n}", "会重启 {n}").of(n=names).say(lang))
    minutes = 5 * round(change.upkeep * 12)
    if minutes:
        facts.append(Text("+{m} min a month", "每月另需约 {m} 分钟").of(m=minutes).say(lang))
    return facts


def _row(facts: Lines) -> str:
    """As many of the facts as fit on one line."""
    row = ""
    for fact in facts:
        longer = f"{row} · {fact}" if row else tail_of(fact, WIDTH - len(INDENT))
        if width(longer) <= WIDTH - len(INDENT):
            row = longer
    return row


def _caution(change: Change, number: str, lang: Lang, again: Sequence[str]) -> Lines:
    """What to look at before, whole or not at all."""
    if not change.cautions:
        return []
    said = change.cautions[0].say(lang)
    if lang is Lang.EN and said.split(" ")[0].isalpha():
        said = said[0].upper() + said[1:]
    columns = WIDTH - len(INDENT) - 2
    lines = wrap(said, columns)
    if len(lines) > 2:
        pointed = Text("Something to check first: `fourc show {n}`", "有一点需要先确认：`fourc show {n}`")
        lines = with_commands(pointed.of(n=number).say(lang), again, columns)
    return [f"{INDENT}! {lines[0]}", *(f"{INDENT}  {line}" for line in lines[1:])]


def _after(report: Report, shown: Sequence[Change], lang: Lang, again: Sequence[str]) -> list[tuple[int, str]]:
    """What stands below the changes, each with its rank: the highest are left out first."""
    lines: list[tuple[int, Text]] = []
    rest = report.changes[len(shown) : report.stop] if report.stop > len(shown) else ()
    if shown:
        lines += [(3, text) for text in _trust(report, shown)]
    if rest:
        more = Text("Then {n} more changes ({h}) worth their time", "之后还有 {n} 项值得做的改动（{h}）")
        one = Text("Then one more change ({h}) worth its time", "之后还有一项值得做的改动（{h}）")
        said = (one if len(rest) == 1 else more).of(n=len(rest), h=hours_said(rest))
        if report.numbered:
            said = Text("{s}: `fourc show {n}`", "{s}：`fourc show {n}`").of(s=said, n=len(shown) + 1)
        else:
            said = Text("{s} (-f json lists them)", "{s}（-f json 会列出）").of(s=said)
        lines.append((0, said))
    lines += _stop(report)
    if report.coverage.platform:
        names = join([same(n) for n in report.coverage.platform])
        platform = Text(
            "Platform programs, which may do what their documentation asks for: {p}",
            "平台组件（其文档要求的权限视为正常）：{p}",
        ).of(p=names)
        if width(platform.say(lang)) > WIDTH:
            platform = Text(
                "{n} platform programs may do what their documentation asks for.",
                "{n} 个平台组件可以做其文档要求的事。",
            ).of(n=len(report.coverage.platform))
        lines.append((8, platform))
    if report.idle:
        idle = Text(
            "{n} findings are on no path of attack to anything that matters: they can wait.",
            "有 {n} 个问题不在任何通向重要目标的攻击路径上：可以以后再说。",
        )
        lines.append((6, idle.of(n=len(report.idle))))
    if not report.taught:
        lines.append(
            (
                7,
                Text(
                    "Times are defaults, not yours yet (`fourc done 1 --took 40m` teaches them).",
                    "时间是默认估计，还不是你的实际值（`fourc done 1 --took 40m` 可以教会它）。",
                ),
            )
        )
    ranked = [(rank, text.say(lang)) for rank, text in lines]
    ranked += [(2, line) for line in _unseen(report, lang)]
    return [*ranked, (1, _next(report, shown, again).say(lang))]


def _next(report: Report, shown: Sequence[Change], again: Sequence[str]) -> Text:
    """What to type now; a plan of its own names changes by id, which `fix` and `show` know everywhere."""
    if not report.numbered and shown:
        return Text("Next: `fourc show {i}`", "下一步：`fourc show {i}`").of(i=shown[0].id)
    # behind a file's name a comma would be taken for a part of it, a semicolon is not
    apart = same("; ") if again else Text(", ", "，")
    following = Text(
        "Next: `fourc show 1`{apart}`fourc fix 1 --diff`", "下一步：`fourc show 1`{apart}`fourc fix 1 --diff`"
    )
    following = following.of(apart=apart)
    proofs = [p for p in shown[0].proofs if all(p in c.proofs for c in shown)] if shown else []
    if not proofs:
        return following
    checked = Text("Checked: {p}.", "已检查：{p}。").of(p=join(proofs))
    return Text(f"{checked.en} {following.en}", f"{checked.zh}{following.zh}")


def _trust(report: Report, shown: Sequence[Change]) -> Iterator[Text]:
    """How good the choice is, and how sure."""
    best = report.optimum
    parts: list[Text] = []
    if best is not None and best.within < 0.005:
        parts.append(
            Text(
                "With a year's upkeep counted, no other choice of this cost removes more",
                "计入一年的维护后，同样的投入没有更好的选择",
            )
        )
    elif best is not None:
        parts.append(
            Text(
                "With a year's upkeep counted, at most {p} less than the best choice of this cost",
                "计入一年的维护后，比同样代价下的最优选择至多少 {p}",
            ).of(p=percent(best.within))
        )
    unsure = [
        (c.among_first, n) for n, c in enumerate(shown, 1) if c.among_first is not None and c.among_first < UNSURE
    ]
    if unsure and len(report.changes) > len(shown):
        least, number = min(unsure)
        text = Text(
            "with other estimates, number {n} is in the first three {p} of the time",
            "若估计有偏差，第 {n} 项有 {p} 的可能仍在前三",
        )
        parts.append(text.of(n=number, p=percent(least or 0.0)))
    whole = join(parts, "; ", "；")
    if max(width(whole.en), width(whole.zh)) < WIDTH:
        parts = [whole] if parts else []
    yield from (Text(p.en[0].upper() + p.en[1:] + ".", p.zh + "。") for p in parts)


def _stop(report: Report) -> Iterator[tuple[int, Text]]:
    """Where one may stop, and what is left then."""
    stuck = sum(1 for f in report.findings if f.fingerprint not in report.change_of)
    beyond = report.changes[report.stop :]
    if beyond:
        one = Text(
            "---- you may stop here: the last change ({h}) removes less than a tenth of the risk ----",
            "---- 可以到此为止：剩下的一项改动（{h}）只能消除不到十分之一的风险 ----",
        )
        many = Text(
            "---- you may stop here: the next {n} changes ({h}) remove less than a tenth of the risk ----",
            "---- 可以到此为止：其余 {n} 项改动（{h}）合起来只能消除不到十分之一的风险 ----",
        )
        line = one if len(beyond) == 1 else many
        yield 0, line.of(n=len(beyond), h=hours_said(beyond))
    told = report.left >= 0.005 and bool(report.stop)
    if told and stuck:
        left = Text(
            "{p} of the risk is left after that; {n} findings have no automatic edit (`fourc scan all` lists them).",
            "做完后还剩 {p} 的风险；有 {n} 个问题无法自动修复（`fourc scan all` 会列出）。",
        )
        yield 4, left.of(p=percent(report.left), n=stuck)
    elif stuck:
        none = Text(
            "{n} findings have no automatic edit (`fourc scan all` lists them).",
            "有 {n} 个问题无法自动修复（`fourc scan all` 会列出）。",
        )
        yield 4, none.of(n=stuck)
    elif told:
        yield 4, Text("{p} of the risk is left after that.", "做完后还剩 {p} 的风险。").of(p=percent(report.left))


def _unseen(report: Report, lang: Lang) -> Iterator[str]:
    parts = [u.what for u in report.coverage.unseen]
    asked = [gap for gap in report.gaps if gap.reason is GapReason.NO_DATA]
    entries = sum(isinstance(gap.subject, Ref) for gap in asked)
    if len(asked) > entries:
        parts.insert(0, Text("all about some packages", "部分软件包的情况"))
    if entries:
        one = Text("who reaches one entry", "1 个入口能被谁访问")
        many = Text("who reaches {n} entries", "{n} 个入口能被谁访问").of(n=entries)
        parts.insert(0, one if entries == 1 else many)
    if unread := len(report.gaps) - len(asked):
        one = Text("one file or a part of it", "一个文件或其中一部分")
        many = Text("{n} files or parts of files", "{n} 个文件或其中一部分").of(n=unread)
        parts.insert(0, one if unread == 1 else many)
    if parts:
        yield f"{_listed(parts, lang)}   `fourc doctor`"


def _listed(parts: Sequence[Text], lang: Lang) -> str:
    """What was not seen, as much of it as has room; the rest is counted."""
    for kept in range(len(parts), 0, -1):
        more = Text(" and {n} more", "，另有 {n} 项").of(n=len(parts) - kept)
        listed = join(list(parts[:kept]))
        if kept < len(parts):
            listed = Text(listed.en + more.en, listed.zh + more.zh)
        said = Text("Not seen: {p}", "没有看到：{p}").of(p=listed).say(lang)
        if width(said) <= WIDTH - 15:
            return said
    return Text("Not seen: {n} things", "没有看到：{n} 项").of(n=len(parts)).say(lang)


def _nothing(report: Report, lang: Lang, again: Sequence[str]) -> Lines:
    lines: Lines = []
    if report.coverage.objects == 0:
        lines += [
            Text(
                "No Kubernetes manifests here. Go to the folder that holds your YAML files and run fourc there,",
                "这里没有 Kubernetes 清单。请进入存放 YAML 文件的目录再运行 fourc，",
            ).say(lang),
            Text(
                "or pipe them in: helm template . | fourc -    kubectl get deploy,sts,ds,cj,svc,ing -A -o yaml | fourc -",
                "或者用管道传入：helm template . | fourc -    kubectl get deploy,sts,ds,cj,svc,ing -A -o yaml | fourc -",
            ).say(lang),
        ]
    elif report.budget is not None:
        text = Text("Nothing that is worth its time fits into {b}.", "在 {b} 之内没有值得做的改动。")
        lines.append(text.of(b=budget_said(report.budget)).say(lang))
    else:
        lines.append(Text("Nothing needs changing in what was read.", "读到的内容无需改动。").say(lang))
    return [*lines, *(line for text in _unseen(report, lang) for line in with_commands(text, again))]
