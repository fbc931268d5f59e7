"""The places in a document that is read line by line: those in the one line on which a field is written.

Where they are in it libyaml says, of the line alone, and the answer is remembered: manifests repeat their lines.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from fourc.patch.yaml.by_lines import Marks, block_end, lines_of, load_lines
from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.errors import DEFAULT_LIMITS
from fourc.patch.yaml.fast import NeedsTreeError
from fourc.patch.yaml.line import BLOCK, key_end, line_of, scalar_span
from fourc.patch.yaml.node import Json, Path
from fourc.patch.yaml.node_outline import NodeOutline, node_outline
from fourc.patch.yaml.operations import Operation

_REMEMBERED = 1 << 12


class LineOutline:
    """The places of a document whose data is known with the lines of its entries and items."""

    def __init__(self, data: dict[str, Json], marks: Marks, document: RawDocument) -> None:
        self._data = data
        self._marks = marks
        self._document = document
        self._lines = lines_of(document)
        self._starts = [*accumulate((len(line) + 1 for line in self._lines), initial=document.offset)]
        self._nodes: NodeOutline | None = None

    def span(self, path: Path) -> tuple[int, int] | None:
        """The characters that show the field; None where only the tree can tell."""
        node, key, line, matched = self._find(path)
        marks = self._marks.get(id(node))
        if marks is None:
            place = self._item(line) if key is None else self._entry(line, (key, *path[matched:]))
            return self._by_nodes(path) if place is None else place
        if key is not None:
            return self._key(line)
        if isinstance(node, dict):
            first, value = next(iter(node.items()))
            return self._key(marks[0]) if isinstance(value, dict | list) else self._entry(marks[0], (first,))
        start = self._starts[marks[0]] + self._columns(marks[0])[0]
        return start, start + 1

    def fits(self, operations: Iterable[Operation]) -> bool:
        """Whether every path leads through collections as far as it exists, and on by keys: then the edit can be made."""
        return all(self._leads_on(operation.path) for operation in operations)

    def _leads_on(self, path: Path) -> bool:
        node: Json = self._data
        for matched, element in enumerate(path):
            child = _child(node, element)
            if child is None:
                is_open = isinstance(node, dict) or node is None
                return is_open and all(isinstance(key, str) for key in path[matched:])
            (node,) = child
        return True

    def _find(self, path: Path) -> tuple[Json, str | None, int, int]:
        """The deepest node with a line of its own; its key, None of an item or the root; its line; how far that is."""
        node: Json = self._data
        key, line = None, 0
        for matched, element in enumerate(path):
            marks, child = self._marks.get(id(node)), _child(node, element)
            if marks is None or child is None:
                return node, key, line, matched
            if isinstance(element, int):
                key, line = None, marks[element]
            elif isinstance(node, dict):
                key, line = element, marks[[*node].index(element)]
            (node,) = child
        return node, key, line, len(path)

    def _columns(self, line: int) -> tuple[int, int]:
        """Where the line's first character stands, and where what follows its dash."""
        said = line_of(self._lines[line])
        return said[:2] if said is not None else (0, 0)

    def _key(self, line: int) -> tuple[int, int]:
        start, column = self._starts[line], self._columns(line)[1]
        return start + column, start + key_end(self._lines[line], column)

    def _item(self, line: int) -> tuple[int, int] | None:
        start = self._starts[line]
        place = scalar_span(self._lines[line], self._columns(line)[1])
        return None if place is None else (start + place[0], start + max(place[1], place[0] + 1))

    def _entry(self, line: int, path: Path) -> tuple[int, int] | None:
        """Where the path leads in the document that the entry on the line would be alone."""
        said = line_of(self._lines[line])
        column = said[1] if said is not None else 0
        end = line + 1
        if said is not None and said[4] == BLOCK:
            end = block_end(self._lines, end, column)
        place = _span_alone("\n".join([self._lines[line][column:], *self._lines[line + 1 : end], ""]), path)
        start = self._starts[line] + column
        return None if place is None else (start + place[0], start + place[1])

    def _by_nodes(self, path: Path) -> tuple[int, int] | None:
        self._nodes = self._nodes or node_outline(self._document)
        return None if self._nodes is None else self._nodes.span(path)


def line_outline(document: RawDocument) -> LineOutline | None:
    """The outline of a document that can be read line by line; None of others."""
    marks: Marks = {}
    try:
        data = load_lines(document, DEFAULT_LIMITS, marks)
    except NeedsTreeError:
        return None
    return LineOutline(data, marks, document)


@lru_cache(maxsize=_REMEMBERED)
def _span_alone(text: str, path: Path) -> tuple[int, int] | None:
    alone = node_outline(RawDocument(text, 0, 1, 0))
    return None if alone is None else alone.span(path)


def _child(node: Json, element: str | int) -> tuple[Json] | None:
    """What the element leads to, None where that is nothing."""
    if isinstance(node, dict) and isinstance(element, str) and element in node:
        return (node[element],)
    if isinstance(node, list) and isinstance(element, int) and 0 <= element < len(node):
        return (node[element],)
    return None
