"""GitLab's reports of dependency scanning and container scanning, schema 15.0: packages and their vulnerabilities.

Format: gitlab.com/gitlab-org/security-products/security-report-schemas. No line of the source is quoted.
"""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from fourc.model.bill import Bill
from fourc.model.gap import Gap
from fourc.model.package import Listing, Package
from fourc.model.text import Lang, Text
from fourc.model.vulnerability import Match, Vulnerability
from fourc.report.bills import Names, links
from fourc.report.gitlab import SCHEMA, ScanType, scan_of

_Json = Mapping[str, object]
_NAME_SIZE, _DESCRIPTION_SIZE, _SOLUTION_SIZE = 255, 1048576, 7000
_MOST_PATH = 30
"""Packages of a dependency path."""
_UPGRADE = Text("Upgrade {name} to {version}", "将 {name} 升级到 {version}")
_NONE = Text("No version that mends it is known yet", "尚无已知的修复版本")
_LINKS = {
    "CVE-": ("cve", "https://nvd.nist.gov/vuln/detail/{}"),
    "GHSA-": ("ghsa", "https://github.com/advisories/{}"),
}
_OSV = ("osv", "https://osv.dev/vulnerability/{}")


def vulns_gitlab(bill: Bill, gaps: Iterable[Gap], lang: Lang, began: datetime) -> str:
    """The matches that no statement clears, as GitLab reads them; `began` is when the run did.

    A bill about an image is a report of container scanning, any other one of dependency scanning.
    """
    kind = ScanType.CONTAINER_SCANNING if bill.image else ScanType.DEPENDENCY_SCANNING
    names, places = Names(bill), _places(bill)
    shown = [match for match in bill.matches if not _is_cleared(names, match)]
    data: dict[str, object] = {
        "version": SCHEMA,
        "scan": scan_of(gaps, lang, kind, began),
        "vulnerabilities": [
            _vulnerability(bill, names, match, place, lang)
            for match in shown
            for place in places.get(match.package.identity, [("", "")])
        ],
    }
    if not bill.image:
        data["dependency_files"] = [_file(listing) for listing in bill.listings]
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _is_cleared(names: Names, match: Match) -> bool:
    _, statement = names.statement(match)
    return statement is not None and statement.clears


def _places(bill: Bill) -> Mapping[tuple[str, str, str], Sequence[tuple[str, str]]]:
    """By package the files that tell of it, with their format; an image's count once."""
    found: dict[tuple[str, str, str], dict[tuple[str, str], None]] = {}
    for listing, _, package in bill.packages():
        place = ("", "") if bill.image else (listing.path, listing.form)
        found.setdefault(package.identity, {})[place] = None
    return {identity: list(places) for identity, places in found.items()}


def _vulnerability(bill: Bill, names: Names, match: Match, place: tuple[str, str], lang: Lang) -> _Json:
    told, package = match.vulnerability, match.package
    solution = _UPGRADE.of(name=package.name, version=match.fixed[0]) if match.fixed else _NONE
    made: dict[str, object] = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"fourc:{told.id}:{names.ref(package)}:{place[0]}")),
        "name": (told.summary or told.id)[:_NAME_SIZE],
        "description": (told.summary or told.id)[:_DESCRIPTION_SIZE],
        "severity": told.severity.word.capitalize(),
        "solution": solution.say(lang)[:_SOLUTION_SIZE],
        "identifiers": [_identifier(one) for one in (told.id, *told.aliases)],
        "location": _location(bill, package, place[0]),
    }
    if pages := links(told):
        made["links"] = [{"url": url} for url in pages]
    if details := _details(told):
        made["details"] = details
    return made


def _identifier(known: str) -> _Json:
    kind, url = next((link for start, link in _LINKS.items() if known.startswith(start)), _OSV)
    return {"type": kind, "name": known, "value": known, "url": url.format(known)}


def _details(told: Vulnerability) -> _Json:
    made: dict[str, object] = {}
    if told.epss is not None:
        made["epss"] = {"name": "EPSS", "type": "text", "value": f"{told.epss:.5f}"}
    if told.kev:
        made["kev"] = {"name": "CISA KEV", "type": "text", "value": told.kev}
    return made


def _location(bill: Bill, package: Package, path: str) -> _Json:
    dependency = {"package": {"name": package.name}, "version": package.version}
    if not bill.image:
        return {"file": path or ".", "dependency": dependency}
    system = bill.distribution
    name = f"{system.id} {system.version}".strip() if system else "unknown"
    return {"dependency": dependency, "operating_system": name, "image": _tagged(bill.image)}


def _tagged(image: str) -> str:
    """The image with a tag, for GitLab asks for one."""
    return image if ":" in image.rpartition("/")[2] else f"{image}:latest"


def _file(listing: Listing) -> _Json:
    """The packages of one file; for each the shortest way from what the project itself requires."""
    above = _ways(listing)
    dependencies = []
    for index, package in enumerate(listing.packages):
        made: dict[str, object] = {
            "package": {"name": package.name},
            "version": package.version,
            "iid": index + 1,
        }
        if listing.direct is not None:
            made["direct"] = index in listing.direct
            if index not in listing.direct and index in above:
                made["dependency_path"] = [{"iid": at + 1} for at in _way(above, index)]
        dependencies.append(made)
    return {"path": listing.path, "package_manager": listing.form, "dependencies": dependencies}


def _ways(listing: Listing) -> Mapping[int, int]:
    """By package the one through which it is reached first; direct ones are reached through themselves."""
    above = {index: index for index in sorted(listing.direct or ())}
    row = list(above)
    while row:
        below = []
        for index in row:
            for wanted in listing.needs[index] if index < len(listing.needs) else ():
                if wanted not in above:
                    above[wanted] = index
                    below.append(wanted)
        row = below
    return above


def _way(above: Mapping[int, int], index: int) -> list[int]:
    made: list[int] = []
    while above[index] != index and len(made) < _MOST_PATH:
        index = above[index]
        made.append(index)
    return made[::-1]
