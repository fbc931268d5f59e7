"""The places in a JSON document without its tree: only the collections on a path are looked through."""

from collections.abc import Iterable
from typing import TypeAlias

from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.json_text import SYNTAX, skip_white
from fourc.patch.yaml.node import Path
from fourc.patch.yaml.operations import Operation
from fourc.patch.yaml.resolve import replace_surrogates

_Span: TypeAlias = tuple[int, int]


class JsonOutline:
    """The places of a document that was read before without an error."""

    def __init__(self, document: RawDocument) -> None:
        self._text = document.text
        self._offset = document.offset
        self._mappings: dict[int, dict[str, tuple[_Span, _Span]]] = {}
        self._sequences: dict[int, tuple[list[_Span], int]] = {}

    def span(self, path: Path) -> _Span:
        """The characters that show the field, as `locate.span` finds them in the tree."""
        start = skip_white(self._text, 0)
        value: _Span = start, len(self._text.rstrip(" \t\n\r"))
        key: _Span | None = None
        for element in path:
            if isinstance(element, str):
                entry = self._entries(value[0]).get(element)
                if entry is None:
                    break
                key, value = entry
            else:
                items, _ = self._items(value[0])
                if not 0 <= element < len(items):
                    break
                key, value = None, items[element]
        is_scalar = self._text[value[0]] not in "{["
        shown = value if key is None else (key[0], value[1] if is_scalar else key[1])
        return shown[0] + self._offset, shown[1] + self._offset

    def fits(self, _operations: Iterable[Operation]) -> bool:
        """Never: whether an edit of JSON can be made is the editor's to say."""
        return False

    def _entries(self, start: int) -> dict[str, tuple[_Span, _Span]]:
        """By key the places of key and value, of a key that stands twice the last; none of what is no mapping."""
        if start not in self._mappings:
            found = self._mappings[start] = {}
            text = self._text
            at = skip_white(text, start + 1) if text[start] == "{" else start
            while text[at] == '"' and at > start:
                name, end = SYNTAX.raw_decode(text, at)
                value = skip_white(text, skip_white(text, end) + 1)
                value_end = self._items(value)[1] if text[value] == "[" else SYNTAX.raw_decode(text, value)[1]
                found[replace_surrogates(name)] = (at, end), (value, value_end)
                at = self._after(value_end)
        return self._mappings[start]

    def _items(self, start: int) -> tuple[list[_Span], int]:
        """The places of the items and where the sequence ends; none of what is no sequence."""
        if start not in self._sequences:
            found: list[_Span] = []
            text = self._text
            at = skip_white(text, start + 1)
            while text[start] == "[" and text[at] != "]":
                end = SYNTAX.raw_decode(text, at)[1]
                found.append((at, end))
                at = self._after(end)
            self._sequences[start] = found, at + 1
        return self._sequences[start]

    def _after(self, end: int) -> int:
        """Where the next entry or item starts, or the collection ends."""
        at = skip_white(self._text, end)
        return skip_white(self._text, at + 1) if self._text[at] == "," else at
