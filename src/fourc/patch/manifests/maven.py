"""Versions in `pom.xml` (https://maven.apache.org/pom.html)."""

import re

from fourc.patch.manifests.refusal import VersionRefused, elsewhere
from fourc.patch.manifests.wanted import Site, Wanted, exchanged
from fourc.patch.manifests.xml_elements import Element, elements
from fourc.patch.text import TextEdit

_COORDINATES = frozenset(("dependency", "plugin", "parent", "extension", "annotationProcessorPath", "path"))
_PROPERTY = re.compile(r"\$\{([^{}$]++)\}")
_PLUGINS = "org.apache.maven.plugins"
_HOPS = 8
"""Properties that name properties: Maven follows any number, nobody writes more."""


def pom_xml(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of the version of `group:artifact` wherever it stands, or of the property that holds it.

    With `${property}` as name they are those of the property, for poms that inherit it.

    Raises:
        VersionRefused: it does not stand here in the old version, or comes from a parent.
    """
    found = elements(wanted.text)
    if found[0].name != "project":
        raise elsewhere(wanted.name, "pom.xml")
    properties = _properties(found)
    own = _PROPERTY.fullmatch(wanted.name)
    if own is not None:
        return exchanged(wanted, properties.get(own[1], []), ("", "["))
    sites: list[Site] = []
    refused: VersionRefused | None = None
    for element in found:
        if element.name not in _COORDINATES or _coordinates(wanted.text, element, properties) != wanted.name:
            continue
        version = element.child("version")
        if version is None or version.content is None:
            refused = refused or elsewhere(wanted.name, "dependencyManagement / parent")
            continue
        held = _held(wanted, version.content, properties)
        sites += held
        if not held:
            holder = _content(wanted.text, version)
            refused = refused or elsewhere(wanted.name, holder, holder)
    try:
        return exchanged(wanted, sites, ("", "["))
    except VersionRefused:
        if refused is not None:
            raise refused from None
        raise


def _held(wanted: Wanted, site: Site, properties: dict[str, list[Site]]) -> list[Site]:
    """Where the version is written that stands, or is named, at the site."""
    sites = [site]
    for _ in range(_HOPS):
        named: list[Site] = []
        for place in sites:
            match = _PROPERTY.fullmatch(wanted.text[place.start : place.end].strip())
            if match is None:
                named.append(place)
            else:
                named += properties.get(match[1].strip(), ())
        if named == sites:
            break
        sites = named
    return sites


def _properties(found: tuple[Element, ...]) -> dict[str, list[Site]]:
    """Places of the values of each property, of the project and of its profiles."""
    properties: dict[str, list[Site]] = {}
    for element in found:
        owner = element.parent
        if owner is not None and owner.name == "properties" and element.content is not None:
            above = owner.parent.name if owner.parent else ""
            if above in {"project", "profile"}:
                properties.setdefault(element.name, []).append(element.content)
    root = found[0]
    parent = root.child("parent")
    group = root.child("groupId") or (parent.child("groupId") if parent else None)
    if group is not None and group.content is not None:
        for word in ("project.groupId", "pom.groupId", "groupId"):
            properties.setdefault(word, [group.content])
    if parent is not None:
        for name in ("groupId", "version"):
            own = parent.child(name)
            if own is not None and own.content is not None:
                properties.setdefault(f"project.parent.{name}", [own.content])
    return properties


def _coordinates(text: str, element: Element, properties: dict[str, list[Site]]) -> str:
    """`group:artifact` of the element."""
    group, artifact = element.child("groupId"), element.child("artifactId")
    if artifact is None:
        return ""
    group_id = _resolved(text, group, properties) if group else _PLUGINS if element.name == "plugin" else ""
    return f"{group_id}:{_resolved(text, artifact, properties)}"


def _resolved(text: str, element: Element, properties: dict[str, list[Site]]) -> str:
    content = _content(text, element)
    match = _PROPERTY.fullmatch(content)
    if match is None:
        return content
    places = properties.get(match[1].strip(), [])
    return text[places[0].start : places[0].end] if places else content


def _content(text: str, element: Element) -> str:
    return text[element.content.start : element.content.end] if element.content else ""
