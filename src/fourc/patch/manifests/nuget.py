"""Versions of NuGet packages in project files (https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files)."""

import re

from fourc.patch.manifests.refusal import VersionRefused, elsewhere
from fourc.patch.manifests.wanted import Site, Wanted, exchanged
from fourc.patch.manifests.xml_elements import Element, elements
from fourc.patch.text import TextEdit

_ITEMS = frozenset(("PackageReference", "PackageVersion", "GlobalPackageReference", "DotNetCliToolReference"))
_VERSIONS = frozenset(("version", "versionoverride"))
_PROPERTY = re.compile(r"\$\(([^()$]++)\)")


def project(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of a project file or of `Directory.Packages.props`; a property of the same file is followed.

    With `$(Property)` as name they are those of the property, for projects that inherit it.

    Raises:
        VersionRefused: no such reference, or its version stands in another file.
    """
    found = elements(wanted.text)
    properties = _properties(found)
    own = _PROPERTY.fullmatch(wanted.name)
    if own is not None:
        return exchanged(wanted, properties.get(own[1].lower(), []), ("", "["))
    sites: list[Site] = []
    refused: VersionRefused | None = None
    for element in found:
        if element.name not in _ITEMS or not _is_of(wanted, element, ("Include", "Update")):
            continue
        places = _versions(element)
        if not places:
            refused = refused or elsewhere(wanted.name, "Directory.Packages.props")
        for place in places:
            match = _PROPERTY.fullmatch(wanted.text[place.start : place.end].strip())
            held = properties.get(match[1].strip().lower(), []) if match else [place]
            sites += held
            if match is not None and not held:
                refused = elsewhere(wanted.name, match[0], match[0])
    if refused is not None and not sites:
        raise refused
    return exchanged(wanted, sites, ("", "["))


def _properties(found: tuple[Element, ...]) -> dict[str, list[Site]]:
    """Places of the values of each property, by name in lower case."""
    properties: dict[str, list[Site]] = {}
    for element in found:
        if element.parent is not None and element.parent.name == "PropertyGroup" and element.content is not None:
            properties.setdefault(element.name.lower(), []).append(element.content)
    return properties


def packages_config(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of a `packages.config`.

    Raises:
        VersionRefused: no such package.
    """
    sites = [
        element.attributes["version"]
        for element in elements(wanted.text)
        if element.name == "package" and "version" in element.attributes and _is_of(wanted, element, ("id",))
    ]
    return exchanged(wanted, sites, ("", "["))


def _is_of(wanted: Wanted, element: Element, names: tuple[str, ...]) -> bool:
    """Whether an attribute of those names holds the package's name, whose case means nothing."""
    places = [element.attributes[name] for name in names if name in element.attributes]
    return any(wanted.text[place.start : place.end].strip().lower() == wanted.name.lower() for place in places)


def _versions(element: Element) -> list[Site]:
    attributes = [place for name, place in element.attributes.items() if name.lower() in _VERSIONS]
    children = [child.content for child in element.children if child.name.lower() in _VERSIONS]
    return attributes + [place for place in children if place is not None]
