"""XML without its dangers: no entities but XML's own, nothing from outside, bounded size, depth and number; with lines."""

from xml.parsers.expat import ExpatError, ParserCreate

from fourc.collect.packages.decoding import within
from fourc.collect.packages.errors import malformed, nested, too_large
from fourc.collect.packages.form import Given
from fourc.collect.packages.limits import ELEMENTS, LEVELS
from fourc.text import Text

TEXT = 64 * 1024  # characters of one element; a longer one says nothing about packages

_XML = Text("it is not XML ({what})", "不是 XML（{what}）")
_DEFINES = Text("it defines XML entities or elements, which is not read", "其中定义了 XML 实体或元素，不予读取")
_MANY = Text("it has more than {limit} elements", "元素超过 {limit} 个")


class Element:
    """An XML element: its name without namespace, its text without space around it, the line on which it begins."""

    __slots__ = ("attributes", "children", "line", "name", "text")

    def __init__(self, name: str, line: int, attributes: dict[str, str]) -> None:
        self.name = name
        self.line = line
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""

    def child(self, name: str) -> "Element | None":
        """The first element of that name in it."""
        for child in self.children:
            if child.name == name:
                return child
        return None

    def all(self, name: str) -> "list[Element]":
        """The elements of that name in it."""
        return [child for child in self.children if child.name == name]

    def inner(self, *names: str) -> str:
        """The text of the element that a path of names leads to, empty where there is none."""
        at: Element | None = self
        for name in names:
            at = at.child(name) if at is not None else None
        return at.text if at is not None else ""


class _Reading:
    """What expat calls while it reads one file."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.parser = ParserCreate()
        self.root = Element("", 0, {})
        self._open = [self.root]
        self._pieces: list[str] = []
        self._count = self._length = 0
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > ELEMENTS:
            raise too_large(self.given.path, _MANY.of(limit=ELEMENTS))
        if len(self._open) > LEVELS:
            raise nested(self.given.path)
        element = Element(name.rpartition(":")[2], self.parser.CurrentLineNumber, attributes)
        self._open[-1].children.append(element)
        self._open.append(element)
        self._pieces = []
        self._length = 0

    def _end(self, _: str) -> None:
        element = self._open.pop()
        if not element.children:
            element.text = "".join(self._pieces).strip()
        self._pieces = []

    def _characters(self, text: str) -> None:
        self._length += len(text)
        if self._length <= TEXT:
            self._pieces.append(text)

    def _doctype(self, _name: str, _system: str | None, _public: str | None, subset: bool) -> None:
        if subset:  # the only place where entities and default attributes are defined
            raise malformed(self.given.path, _DEFINES)


def read_xml(given: Given) -> Element:
    """The root element of an XML file; raises `PackagesError` for what is none, or is a trap."""
    reading = _Reading(given)
    try:
        reading.parser.Parse(within(given), True)
    except (ExpatError, ValueError, LookupError) as error:
        raise malformed(given.path, _XML.of(what=str(error)[:200])) from error
    return reading.root.children[0]
