"""Syft's own JSON (github.com/anchore/syft, schema/json)."""

import msgspec
from msgspec import Struct

from fourc.collect.sbom.parts import Contents, Part
from fourc.model.package import Distribution

FORM = "syft"


class Licence(Struct, frozen=True, gc=False):
    """A licence as syft found it."""

    value: str = ""
    spdxExpression: str = ""  # noqa: N815 - syft's names, here and below


class Location(Struct, frozen=True, gc=False):
    """A file in which syft saw the package."""

    path: str = ""


class Artifact(Struct, frozen=True):
    """A package."""

    id: str = ""
    name: str = ""
    version: str = ""
    purl: str = ""
    licenses: list[Licence | str] | None = None
    locations: list[Location] | None = None


class Relationship(Struct, frozen=True, gc=False):
    """`parent` is in this relation to `child`."""

    parent: str = ""
    child: str = ""
    type: str = ""


class Distro(Struct, frozen=True):
    """The operating system."""

    id: str = ""
    versionID: str = ""  # noqa: N815
    prettyName: str = ""  # noqa: N815
    versionCodename: str = ""  # noqa: N815


class Source(Struct, frozen=True):
    """What syft looked at."""

    id: str = ""
    name: str = ""
    version: str = ""


class Document(Struct, frozen=True):
    """The document."""

    artifacts: list[Artifact] = []
    artifactRelationships: list[Relationship] = []  # noqa: N815
    distro: Distro | None = None
    source: Source | None = None


def read_json(data: bytes) -> Contents:
    """The contents of a document of syft; raises `msgspec.DecodeError` and `RecursionError`."""
    document = msgspec.json.decode(data, type=Document)
    needs: dict[str, list[str]] = {}
    for one in document.artifactRelationships:
        if one.type == "dependency-of":
            needs.setdefault(one.child, []).append(one.parent)
    parts = [_part(one) for one in document.artifacts]
    distro, source = document.distro, document.source
    return Contents(
        FORM,
        parts,
        needs,
        {},
        Part(source.id, source.name, source.version, "") if source else None,
        Distribution(distro.id, distro.versionID, distro.prettyName, distro.versionCodename)
        if distro and distro.id
        else None,
    )


def _part(one: Artifact) -> Part:
    said = [lic if isinstance(lic, str) else lic.spdxExpression or lic.value for lic in one.licenses or ()]
    path = one.locations[0].path.removeprefix("/") if one.locations else ""
    return Part(one.id, one.name, one.version, one.purl, tuple(filter(None, said)), path=path)
