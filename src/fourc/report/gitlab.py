"""GitLab's security reports, schema 15.0: secret detection and SAST, as GitLab shows them in merge requests.

Format: gitlab.com/gitlab-org/security-products/security-report-schemas. No line of the source is quoted.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum

from fourc import __version__
from fourc.model.finding import Finding
from fourc.model.gap import Gap
from fourc.model.remedy import NoFix
from fourc.model.report import Report
from fourc.model.text import Lang, Text
from fourc.report.listing import gap_sentences
from fourc.report.said import SAYS

SCHEMA = "15.0.7"
_NO_COMMIT = "0000000"
"""What GitLab's own analyser names where a secret is found in files and not in commits."""
_NAME_SIZE, _SOLUTION_SIZE = 255, 7000
_GITLEAKS = "gitleaks:"
_STILL = Text("Asked its provider today", "今日向服务商询问")


class ScanType(StrEnum):
    """GitLab's words for kinds of reports."""

    SECRET_DETECTION = "secret_detection"  # noqa: S105 - GitLab's word
    SAST = "sast"
    DEPENDENCY_SCANNING = "dependency_scanning"
    CONTAINER_SCANNING = "container_scanning"


def gitlab_report(report: Report, lang: Lang, kind: ScanType, began: datetime) -> str:
    """The findings as a report of this kind; `began` is when the run did."""
    data = {
        "version": SCHEMA,
        "scan": scan_of(report.gaps, lang, kind, began),
        "vulnerabilities": [_vulnerability(found, report, lang, kind) for found in report.findings],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def scan_of(gaps: Iterable[Gap], lang: Lang, kind: ScanType, began: datetime) -> Mapping[str, object]:
    """What every report of GitLab says of the run; gaps are its messages."""
    tool = {"id": "fourc", "name": "fourc", "version": __version__, "vendor": {"name": "fourc"}}
    return {
        "type": kind.value,
        "status": "success",
        "start_time": _time(began),
        "end_time": _time(datetime.now(UTC)),
        "analyzer": tool,
        "scanner": tool,
        "messages": [{"level": "warn", "value": gap_sentences(g).say(lang)} for g in gaps],
    }


def _time(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _vulnerability(found: Finding, report: Report, lang: Lang, kind: ScanType) -> Mapping[str, object]:
    page = report.pages.get(found.rule)
    name = page.say(lang).partition("\n")[0] if page else found.message.say(lang)
    place = found.location
    file = place.path if place else found.origin.path
    first, last = (place.line, place.end_line) if place else (1, 1)
    signature = {"algorithm": "rule_value", "value": found.fingerprint}
    made: dict[str, object] = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"fourc:{found.fingerprint}")),
        "name": name[:_NAME_SIZE],
        "description": found.message.say(lang),
        "severity": found.severity.word.capitalize(),
        "identifiers": _identifiers(found),
        "location": {"file": file, "start_line": first, "end_line": last},
        "tracking": {
            "type": "source",
            "items": [{"file": file, "start_line": first, "end_line": last, "signatures": [signature]}],
        },
    }
    if isinstance(found.fix, NoFix):
        made["solution"] = found.fix.why.say(lang)[:_SOLUTION_SIZE]
    if kind is ScanType.SECRET_DETECTION:
        made["location"] = {"file": file, "start_line": first, "end_line": last, "commit": _commit(found)}
    if found.live:
        made["details"] = {
            "live": {"name": _STILL.say(lang), "type": "text", "value": SAYS[found.live].say(lang)},
        }
    return made


def _commit(found: Finding) -> Mapping[str, str]:
    if found.history is None:
        return {"sha": _NO_COMMIT}
    first = found.history.first_seen
    return {"sha": first.commit, "author": first.author, "date": first.time}


def _identifiers(found: Finding) -> list[Mapping[str, str]]:
    """Our rule first, for it is what GitLab knows a finding by; then gitleaks', which its own analyser uses."""
    ids = {"type": "fourc_rule", "name": f"fourc {found.rule}", "value": found.rule}
    theirs = [r.removeprefix(_GITLEAKS) for r in found.references if r.startswith(_GITLEAKS)]
    return [
        ids,
        *({"type": "gitleaks_rule_id", "name": f"Gitleaks rule ID {rule}", "value": rule} for rule in theirs),
    ]
