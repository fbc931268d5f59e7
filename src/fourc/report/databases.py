"""The database of known vulnerabilities: how old it is, and what it knows of."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from fourc.model.database import DatabaseFacts
from fourc.model.gap import Gap
from fourc.model.text import Lang, Text, join, same
from fourc.report.as_json import gap
from fourc.report.json_text import json_text
from fourc.report.listing import gap_line
from fourc.report.text import WIDTH, wrap

_HEAD = Text(
    "{file}: {n} vulnerabilities of {packages} packages, {size} MB{date}",
    "{file}：{packages} 个软件包的 {n} 个漏洞，{size} MB{date}",
)
_FROM = Text("from: {sources}", "来源：{sources}")
_SOURCE = Text("{name} {n}{newest}", "{name} {n}{newest}")
_NEWEST = Text(" (newest {date})", "（最新 {date}）")
_HOLDS = Text("holds: {ecosystems}", "包含：{ecosystems}")
_SCORES = Text("EPSS: {n} scores{date}{model}", "EPSS：{n} 个分数{date}{model}")
_SCORES_DATE = Text(" of {date}", "，{date}")
_SCORES_MODEL = Text(", model {model}", "，模型 {model}")
_EXPLOITED = Text("known to be exploited (CISA KEV): {n}{date}", "已知被利用（CISA KEV）：{n} 个{date}")
_AS_OF = Text(", as of {date}", "，截至 {date}")
_DIGEST = Text("sha256:{digest}", "sha256:{digest}")
_NEXT = Text("Next: fourc scan vulns --db {file}", "下一步：fourc scan vulns --db {file}")
_INDENT = "  "
_OLD_DAYS = 30
_AGE = Text("newest record: {date}, {n} days old", "最新记录：{date}，已有 {n} 天")
_OLD = Text(
    "! the newest record is {n} days old: what came later is not found; fourc db update fetches a newer database",
    "! 最新记录已有 {n} 天：此后公布的漏洞不会被发现；可用 fourc db update 获取更新的数据库",
)
_UNDATED = Text("no record is dated: nobody knows how old it is", "所有记录均无日期：无法得知其新旧")
_DELTA = Text("delta for sha256:{old}...: {file}, {kb} KB", "用于 sha256:{old}... 的增量：{file}，{kb} KB")
_WAYS: Mapping[str, Text] = {
    "unchanged": Text("{source} has nothing newer", "{source} 没有更新的内容"),
    "whole": Text("fetched from {source}: {kb} KB", "已从 {source} 获取：{kb} KB"),
    "copied": Text("taken from {source}", "取自 {source}"),
    "delta": Text("fetched from {source}, what is new alone: {kb} KB", "已从 {source} 获取，仅新增部分：{kb} KB"),
}


def _age(facts: DatabaseFacts, today: date) -> int | None:
    """In days; None where nothing is dated."""
    try:
        return max(0, (today - date.fromisoformat(facts.newest)).days)
    except ValueError:
        return None


def _age_line(facts: DatabaseFacts, today: date) -> Text:
    age = _age(facts, today)
    if age is None:
        return _UNDATED
    return _OLD.of(n=age) if age >= _OLD_DAYS else _AGE.of(date=facts.newest, n=age)


def database_lines(
    facts: DatabaseFacts, lang: Lang, gaps: Sequence[Gap] = (), today: date | None = None
) -> Iterator[str]:
    """What a database holds, how old it is `today`, and what could not be read into it."""
    if facts.updated is not None:
        way = facts.updated.way if facts.updated.fetched or facts.updated.way != "whole" else "copied"
        said = _WAYS[way].of(source=facts.updated.source, kb=_kb(facts.updated.fetched))
        yield from wrap(said.say(lang), WIDTH)
    size = f"{facts.size / 1e6:.1f}"
    dated = _AS_OF.of(date=facts.date) if facts.date else ""
    head = _HEAD.of(file=facts.file, n=facts.vulnerabilities, packages=facts.packages, size=size, date=dated)
    yield head.say(lang)
    sources = [_SOURCE.of(name=one.name, n=one.records, newest=_newest(one.newest)) for one in facts.origins]
    held = [_SOURCE.of(name=one.ecosystem, n=one.vulnerabilities, newest=same("")) for one in facts.held]
    lines = [
        _FROM.of(sources=join(sources, ", ", "、")),
        _HOLDS.of(ecosystems=join(held, ", ", "、")),
        _SCORES.of(
            n=facts.scores,
            date=_SCORES_DATE.of(date=facts.scores_date) if facts.scores_date else "",
            model=_SCORES_MODEL.of(model=facts.scores_model) if facts.scores_model else "",
        ),
        _EXPLOITED.of(n=facts.exploited, date=_AS_OF.of(date=facts.exploited_date) if facts.exploited_date else ""),
        _DIGEST.of(digest=facts.digest),
        *(_DELTA.of(old=one.old[:16], file=one.file, kb=_kb(one.size)) for one in facts.deltas),
        *([_age_line(facts, today)] if today else []),
    ]
    for line in lines:
        yield from (_INDENT + part for part in wrap(line.say(lang), WIDTH - len(_INDENT)))
    for each in gaps:
        yield from wrap(gap_line(each).say(lang), WIDTH)
    yield _NEXT.of(file=facts.file).say(lang)


def _kb(size: int) -> int:
    return -(-size // 1000)


def _newest(day: str) -> Text:
    return _NEWEST.of(date=day) if day else same("")


def database_json(facts: DatabaseFacts, lang: Lang, gaps: Sequence[Gap] = (), today: date | None = None) -> str:
    """The same for machines."""
    data: dict[str, object] = {
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
        "deltas": [{"file": d.file, "from": f"sha256:{d.old}", "size": d.size} for d in facts.deltas],
        "gaps": [gap(each, lang) for each in gaps],
    }
    if facts.updated is not None:
        data["updated"] = {"source": facts.updated.source, "way": facts.updated.way, "fetched": facts.updated.fetched}
    if today is not None:
        age = _age(facts, today)
        data["age"] = {"newest": facts.newest, "days": age, "old": age is None or age >= _OLD_DAYS}
    return json_text(data) + "\n"
