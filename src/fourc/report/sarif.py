"""SARIF 2.1.0 for code scanning: results sorted, cut to 25,000 results a run as GitHub reads them."""

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from fourc import __version__
from fourc.model.finding import Finding, Severity
from fourc.model.live import Live
from fourc.model.report import Report
from fourc.model.text import Lang, Text
from fourc.report.listing import gap_sentences

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
    """The findings as SARIF; `pages` are the checks' pages by rule, their first line is the rule's name.

    Every vulnerability is a rule of its own, since code scanning files, filters and dismisses alerts by rule.
    """
    kept = sorted(report.findings, key=_key)[:MAX_RESULTS]
    by_rule: dict[str, list[Finding]] = {}
    for found in kept:
        by_rule.setdefault(_rule_of(found), []).append(found)
    rules = sorted(by_rule)
    index = {rule: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "fourc",
                "version": __version__,
                "rules": [_rule(r, by_rule[r], pages, report, lang) for r in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, index[_rule_of(f)], lang) for f in kept],
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": gap_sentences(g).say(lang)}} for g in report.gaps
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


def _rule_of(found: Finding) -> str:
    """The rule's id: that of the vulnerability, where the finding is about one of a package."""
    named = found.package is not None and any(r.partition(":")[2] == found.detail for r in found.references)
    return found.detail if named else found.rule


def _rule(
    rule: str, found: Sequence[Finding], pages: Mapping[str, Text], report: Report, lang: Lang
) -> Mapping[str, object]:
    first = found[0]
    severity = max(f.severity for f in found)
    page = pages[first.rule].say(lang)
    title = page.partition("\n")[0]
    made: dict[str, object] = {"id": rule}
    properties: dict[str, object] = {"security-severity": _SCORES[severity], "tags": ["security"]}
    if rule != first.rule:
        title = _title(rule, first, report, lang)
        links = [_page(reference.partition(":")[2]) for reference in first.references]
        page = "\n\n".join([title, "\n".join(f"- {link}" for link in links), page])
        made["helpUri"] = links[0]
        properties["tags"] = ["security", "vulnerability", first.rule]
        properties["rule"] = first.rule
    return {
        **made,
        "shortDescription": {"text": title},
        "fullDescription": {"text": title},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": properties,
    }


def _title(rule: str, found: Finding, report: Report, lang: Lang) -> str:
    """What the advisory calls the vulnerability; what is said of the package where the report holds no advisories."""
    match = report.supply.matches.get(found.fingerprint) if report.supply is not None else None
    if match is None:
        return found.message.say(lang)
    return f"{rule}: {match.vulnerability.summary}" if match.vulnerability.summary else rule


def _page(identifier: str) -> str:
    """Where an id is looked up (https://google.github.io/osv.dev/data/ holds the ids of CVEs, too)."""
    return f"https://osv.dev/vulnerability/{quote(identifier, safe='')}"


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
        "ruleId": _rule_of(found),
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
    if found.package is not None:
        made["properties"] = {"rule": found.rule, "purl": found.package.purl}
    return made


def _place(path: str, region: Mapping[str, object]) -> Mapping[str, object]:
    artifact = {"uri": quote(path, safe=_IN_PATHS), "uriBaseId": "%SRCROOT%"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}
