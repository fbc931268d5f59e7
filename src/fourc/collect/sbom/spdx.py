"""SPDX 2.2 and 2.3 in JSON and tag-value (https://spdx.github.io/spdx-spec/v2.3/)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

import msgspec
from msgspec import Raw, Struct

from fourc.collect.sbom.parts import Contents, Part, distribution_named
from fourc.model.package import Distribution, SourcePackage

FORM = "spdx"
_SYSTEM = "OPERATING-SYSTEM"
_BUILT_FROM = re.compile(r"built package from: (\S+) (\S+)")
"""What trivy writes into sourceInfo."""
_MOST_TEXT = 64 * 1024
_NO_LICENCE = frozenset(("", "NONE", "NOASSERTION"))
_NOT_SOFTWARE = frozenset((_SYSTEM, "FILE", "CONTAINER", "SOURCE", "DEVICE", "ARCHIVE"))
_DOWN = frozenset(("DEPENDS_ON", "HAS_PREREQUISITE"))
_UP = {"PREREQUISITE_FOR": "DEPENDS_ON", "CONTAINED_BY": "CONTAINS", "DESCRIBED_BY": "DESCRIBES"}
"""The same relations told from the other end, with all that end in DEPENDENCY_OF."""
_UP_ENDING = "DEPENDENCY_OF"
_DEV = frozenset(("DEV_DEPENDENCY_OF", "TEST_DEPENDENCY_OF"))


class ExternalRef(Struct, frozen=True, gc=False):
    """A name of the package elsewhere."""

    referenceType: str = ""  # noqa: N815 - SPDX's names, here and below
    referenceLocator: str = ""  # noqa: N815


class SpdxPackage(Struct, frozen=True):
    """A package."""

    SPDXID: str = ""
    name: str = ""
    versionInfo: str | None = None  # noqa: N815
    licenseConcluded: str | None = None  # noqa: N815
    licenseDeclared: str | None = None  # noqa: N815
    primaryPackagePurpose: str | None = None  # noqa: N815
    sourceInfo: str | None = None  # noqa: N815
    externalRefs: list[ExternalRef] | None = None  # noqa: N815


class ExtractedLicence(Struct, frozen=True, gc=False):
    """What a LicenseRef stands for."""

    licenseId: str = ""  # noqa: N815
    name: str | None = None


class Relationship(Struct, frozen=True, gc=False):
    """How two elements are related."""

    spdxElementId: str = ""  # noqa: N815
    relationshipType: str = ""  # noqa: N815
    relatedSpdxElement: str = ""  # noqa: N815


class Document(Struct, frozen=True):
    """The document."""

    SPDXID: str = "SPDXRef-DOCUMENT"
    packages: list[SpdxPackage] | None = None
    relationships: list[Relationship] | None = None
    documentDescribes: list[str] | None = None  # noqa: N815
    hasExtractedLicensingInfos: list[ExtractedLicence] | None = None  # noqa: N815


class _Loose(Struct, frozen=True):
    """The document, its parts not yet looked at."""

    SPDXID: str = "SPDXRef-DOCUMENT"
    packages: list[Raw] | None = None
    relationships: list[Raw] | None = None


def read_json(data: bytes) -> Contents:
    """The contents of an SPDX JSON document; raises `msgspec.DecodeError` and `RecursionError`.

    A package in which a field has a wrong type is passed over and counted.
    """
    try:
        return contents_of(msgspec.json.decode(data, type=Document))
    except msgspec.ValidationError:
        loose = msgspec.json.decode(data, type=_Loose)
    packages: list[SpdxPackage] = []
    for raw in loose.packages or ():
        try:
            packages.append(msgspec.json.decode(raw, type=SpdxPackage))
        except msgspec.ValidationError:
            continue
    relationships: list[Relationship] = []
    for raw in loose.relationships or ():
        try:
            relationships.append(msgspec.json.decode(raw, type=Relationship))
        except msgspec.ValidationError:
            continue
    document = Document(loose.SPDXID, packages, relationships)
    return contents_of(document, len(loose.packages or ()) - len(packages))


class _Related(Struct, frozen=True):
    """Who needs and who holds whom, what is needed for development only, and what the document is about."""

    needs: dict[str, list[str]]
    holds: dict[str, list[str]]
    dev: set[str]
    described: set[str]


def _related(document: Document) -> _Related:
    made = _Related({}, {}, set(), set(document.documentDescribes or ()))
    for one in document.relationships or ():
        kind, start, end = one.relationshipType, one.spdxElementId, one.relatedSpdxElement
        if kind in _UP or kind.endswith(_UP_ENDING):
            if kind in _DEV:
                made.dev.add(start)
            start, end = end, start
            kind = _UP.get(kind, "DEPENDS_ON")
        if kind == "DESCRIBES" and start == document.SPDXID:
            made.described.add(end)
        elif kind == "CONTAINS":
            made.holds.setdefault(start, []).append(end)
        elif kind in _DOWN:
            made.needs.setdefault(start, []).append(end)
    return made


def contents_of(document: Document, unread: int = 0) -> Contents:
    """The document's contents."""
    related = _related(document)
    names = {one.licenseId: one.name for one in document.hasExtractedLicensingInfos or () if one.name}
    distribution: Distribution | None = None
    parts: list[Part] = []
    for package in document.packages or ():
        if package.primaryPackagePurpose == _SYSTEM and distribution is None:
            distribution = distribution_named(package.name, package.versionInfo or "")
        else:
            parts.append(_part(package, package.SPDXID in related.dev, names))
    root = None
    if len(related.described) == 1:
        root = next((part for part in parts if part.ref in related.described), None)
    return Contents(FORM, parts, related.needs, related.holds, root, distribution, unread)


def _part(package: SpdxPackage, dev: bool, names: Mapping[str, str]) -> Part:
    purl = next(
        (
            ref.referenceLocator
            for ref in package.externalRefs or ()
            if ref.referenceType in {"purl", "http://spdx.org/rdf/references/purl"}
        ),
        "",
    )
    licence = package.licenseDeclared or ""
    if licence in _NO_LICENCE:
        licence = package.licenseConcluded or ""
    source = None
    if package.sourceInfo and (found := _BUILT_FROM.search(package.sourceInfo)):
        source = SourcePackage(found[1], found[2])
    counts = package.primaryPackagePurpose not in _NOT_SOFTWARE
    licences = () if licence in _NO_LICENCE else (names.get(licence, licence),)
    return Part(package.SPDXID, package.name, package.versionInfo or "", purl, licences, dev, source, "", counts)


def read_tags(data: bytes) -> Contents:
    """The contents of an SPDX tag-value document; raises `UnicodeDecodeError`. A line that is none is passed over."""
    packages: list[dict[str, str]] = []
    refs: list[list[ExternalRef]] = []
    relationships: list[Relationship] = []
    in_package = False
    for tag, value in _tags(data.decode()):
        if tag == "PackageName":
            packages.append({tag: value})
            refs.append([])
            in_package = True
        elif tag in {"FileName", "SnippetSPDXID", "LicenseID"}:
            in_package = False
        elif tag == "Relationship":
            words = value.split()
            if len(words) == 3:
                relationships.append(Relationship(*words))
        elif in_package and tag == "ExternalRef":
            words = value.split(None, 2)
            if len(words) == 3:
                refs[-1].append(ExternalRef(words[1], words[2]))
        elif in_package:
            packages[-1].setdefault(tag, value)
    return contents_of(
        Document(
            packages=[
                SpdxPackage(
                    said.get("SPDXID", ""),
                    said.get("PackageName", ""),
                    said.get("PackageVersion"),
                    said.get("PackageLicenseConcluded"),
                    said.get("PackageLicenseDeclared"),
                    said.get("PrimaryPackagePurpose"),
                    said.get("PackageSourceInfo"),
                    own,
                )
                for said, own in zip(packages, refs, strict=True)
            ],
            relationships=relationships,
        )
    )


def _tags(text: str) -> Iterator[tuple[str, str]]:
    """Tags and values; a value in `<text>` may have many lines."""
    lines = StringIO(text, newline=None)
    for line in lines:
        tag, colon, value = line.partition(":")
        if not colon or line.startswith("#"):
            continue
        value = value.strip()
        if value.startswith("<text>"):
            value = _whole_text(value, lines)
        yield tag.strip(), value


def _whole_text(first: str, lines: Iterable[str]) -> str:
    """The text up to its end; of a very long one the beginning."""
    made = first.removeprefix("<text>")
    if "</text>" not in first:
        parts, size = [f"{made}\n"], 0
        for line in lines:
            if size < _MOST_TEXT:
                parts.append(line)
                size += len(line)
            if "</text>" in line:
                break
        made = "".join(parts)
    return made.partition("</text>")[0].strip()
