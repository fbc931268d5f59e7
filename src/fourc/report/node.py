"""A node for someone who has ten minutes: how many updates wait, the one command, and whether to reboot."""

from collections import Counter
from collections.abc import Iterator

from fourc.model.report import Report
from fourc.model.text import Lang, Text, join
from fourc.report.listing import gap_line, one_line
from fourc.report.text import WIDTH, span, wrap

_HEAD = Text("fourc · {name} · {n} packages · {waiting}", "fourc · {name} · {n} 个软件包 · {waiting}")
_WAITING = Text("{n} updates wait", "{n} 个更新待安装")
_ONE_WAITING = Text("one update waits", "1 个更新待安装")
_NONE_WAITING = Text("no update waits", "没有待安装的更新")
_UP_TO_DATE = Text("Nothing that the node's own repositories offer is missing.", "节点自身软件源提供的更新都已安装。")
_GRAVE = Text("{n} {severity}", "{n} 个 {severity}")
_SUCH_AS = Text("such as {names}", "例如 {names}")
_UNSEEN = Text("Not seen: {what} ({remedy})", "没有看到：{what}（{remedy}）")
_LIST = Text("-f json lists every package with its own command.", "-f json 列出每个软件包及其命令。")
_INDENT = "    "
_NAMES = 5


def node_lines(report: Report, lang: Lang) -> Iterator[str]:
    """The whole text."""
    updates = [f for f in report.findings if f.package is not None]
    waiting = _WAITING.of(n=len(updates)) if len(updates) > 1 else _ONE_WAITING if updates else _NONE_WAITING
    packages = report.supply.packages if report.supply is not None else 0
    yield _HEAD.of(name=one_line(report.name), n=packages, waiting=waiting).say(lang)
    yield ""
    if not report.findings and not report.gaps and packages:
        yield _UP_TO_DATE.say(lang)
    for number, change in enumerate(report.changes, 1):
        ended = set(change.findings)
        mine = sorted((f for f in report.findings if f.fingerprint in ended), key=lambda f: -f.severity)
        counted = Counter(f.severity for f in mine)
        grave = join([_GRAVE.of(n=n, severity=s.word) for s, n in sorted(counted.items(), reverse=True)])
        yield f"{number:>2}  {change.title.say(lang)}   {span(change.hours, lang)}   {grave.say(lang)}"
        names = list(dict.fromkeys(f.subject.name for f in mine if f.package is not None))
        said = [_SUCH_AS.of(names=", ".join(names[:_NAMES]))] if names else [f.message for f in mine]
        for text in (*said, *dict.fromkeys(hand.what for hand in change.by_hand)):
            yield from (_INDENT + line for line in wrap(text.say(lang), WIDTH - len(_INDENT)))
    rest = [gap_line(gap) for gap in report.gaps]
    rest += [_UNSEEN.of(what=unseen.what, remedy=unseen.remedy) for unseen in report.coverage.unseen]
    rest += [_LIST] if updates else []
    if report.findings and rest:
        yield ""
    for text in rest:
        yield from wrap(text.say(lang), WIDTH)
