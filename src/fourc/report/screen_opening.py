"""What the plan's first screen says above its changes: what was supposed, what is wrong, and what the first changes do."""

from collections.abc import Iterator, Sequence

from fourc.model.change import Change
from fourc.model.report import Report
from fourc.model.text import Text, join, same

LITTLE = 0.01  # below it the leading changes are not praised for what they remove

_NO_WAY = Text("No direct way leads to your data or nodes.", "没有直接通往数据和节点的路。")
_ONE_WAY = Text(
    "One way leads from the internet or a broken-in pod to your data and nodes.",
    "从互联网或一个被攻破的 Pod 出发，有一条路通向你的数据和节点。",
)
_WAYS = Text(
    "{w} ways lead from the internet or a broken-in pod to your data and nodes.",
    "从互联网或一个被攻破的 Pod 出发，有 {w} 条路通向你的数据和节点。",
)
_NO_MANIFESTS = Text(
    "No Kubernetes manifests were read here, so what runs and who can reach it is not known.",
    "这里没有读到 Kubernetes 清单，因此不知道运行着什么、谁能访问。",
)
_NO_WORKLOADS = Text(
    "No workload (Deployment, CronJob ...) was read here, so what runs and who can reach it is not known.",
    "这里没有读到工作负载（Deployment、CronJob 等），因此不知道运行着什么、谁能访问。",
)
_RANKED = Text(
    "The changes are ranked by how likely attackers are to use what they mend, and by what that opens.",
    "改动按其修复的问题被攻击者利用的可能性和后果排序。",
)
_ONE_LITTLE = Text(
    "Nothing needs changing now: the one change that is left would remove only {p} of {risk}.",
    "目前无需改动：剩下的一项改动只能消除 {p} 的{risk}。",
)
_ALL_LITTLE = Text(
    "Nothing needs changing now: all {n} changes together would remove only {p} of {risk}.",
    "目前无需改动：全部 {n} 项改动合起来也只能消除 {p} 的{risk}。",
)
_TOGETHER = Text(
    "{n} changes ({h}) remove {p} of {risk} together, each little by itself. The first of them:",
    "{n} 项改动（{h}）合起来可消除 {p} 的{risk}，单独一项作用很小。最先做的是：",
)
_CLOSE = Text(
    "{t} remove{s} {p} of {risk} and close{s} {k} of the ways:", "{t}可消除 {p} 的{risk}，关闭其中 {k} 条路："
)
_REMOVE = Text("{t} remove{s} {p} of {risk}:", "{t}可消除 {p} 的{risk}：")
_THE_RISK = Text("the risk", "风险")
_SEEN_RISK = Text("the risk that was seen", "已知风险")
_THESE = (
    Text("This change ({h})", "这项改动（{h}）"),
    Text("These two changes ({h})", "这两项改动（{h}）"),
    Text("These three changes ({h})", "这三项改动（{h}）"),
)


def supposed(report: Report) -> Iterator[Text]:
    """What the plan was asked to suppose."""
    asked = report.what_if
    if asked is not None and asked.compromised:
        held = Text("Supposed: {p} is already broken into.", "假设：{p} 已被攻破。")
        yield held.of(p=join([same(p) for p in asked.compromised]))
    if asked is not None and asked.without is not None:
        never = Text(
            "Without “{t}”, all other changes leave {a} of the risk (with it: {b}).",
            "如果不做“{t}”，做完其余所有改动后仍剩 {a} 的风险（做了则剩 {b}）。",
        )
        yield never.of(t=asked.without, a=percent(asked.left), b=percent(asked.left_with))


def opening(report: Report, shown: Sequence[Change]) -> Iterator[Text]:
    """How bad it is, and what the changes that are shown do about it."""
    is_blind = not report.ways and not report.coverage.applications
    if is_blind:
        yield _NO_WORKLOADS if report.coverage.objects else _NO_MANIFESTS
        if shown and len(report.changes) > 1:
            yield _RANKED
    else:
        yield (_NO_WAY, _ONE_WAY)[report.ways] if report.ways < 2 else _WAYS.of(w=report.ways)
    risk = _SEEN_RISK if is_blind else _THE_RISK
    yield _worth(report, shown, risk) if shown else _little(report.changes, risk)


def _little(changes: Sequence[Change], risk: Text) -> Text:
    """That none of the changes is worth its time."""
    worth = percent(sum(c.risk_removed.likely for c in changes))
    return (
        _ONE_LITTLE.of(p=worth, risk=risk) if len(changes) == 1 else _ALL_LITTLE.of(n=len(changes), p=worth, risk=risk)
    )


def _worth(report: Report, shown: Sequence[Change], risk: Text) -> Text:
    """What the changes that are shown remove; many small ones are praised together."""
    removed = sum(c.risk_removed.likely for c in shown)
    first = report.changes[: report.stop]
    if removed < LITTLE and len(first) > len(shown):
        # many ways lead to the same goals, and none of the changes helps much without the others
        together = percent(sum(c.risk_removed.likely for c in first))
        return _TOGETHER.of(n=len(first), h=hours_said(first), p=together, risk=risk)
    closed = report.ways - report.ways_left[len(shown) - 1]
    said = (_CLOSE if closed else _REMOVE).of(
        t=_THESE[len(shown) - 1].of(h=hours_said(shown)),
        s="s" if len(shown) == 1 else "",
        p=percent(removed),
        risk=risk,
        k=closed,
    )
    if report.budget is None:
        return said
    inside = Text("Within {b}: ", "{b}之内：").of(b=budget_said(report.budget))
    return Text(inside.en + said.en[0].lower() + said.en[1:], inside.zh + said.zh)


def budget_said(hours: float) -> Text:
    """The time that a plan was to fit into."""
    if hours < 1:
        return Text("{m} min", "{m} 分钟").of(m=round(60 * hours))
    return Text("{h} h", "{h} 小时").of(h=f"{round(hours, 2):g}")


def hours_said(changes: Sequence[Change]) -> Text:
    """About how long all of it takes."""
    hours = sum(c.hours.likely for c in changes)
    if hours < 1:
        return Text("about {m} min", "约 {m} 分钟").of(m=max(5, 5 * round(12 * hours)))
    return Text("about {h} h", "约 {h} 小时").of(h=f"{round(2 * hours) / 2:g}" if hours < 10 else round(hours))


def percent(share: float) -> str:
    """A share as people say it; what is there but less than one in a hundred is not called nothing."""
    return "<1%" if 0 < share < 0.01 else f"{round(100 * share)}%"
