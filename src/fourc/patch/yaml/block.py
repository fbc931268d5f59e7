"""Edits inside block collections: whole lines that come and go, values that are replaced where they stand."""

from collections.abc import Iterator

from msgspec import Struct

from fourc.patch.text import TextEdit

from .difference import Difference, Fate, Sharing, difference
from .emit import collection_lines, entry_lines, flow_text, item_lines, value_lines
from .expansion import to_json
from .flow import FlowEditor
from .layout import Layout, quotes_of, value_column
from .node import Entry, Json, Mapping, Node, Scalar, Sequence, Style
from .source import Source
from .target import same


class _Part(Struct, frozen=True):
    """An entry or item of a block collection: its first character (a dash, for an item) and where it ends."""

    child: Entry | Node
    start: int
    end: int

    @property
    def value(self) -> Node:
        return self.child.value if isinstance(self.child, Entry) else self.child


class _Place(Struct, frozen=True):
    """Where a value hangs: after a key or dash that stands at `column`; `after` is None for the root."""

    column: int
    after: int | None
    is_item: bool = False


class BlockEditor(Struct, frozen=True):
    """Makes the edits of one document, handing its flow collections on."""

    source: Source
    layout: Layout
    sharing: Sharing
    flow: FlowEditor

    def change_root(self, root: Node, wanted: Json) -> Iterator[TextEdit]:
        """The edits, nested ones before those of their parents, that make the document's data."""
        yield from self._change(root, wanted, _Place(0, None), 0)

    def _change(self, node: Node, wanted: Json, place: _Place, owner: int) -> Iterator[TextEdit]:
        """`owner` is the column of the key or dash above; 0 for the root, below which comments are the file's own."""
        if same(to_json(node), wanted):
            return
        self.sharing.check_change(node)
        found = self.flow.difference(node, wanted) if _is_flow(node) else difference(self.source, node, wanted)
        if found is None or not isinstance(node, Mapping | Sequence):
            yield from self._replacement(node, wanted, place)
        elif node.style is Style.FLOW:
            yield from self.flow.rework(node, found)
        else:
            yield from self._rework(node, found, owner)

    def _rework(self, node: Mapping | Sequence, found: Difference, owner: int) -> Iterator[TextEdit]:
        parts = list(self._parts(node))
        column = value_column(self.source, node)
        for part, fate in zip(parts, found.parts, strict=True):
            if fate is Fate.GONE:
                self.sharing.check_loss(_nodes(part.child), part.start, part.end)
            elif not isinstance(fate, Fate):
                yield from self._change(part.value, fate, self._place(part, column), column)
        yield from self._removals(parts, found, column, with_comments=isinstance(node, Sequence))
        style = quotes_of(node.items) if isinstance(node, Sequence) else None
        for index, value in found.between:
            lines = item_lines(value, column, self.layout, style)
            yield self.source.insertion(self._lines_end(parts[index], column), lines)
        if found.added:
            yield self._insertion(node, parts, found, owner)

    def _parts(self, node: Mapping | Sequence) -> Iterator[_Part]:
        if isinstance(node, Mapping):
            for entry in node.entries:
                end = max(self.source.value_place(entry), self.source.node_end(entry.value))
                yield _Part(entry, self.source.entry_start(entry), end)
            return
        column, done = self.source.column(node.start), node.start
        for item in node.items:
            dash = self.source.dash(done, column)
            yield _Part(item, dash, max(dash + 1, self.source.node_end(item)))
            done = self.source.line_end(max(dash, self.source.node_end(item)))

    def _place(self, part: _Part, column: int) -> _Place:
        if isinstance(part.child, Entry):
            return _Place(column, self.source.value_place(part.child))
        return _Place(column, part.start + 1, is_item=True)

    def _removals(
        self, parts: list[_Part], found: Difference, column: int, *, with_comments: bool
    ) -> Iterator[TextEdit]:
        """Takes the lines of each part that goes, `with_comments` those right above that stand as deep as it.

        A dash before the first key moves to the first key that stays.
        """
        first = parts[0].start
        line_start = self.source.line_start(first)
        before: _Part | None = None
        above = 0
        for part, fate in zip(parts, found.parts, strict=True):
            if fate is Fate.GONE:
                end = self._lines_end(part, column)
                if before is not None and self.source.keeps_blank_lines(before.value):
                    end = self.source.after_blank_lines(end)
                start = self.source.line_start(part.start)
                if with_comments and self.source.starts_line(part.start):
                    start = self.source.before_comments(start, column, above)
                yield TextEdit(start, end, "")
            else:
                before = part
            above = self.source.line_end(part.end)
        if found.parts[0] is Fate.GONE and not self.source.starts_line(first):
            kept = next(p for p, fate in zip(parts, found.parts, strict=True) if fate is not Fate.GONE)
            indentation = self.source.line_start(kept.start)
            yield TextEdit(indentation, kept.start, self.source.text[line_start:first])

    def _lines_end(self, part: _Part, column: int) -> int:
        """The end of the part's lines and of the comment lines below it that stand deeper than it."""
        end = self.source.line_end(part.end)
        return self.source.after_comments(end, column + 1) if _is_block(part.value) else end

    def _insertion(self, node: Mapping | Sequence, parts: list[_Part], found: Difference, owner: int) -> TextEdit:
        column = value_column(self.source, node)
        last = max(index for index, fate in enumerate(found.parts) if fate is not Fate.GONE)
        at = self._lines_end(parts[last], column)
        if last == len(parts) - 1:
            at = self.source.after_comments(at, max(column, owner + 1))
        style = quotes_of(node.items) if isinstance(node, Sequence) else None
        lines: list[str] = []
        for key, value in found.added:
            if key is None:
                lines += item_lines(value, column, self.layout, style)
            else:
                lines += entry_lines(key, value, column, self.layout)
        return self.source.insertion(at, lines)

    def _replacement(self, node: Node, wanted: Json, place: _Place) -> Iterator[TextEdit]:
        self.sharing.check_loss([node], node.start, node.end)
        style = node.style if isinstance(node, Scalar) else None
        if place.after is None:
            yield self._replaced_root(node, wanted)
        elif _is_flow(node) and (isinstance(node, Mapping) == isinstance(wanted, dict)) and _has_parts(node):
            yield self.flow.replacement(node, wanted, place.after)
        elif place.is_item:
            lines = item_lines(wanted, place.column, self.layout, style)
            yield from self._replaced_item(node, lines, place.after)
        else:
            head, body = value_lines(wanted, place.column, self.layout, style)
            yield from self._replaced_value(node, head, body, place.after, place.column)

    def _replaced_root(self, node: Node, wanted: Json) -> TextEdit:
        start = self.source.properties_start(node, 0)
        end = self.source.node_end(node)
        eol = self.source.eol(start)
        if _is_flow(node) and isinstance(wanted, dict | list):
            text = flow_text(wanted, self.layout.flow, self.layout)
            return TextEdit(start, end, text.replace("\n", eol))
        end = self.source.line_break(end)
        return TextEdit(start, end, eol.join(collection_lines(wanted, 0, self.layout)))

    def _replaced_item(self, node: Node, lines: list[str], after: int) -> Iterator[TextEdit]:
        """An item, in the line of its dash; a comment beside a value of one line stays there."""
        first = lines[0][self.source.column(after) :]
        end = self.source.node_end(node) if _is_block(node) else node.end
        start = self.source.properties_start(node, after)
        if _is_block(node) or "\n" in self.source.text[after:start]:
            end = self.source.line_break(end) if _is_block(node) else node.end
            yield TextEdit(after, end, self._joined([first, *lines[1:]], after))
            return
        yield TextEdit(max(start, after), node.end, first if start == after else first.lstrip(" "))
        if lines[1:]:
            yield self.source.insertion(self.source.line_end(end), lines[1:])

    def _replaced_value(self, node: Node, head: str, body: list[str], after: int, column: int) -> Iterator[TextEdit]:
        """A value beside or below its key; a comment in the line of the key or of a one-line value stays."""
        text = self.source.text
        start = self.source.properties_start(node, after)
        end = self.source.node_end(node) if _is_block(node) else node.end
        if not _is_block(node) and head:
            yield TextEdit(start, node.end, f" {head}" if start == after else head)
            if body:
                yield self.source.insertion(self.source.line_end(end), body)
        elif not _is_block(node) and "\n" not in text[after:start]:
            yield TextEdit(after, node.end, "")
            yield self.source.insertion(self.source.line_end(end), body)
        else:
            beside = self.source.properties_end(after)
            if head or beside > after:
                yield TextEdit(after, beside, f" {head}" if head else "")
            below = self.source.line_end(after)
            last = self.source.line_end(end)
            if _is_block(node):
                last = self.source.after_comments(last, column + 1)
            yield TextEdit(below, last, self.source.insertion(below, body).new if body else "")

    def _joined(self, lines: list[str], at: int) -> str:
        return self.source.eol(at).join(lines)


def _is_flow(node: Node) -> bool:
    return isinstance(node, Mapping | Sequence) and node.style is Style.FLOW


def _is_block(node: Node) -> bool:
    return isinstance(node, Mapping | Sequence) and node.style is Style.BLOCK


def _has_parts(node: Node) -> bool:
    return bool(node.entries) if isinstance(node, Mapping) else isinstance(node, Sequence) and bool(node.items)


def _nodes(child: Entry | Node) -> tuple[Node, ...]:
    return (child.key, child.value) if isinstance(child, Entry) else (child,)
