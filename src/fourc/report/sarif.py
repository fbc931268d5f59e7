"""SARIF 2.1.0 for code scanning: results sorted, cut to 25,000 results a run as GitHub reads them."""

import json
from collections.abc import Mapping
from urllib.parse import quote

from fourc import __version__
from fourc.model.finding import Finding, Severity
from fourc.model.live import Live
from fourc.model.report import Report
from fourc.model.text import Lang, Text

MAX_RESULTS = 25_000
_IN_PATHS = "/!$&'()*+,;=@~"
"""Characters that a URI's path has as they are."""
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.0",
    Severity.LOW: "2.0",
    Severity.INFO: "0.5",
}


def render(report: Report, lang: Lang, pages: Mapping[str, Text]) -> str:
    """The findings as SARIF; `pages` are the checks' pages by rule, their first line is the rule's name."""
    kept = sorted(report.findings, key=_key)[:MAX_RESULTS]
    rules = sorted({f.rule for f in kept})
    worst = {r: max(f.severity for f in kept if f.rule == r) for r in rules}
    run = {
        "tool": {
            "driver": {
                "name": "fourc",
                "version": __version__,
                "rules": [_rule(r, worst[r], pages[r].say(lang)) for r in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, rules.index(f.rule), lang) for f in kept],
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": f"{g.message.say(lang)} {g.remedy.say(lang)}"}}
                    for g in report.gaps
                ],
            }
        ],
    }
    data = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _key(found: Finding) -> tuple[bool, int, str, int, str]:
    place = found.location
    return (
        found.live is not Live.LIVE,
        -found.severity,
        found.origin.path,
        place.line if place else 0,
        found.fingerprint,
    )


def _rule(rule: str, severity: Severity, page: str) -> Mapping[str, object]:
    title = page.partition("\n")[0]
    return {
        "id": rule,
        "shortDescription": {"text": title},
        "fullDescription": {"text": title},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"security-severity": _SCORES[severity], "tags": ["security"]},
    }


def _result(found: Finding, index: int, lang: Lang) -> Mapping[str, object]:
    place = found.location
    region = (
        {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        }
        if place
        else {"startLine": 1}
    )
    made: dict[str, object] = {
        "ruleId": found.rule,
        "ruleIndex": index,
        "level": _LEVELS[found.severity],
        "message": {"text": found.message.say(lang)},
        "locations": [_place(place.path if place else found.origin.path, region)],
        "partialFingerprints": {"fourc/v1": found.fingerprint},
    }
    if found.places:
        made["relatedLocations"] = [
            {"id": number, **_place(other.path, {"startLine": other.line})}
            for number, other in enumerate(found.places, 1)
        ]
    if found.live:
        made["properties"] = {"live": found.live.value}
    return made


def _place(path: str, region: Mapping[str, object]) -> Mapping[str, object]:
    artifact = {"uri": quote(path, safe=_IN_PATHS), "uriBaseId": "%SRCROOT%"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}
