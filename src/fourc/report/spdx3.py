"""SPDX 3.0.1 in JSON-LD (https://spdx.github.io/spdx-spec/v3.0.1/): core, software, simple licensing and security profiles."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

import msgspec

from fourc import __version__
from fourc.model.bill import Bill
from fourc.model.vulnerability import Vulnerability
from fourc.report.bills import ROOT, SYSTEM, Item, Names, Whole, root_purl, uuid_of, whole_of
from fourc.report.created import created
from fourc.report.licences import spdx_expression
from fourc.report.spdx import advisory_url

_Json = Mapping[str, object]
_CREATION = "_:creation"


def spdx3(bill: Bill) -> str:
    """The bill as SPDX 3."""
    refs = Names(bill)
    whole = whole_of(bill, refs)
    space = f"https://spdx.org/spdxdocs/fourc-{uuid_of(msgspec.json.encode((bill.project, bill.image, whole.items)))}"
    names = _Ids(space)
    graph = [*_head(bill, names), *_software(bill, whole, names), *_licences(whole, names)]
    graph.extend(_relationships(whole, names))
    graph.extend(_vulnerabilities(bill, names, refs))
    data = {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph}
    return msgspec.json.format(msgspec.json.encode(data), indent=1).decode() + "\n"


class _Ids:
    """The ids of elements: below one address, made of what they stand for."""

    def __init__(self, space: str) -> None:
        self._space = space

    def of(self, kind: str, what: str) -> str:
        return f"{self._space}#{kind}-{sha256(what.encode()).hexdigest()[:16]}"

    def element(self, type_: str, kind: str, what: str) -> dict[str, object]:
        return {"type": type_, "spdxId": self.of(kind, what), "creationInfo": _CREATION}

    def package(self, ref: str) -> str:
        return self.of("package", ref)


def _head(bill: Bill, names: _Ids) -> Iterator[_Json]:
    yield {
        "type": "CreationInfo",
        "@id": _CREATION,
        "specVersion": "3.0.1",
        "created": created(bill),
        "createdBy": [names.of("agent", "fourc")],
        "createdUsing": [names.of("tool", "fourc")],
    }
    yield {**names.element("SoftwareAgent", "agent", "fourc"), "name": "fourc"}
    yield {**names.element("Tool", "tool", "fourc"), "name": f"fourc-{__version__}"}
    name = bill.image or bill.project.name or "."
    yield {
        **names.element("SpdxDocument", "document", name),
        "name": name,
        "profileConformance": ["core", "software", "simpleLicensing", "security"],
        "rootElement": [names.of("sbom", name)],
    }
    yield {
        **names.element("software_Sbom", "sbom", name),
        "software_sbomType": ["analyzed"],
        "rootElement": [names.package(ROOT)],
    }


def _software(bill: Bill, whole: Whole, names: _Ids) -> Iterator[_Json]:
    root = _package(names, ROOT, bill.project.name or bill.image or ".", bill.digest or bill.project.version)
    root["software_primaryPurpose"] = "container" if bill.image else "application"
    if purl := root_purl(bill):
        root["software_packageUrl"] = purl
    yield root
    if bill.distribution is not None:
        made = _package(names, SYSTEM, bill.distribution.id, bill.distribution.version)
        made["software_primaryPurpose"] = "operatingSystem"
        yield made
    for item in whole.items:
        made = _package(names, item.ref, item.package.name, item.package.version)
        made["software_primaryPurpose"] = "library"
        made["software_packageUrl"] = item.ref
        yield made


def _package(names: _Ids, ref: str, name: str, version: str) -> dict[str, object]:
    made = names.element("software_Package", "package", ref)
    made["name"] = name
    if version:
        made["software_packageVersion"] = version
    return made


def _licence(item: Item) -> tuple[str, bool]:
    """What is declared, and whether it is an expression of SPDX's ids."""
    said = [one for one in item.package.licences if one]
    parts = [part for part in map(spdx_expression, said) if part is not None]
    if len(parts) < len(said):
        return ", ".join(said), False
    return (parts[0] if len(parts) == 1 else " AND ".join(f"({p})" if " " in p else p for p in parts)), True


def _licences(whole: Whole, names: _Ids) -> Iterator[_Json]:
    known: set[str] = set()
    for item in whole.items:
        text, is_expression = _licence(item)
        if not text:
            continue
        if text not in known:
            known.add(text)
            if is_expression:
                made = names.element("simplelicensing_LicenseExpression", "licence", text)
                made["simplelicensing_licenseExpression"] = text
            else:
                made = names.element("simplelicensing_SimpleLicensingText", "licence", text)
                made["simplelicensing_licenseText"] = text
            yield made
        yield _related(names, names.package(item.ref), "hasDeclaredLicense", [names.of("licence", text)])


def _relationships(whole: Whole, names: _Ids) -> Iterator[_Json]:
    dev = {item.ref for item in whole.items if item.dev}
    for ref, wanted in whole.needs.items():
        held = [one for one in wanted if SYSTEM in {ref, one}]
        for kind, some, scope in (
            ("contains", held, ""),
            ("dependsOn", [one for one in wanted if one not in dev and one not in held], ""),
            ("dependsOn", [one for one in wanted if one in dev and one not in held], "development"),
        ):
            if some:
                yield _related(names, names.package(ref), kind, list(map(names.package, some)), scope)


def _related(names: _Ids, start: str, kind: str, ends: list[str], scope: str = "") -> _Json:
    type_ = "LifecycleScopedRelationship" if scope else "Relationship"
    made = names.element(type_, "relationship", f"{start} {kind} {scope} {' '.join(ends)}")
    made.update({"from": start, "relationshipType": kind, "to": ends})
    if scope:
        made["scope"] = scope
    return made


def _vulnerabilities(bill: Bill, names: _Ids, refs: Names) -> Iterator[_Json]:
    found: dict[str, tuple[Vulnerability, set[str]]] = {}
    for match in bill.matches:
        told = match.vulnerability
        found.setdefault(told.id, (told, set()))[1].add(names.package(refs.ref(match.package)))
    for known, (told, packages) in sorted(found.items()):
        made = names.element("security_Vulnerability", "vulnerability", known)
        made["name"] = known
        if told.summary:
            made["summary"] = told.summary
        made["externalIdentifier"] = [
            {
                "type": "ExternalIdentifier",
                "externalIdentifierType": "cve" if one.startswith("CVE-") else "securityOther",
                "identifier": one,
            }
            for one in (told.id, *told.aliases)
        ]
        made["externalRef"] = [
            {"type": "ExternalRef", "externalRefType": "securityAdvisory", "locator": [advisory_url(told)]}
        ]
        yield made
        for package in sorted(packages):
            yield _related(names, package, "hasAssociatedVulnerability", [names.of("vulnerability", known)])
