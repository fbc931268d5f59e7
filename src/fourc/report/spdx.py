"""SPDX 2.3 in JSON (https://spdx.github.io/spdx-spec/v2.3/): packages, who needs whom, licences, advisories."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from urllib.parse import quote

import msgspec

from fourc import __version__
from fourc.model.bill import Bill
from fourc.model.vulnerability import Vulnerability
from fourc.report.bills import ROOT, SYSTEM, Item, Names, Whole, links, root_purl, uuid_of, whole_of
from fourc.report.created import created
from fourc.report.licences import licence_ref, refs_in, spdx_expression

_Json = Mapping[str, object]
_DOCUMENT = "SPDXRef-DOCUMENT"
_UNKNOWN = "NOASSERTION"


def spdx(bill: Bill) -> str:
    """The bill as SPDX 2.3."""
    names = Names(bill)
    whole = whole_of(bill, names)
    advisories = _advisories(bill, names)
    packages = [_root(bill), *_system(bill), *(_package(item, advisories.get(item.ref, ())) for item in whole.items)]
    body = {"packages": packages, "relationships": list(_relationships(whole))}
    if refs := _extracted(whole):
        body["hasExtractedLicensingInfos"] = refs
    name = bill.image or bill.project.name or "."
    data = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": _DOCUMENT,
        "name": name,
        "documentNamespace": f"https://spdx.org/spdxdocs/fourc-{uuid_of(msgspec.json.encode(body))}",
        "creationInfo": {"created": created(bill), "creators": [f"Tool: fourc-{__version__}"]},
        **body,
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=1).decode() + "\n"


def _id(ref: str) -> str:
    if ref == ROOT:
        return "SPDXRef-Root"
    return "SPDXRef-OperatingSystem" if ref == SYSTEM else f"SPDXRef-Package-{sha256(ref.encode()).hexdigest()[:16]}"


def advisory_url(told: Vulnerability) -> str:
    """Where the vulnerability is described: its first page, else that of OSV."""
    return next(iter(links(told)), f"https://osv.dev/vulnerability/{quote(told.id)}")


def _advisories(bill: Bill, names: Names) -> Mapping[str, Sequence[str]]:
    """By package the pages about its vulnerabilities."""
    found: dict[str, set[str]] = {}
    for match in bill.matches:
        found.setdefault(names.ref(match.package), set()).add(advisory_url(match.vulnerability))
    return {ref: sorted(urls) for ref, urls in found.items()}


def _root(bill: Bill) -> _Json:
    made = _plain(ROOT, bill.project.name or bill.image or ".", bill.digest or bill.project.version)
    made["primaryPackagePurpose"] = "CONTAINER" if bill.image else "APPLICATION"
    if purl := root_purl(bill):
        made["externalRefs"] = [_purl(purl)]
    return made


def _system(bill: Bill) -> Iterator[_Json]:
    if bill.distribution is not None:
        made = _plain(SYSTEM, bill.distribution.id, bill.distribution.version)
        made["primaryPackagePurpose"] = "OPERATING-SYSTEM"
        yield made


def _package(item: Item, advisories: Sequence[str]) -> _Json:
    package = item.package
    made = _plain(item.ref, package.name, package.version)
    made["primaryPackagePurpose"] = "LIBRARY"
    made["licenseDeclared"] = _licence(package.licences)
    if package.source is not None:
        made["sourceInfo"] = f"built package from: {package.source.name} {package.source.version}"
    made["externalRefs"] = [
        _purl(item.ref),
        *(
            {"referenceCategory": "SECURITY", "referenceType": "advisory", "referenceLocator": url}
            for url in advisories
        ),
    ]
    return made


def _plain(ref: str, name: str, version: str) -> dict[str, object]:
    made: dict[str, object] = {
        "SPDXID": _id(ref),
        "name": name,
        "downloadLocation": _UNKNOWN,
        "filesAnalyzed": False,
        "licenseConcluded": _UNKNOWN,
        "licenseDeclared": _UNKNOWN,
        "copyrightText": _UNKNOWN,
    }
    if version:
        made["versionInfo"] = version
    return made


def _purl(purl: str) -> _Json:
    return {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}


def _licence(licences: Sequence[str]) -> str:
    """One expression of all; what SPDX's list has not is named by a LicenseRef."""
    parts = [spdx_expression(one) or licence_ref(one) for one in licences if one]
    if len(parts) < 2:
        return parts[0] if parts else _UNKNOWN
    return " AND ".join(f"({part})" if " " in part else part for part in parts)


def _extracted(whole: Whole) -> list[_Json]:
    """What the LicenseRefs stand for."""
    found: dict[str, str] = {}
    for item in whole.items:
        for one in item.package.licences:
            expression = spdx_expression(one)
            if expression is not None:
                found.update((ref, ref) for ref in refs_in(expression) if ref not in found)
            elif one:
                found[licence_ref(one)] = one
    return [{"licenseId": ref, "name": text, "extractedText": text} for ref, text in sorted(found.items())]


def _relationships(whole: Whole) -> Iterator[_Json]:
    yield _related(_DOCUMENT, "DESCRIBES", _id(ROOT))
    dev = {item.ref for item in whole.items if item.dev}
    for ref, wanted in whole.needs.items():
        for one in wanted:
            if one in dev:
                yield _related(_id(one), "DEV_DEPENDENCY_OF", _id(ref))
            elif SYSTEM in {ref, one}:
                yield _related(_id(ref), "CONTAINS", _id(one))
            else:
                yield _related(_id(ref), "DEPENDS_ON", _id(one))


def _related(start: str, kind: str, end: str) -> _Json:
    return {"spdxElementId": start, "relationshipType": kind, "relatedSpdxElement": end}
