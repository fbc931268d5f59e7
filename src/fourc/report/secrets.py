"""Secrets for someone who has ten minutes: what, where, since when, what to do first, and how to say that it is none."""

from collections.abc import Iterable, Iterator, Sequence

from fourc.model.finding import Finding
from fourc.model.live import Live
from fourc.model.remedy import NoFix
from fourc.model.report import Report
from fourc.model.text import Lang, Text, same
from fourc.report.commands import with_commands
from fourc.report.listing import gap_line, one_line
from fourc.report.said import SAYS
from fourc.report.text import WIDTH, wrap

_PLACES = 3
_COMMIT = 10
_INDENT = "   "
_LABEL = 7

_NONE = Text("No secret to report in {n} files.", "在 {n} 个文件中没有需要报告的密钥。")
_SOME = Text(
    "{n} secret{s}. Whoever has read this repository may have {them}: begin with the first.",
    "发现 {n} 个密钥。读过该仓库的人都可能持有它们：请从第一个开始处理。",
)
_WHERE, _SINCE, _FIRST, _NOT = (
    Text("where", "位置"),
    Text("since", "始于"),
    Text("first", "先做"),
    Text("not so", "误报"),
)
_MORE = Text("and {n} more", "另有 {n} 处")
_IN = Text(
    "{time}, commit {commit} by {author}, there {path}:{line}",
    "{time}，提交 {commit}，作者 {author}，当时位于 {path}:{line}",
)
_AS_ABOVE = Text("as for number {n}", "同第 {n} 项")
_IGNORE = Text(
    'it is no secret, or may stand here: `fourc ignore {id} --reason "why"`',
    '不是密钥，或可以留在这里：`fourc ignore {id} --reason "原因"`',
)

_GONE = Text("only in the history, last at {where}", "只在历史中，最后位于 {where}")


def secret_lines(report: Report, lang: Lang, again: Sequence[str] = ()) -> Iterator[str]:
    """The secrets, gravest first, then what baselines held back, stale ignores and gaps.

    `again` are the words with which another command sees the same files.
    """
    found = sorted(report.findings, key=_rank)
    many = len(found) != 1
    if found:
        yield _SOME.of(n=len(found), s="s" if many else "", them="them" if many else "it").say(lang)
    else:
        yield _NONE.of(n=report.coverage.files).say(lang)
    told: dict[str, int] = {}
    for number, finding in enumerate(found, 1):
        yield ""
        yield from _lines(finding, number, told, lang, again)
    if report.left_out or report.gaps:
        yield ""
    for text in report.left_out:
        yield text.say(lang)
    for gap in report.gaps:
        yield gap_line(gap).say(lang)


def _rank(found: Finding) -> tuple[bool, bool, int, str, int, str]:
    """What works today comes first, what no longer does last."""
    place = found.origin
    return found.live is not Live.LIVE, found.live is Live.REVOKED, -found.severity, place.path, place.line, found.rule


def _lines(finding: Finding, number: int, told: dict[str, int], lang: Lang, again: Sequence[str]) -> Iterator[str]:
    apart = ", " if lang is Lang.EN else "，"
    said = f"{SAYS[finding.live].say(lang)}{apart}" if finding.live else ""
    yield f"{number}  {finding.message.say(lang)}   [{said}{finding.severity.label.say(lang)}{apart}{finding.rule}]"
    places = [f"{one_line(p.path)}:{p.line}" for p in (finding.location, *finding.places) if p]
    shown = [same(place) for place in places[:_PLACES]]
    if len(places) > _PLACES:
        shown.append(_MORE.of(n=len(places) - _PLACES))
    where = ", ".join(text.say(lang) for text in shown)
    gone = finding.history is not None and finding.history.gone
    yield from _row(_WHERE, _GONE.of(where=where).say(lang) if gone else where, lang)
    if finding.history is not None:
        first = finding.history.first_seen
        since = _IN.of(
            time=first.time,
            commit=first.commit[:_COMMIT],
            author=first.author,
            path=one_line(first.path),
            line=first.line,
        )
        yield from _row(_SINCE, since.say(lang), lang)
    if isinstance(finding.fix, NoFix):
        advice = finding.fix.why.say(lang)
        before = told.setdefault(advice, number)
        yield from _row(_FIRST, advice if before == number else _AS_ABOVE.of(n=before).say(lang), lang)
    ignore = with_commands(_IGNORE.of(id=finding.fingerprint).say(lang), again, WIDTH - len(_INDENT) - _LABEL)
    yield from _rows(_NOT, ignore, lang)


def _row(label: Text, text: str, lang: Lang) -> Iterator[str]:
    return _rows(label, wrap(text, WIDTH - len(_INDENT) - _LABEL), lang)


def _rows(label: Text, lines: Iterable[str], lang: Lang) -> Iterator[str]:
    for number, line in enumerate(lines):
        head = label.say(lang) if number == 0 else ""
        columns = _LABEL - len(head) if lang is Lang.ZH else _LABEL
        yield f"{_INDENT}{head:<{columns}}{line}"
