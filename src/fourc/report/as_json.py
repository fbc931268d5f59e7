"""The machine's report (schema in `data/report.schema.json`): no time stamps, the same bytes for the same input."""

from collections.abc import Mapping

from fourc import __version__
from fourc.model.change import Breaks, Change, FileEdit, Range
from fourc.model.finding import Commit, Finding
from fourc.model.gap import Gap
from fourc.model.image_facts import ImageFacts
from fourc.model.inspected import Inspected
from fourc.model.location import Location
from fourc.model.remedy import ChangeKind, NoFix, Remedy
from fourc.model.report import Report, StaleIgnore
from fourc.model.subject import Ref
from fourc.model.supply import Supply
from fourc.model.text import Lang
from fourc.report.json_text import json_text

Value = object


def render(report: Report, lang: Lang) -> str:
    """The whole report as JSON text."""
    data = {
        "schema": 1,
        "tool": _tool(report),
        "findings": (finding(f, report, lang) for f in report.findings),
        "gaps": [gap(g, lang) for g in report.gaps],
        "changes": [change(c, lang) for c in report.changes],
        "stop": report.stop,
        **_plan(report, lang),
        **({"stale_ignores": [_stale(s, lang) for s in report.stale]} if report.stale else {}),
        **({} if report.image is None else {"image": _image(report.image)}),
        **({"images": [_image(facts) for facts in report.images]} if report.images else {}),
        "coverage": {
            "files": report.coverage.files,
            "documents": report.coverage.documents,
            "objects": report.coverage.objects,
            "applications": report.coverage.applications,
            "kinds_not_modelled": dict(sorted(report.coverage.kinds_not_modelled.items())),
            "platform": list(report.coverage.platform),
            "unseen": [{"what": u.what.say(lang), "remedy": u.remedy.say(lang)} for u in report.coverage.unseen],
            **({} if report.supply is None else _supply(report.supply)),
            "extras": [{"what": u.what.say(lang), "remedy": u.remedy.say(lang)} for u in report.coverage.extras],
        },
    }
    return json_text(data) + "\n"


def inspected_json(inspected: Inspected, lang: Lang) -> str:
    """What an image says of itself, as JSON text."""
    data = {
        "schema": 1,
        "tool": {"name": "fourc", "version": __version__},
        "image": _image(inspected.facts),
        "packages": inspected.packages,
        "secrets": inspected.secrets,
        "gaps": [gap(one, lang) for one in inspected.gaps],
    }
    return json_text(data) + "\n"


def _image(facts: ImageFacts) -> Mapping[str, Value]:
    """What an image says of itself; what it leaves out is empty."""
    return {
        "name": facts.name,
        "digest": facts.digest,
        "platform": facts.platform,
        "created": facts.created,
        "distribution": facts.distribution,
        "user": facts.user,
        "entrypoint": list(facts.entrypoint),
        "command": list(facts.command),
        "ports": list(facts.ports),
        "variables": list(facts.variables),
        "layers": list(facts.layers),
        "layer_sizes": list(facts.sizes),
        "history": [{"command": step.command, "layer": step.layer} for step in facts.history],
        "privileged_files": [
            {"path": file.path, "mode": file.mode, "uid": file.uid, "gid": file.gid} for file in facts.privileged
        ],
        "upstream": facts.upstream,
        "origin": facts.origin,
        "base": facts.base,
        "base_layers": facts.base_layers,
    }


def _supply(supply: Supply) -> Mapping[str, Value]:
    """How many packages there are, and how well the database knows their kinds."""
    known = [
        {"ecosystem": k.ecosystem, "packages": k.packages, "advisories": k.advisories, "newest": k.newest}
        for k in supply.known
    ]
    return {"packages": supply.packages, "database": supply.database, "ecosystems": known}


def _tool(report: Report) -> Mapping[str, Value]:
    judged = {"kubernetes_version": report.kubernetes_version} if report.kubernetes_version else {}
    return {"name": "fourc", "version": __version__, **judged}


def _stale(entry: StaleIgnore, lang: Lang) -> Mapping[str, Value]:
    return {
        "fingerprint": entry.fingerprint,
        "rule": entry.rule,
        "reason": entry.reason,
        "why": entry.why.say(lang),
    }


def _plan(report: Report, lang: Lang) -> Mapping[str, Value]:
    """What is said about the plan as a whole; nothing where there is none."""
    if not report.changes:
        return {}
    made: dict[str, Value] = {"left": round(report.left, 4)}
    if report.optimum is not None:
        made["optimum"] = {
            "changes": report.optimum.count,
            "removed": round(report.optimum.removed, 4),
            "best": round(report.optimum.best, 4),
        }
    if report.budget is not None:
        made["budget"] = report.budget
    if report.what_if is not None:
        asked: dict[str, Value] = {}
        if report.what_if.compromised:
            asked["compromised"] = list(report.what_if.compromised)
        if report.what_if.without is not None:
            asked["without"] = report.what_if.without.say(lang)
            asked |= {"left": round(report.what_if.left, 4), "left_with": round(report.what_if.left_with, 4)}
        made["supposed"] = asked
    return made


def finding(found: Finding, report: Report, lang: Lang) -> Mapping[str, Value]:
    """One finding as the contract has it."""
    made: dict[str, Value] = {
        "rule": found.rule,
        "layer": found.layer.value,
        "severity": found.severity.word,
        "confidence": found.confidence.value,
        "message": found.message.say(lang),
        "subject": subject(found.subject, found.container) | _package(found),
        "location": location(found.location) if found.location else None,
        "references": list(found.references),
        "fingerprint": found.fingerprint,
        "fixes": [],
    }
    owner = report.change_of.get(found.fingerprint)
    if isinstance(found.fix, Remedy) and owner:
        made["fixes"] = [{"change": owner, "class": found.fix.fix_class.word}]
    elif isinstance(found.fix, NoFix):
        made["no_fix"] = found.fix.why.say(lang)
    if report.changes:
        made["on_path"] = found.fingerprint not in report.idle
    if found.places:
        made["places"] = [{"path": p.path, "line": p.line} for p in found.places]
    if found.history:
        made["first_seen"] = _commit(found.history.first_seen)
        made["last_seen"] = _commit(found.history.last_seen)
    made |= _dependency(found)
    if report.supply is not None:
        made |= _vulnerability(found.fingerprint, report.supply, lang)
    if found.image:
        made["image"] = found.image
    if found.brought is not None:
        made["layer_of_image"] = {
            "diff_id": found.brought.diff_id,
            "step": found.brought.step,
            "deleted": found.brought.gone,
        }
    if found.live:
        made["live"] = found.live.value
    return made


def _commit(seen: Commit) -> Mapping[str, Value]:
    return {
        "commit": seen.commit,
        "path": seen.path,
        "line": seen.line,
        "author": seen.author,
        "time": seen.time,
    }


def subject(ref: Ref, container: str | None = None) -> dict[str, Value]:
    """The object, and the container in it."""
    made: dict[str, Value] = {"kind": ref.kind, "name": ref.name}
    if ref.namespace is not None:
        made["namespace"] = ref.namespace
    if container is not None:
        made["container"] = container
    return made


def _package(found: Finding) -> dict[str, Value]:
    return {} if found.package is None else {"version": found.package.version, "purl": found.package.purl}


def _vulnerability(fingerprint: str, supply: Supply, lang: Lang) -> dict[str, Value]:
    """When to mend it, and what is known of the vulnerability; nothing for what is none."""
    made: dict[str, Value] = {}
    urgency = supply.urgency.get(fingerprint)
    if urgency is not None:
        made["urgency"] = {"when": urgency.when.value, "why": urgency.why.say(lang)}
    match = supply.matches.get(fingerprint)
    if match is not None:
        known = match.vulnerability
        told = {"cvss": known.cvss, "epss": known.epss, "kev": known.kev, "published": known.published}
        made["vulnerability"] = {
            "id": known.id,
            "aliases": list(known.aliases),
            "fixed": list(match.fixed),
            **{key: value for key, value in told.items() if value not in {"", None}},
        }
    return made


def _dependency(found: Finding) -> Mapping[str, Value]:
    """How a package came in: asked for by the project itself, or by what it asks for."""
    package = found.package
    if package is None:
        return {}
    direct = {} if package.direct is None else {"direct": package.direct}
    return {"dependency": {**direct, "dev": package.dev, "path": list(package.via)}}


def location(place: Location) -> Mapping[str, Value]:
    """A span in a file."""
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def gap(unseen: Gap, lang: Lang) -> Mapping[str, Value]:
    """One gap."""
    made: dict[str, Value] = {"reason": unseen.reason.value}
    if unseen.location is not None:
        made["location"] = location(unseen.location)
    if unseen.subject is not None:
        made["subject"] = subject(unseen.subject) if isinstance(unseen.subject, Ref) else unseen.subject
    return {**made, "message": unseen.message.say(lang), "remedy": unseen.remedy.say(lang)}


def change(work: Change, lang: Lang) -> Mapping[str, Value]:
    """One change of the plan."""
    return {
        "id": work.id,
        "title": work.title.say(lang),
        "kind": work.kind.value,
        "hours": span(work.hours),
        "upkeep": work.upkeep,
        "money": work.money,
        "risk_removed": span(work.risk_removed),
        **({} if work.among_first is None else {"among_first_three": work.among_first}),
        "restarts": [subject(r) for r in work.restarts],
        "breaks": breaks(work.breaks, lang),
        "edits": [edit(_unshown(e, work)) for e in work.edits],
        **({"by_hand": [{"path": e.path, "what": e.what.say(lang)} for e in work.by_hand]} if work.by_hand else {}),
        "findings": list(work.findings),
        "steps": list(work.steps),
        "after": list(work.after),
    }


def breaks(stopped: Breaks, lang: Lang) -> Mapping[str, Value]:
    """The chance that something stops, and what."""
    return {"probability": stopped.probability, "what": stopped.what.say(lang)}


def edit(made: FileEdit) -> Mapping[str, Value]:
    """A file's diff, or the command for what stands in no file."""
    told = {"diff": made.diff} if made.diff else {"command": made.command}
    return {"class": made.fix_class.word, "path": made.path, **told}


def _unshown(made: FileEdit, work: Change) -> FileEdit:
    """The command that shows a diff whose lines hold a secret: reports are kept, and sent around."""
    if not made.diff or work.kind is not ChangeKind.MOVE_SECRETS:
        return made
    return FileEdit(made.path, made.fix_class, "", f"fourc fix {work.id} --diff")


def span(values: Range) -> Mapping[str, float]:
    """Three guesses of a quantity."""
    return {"low": round(values.low, 4), "likely": round(values.likely, 4), "high": round(values.high, 4)}
