"""CycloneDX 1.6 in JSON (https://cyclonedx.org/docs/1.6/json/): packages, who needs whom, licences, vulnerabilities.

The same packages make the same bytes: there is no time stamp, and the serial number follows from the content.
"""

from collections.abc import Mapping, Sequence

import msgspec

from fourc import __version__
from fourc.model.bill import Bill
from fourc.model.package import Distribution, Package
from fourc.model.text import Lang, Text
from fourc.model.vex import VexStatement, VexStatus
from fourc.model.vulnerability import Match, Vulnerability
from fourc.report.bills import (
    ROOT,
    SYSTEM,
    Item,
    Names,
    links,
    matches_by_vulnerability,
    root_purl,
    uuid_of,
    whole_of,
)
from fourc.report.licences import spdx_expression, spdx_id

_Json = Mapping[str, object]
_METHODS = (("CVSS:4.0/", "CVSSv4"), ("CVSS:3.1/", "CVSSv31"), ("CVSS:3.0/", "CVSSv3"), ("", "CVSSv2"))
_STATES = {
    VexStatus.NOT_AFFECTED: "not_affected",
    VexStatus.FIXED: "resolved",
    VexStatus.AFFECTED: "exploitable",
    VexStatus.UNDER_INVESTIGATION: "in_triage",
}
_JUSTIFICATIONS = {
    "component_not_present": "code_not_present",
    "vulnerable_code_not_present": "code_not_present",
    "vulnerable_code_not_in_execute_path": "code_not_reachable",
    "vulnerable_code_cannot_be_controlled_by_adversary": "requires_environment",
    "inline_mitigations_already_exist": "protected_by_mitigating_control",
}
_UPGRADE = Text("Upgrade {name} to {version}", "将 {name} 升级到 {version}")


def cyclonedx(bill: Bill, lang: Lang) -> str:
    """The bill as CycloneDX."""
    names = Names(bill)
    whole = whole_of(bill, names)
    components = [_component(item) for item in whole.items]
    if bill.distribution is not None:
        components.insert(0, _system(bill.distribution))
    body: dict[str, object] = {
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "fourc", "version": __version__}]},
            "component": _root(bill),
        },
        "components": components,
        "dependencies": [
            {"ref": ref, "dependsOn": list(wanted)} if wanted else {"ref": ref} for ref, wanted in whole.needs.items()
        ],
    }
    if bill.matches:
        body["vulnerabilities"] = [_vulnerability(names, *one, lang) for one in matches_by_vulnerability(bill, names)]
    content = msgspec.json.encode(body)
    data = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid_of(content)}",
        "version": 1,
        **body,
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=1).decode() + "\n"


def _root(bill: Bill) -> _Json:
    made: dict[str, object] = {
        "bom-ref": ROOT,
        "type": "container" if bill.image else "application",
        "name": bill.project.name or bill.image or ".",
    }
    if version := bill.digest or bill.project.version:
        made["version"] = version
    if purl := root_purl(bill):
        made["purl"] = purl
    return made


def _system(distribution: Distribution) -> _Json:
    made = {"bom-ref": SYSTEM, "type": "operating-system", "name": distribution.id}
    if distribution.version:
        made["version"] = distribution.version
    if distribution.name:
        made["description"] = distribution.name
    return made


def _component(item: Item) -> _Json:
    package = item.package
    group, name = _names(package)
    made: dict[str, object] = {"bom-ref": item.ref, "type": "library"}
    if group:
        made["group"] = group
    made["name"] = name
    if package.version:
        made["version"] = package.version
    if item.dev:
        made["scope"] = "excluded"
    if package.licences:
        made["licenses"] = _licences(package.licences)
    made["purl"] = item.ref
    properties = []
    if item.dev:
        properties.append({"name": "fourc:dev", "value": "true"})
    if package.path:
        properties.append({"name": "fourc:path", "value": package.path})
    if properties:
        made["properties"] = properties
    made["evidence"] = {
        "occurrences": [
            {"location": place.path, "line": place.line} if place.line else {"location": place.path}
            for place in item.places
        ]
    }
    return made


def _names(package: Package) -> tuple[str, str]:
    if package.ecosystem == "Maven":
        group, _, name = package.name.rpartition(":")
        return group, name
    if package.ecosystem == "npm" and package.name.startswith("@"):
        group, _, name = package.name.partition("/")
        return (group, name) if name else ("", group)
    return "", package.name


def _licences(licences: Sequence[str]) -> list[_Json]:
    if len(licences) == 1 and spdx_id(licences[0]) is None:
        expression = spdx_expression(licences[0])
        if expression is not None:
            return [{"expression": expression}]
    return [{"license": {"id": known} if (known := spdx_id(one)) else {"name": one}} for one in licences if one]


def _vulnerability(
    names: Names, told: Vulnerability, statement: VexStatement | None, matches: Sequence[Match], lang: Lang
) -> _Json:
    made: dict[str, object] = {"id": told.id, "source": {"name": _source(told.id)}}
    if told.aliases:
        made["references"] = [{"id": one, "source": {"name": _source(one)}} for one in told.aliases]
    made["ratings"] = _ratings(told)
    if told.summary:
        made["description"] = told.summary
    refs = {names.ref(m.package): m for m in matches}
    upgrades = {
        _UPGRADE.of(name=m.package.name, version=m.fixed[0]).say(lang): None for _, m in sorted(refs.items()) if m.fixed
    }
    if upgrades:
        made["recommendation"] = "; ".join(upgrades)
    if pages := links(told):
        made["advisories"] = [{"url": url} for url in pages]
    for key, date in (("published", told.published), ("updated", told.modified)):
        if date:
            made[key] = date if "T" in date else f"{date}T00:00:00Z"
    if statement is not None:
        made["analysis"] = _analysis(statement)
    made["affects"] = [
        {"ref": ref, "versions": [{"version": m.package.version, "status": "affected"}]}
        for ref, m in sorted(refs.items())
    ]
    if told.kev:
        made["properties"] = [{"name": "fourc:kev", "value": told.kev}]
    return made


def _source(known: str) -> str:
    """Who gives such ids."""
    if known.startswith("CVE-"):
        return "NVD"
    return "GitHub Advisories" if known.startswith("GHSA-") else "OSV"


def _ratings(told: Vulnerability) -> list[_Json]:
    first: dict[str, object] = {"severity": told.severity.word}
    if told.cvss:
        first["method"] = next(method for start, method in _METHODS if told.cvss.startswith(start))
        first["vector"] = told.cvss
    made: list[_Json] = [first]
    if told.epss is not None:
        made.append({"source": {"name": "EPSS"}, "score": told.epss, "method": "other"})
    return made


def _analysis(statement: VexStatement) -> _Json:
    made: dict[str, object] = {"state": _STATES[statement.status]}
    if statement.status is VexStatus.NOT_AFFECTED and statement.justification in _JUSTIFICATIONS:
        made["justification"] = _JUSTIFICATIONS[statement.justification]
    if statement.accepted:
        made["response"] = ["will_not_fix"]
    if statement.reason:
        made["detail"] = statement.reason
    return made
