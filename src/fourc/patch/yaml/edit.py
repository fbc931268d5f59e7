"""Operations on data as edits of the file's text; every byte outside an edit stays as it was.

Comments above a removed key stay (they may explain what follows); a comment on its own line goes with it. A replaced value
keeps the comment behind it.
"""

from collections.abc import Sequence as Seq

from fourc.patch.text import EditRefusedError, TextEdit, apply
from fourc.patch.yaml.emit import Layout, block, column, entry, flow, layout_of, scalar
from fourc.patch.yaml.expansion import to_json
from fourc.patch.yaml.node import Alias, Entry, Json, Mapping, Node, Path, Scalar, Sequence, Style
from fourc.patch.yaml.operations import Append, Operation, Remove, Set
from fourc.patch.yaml.reader import compose, split

_FIND_ANOTHER_WAY = "make this change by hand; fourc show prints the exact text"


def rewrite(text: str, index: int, operations: Seq[Operation]) -> str:
    """The file's text with the operations made, in order, on its document number `index`.

    Raises:
        EditRefusedError: the place is shared (anchor, alias, merge key) or not a collection.
        YamlError: the text cannot be read.
    """
    for operation in operations:
        document = next((d for d in split(text) if d.index == index), None)
        root = compose(document) if document else None
        if root is None:
            raise EditRefusedError(f"the file has no document {index + 1}", hint=_FIND_ANOTHER_WAY)
        text = apply(text, edits(text, root, operation))
    return text


def edits(text: str, root: Node, operation: Operation) -> list[TextEdit]:
    """The edits that one operation makes; none where the document already is as wanted."""
    editor = _Editor(text, root)
    if isinstance(operation, Set):
        return editor.set(operation.path, operation.value)
    if isinstance(operation, Append):
        return editor.append(operation.path, operation.value)
    return editor.remove(operation.path)


class _Editor:
    def __init__(self, text: str, root: Node) -> None:
        self.text = text
        self.root = root
        self.layout: Layout = layout_of(text, root)

    def set(self, path: Path, value: Json) -> list[TextEdit]:
        trail = self._walk(path)
        if len(trail) == len(path) + 1:
            return self._replace(trail, path, value)
        parent = trail[-1]
        missing = path[len(trail) - 1 :]
        if not all(isinstance(key, str) for key in missing):
            raise EditRefusedError(f"there is no item {missing[0]} at this place", hint=_FIND_ANOTHER_WAY)
        for key in reversed(missing[1:]):
            value = {str(key): value}
        return self._insert(trail, path, parent, str(missing[0]), value)

    def append(self, path: Path, value: Json) -> list[TextEdit]:
        trail = self._walk(path)
        if len(trail) <= len(path):
            return self.set(path, [value])
        node = trail[-1]
        if isinstance(node, Scalar) and node.value is None:
            return self._replace(trail, path, [value])
        if not isinstance(node, Sequence):
            raise EditRefusedError("this is not a list", hint=_FIND_ANOTHER_WAY)
        if any(to_json(item) == value for item in node.items):
            return []
        if node.style is Style.FLOW:
            return [self._into_flow(node, flow(value, quoted=self._json_style(node)))]
        lines = block([value], column(self.text, node.start), self.layout)
        return [self._after_line(node.end, lines)]

    def remove(self, path: Path) -> list[TextEdit]:
        trail = self._walk(path, create=False)
        if len(trail) <= len(path):
            return []
        parent, key = trail[-2], path[-1]
        if isinstance(parent, Mapping):
            mine = [e for e in parent.entries if e.key.value == key]
            if len(mine) == len(parent.entries):
                return self._empty(path, parent, mine)
            return [self._cut_entry(parent, e) for e in mine]
        assert isinstance(parent, Sequence)  # noqa: S101 - `_walk` only passes through collections
        if len(parent.items) == 1:
            return self.remove(path[:-1])
        return [self._cut_item(parent, int(key))]

    def _empty(self, path: Path, parent: Mapping, mine: list[Entry]) -> list[TextEdit]:
        if len(path) > 1 and isinstance(path[-2], str):
            return self.remove(path[:-1])
        if parent.style is Style.FLOW:
            return [TextEdit(parent.start, parent.end, "{}")]
        return [TextEdit(mine[0].key.start, mine[-1].value.end, "{}")]

    def _walk(self, path: Path, *, create: bool = True) -> list[Node]:
        """The nodes along the path, as far as they exist; refuses to pass through anything that is shared."""
        trail: list[Node] = [self.root]
        for depth, key in enumerate(path):
            node = trail[-1]
            if isinstance(node, Alias) or node.anchor is not None:
                line = self.text.count("\n", 0, node.start) + 1
                raise EditRefusedError(f"the value at line {line} is shared by an anchor", hint=_FIND_ANOTHER_WAY)
            if isinstance(node, Mapping):
                child = next((e.value for e in reversed(node.entries) if e.key.value == key), None)
                if child is None:
                    merges = any(e.key.value == "<<" and e.key.style is Style.PLAIN for e in node.entries)
                    if merges and create and depth < len(path) - 1:
                        raise EditRefusedError("part of this comes from a merge key (<<)", hint=_FIND_ANOTHER_WAY)
                    return trail
            elif isinstance(node, Sequence):
                if not isinstance(key, int) or key >= len(node.items):
                    return trail
                child = node.items[key]
            elif node.value is None:
                return trail
            else:
                raise EditRefusedError("a plain value stands where fields are expected", hint=_FIND_ANOTHER_WAY)
            trail.append(child)
        last = trail[-1]
        if isinstance(last, Alias) or last.anchor is not None:
            raise EditRefusedError("the value is shared by an anchor", hint=_FIND_ANOTHER_WAY)
        return trail

    def _replace(self, trail: list[Node], path: Path, value: Json) -> list[TextEdit]:
        node = trail[-1]
        if to_json(node) == value:
            return []
        collection = isinstance(value, (dict, list)) and bool(value)
        if isinstance(node, Sequence) and isinstance(value, list) and value:
            kept = _subsequence(node, value)
            if kept is not None:
                return [self._cut_item(node, i) for i in range(len(node.items)) if i not in kept]
        inside_flow = any(getattr(n, "style", None) is Style.FLOW for n in trail[:-1])
        if inside_flow or (getattr(node, "style", None) is Style.FLOW and not _is_empty(node)) or not collection:
            quoted = self._json_style(trail[-2]) if len(trail) > 1 else False
            new = flow(value, quoted=quoted)
            return [self._put(node, path, trail, new)]
        return self._as_block(trail, path, value)

    def _put(self, node: Node, path: Path, trail: list[Node], new: str) -> TextEdit:
        if node.start == node.end:
            at = self._colon(trail[-2], path[-1])
            return TextEdit(at, at, f" {new}")
        return TextEdit(node.start, node.end, new)

    def _as_block(self, trail: list[Node], path: Path, value: Json) -> list[TextEdit]:
        """Write a collection in place of whatever stands behind the key, one line below it."""
        parent, node = trail[-2], trail[-1]
        if not isinstance(parent, Mapping):
            raise EditRefusedError("a whole list item would have to be rewritten", hint=_FIND_ANOTHER_WAY)
        at = self._colon(parent, path[-1])
        indent = column(self.text, parent.entries[0].key.start)
        deeper = 0 if isinstance(value, list) and not self.layout.indented_lists else self.layout.step
        lines = block(value, indent + deeper, self.layout)
        if isinstance(node, Scalar) or _is_empty(node):
            gone = [] if node.start == node.end else [TextEdit(at, node.end, "")]
            return [*gone, self._after_line(max(at, node.end), lines)]
        first = self.text.rfind("\n", 0, node.start) + 1
        if first <= at:
            raise EditRefusedError("the value stands on the line of its key", hint=_FIND_ANOTHER_WAY)
        return [TextEdit(first, self._line_end(node.end), self.layout.newline.join(lines))]

    def _insert(self, trail: list[Node], path: Path, parent: Node, key: str, value: Json) -> list[TextEdit]:
        if isinstance(parent, Scalar) or _is_empty(parent):
            depth = len(trail) - 1
            if depth and isinstance(path[depth - 1], str):
                return self._replace(trail, path[:depth], {key: value})
            return [TextEdit(parent.start, parent.end, flow({key: value}, quoted=self._json_style(parent)))]
        if not isinstance(parent, Mapping):
            raise EditRefusedError("a list stands where fields are expected", hint=_FIND_ANOTHER_WAY)
        if parent.style is Style.FLOW:
            quoted = self._json_style(parent)
            name = flow(key, quoted=True) if quoted else scalar(key)
            return [self._into_flow(parent, f"{name}: {flow(value, quoted=quoted)}")]
        indent = column(self.text, parent.entries[0].key.start)
        return [self._after_line(parent.entries[-1].value.end or parent.end, entry(key, value, indent, self.layout), parent.end)]

    def _into_flow(self, node: Mapping | Sequence, new: str) -> TextEdit:
        """Put a new last member into a non-empty flow collection, on a line of its own where the others stand so."""
        members = [e.value.end for e in node.entries] if isinstance(node, Mapping) else [i.end for i in node.items]
        starts = [e.key.start for e in node.entries] if isinstance(node, Mapping) else [i.start for i in node.items]
        if not members:
            return TextEdit(node.start + 1, node.end - 1, new)
        begin = self.text.rfind("\n", 0, starts[-1]) + 1
        own_line = begin > node.start and not self.text[begin : starts[-1]].strip()
        gap = self.layout.newline + self.text[begin : starts[-1]] if own_line else " "
        return TextEdit(members[-1], members[-1], f",{gap}{new}")

    def _cut_entry(self, parent: Mapping, gone: Entry) -> TextEdit:
        place = parent.entries.index(gone)
        if parent.style is Style.FLOW:
            return self._cut_flow([(e.key.start, e.value.end) for e in parent.entries], place)
        begin = self.text.rfind("\n", 0, gone.key.start) + 1
        if self.text[begin : gone.key.start].strip():
            return TextEdit(gone.key.start, parent.entries[place + 1].key.start, "")
        return self._cut_lines(begin, max(gone.value.end, gone.key.end))

    def _cut_item(self, parent: Sequence, place: int) -> TextEdit:
        if parent.style is Style.FLOW:
            return self._cut_flow([(i.start, i.end) for i in parent.items], place)
        item = parent.items[place]
        dash = self.text.rfind("-", 0, item.start) if place else parent.start
        if place:
            before = parent.items[place - 1].end
            dash = self.text.find("\n", before) + 1 + column(self.text, parent.start)
            while self.text[dash] != "-":
                dash = self.text.find("\n", dash) + 1 + column(self.text, parent.start)
        begin = self.text.rfind("\n", 0, dash) + 1
        if self.text[begin:dash].strip():
            raise EditRefusedError("the list begins on the line of another one", hint=_FIND_ANOTHER_WAY)
        return self._cut_lines(begin, max(item.end, dash + 1))

    def _cut_flow(self, spans: list[tuple[int, int]], place: int) -> TextEdit:
        if place:
            return TextEdit(spans[place - 1][1], spans[place][1], "")
        return TextEdit(spans[0][0], spans[1][0], "")

    def _cut_lines(self, begin: int, last: int) -> TextEdit:
        end = self._line_end(last)
        following = self.text[end : end + 2]
        end += 2 if following == "\r\n" else 1 if following[:1] == "\n" else 0
        return TextEdit(begin, end, "")

    def _colon(self, parent: Node, key: str | int) -> int:
        """The place just after the colon of the entry."""
        assert isinstance(parent, Mapping)  # noqa: S101 - asked for entries only
        mine = next(e for e in reversed(parent.entries) if e.key.value == key)
        return self.text.index(":", mine.key.end) + 1

    def _line_end(self, offset: int) -> int:
        end = self.text.find("\n", offset)
        if end < 0:
            return len(self.text)
        return end - 1 if end > offset and self.text[end - 1] == "\r" else end

    def _after_line(self, offset: int, lines: list[str], at_least: int = 0) -> TextEdit:
        end = self._line_end(max(offset, at_least))
        newline = self.layout.newline
        return TextEdit(end, end, newline + newline.join(lines))

    def _json_style(self, node: Node) -> bool:
        """Whether the file writes this place as JSON."""
        if isinstance(node, Mapping) and node.entries:
            return node.style is Style.FLOW and node.entries[0].key.style is Style.DOUBLE
        return isinstance(self.root, Mapping) and self.root.style is Style.FLOW


def _is_empty(node: Node) -> bool:
    return (isinstance(node, Mapping) and not node.entries) or (isinstance(node, Sequence) and not node.items)


def _subsequence(node: Sequence, wanted: list[Json]) -> set[int] | None:
    """The places to keep when the wanted list is the old one with items left out, else None."""
    kept: set[int] = set()
    rest = list(wanted)
    for i, item in enumerate(node.items):
        if rest and to_json(item) == rest[0]:
            kept.add(i)
            rest.pop(0)
    return kept if not rest and len(kept) < len(node.items) else None


def apply_operations(data: Json, operations: Seq[Operation]) -> Json:
    """The same operations on plain data, made on a copy."""
    for operation in operations:
        data = _operate(data, operation.path, operation)
    return data


def _operate(data: Json, path: Path, operation: Operation) -> Json:
    if not path:
        if isinstance(operation, Set):
            return operation.value
        if isinstance(operation, Append):
            items = data if isinstance(data, list) else []
            return items if operation.value in items else [*items, operation.value]
        return None
    key, rest = path[0], path[1:]
    if isinstance(data, list) and isinstance(key, int):
        if key >= len(data):
            return data
        changed = _operate(data[key], rest, operation)
        if isinstance(operation, Remove) and (not rest or (changed in ([],) and isinstance(rest[-1], int))):
            return [v for i, v in enumerate(data) if i != key]
        return [changed if i == key else v for i, v in enumerate(data)]
    here = dict(data) if isinstance(data, dict) else {}
    name = str(key)
    if isinstance(operation, Remove):
        if name not in here:
            return data
        changed = _operate(here[name], rest, operation) if rest else None
        if not rest or (changed != here[name] and changed in ({}, [])):
            here.pop(name)
        else:
            here[name] = changed
        return here
    here[name] = _operate(here.get(name), rest, operation)
    return here
