"""CycloneDX in XML (https://cyclonedx.org/docs/1.6/xml/): read as a stream of events, without DTDs and what these bring."""

from collections.abc import Mapping
from xml.parsers import expat

from fourc.collect.sbom.cyclonedx import (
    Bom,
    Component,
    Dependency,
    Licence,
    LicenceChoice,
    Metadata,
    Property,
    contents_of,
)
from fourc.collect.sbom.parts import Contents, SbomError, malformed
from fourc.model.text import Text, same

_MOST_NESTED = 200
_MOST_TEXT = 1024 * 1024
"""Characters of one value; what is longer is no name and no version."""
_FIELDS = frozenset(("group", "name", "version", "purl", "scope", "description"))
_HOLDERS = frozenset(("bom", "metadata", "component", "components"))
"""Elements through which the software itself is reached; others hold tools, ancestors and formulas."""


def read_xml(path: str, data: bytes) -> Contents:
    """The contents of a CycloneDX XML document.

    Raises:
        SbomError: it is no XML, no CycloneDX, or has a DTD.
    """
    reader = _Reader(path)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise malformed(path, same(str(error))) from error
    if not reader.is_bom:
        raise malformed(path, Text("its root element is not `bom`", "其根元素不是 `bom`"))
    return contents_of(reader.bom())


class _Open:
    """A component whose end has not come."""

    def __init__(self, attributes: Mapping[str, str]) -> None:
        self.attributes = attributes
        self.fields: dict[str, str] = {}
        self.licences: list[LicenceChoice] = []
        self.properties: list[Property] = []
        self.components: list[Component] = []

    def closed(self) -> Component:
        fields = self.fields
        return Component(
            self.attributes.get("type", ""),
            self.attributes.get("bom-ref"),
            fields.get("name", ""),
            fields.get("version"),
            fields.get("purl"),
            fields.get("scope"),
            fields.get("description"),
            self.licences or None,
            self.properties or None,
            self.components or None,
        )


class _Reader:
    """What the events have told so far."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._names: list[str] = []
        self._open: list[_Open] = []
        self._text: list[str] | None = None
        self._size = 0
        self._property = ""
        self._beside = 0
        self._dependency = ""
        self._root: Component | None = None
        self._components: list[Component] = []
        self._needs: dict[str, list[str]] = {}
        self.is_bom = False

    def bom(self) -> Bom:
        needs = [Dependency(ref, wanted) for ref, wanted in self._needs.items()]
        return Bom(Metadata(self._root), self._components, needs)

    def doctype(self, *_: object) -> None:
        raise self._refused(Text("it has a document type declaration", "它含有文档类型声明（DTD）"))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        parent = self._names[-1] if self._names else ""
        if not self._names:
            self.is_bom = name == "bom"
        self._names.append(name)
        if len(self._names) > _MOST_NESTED:
            raise self._refused(Text("it is nested too deep", "嵌套过深"))
        self._text = None
        if self._beside:
            self._beside += 1
        elif parent in _HOLDERS:
            self._start_in_holder(name, parent, attributes)
        elif parent == "dependencies" and name == "dependency":
            self._dependency = attributes.get("ref", "")
        elif parent == "dependency" and name == "dependency" and self._dependency:
            self._needs.setdefault(self._dependency, []).append(attributes.get("ref", ""))
        elif self._open and name in {"id", "name", "expression"} and parent in {"license", "licenses"}:
            self._begin_text()
        elif self._open and name == "property" and parent == "properties":
            self._property = attributes.get("name", "")
            self._begin_text()

    def _start_in_holder(self, name: str, parent: str, attributes: dict[str, str]) -> None:
        if name == "component":
            self._open.append(_Open(attributes))
        elif parent == "component" and name in _FIELDS:
            self._begin_text()
        elif name not in {*_HOLDERS, "dependencies", "licenses", "properties"}:
            self._beside = 1

    def _begin_text(self) -> None:
        self._text, self._size = [], 0

    def characters(self, text: str) -> None:
        if self._text is not None:
            self._size += len(text)
            if self._size <= _MOST_TEXT:
                self._text.append(text)

    def end(self, _: str) -> None:
        name = self._names.pop()
        if self._beside:
            self._beside -= 1
            return
        parent = self._names[-1] if self._names else ""
        text = "".join(self._text).strip() if self._text is not None else None
        self._text = None
        if name == "component" and self._open and parent in _HOLDERS:
            self._close(parent)
        elif text is not None and self._open:
            self._keep(name, parent, text)

    def _keep(self, name: str, parent: str, text: str) -> None:
        one = self._open[-1]
        if name == "expression":
            one.licences.append(LicenceChoice(expression=text))
        elif parent == "license":
            one.licences.append(LicenceChoice(Licence(text, None) if name == "id" else Licence(None, text)))
        elif name == "property":
            one.properties.append(Property(self._property, text))
        else:
            one.fields[name] = text

    def _close(self, parent: str) -> None:
        made = self._open.pop().closed()
        if parent == "metadata":
            self._root = made
        elif self._open:
            self._open[-1].components.append(made)
        else:
            self._components.append(made)

    def _refused(self, why: Text) -> SbomError:
        return malformed(self._path, why)
