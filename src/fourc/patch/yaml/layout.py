"""How a document is laid out, so that new text looks like the text around it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from .node import Entry, Mapping, Node, Scalar, Sequence, Style
from .scalar import Quote
from .source import Source

_COLON = re.compile(r"[ \t]*:[ \t]*")
_COMMA = re.compile(r"[ \t]*,[ \t]*")


class FlowLayout(Struct, frozen=True):
    """How flow collections are written; `unit` is one level of a document of several lines in flow style."""

    json: bool
    colon: str
    comma: str
    unit: str | None


class Layout(Struct, frozen=True):
    """Columns from a key to its mapping (`step`) and to the dashes of its sequence, from a dash to its item (`pad`)."""

    step: int
    dash: int
    pad: int
    quote: Quote
    flow: FlowLayout


def layout_of(source: Source, root: Node) -> Layout:
    """What most of the document does; where it shows nothing: two columns, dashes indented, double quotes."""
    steps: Counter[int] = Counter()
    dashes: Counter[int] = Counter()
    pads: Counter[int] = Counter()
    quotes: Counter[Style] = Counter()
    for node in walk(root):
        match node:
            case Mapping(style=Style.BLOCK):
                for value, column in _children(source, node):
                    (steps if isinstance(value, Mapping) else dashes)[value_column(source, value) - column] += 1
            case Sequence(style=Style.BLOCK):
                pads.update(_pads(source, node))
            case Scalar(style=style):
                quotes[style] += 1
            case _:
                pass
    step = _most(steps, 2)
    quote: Quote = "'" if quotes[Style.SINGLE] > quotes[Style.DOUBLE] else '"'
    return Layout(step, _most(dashes, step), _most(pads, 2), quote, _flow_layout(source, root))


def walk(root: Node) -> Iterator[Node]:
    """The node and all that stands below it, as written: keys too, of an alias only itself."""
    yield root
    if isinstance(root, Mapping):
        for entry in root.entries:
            yield entry.key
            yield from walk(entry.value)
    elif isinstance(root, Sequence):
        for item in root.items:
            yield from walk(item)


def value_column(source: Source, node: Mapping | Sequence) -> int:
    """The column at which the keys or the dashes of a block collection stand."""
    if isinstance(node, Mapping) and node.entries:
        return source.column(source.entry_start(node.entries[0]))
    return source.column(node.start)


def quotes_of(strings: Iterable[Node]) -> Style | None:
    """The quotes that all strings among the nodes have; None if they have different ones, or none."""
    styles = {node.style for node in strings if isinstance(node, Scalar) and isinstance(node.value, str)}
    if len(styles) != 1:
        return None
    style = styles.pop()
    return style if style in (Style.SINGLE, Style.DOUBLE) else None


def flow_layout_in(source: Source, node: Mapping | Sequence, layout: FlowLayout) -> FlowLayout:
    """The document's flow layout with what this collection does differently."""
    json = layout.json
    if isinstance(node, Mapping) and node.entries:
        json = json or all(entry.key.style is Style.DOUBLE for entry in node.entries)
    colon = _colon(source, node) if json else None
    return FlowLayout(json, colon or layout.colon, _comma(source, node) or layout.comma, layout.unit)


def _children(source: Source, node: Mapping) -> Iterator[tuple[Mapping | Sequence, int]]:
    """The block collections that stand on lines below their key, each with the column of the key."""
    for entry in node.entries:
        value = entry.value
        if isinstance(value, Mapping | Sequence) and value.style is Style.BLOCK and source.starts_line(value.start):
            yield value, value_column(source, node)


def _pads(source: Source, node: Sequence) -> Iterator[int]:
    for item in node.items:
        before = source.text[source.line_start(item.start) : item.start]
        if item.start < item.end and before.endswith(" ") and before.rstrip(" ").endswith("-"):
            yield len(before) - len(before.rstrip(" ")) + 1


def _most(counter: Counter[int], default: int) -> int:
    return counter.most_common(1)[0][0] if counter else default


def _flow_layout(source: Source, root: Node) -> FlowLayout:
    collections = [node for node in walk(root) if isinstance(node, Mapping | Sequence) and node.style is Style.FLOW]
    if not collections or root is not collections[0]:
        return FlowLayout(json=False, colon=": ", comma=", ", unit=None)
    json = all(entry.key.style is Style.DOUBLE for entry in _entries(collections))
    colon = next(filter(None, (_colon(source, node) for node in collections)), ": ") if json else ": "
    comma = next(filter(None, (_comma(source, node) for node in collections)), ", " if colon[-1] == " " else ",")
    return FlowLayout(json, colon, comma, _unit(source, collections))


def _entries(collections: Iterable[Mapping | Sequence]) -> Iterator[Entry]:
    for node in collections:
        if isinstance(node, Mapping):
            yield from node.entries


def _colon(source: Source, node: Mapping | Sequence) -> str | None:
    if isinstance(node, Mapping) and node.entries:
        match = _COLON.fullmatch(source.text, node.entries[0].key.end, node.entries[0].value.start)
        return None if match is None else match[0]
    return None


def _comma(source: Source, node: Mapping | Sequence) -> str | None:
    starts = [entry.key.start for entry in node.entries] if isinstance(node, Mapping) else [i.start for i in node.items]
    ends = [entry.value.end for entry in node.entries] if isinstance(node, Mapping) else [i.end for i in node.items]
    for end, start in zip(ends, starts[1:], strict=False):
        match = _COMMA.fullmatch(source.text, end, start)
        if match is not None:
            return match[0]
    return None


def _unit(source: Source, collections: Iterable[Mapping | Sequence]) -> str | None:
    """The white space that a level adds, in the first collection whose content starts on a line of its own."""
    for node in collections:
        first = _first_start(node)
        if first is not None and source.starts_line(first) and source.line(first) != source.line(node.start):
            inner, outer = source.lead(first), source.lead(node.start)
            return inner.removeprefix(outer) if inner.startswith(outer) else inner
    return None


def _first_start(node: Mapping | Sequence) -> int | None:
    if isinstance(node, Mapping):
        return node.entries[0].key.start if node.entries else None
    return node.items[0].start if node.items else None
