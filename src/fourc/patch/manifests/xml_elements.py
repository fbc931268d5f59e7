"""The elements of an XML text and where their attributes and contents stand (https://www.w3.org/TR/xml/)."""

import re
from functools import lru_cache

from msgspec import Struct, field

from fourc.patch.manifests.refusal import malformed
from fourc.patch.manifests.wanted import KEPT, Site

_TAG = re.compile(
    r"<(?P<close>/?+)(?P<name>[^\s/><!?=\"']++)(?P<attributes>(?:\s++[^\s=/><\"']++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'))*+)"
    r"\s*+(?P<alone>/?+)>"
)
_ATTRIBUTE = re.compile(r"([^\s=/><\"']++)\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)')")
_SKIPPED = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"))


class Element(Struct):
    """One element. `content` is what stands between its tags where that is text alone, None elsewhere."""

    name: str
    attributes: dict[str, Site]
    parent: "Element | None"
    opened: int
    content: Site | None = None
    children: "list[Element]" = field(default_factory=list)

    def child(self, name: str) -> "Element | None":
        """The first child of that name."""
        return next((child for child in self.children if child.name == name), None)


@lru_cache(maxsize=KEPT)
def elements(text: str) -> tuple[Element, ...]:
    """All elements, in the order of their beginnings; a name loses its namespace's prefix.

    Raises:
        VersionRefused: not XML, or with a document type, whose entities could mean anything.
    """
    found: list[Element] = []
    stack: list[Element] = []
    at = text.find("<")
    while at >= 0:
        end = _skipped(text, at)
        if end:
            if stack and text.startswith("<![", at):
                stack[-1].opened = -1
            at = text.find("<", end)
            continue
        match = _TAG.match(text, at)
        if match is None:
            raise malformed("XML")
        if match["close"]:
            _close(text, at, match, stack)
        else:
            found.append(_open(match, stack))
        at = text.find("<", match.end())
    if stack or not found:
        raise malformed("XML")
    return tuple(found)


def _open(match: re.Match[str], stack: list[Element]) -> Element:
    parent = stack[-1] if stack else None
    element = Element(_local(match), _attributes(match), parent, match.end())
    if parent is not None:
        parent.children.append(element)
    if not match["alone"]:
        stack.append(element)
    return element


def _close(text: str, at: int, match: re.Match[str], stack: list[Element]) -> None:
    if not stack or stack[-1].name != _local(match):
        raise malformed("XML")
    element = stack.pop()
    if not element.children and element.opened >= 0:
        element.content = _trimmed(text, element.opened, at)


def _local(match: re.Match[str]) -> str:
    return match["name"].rpartition(":")[2]


def _skipped(text: str, at: int) -> int:
    """Where a comment, a section of characters or an instruction ends that begins here, 0 where none begins."""
    for begin, end in _SKIPPED:
        if text.startswith(begin, at):
            found = text.find(end, at + len(begin))
            if found < 0:
                raise malformed("XML")
            return found + len(end)
    if text.startswith("<!", at):
        raise malformed("XML")
    return 0


def _attributes(match: re.Match[str]) -> dict[str, Site]:
    begin = match.start("attributes")
    return {
        found[1]: Site(begin + found.start(found.lastindex or 2), begin + found.end(found.lastindex or 2))
        for found in _ATTRIBUTE.finditer(match["attributes"])
    }


def _trimmed(text: str, start: int, end: int) -> Site | None:
    """The place without the white space around it; None where a comment stands in it."""
    content = text[start:end]
    if "<" in content:
        return None
    bare = content.strip()
    begin = start + len(content) - len(content.lstrip())
    return Site(begin, begin + len(bare))
