"""CycloneDX (https://cyclonedx.org/specification/overview/) in JSON, 1.2 to 1.7."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec
from msgspec import Raw, Struct, field

from fourc.collect.sbom.parts import Contents, Part, distribution_named
from fourc.model.package import Distribution, SourcePackage

_T = TypeVar("_T")

FORM = "cyclonedx"
_SYSTEM = "operating-system"
_SOFTWARE = frozenset(("library", "framework"))
_MOST_NESTED = 100
"""Levels of components in components."""
_DEV = frozenset(("fourc:dev", "cdx:npm:package:development"))
_PATHS = frozenset(("aquasecurity:trivy:FilePath", "syft:location:0:path", "fourc:path"))
_TRIVY = "aquasecurity:trivy:Src"


class Property(Struct, frozen=True, gc=False):
    """A property that the tool added."""

    name: str = ""
    value: str | None = None


class Licence(Struct, frozen=True, gc=False):
    """A licence by its SPDX id, or by another name."""

    id: str | None = None
    name: str | None = None


class LicenceChoice(Struct, frozen=True):
    """A licence, or an expression of several."""

    license: Licence | None = None
    expression: str | None = None


class Component(Struct, frozen=True):
    """One component with those that it is assembled of."""

    type: str = ""
    bom_ref: str | None = field(name="bom-ref", default=None)
    name: str = ""
    version: str | None = None
    purl: str | None = None
    scope: str | None = None
    description: str | None = None
    licenses: list[LicenceChoice] | None = None
    properties: list[Property] | None = None
    components: "list[Component] | None" = None


class Dependency(Struct, frozen=True):
    """What the component `ref` depends on."""

    ref: str = ""
    dependsOn: list[str] | None = None  # noqa: N815 - CycloneDX's name


class Metadata(Struct, frozen=True):
    """What the whole is about."""

    component: Component | None = None


class Bom(Struct, frozen=True):
    """The document."""

    metadata: Metadata | None = None
    components: list[Component] | None = None
    dependencies: list[Dependency] | None = None


class _Loose(Struct, frozen=True):
    """The document, its parts not yet looked at."""

    metadata: Raw = Raw(b"null")
    components: list[Raw] | None = None
    dependencies: list[Raw] | None = None


def read_json(data: bytes) -> Contents:
    """The contents of a CycloneDX JSON document; raises `msgspec.DecodeError` and `RecursionError`.

    A component in which a field has a wrong type is passed over and counted.
    """
    try:
        return contents_of(msgspec.json.decode(data, type=Bom))
    except msgspec.ValidationError:
        return _loosely(data)


def _loosely(data: bytes) -> Contents:
    loose = msgspec.json.decode(data, type=_Loose)
    components = list(_each(loose.components, Component))
    dependencies = list(_each(loose.dependencies, Dependency))
    metadata = list(_each([loose.metadata], Metadata))
    bom = Bom(metadata[0] if metadata else None, components, dependencies)
    return contents_of(bom, len(loose.components or ()) - len(components))


def _each(raws: Iterable[Raw] | None, shape: type[_T]) -> Iterator[_T]:
    for raw in raws or ():
        try:
            yield msgspec.json.decode(raw, type=shape)
        except msgspec.ValidationError:
            continue


def contents_of(bom: Bom, unread: int = 0) -> Contents:
    """The document's contents."""
    root = bom.metadata.component if bom.metadata else None
    distribution = None
    parts: list[Part] = []
    left = [(one, 0) for one in reversed(bom.components or ())]
    if root is not None:
        left.extend((one, 1) for one in reversed(root.components or ()))
    while left:
        one, depth = left.pop()
        if one.type == _SYSTEM and distribution is None:
            distribution = _distribution(one)
        else:
            parts.append(_part(one))
        if one.components and depth < _MOST_NESTED:
            left.extend((inner, depth + 1) for inner in reversed(one.components))
    if root is not None and root.type == _SYSTEM and distribution is None:
        distribution = _distribution(root)
    needs = {one.ref: one.dependsOn for one in bom.dependencies or () if one.dependsOn}
    return Contents(FORM, parts, needs, {}, _part(root) if root else None, distribution, unread)


def _distribution(one: Component) -> Distribution:
    return distribution_named(one.name, one.version or "", one.description or "")


def _part(one: Component) -> Part:
    dev, path, source = one.scope == "excluded", "", None
    if one.properties:
        trivy: dict[str, str] = {}
        for said in one.properties:
            name, value = said.name, said.value
            if not value:
                continue
            if name.startswith(_TRIVY):
                trivy[name.removeprefix(_TRIVY)] = value
            elif name in _DEV:
                dev = dev or value == "true"
            elif name in _PATHS and not path:
                path = value.removeprefix("/")
        source = _source(trivy)
    ref = one.bom_ref or one.purl or ""
    counts = one.type in _SOFTWARE
    licences = tuple(_licences(one.licenses)) if one.licenses else ()
    return Part(ref, one.name, one.version or "", one.purl or "", licences, dev, source, path, counts)


def _source(said: dict[str, str]) -> SourcePackage | None:
    """The source package of trivy's properties: its epoch and release stand apart."""
    name, version = said.get("Name"), said.get("Version")
    if not name or not version:
        return None
    if release := said.get("Release"):
        version = f"{version}-{release}"
    epoch = said.get("Epoch", "0")
    return SourcePackage(name, f"{epoch}:{version}" if epoch != "0" else version)


def _licences(choices: Iterable[LicenceChoice]) -> Iterator[str]:
    for choice in choices:
        said = choice.expression or (choice.license and (choice.license.id or choice.license.name))
        if said:
            yield said
