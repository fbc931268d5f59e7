"""GitLab's Code Quality report (Code Climate's issues): one entry for each place, so that each shows on its own line."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping

from fourc.model.finding import Finding, Severity
from fourc.model.report import Report
from fourc.model.text import Lang

_WORDS = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}


def code_quality(report: Report, lang: Lang) -> str:
    """The findings as Code Quality has them."""
    rows = [row for found in report.findings for row in _rows(found, lang)]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _rows(found: Finding, lang: Lang) -> Iterator[Mapping[str, object]]:
    where = [(p.path, p.line) for p in (found.location, *found.places) if p] or [(found.origin.path, 1)]
    seen: Counter[str] = Counter()
    for path, line in where:
        yield {
            "description": found.message.say(lang),
            "check_name": found.rule,
            "fingerprint": _fingerprint(found, path, seen[path]) if seen else found.fingerprint,
            "severity": _WORDS[found.severity],
            "location": {"path": path, "lines": {"begin": line}},
        }
        seen[path] += 1


def _fingerprint(found: Finding, path: str, before: int) -> str:
    """What a further place is called: unique, and the same when its line moves."""
    return hashlib.sha256(f"{found.fingerprint}\0{path}\0{before}".encode()).hexdigest()[:16]
