"""The database of known vulnerabilities: how old it is, and what it knows of."""

from collections.abc import Iterator, Sequence

from fourc.model.database import DatabaseFacts
from fourc.model.gap import Gap
from fourc.model.text import Lang, Text, join, same
from fourc.report.as_json import gap
from fourc.report.json_text import json_text
from fourc.report.listing import gap_line
from fourc.report.text import WIDTH, wrap

_HEAD = Text(
    "{file}: {n} vulnerabilities of {packages} packages, {size} MB, as of {date}",
    "{file}：{packages} 个软件包的 {n} 个漏洞，{size} MB，截至 {date}",
)
_FROM = Text("from: {sources}", "来源：{sources}")
_SOURCE = Text("{name} {n}{newest}", "{name} {n}{newest}")
_NEWEST = Text(" (newest {date})", "（最新 {date}）")
_HOLDS = Text("holds: {ecosystems}", "包含：{ecosystems}")
_SCORES = Text("EPSS: {n} scores of {date}, model {model}", "EPSS：{n} 个分数，{date}，模型 {model}")
_EXPLOITED = Text("known to be exploited (CISA KEV): {n}, as of {date}", "已知被利用（CISA KEV）：{n} 个，截至 {date}")
_DIGEST = Text("sha256:{digest}", "sha256:{digest}")
_NEXT = Text("Next: fourc scan vulns --db {file}", "下一步：fourc scan vulns --db {file}")
_INDENT = "  "


def database_lines(facts: DatabaseFacts, lang: Lang, gaps: Sequence[Gap] = ()) -> Iterator[str]:
    """What a database holds, and what could not be read into it."""
    size = f"{facts.size / 1e6:.1f}"
    head = _HEAD.of(
        file=facts.file, n=facts.vulnerabilities, packages=facts.packages, size=size, date=facts.date or "-"
    )
    yield head.say(lang)
    sources = [_SOURCE.of(name=one.name, n=one.records, newest=_newest(one.newest)) for one in facts.origins]
    held = [_SOURCE.of(name=one.ecosystem, n=one.vulnerabilities, newest=same("")) for one in facts.held]
    lines = [
        _FROM.of(sources=join(sources, ", ", "、")),
        _HOLDS.of(ecosystems=join(held, ", ", "、")),
        _SCORES.of(n=facts.scores, date=facts.scores_date or "-", model=facts.scores_model or "-"),
        _EXPLOITED.of(n=facts.exploited, date=facts.exploited_date or "-"),
        _DIGEST.of(digest=facts.digest),
    ]
    for line in lines:
        yield from (_INDENT + part for part in wrap(line.say(lang), WIDTH - len(_INDENT)))
    for each in gaps:
        yield from wrap(gap_line(each).say(lang), WIDTH)
    yield _NEXT.of(file=facts.file).say(lang)


def _newest(day: str) -> Text:
    return _NEWEST.of(date=day) if day else same("")


def database_json(facts: DatabaseFacts, lang: Lang, gaps: Sequence[Gap] = ()) -> str:
    """The same for machines."""
    data = {
        "file": facts.file,
        "digest": f"sha256:{facts.digest}",
        "date": facts.date,
        "size": facts.size,
        "vulnerabilities": facts.vulnerabilities,
        "packages": facts.packages,
        "sources": [{"name": o.name, "records": o.records, "newest": o.newest} for o in facts.origins],
        "ecosystems": [
            {"name": h.ecosystem, "vulnerabilities": h.vulnerabilities, "newest": h.newest} for h in facts.held
        ],
        "epss": {"scores": facts.scores, "model": facts.scores_model, "date": facts.scores_date},
        "kev": {"entries": facts.exploited, "date": facts.exploited_date},
        "gaps": [gap(each, lang) for each in gaps],
    }
    return json_text(data) + "\n"
