"""SPDX 3.0 in JSON-LD (https://spdx.github.io/spdx-spec/v3.0.1/)."""

import msgspec
from msgspec import Raw, Struct, field

from fourc.collect.sbom.parts import Contents, Part, distribution_named
from fourc.collect.sbom.spdx import FORM
from fourc.model.package import Distribution

_PURLS = frozenset(("packageUrl", "packageURL", "purl"))
_DOWN = frozenset(("dependsOn", "hasStaticLink", "hasDynamicLink", "hasOptionalDependency", "hasPrerequisite"))
_LICENCES = {"hasDeclaredLicense": 1, "hasConcludedLicense": 0}
"""Which licence counts more: what is declared."""
_NOT_SOFTWARE = frozenset(("operatingSystem", "file", "container", "source", "device", "archive"))


class Identifier(Struct, frozen=True, gc=False):
    """A name of the element elsewhere."""

    externalIdentifierType: str = ""  # noqa: N815 - SPDX's names, here and below
    identifier: str = ""


class Element(Struct, frozen=True):
    """Any element of the graph, with the fields of all kinds that are asked for."""

    type: str = ""
    spdxId: str = ""  # noqa: N815
    name: str | None = None
    version: str | None = field(name="software_packageVersion", default=None)
    purl: str | None = field(name="software_packageUrl", default=None)
    purpose: str | None = field(name="software_primaryPurpose", default=None)
    externalIdentifier: list[Identifier] | None = None  # noqa: N815
    start: str | None = field(name="from", default=None)
    to: list[str] | None = None
    relationshipType: str | None = None  # noqa: N815
    scope: str | None = None
    rootElement: list[str] | None = None  # noqa: N815
    licence: str | None = field(name="simplelicensing_licenseExpression", default=None)
    licence_text: str | None = field(name="simplelicensing_licenseText", default=None)


class _Graph(Struct, frozen=True):
    elements: list[Element] = field(name="@graph", default_factory=list)


class _LooseGraph(Struct, frozen=True):
    elements: list[Raw] = field(name="@graph", default_factory=list)


def read_jsonld(data: bytes) -> Contents:
    """The contents of an SPDX 3 document; raises `msgspec.DecodeError` and `RecursionError`.

    An element in which a field has a wrong type is passed over, and counted where it may be a package.
    """
    try:
        return _contents(msgspec.json.decode(data, type=_Graph).elements)
    except msgspec.ValidationError:
        loose = msgspec.json.decode(data, type=_LooseGraph).elements
    elements: list[Element] = []
    unread = 0
    for raw in loose:
        try:
            elements.append(msgspec.json.decode(raw, type=Element))
        except msgspec.ValidationError:
            unread += b"software_Package" in bytes(raw)
    return _contents(elements, unread)


class _Related(Struct, frozen=True):
    """Who needs and who holds whom, what is needed for development only, licences, and what the document is about."""

    needs: dict[str, list[str]]
    holds: dict[str, list[str]]
    dev: set[str]
    licences: dict[str, tuple[int, str]]
    roots: list[str]


def _related(elements: list[Element]) -> _Related:
    made = _Related({}, {}, set(), {}, [])
    texts = {one.spdxId: one.licence or one.licence_text for one in elements if one.licence or one.licence_text}
    for one in elements:
        if one.rootElement and one.type in {"SpdxDocument", "software_Sbom"}:
            made.roots.extend(one.rootElement)
        if one.start is None or not one.to:
            continue
        kind = one.relationshipType or ""
        if kind in _DOWN:
            made.needs.setdefault(one.start, []).extend(one.to)
            made.dev.update(one.to if one.scope in {"development", "test"} else ())
        elif kind == "contains":
            made.holds.setdefault(one.start, []).extend(one.to)
        elif kind in _LICENCES and (text := texts.get(one.to[0])):
            made.licences[one.start] = max(made.licences.get(one.start, (-1, "")), (_LICENCES[kind], text))
    return made


def _contents(elements: list[Element], unread: int = 0) -> Contents:
    related = _related(elements)
    distribution: Distribution | None = None
    parts: list[Part] = []
    for one in elements:
        if one.type != "software_Package":
            continue
        if one.purpose == "operatingSystem" and distribution is None:
            distribution = distribution_named(one.name or "", one.version or "")
            continue
        licence = related.licences.get(one.spdxId)
        parts.append(
            Part(
                one.spdxId,
                one.name or "",
                one.version or "",
                one.purl or _identifier(one),
                (licence[1],) if licence else (),
                one.spdxId in related.dev,
                counts=one.purpose not in _NOT_SOFTWARE,
            )
        )
    known = {part.ref: part for part in parts}
    found = {ref: known[ref] for ref in related.roots if ref in known}
    root = next(iter(found.values())) if len(found) == 1 else None
    return Contents(FORM, parts, related.needs, related.holds, root, distribution, unread)


def _identifier(one: Element) -> str:
    return next((i.identifier for i in one.externalIdentifier or () if i.externalIdentifierType in _PURLS), "")
