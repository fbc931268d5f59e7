"""A document's places without its tree: libyaml's own composer, of whose nodes only those on a path are looked at.

It stands for documents as people write them, in which nothing has to be decided as kubectl decides it: no anchors,
tags or merges, no key twice. Of these it says what the tree says, several times faster; of others there is none.
"""

import re
from collections.abc import Iterable

from yaml import YAMLError
from yaml._yaml import CParser
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.events import source_text
from fourc.patch.yaml.lines import BOM, before_blank_lines
from fourc.patch.yaml.node import Path
from fourc.patch.yaml.operations import Operation
from fourc.patch.yaml.resolve import MAYBE_TYPED, UnresolvableError, key_text, resolve_plain

# Where an anchor or a tag may stand. What only looks like one, in a script perhaps, costs the tree and nothing else.
_PROPERTY = re.compile(r"(?:\A|[\s\[{,:\ufeff])(?:&[A-Za-z0-9_-]|!)")
# libyaml's composer recurses without a bound: a node nests at most twice as deep as its column, and as there are brackets.
_INDENTATION = re.compile(r"[ \t?:-]{32,}+")
_MAX_INDENTATION, _MAX_BRACKETS = 400, 1000


class NodeOutline:
    """The places of a document whose root is a block mapping; offsets count from the start of its file."""

    def __init__(self, root: MappingNode, document: RawDocument) -> None:
        self._root = root
        self._text = document.text
        self._bom = 1 if document.text.startswith(BOM) else 0  # which libyaml does not count
        self._offset = document.offset

    def span(self, path: Path) -> tuple[int, int]:
        """The characters that show the field, as `locate.span` finds them in the tree."""
        node, key, _ = self._find(path)
        if key is None:
            return self._opening(node)
        start, end = self._scalar(key)
        if isinstance(node, ScalarNode):
            value_start, value_end = self._value(key, node)
            if value_start >= end:
                return start, max(value_end, end)
        return start, end

    def fits(self, operations: Iterable[Operation]) -> bool:
        """Whether every path leads through collections as far as it exists, and on by keys: then the edit can be made."""
        for operation in operations:
            node, _, matched = self._find(operation.path)
            missing = operation.path[matched:]
            if missing and not all(isinstance(key, str) for key in missing):
                return False
            if missing and not isinstance(node, MappingNode) and not _is_null(node):
                return False
        return True

    def _find(self, path: Path) -> tuple[Node, ScalarNode | None, int]:
        """The deepest node on the path, its key (None for an item or the root), and how many elements lead there."""
        node: Node = self._root
        key: ScalarNode | None = None
        for matched, element in enumerate(path):
            if isinstance(node, MappingNode) and isinstance(element, str):
                entry = next((e for e in node.value if e[0].value == element), None)
                if entry is None:
                    return node, key, matched
                key, node = entry
            elif isinstance(node, SequenceNode) and isinstance(element, int) and 0 <= element < len(node.value):
                key, node = None, node.value[element]
            else:
                return node, key, matched
        return node, key, len(path)

    def _opening(self, node: Node) -> tuple[int, int]:
        if isinstance(node, MappingNode) and node.value and not _is_flow(node):
            key, value = node.value[0]
            start, end = self._scalar(key)
            return start, max(self._value(key, value)[1], end) if isinstance(value, ScalarNode) else end
        start = self._start(node)
        if isinstance(node, SequenceNode) and node.value and not _is_flow(node):
            return start, start + 1
        return start, max(self._end(node), start + 1)

    def _start(self, node: Node) -> int:
        return node.start_mark.index + self._bom + self._offset

    def _end(self, node: Node) -> int:
        if isinstance(node, ScalarNode):
            return self._scalar(node)[1]
        closed = _is_flow(node) and self._text[self._start(node) - self._offset] in "[{"
        if closed or not node.value:
            return node.end_mark.index + self._bom + self._offset
        if isinstance(node, SequenceNode):
            return self._end(node.value[-1])
        key, value = node.value[-1]
        last = self._value(key, value)[1] if isinstance(value, ScalarNode) else self._end(value)
        return max(self._scalar(key)[1], last)

    def _scalar(self, node: ScalarNode) -> tuple[int, int]:
        # an empty scalar at the end can stand behind the line break that only the parser sees
        last = len(self._text)
        start = min(node.start_mark.index + self._bom, last)
        end = min(node.end_mark.index + self._bom, last)
        if node.style in ("|", ">"):
            end = before_blank_lines(self._text, start, end)
        return start + self._offset, end + self._offset

    def _value(self, key: ScalarNode, value: ScalarNode) -> tuple[int, int]:
        start, end = self._scalar(value)
        key_end = self._scalar(key)[1]
        if start == end and ":" not in self._text[key_end - self._offset : start - self._offset]:
            return key_end, key_end  # an empty value that has no colon belongs to its key
        return start, end


def node_outline(document: RawDocument) -> NodeOutline | None:
    """The outline of a document that was read before without an error; None where only the tree tells the places."""
    text = document.text
    if _may_have_properties(text) or _may_nest_deep(text):
        return None
    composer = _Composer(source_text(document))
    try:
        root = composer.get_node() if composer.check_node() else None
        return NodeOutline(root, document) if isinstance(root, MappingNode) and _is_plain(root) else None
    except (YAMLError, UnicodeError, UnresolvableError):
        return None


class _Composer(CParser):
    """libyaml's composer without PyYAML's tags: what scalars mean is not asked."""

    def resolve(self, *_: object) -> None:
        """No tag."""

    def descend_resolver(self, *_: object) -> None:
        """Nothing depends on the path."""

    def ascend_resolver(self) -> None:
        """Nothing depends on the path."""


def _may_have_properties(text: str) -> bool:
    return ("&" in text or "!" in text) and _PROPERTY.search(text) is not None


def _may_nest_deep(text: str) -> bool:
    if text.count("[") + text.count("{") > _MAX_BRACKETS:
        return True
    return any(len(match[0]) > _MAX_INDENTATION for match in _INDENTATION.finditer(text))


def _is_plain(root: MappingNode) -> bool:
    """Whether it is a block mapping, and its keys are texts of their own, none twice and none a merge.

    Keys become the strings that kubectl makes of them.
    """
    if _is_flow(root):
        return False
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, SequenceNode):
            stack += [item for item in node.value if item.__class__ is not ScalarNode]
            continue
        keys = set()
        for key, value in node.value:
            if key.__class__ is not ScalarNode or key.value == "<<":
                return False
            if not key.style and key.value[:1] in MAYBE_TYPED:
                key.value = key_text(resolve_plain(key.value))
            keys.add(key.value)
            if value.__class__ is not ScalarNode:
                stack.append(value)
        if len(keys) < len(node.value):
            return False
    return True


def _is_flow(node: Node) -> bool:
    return isinstance(node, CollectionNode) and bool(node.flow_style)


def _is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.style and resolve_plain(node.value) is None
