"""What a person at a terminal reads. Wide characters count as two columns, nothing is wider than 100."""

import unicodedata
from collections.abc import Iterator

from fourc.model.change import Change, Range
from fourc.model.gap import GapReason
from fourc.model.report import Report
from fourc.model.text import Lang, Text, join, same

WIDTH = 100


def width(text: str) -> int:
    """Columns on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def clip(text: str, columns: int) -> str:
    """The text cut to so many columns, with an ellipsis where something is missing."""
    if width(text) <= columns:
        return text
    while text and width(text) > columns - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def pad(text: str, columns: int) -> str:
    """The text, cut or filled to exactly so many columns."""
    text = clip(text, columns)
    return text + " " * (columns - width(text))


def span(hours: Range, lang: Lang) -> str:
    """A range of hours as people say it: `30-60 min`, `1-2 h`."""
    unit = {Lang.EN: (" min", " h", " days"), Lang.ZH: (" 分钟", " 小时", " 天")}[lang]
    if hours.high <= 1.51:
        minutes = [str(max(5, 5 * round(h * 12))) for h in (hours.low, hours.high)]
        return "-".join(dict.fromkeys(minutes)) + unit[0]
    if hours.high <= 16:
        return (
            "-".join(f"{max(0.5, round(2 * h) / 2):.1f}".removesuffix(".0") for h in (hours.low, hours.high)) + unit[1]
        )
    return f"{hours.low / 8:.0f}-{hours.high / 8:.0f}{unit[2]}"


def _cost(change: Change, lang: Lang) -> str:
    text = span(change.hours, lang)
    minutes = 5 * round(change.upkeep * 12)
    if minutes:
        text += Text(", +{m} min a month", "，每月另 {m} 分钟").of(m=minutes).say(lang)
    return text


def plan_lines(report: Report, lang: Lang, seconds: float | None = None) -> Iterator[str]:
    """The first screen: at most 25 lines."""
    coverage = report.coverage
    head = Text("{n} · {a} applications, {o} objects", "{n} · {a} 个应用，{o} 个对象")
    took = "" if seconds is None else f" · {seconds:.1f} s"
    yield f"fourc · {head.of(n=report.name, a=coverage.applications, o=coverage.objects).say(lang)}{took}"
    yield ""
    if not report.changes:
        yield from _nothing(report, lang)
        return
    shown = report.changes[: max(1, min(3, report.stop))] if report.stop else ()
    yield _opening(report, len(shown), lang)
    if shown:
        yield ""
    left = report.ways
    for number, change in enumerate(shown, 1):
        yield from _entry(number, change, left, lang)
        left -= change.ways_closed
    yield from _after(report, len(shown), lang)


def _opening(report: Report, shown: int, lang: Lang) -> str:
    if not shown:
        text = Text(
            "Nothing needs changing now: every change that is left removes very little risk.",
            "目前无需改动：剩下的每项改动能消除的风险都很小。",
        )
        return text.say(lang)
    if report.ways == 0:
        text = Text(
            "No direct way leads to your data or nodes. These changes make the rest harder:",
            "没有直接通往数据和节点的路。下面的改动能让其余攻击更困难：",
        )
        return text.say(lang)
    one = Text(
        "One way leads from the internet or a broken-in pod to your data and nodes.",
        "从互联网或一个被攻破的 Pod 出发，有一条路通向你的数据和节点。",
    )
    many = Text(
        "{w} ways lead from the internet or a broken-in pod to your data and nodes.",
        "从互联网或一个被攻破的 Pod 出发，有 {w} 条路通向你的数据和节点。",
    )
    head = one if report.ways == 1 else many.of(w=report.ways)
    closed = report.ways - report.ways_left[shown - 1]
    if not closed:
        tail = Text(" These make it harder:", "下面的改动让攻击更困难：")
    elif shown == 1:
        tail = Text(" One change closes {k}:", "一项改动可以关闭其中 {k} 条：").of(k=closed)
    else:
        tail = Text(" {c} changes close {k}:", "{n} 项改动可以关闭其中 {k} 条：")
        tail = tail.of(c="Two" if shown == 2 else "Three", n=shown, k=closed)
    return head.say(lang) + tail.say(lang)


def _entry(number: int, change: Change, left: int, lang: Lang) -> Iterator[str]:
    if change.ways_closed:
        closes = Text("closes {c} of {n}", "关闭 {n} 条中的 {c} 条").of(c=change.ways_closed, n=left)
    else:
        closes = Text("removes {p}% of the risk", "消除 {p}% 的风险").of(
            p=max(1, round(100 * change.risk_removed.likely))
        )
    facts = [_cost(change, lang), closes.say(lang)]
    if change.restarts:
        one = len(change.restarts) == 1
        names = same(change.restarts[0].name) if one else Text("{n} apps", "{n} 个应用").of(n=len(change.restarts))
        facts.append(Text("restarts {n}", "会重启 {n}").of(n=names).say(lang))
    title = change.title.say(lang)
    first = f" {number}  {title}{' ' * max(2, 44 - width(title))}{facts[0]}   {facts[1]}"
    room = WIDTH - width(first) - 3
    if len(facts) == 3 and width(facts[2]) <= room:
        first += f"   {facts.pop()}"
    yield clip(first, WIDTH)
    yield clip(f"    {change.story.say(lang)}", WIDTH)
    more = f" (+{len(change.places) - 1})" if len(change.places) > 1 else ""
    parts = [f"    {change.places[0] if change.places else ''}{more}  "]
    if change.proofs:
        parts.append(Text("checked: {p}.", "已检查：{p}。").of(p=join(change.proofs)).say(lang))
    parts += facts[2:]
    parts += [c.say(lang) for c in change.cautions[:1]]
    yield clip(" ".join(parts).rstrip(), WIDTH)


def _after(report: Report, shown: int, lang: Lang) -> Iterator[str]:
    rest = report.changes[shown : report.stop] if report.stop > shown else ()
    if rest:
        hours = round(sum(c.hours.likely for c in rest))
        more = Text(
            "Then {n} more changes (about {h} h) worth their time: fourc show {a}",
            "之后还有 {n} 项值得做的改动（约 {h} 小时）：fourc show {a}",
        )
        yield more.of(n=len(rest), h=max(1, hours), a=shown + 1).say(lang)
    beyond = report.changes[report.stop :]
    if beyond:
        hours = max(1, round(sum(c.hours.likely for c in beyond)))
        line = Text(
            "---- you may stop here: the next {n} changes (about {h} h) remove less than a tenth of the risk ----",
            "---- 可以到此为止：其余 {n} 项改动（约 {h} 小时）合起来只能消除不到十分之一的风险 ----",
        )
        yield clip(line.of(n=len(beyond), h=hours).say(lang), WIDTH)
    if report.coverage.platform:
        names = report.coverage.platform
        line = Text(
            "Platform programs, which may do what their documentation asks for: {p}",
            "平台组件（其文档要求的权限视为正常）：{p}",
        )
        yield clip(line.of(p=join([same(n) for n in names])).say(lang), WIDTH)
    stuck = sum(1 for f in report.findings if f.fingerprint not in report.change_of)
    if stuck:
        yield (
            Text(
                "{n} more findings have no automatic fix (fourc scan all lists them).",
                "另有 {n} 个问题没有自动修复（fourc scan all 会列出）。",
            )
            .of(n=stuck)
            .say(lang)
        )
    if not report.taught:
        yield Text(
            "Times are defaults, not yours yet (fourc done 1 --took 40m teaches them).",
            "时间是默认估计，还不是你的实际值（fourc done 1 --took 40m 可以教会它）。",
        ).say(lang)
    yield from _unseen(report, lang)
    yield Text("Next: fourc show 1, fourc fix 1 --diff", "下一步：fourc show 1，fourc fix 1 --diff").say(lang)


def _unseen(report: Report, lang: Lang) -> Iterator[str]:
    parts = [u.what for u in report.coverage.unseen]
    maybe = sum(g.reason is GapReason.NO_DATA for g in report.gaps)
    if maybe:
        one = Text("who reaches one entry", "1 个入口能被谁访问")
        many = Text("who reaches {n} entries", "{n} 个入口能被谁访问").of(n=maybe)
        parts.insert(0, one if maybe == 1 else many)
    if len(report.gaps) > maybe:
        parts.insert(0, Text("{n} files or parts of files", "{n} 个文件或其中一部分").of(n=len(report.gaps) - maybe))
    if parts:
        seen = Text("Not seen: {p}", "没有看到：{p}").of(p=join(parts)).say(lang)
        yield f"{pad(seen, WIDTH - 15).rstrip()}   fourc doctor"


def _nothing(report: Report, lang: Lang) -> Iterator[str]:
    if report.coverage.objects == 0:
        yield Text(
            "No Kubernetes manifests here. Go to the folder that holds your YAML files and run fourc there,",
            "这里没有 Kubernetes 清单。请进入存放 YAML 文件的目录再运行 fourc，",
        ).say(lang)
        yield Text(
            "or pipe them in: helm template . | fourc -    kubectl get deploy,sts,ds,cj,svc,ing -A -o yaml | fourc -",
            "或者用管道传入：helm template . | fourc -    kubectl get deploy,sts,ds,cj,svc,ing -A -o yaml | fourc -",
        ).say(lang)
    else:
        yield Text("Nothing needs changing in what was read.", "读到的内容无需改动。").say(lang)
    yield from _unseen(report, lang)
