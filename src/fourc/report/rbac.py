"""Answers about permissions, for people and for machines."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from fourc.model.gap import Gap
from fourc.model.location import Location
from fourc.model.step import Basis, Step
from fourc.model.subject import Ref
from fourc.model.text import Lang, Text
from fourc.report.as_json import gap, location, subject

_CLUSTER = Text("the whole cluster", "整个集群")
_INSIDE = Text("namespace {n}", "命名空间 {n}")
_OWN = Text("Kubernetes' own", "Kubernetes 自带")


class Row(Struct, frozen=True):
    """One answer: who, in which namespace (None: everywhere), by which role, rule and binding, and where these stand."""

    who: Ref
    scope: str | None
    role: Ref
    rule: Mapping[str, Sequence[str]]
    binding: Ref
    places: tuple[Location, ...]
    built_in: bool


def who_can_lines(question: str, rows: Sequence[Row], lang: Lang) -> Iterator[str]:
    """Who can do it, one a line, with role, binding and the places in the files."""
    if not rows:
        yield Text("Nobody can {q}, as far as was read.", "就读到的内容而言，没有人可以 {q}。").of(q=question).say(lang)
        return
    yield Text("Who can {q}:", "谁可以 {q}：").of(q=question).say(lang)
    for row in rows:
        where = (_CLUSTER if row.scope is None else _INSIDE.of(n=row.scope)).say(lang)
        by = f"{row.binding.kind} {row.binding.name} -> {row.role.kind} {row.role.name}"
        places = ", ".join(f"{p.path}:{p.line}" for p in row.places) or _OWN.say(lang)
        yield f"  {row.who.kind} {row.who}  ({where})"
        yield f"      {by}  {places}"


def who_can_json(asked: Mapping[str, str | None], rows: Sequence[Row], gaps: Iterable[Gap], lang: Lang) -> str:
    """The same for machines."""
    answers = [
        {
            "subject": subject(row.who),
            "scope": row.scope,
            "role": subject(row.role),
            "rule": {key: list(values) for key, values in row.rule.items() if values},
            "binding": subject(row.binding),
            "built_in": row.built_in,
            "locations": [location(p) for p in row.places],
        }
        for row in rows
    ]
    return _json({"schema": 1, "question": asked, "answers": answers, "gaps": [gap(g, lang) for g in gaps]})


def admin_lines(ways: Mapping[str, Sequence[Step]], names: Mapping[str, str], lang: Lang) -> Iterator[str]:
    """Who can become administrator, and how; ways that rest on an assumption come last and are marked."""
    if not ways:
        yield Text("Nobody becomes administrator by what was read.", "就读到的内容而言，没有人能成为管理员。").say(lang)
        return
    yield Text("Who can become administrator of the cluster:", "谁能成为集群管理员：").say(lang)
    for name in sorted(ways, key=lambda n: (_assumed(ways[n]), names[n])):
        mark = Text("  (rests on an assumption)", "（含有假定）").say(lang) if _assumed(ways[name]) else ""
        yield f"  {names[name]}{mark}"
        for step in ways[name]:
            yield f"      - {step.evidence.say(lang)}"


def admin_json(ways: Mapping[str, Sequence[Step]], names: Mapping[str, str], gaps: Iterable[Gap], lang: Lang) -> str:
    """The same for machines."""
    rows = [
        {
            "identity": name,
            "name": names[name],
            "basis": "assumed" if _assumed(ways[name]) else "inferred",
            "steps": [{"id": s.id, "kind": s.kind, "evidence": s.evidence.say(lang)} for s in ways[name]],
        }
        for name in sorted(ways)
    ]
    return _json({"schema": 1, "administrators": rows, "gaps": [gap(g, lang) for g in gaps]})


def unused_lines(rows: Sequence[tuple[Ref, Text]], lang: Lang) -> Iterator[str]:
    """What nobody uses, with the reason."""
    if not rows:
        yield Text("Every role, binding and account that was read is used.", "读到的角色、绑定和账号都在使用中。").say(
            lang
        )
        return
    yield Text("Nobody uses, as far as was read:", "就读到的内容而言，没有人使用：").say(lang)
    for ref, why in rows:
        yield f"  {ref.kind} {ref}: {why.say(lang)}"


def unused_json(rows: Sequence[tuple[Ref, Text]], gaps: Iterable[Gap], lang: Lang) -> str:
    """The same for machines."""
    listed = [{"object": subject(ref), "reason": why.say(lang)} for ref, why in rows]
    return _json({"schema": 1, "unused": listed, "gaps": [gap(g, lang) for g in gaps]})


def _assumed(way: Sequence[Step]) -> bool:
    return any(s.basis is Basis.ASSUMED for s in way)


def _json(data: Mapping[str, object]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
