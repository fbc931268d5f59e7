"""Edits inside flow collections, `{a: b}` and `[a, b]`, and so in whole JSON documents."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from fourc.patch.text import TextEdit

from .difference import Difference, Fate, Sharing, difference
from .emit import flow_entry, flow_text, on_one_line
from .expansion import to_json
from .layout import Layout, flow_layout_in, quotes_of
from .node import Entry, Json, Mapping, Node, Scalar, Sequence
from .source import Source
from .target import same

_COMMA = re.compile(r"(?:\s|(?<=\s)#[^\n]*)*,")


class _Part(Struct, frozen=True):
    """The span of an entry or item, without its comma."""

    start: int
    end: int


class FlowEditor(Struct, frozen=True):
    """Makes the edits of one document's flow collections."""

    source: Source
    layout: Layout
    sharing: Sharing

    def change(self, node: Node, wanted: Json, after: int) -> Iterator[TextEdit]:
        """The edits that make the data of a node inside a flow collection; `after` is the end of what precedes it."""
        if same(to_json(node), wanted):
            return
        self.sharing.check_change(node)
        found = self.difference(node, wanted)
        if found is None:
            yield self.replacement(node, wanted, after)
        elif isinstance(node, Mapping | Sequence):
            yield from self.rework(node, found)

    def difference(self, node: Node, wanted: Json) -> Difference | None:
        """As `difference`, and None for the mapping without braces in `[a: b]`."""
        found = difference(self.source, node, wanted)
        if isinstance(node, Mapping) and self.source.text[node.start] != "{":
            return None
        return found

    def rework(self, node: Mapping | Sequence, found: Difference) -> Iterator[TextEdit]:
        """The edits that carry out the difference."""
        parts = [_Part(*self._span(child)) for child in _children(node)]
        tail = len(parts)
        while found.parts[tail - 1] is Fate.GONE:
            tail -= 1
        for child, fate in zip(_children(node), found.parts, strict=True):
            if fate is Fate.GONE:
                start, end = self._span(child)
                self.sharing.check_loss(_nodes(child), start, end)
            elif not isinstance(fate, Fate):
                yield from self.change(_value(child), fate, self._before_value(child))
        items = isinstance(node, Sequence)
        yield from self._removals(parts[:tail], found, items=items)
        for index, value in found.between:
            yield from self._insertion(node, parts[index], self._texts(node, [(None, value)], parts[index]))
        gone = parts[tail:]
        added = self._texts(node, found.added, parts[tail - 1])
        if added and gone:
            between = self.source.text[parts[tail - 1].end : gone[0].start]
            separator = between if "#" not in between else ", "
            yield TextEdit(gone[0].start, gone[-1].end, separator.join(added))
        elif added:
            yield from self._insertion(node, parts[-1], added)
        elif gone:
            yield from self._removed_tail(node, parts[tail - 1], gone, items=items)

    def replacement(self, node: Node, wanted: Json, after: int) -> TextEdit:
        """The whole node replaced, with its anchor and tag."""
        self.sharing.check_loss([node], node.start, node.end)
        start = self.source.properties_start(node, after)
        flow = self.layout.flow
        style = node.style if isinstance(node, Scalar) else None
        text = self._broken(flow_text(wanted, flow, self.layout, self.source.lead(start), style), start)
        before = self.source.text[after:start]
        if node.start < node.end or start < node.start:
            return TextEdit(start, node.end, text)
        if not before and self.source.text[after - 1] not in ":[,{ \n":
            text = f": {text}"  # a key without a colon, as in `{a, b}`
        elif not before and self.source.text[after - 1] in ":,":
            text = f" {text}"
        return TextEdit(start, node.end, text)

    def _removals(self, parts: list[_Part], found: Difference, *, items: bool) -> Iterator[TextEdit]:
        """Takes each run of parts away that has a kept part after it, with its comma; `items`: with their comments."""
        index = 0
        while index < len(parts):
            if found.parts[index] is not Fate.GONE:
                index += 1
                continue
            first = index
            while found.parts[index] is Fate.GONE:
                index += 1
            start, following = parts[first].start, parts[index].start
            comma = self._comma(parts[index - 1].end)
            end = self.source.line_end(comma)
            on_own_lines = self.source.starts_line(following) and end <= self.source.line_start(following)
            if self.source.starts_line(start) and on_own_lines:
                low = self.source.line_end(parts[first - 1].end) if first else 0
                yield TextEdit(self._lines_start(start, low, items=items), end, "")
            elif on_own_lines and "#" in self.source.text[end:following]:
                # what stands on lines above the next part belongs to that
                before = len(self.source.text[:start].rstrip(" \t"))
                yield TextEdit(before, self.source.line_break(comma), "")
            else:
                yield TextEdit(start, following, "")

    def _lines_start(self, start: int, low: int, *, items: bool) -> int:
        """Where the lines of a part start; for an item those of the comments right above it, as deep as it."""
        at = self.source.line_start(start)
        return self.source.before_comments(at, start - at, low) if items else at

    def _removed_tail(
        self, node: Mapping | Sequence, kept: _Part, gone: list[_Part], *, items: bool
    ) -> Iterator[TextEdit]:
        start, end = gone[0].start, gone[-1].end
        comma = self._comma(end)
        after = self.source.line_end(max(comma, end))
        if self.source.starts_line(start) and after < node.end:
            if comma < 0:
                place = self._comma(kept.end)
                yield TextEdit(place - 1, place, "")
            yield TextEdit(self._lines_start(start, self.source.line_end(kept.end), items=items), after, "")
        elif self.source.starts_line(start) and "#" in self.source.text[kept.end : start]:
            # the comment beside the kept part is its own; the bracket moves to the line of what goes
            place = self._comma(kept.end)
            yield TextEdit(place - 1, place, "")
            yield TextEdit(start, max(comma, end), "")
        else:
            yield TextEdit(kept.end, end, "")

    def _insertion(self, node: Mapping | Sequence, last: _Part, added: list[str]) -> Iterator[TextEdit]:
        text = self.source.text
        if not self.source.starts_line(last.start):
            comma = flow_layout_in(self.source, node, self.layout.flow).comma
            yield TextEdit(last.end, last.end, "".join(comma + part for part in added))
            return
        inner = self._broken("\n" + self.source.lead(last.start), last.start)
        comma_end = self._comma(last.end)
        line_end = self.source.line_break(last.end)
        if line_end < node.end and "#" in text[last.end : line_end]:
            if comma_end < 0:
                yield TextEdit(last.end, last.end, ",")
            lines = ("," + inner).join(added) + ("," if comma_end >= 0 else "")
            yield TextEdit(line_end, line_end, inner + lines)
        else:
            yield TextEdit(last.end, last.end, "".join("," + inner + part for part in added))

    def _texts(self, node: Mapping | Sequence, added: Iterable[tuple[str | None, Json]], last: _Part) -> list[str]:
        """What is added, as it is to stand after the part."""
        flow = flow_layout_in(self.source, node, self.layout.flow)
        lead = self.source.lead(last.start)
        if not self.source.starts_line(last.start):
            flow = on_one_line(flow)
        style = quotes_of(node.items) if isinstance(node, Sequence) else None
        texts = [
            flow_text(value, flow, self.layout, lead, style)
            if key is None
            else flow_entry(key, value, flow, self.layout, lead)
            for key, value in added
        ]
        return [self._broken(text, last.start) for text in texts]

    def _span(self, child: Entry | Node) -> tuple[int, int]:
        if isinstance(child, Entry):
            start = self.source.entry_start(child)
            return start, max(child.key.end, self.source.value_place(child), child.value.end)
        return self.source.properties_start(child), child.end

    def _before_value(self, child: Entry | Node) -> int:
        if isinstance(child, Entry):
            return self.source.value_place(child)
        return self.source.properties_start(child)

    def _comma(self, at: int) -> int:
        """The place after the comma that follows, -1 without one."""
        match = _COMMA.match(self.source.text, at)
        return -1 if match is None else match.end()

    def _broken(self, text: str, at: int) -> str:
        return text.replace("\n", self.source.eol(at))


def _children(node: Mapping | Sequence) -> tuple[Entry, ...] | tuple[Node, ...]:
    return node.entries if isinstance(node, Mapping) else node.items


def _value(child: Entry | Node) -> Node:
    return child.value if isinstance(child, Entry) else child


def _nodes(child: Entry | Node) -> tuple[Node, ...]:
    return (child.key, child.value) if isinstance(child, Entry) else (child,)
