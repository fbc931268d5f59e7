"""Whether operations can surely be made, seen from the tree alone; the editor itself is asked only where it is not sure."""

from collections.abc import Iterable

from fourc.patch.yaml.expansion import find
from fourc.patch.yaml.node import Alias, Mapping, Node, Scalar, Sequence, Style
from fourc.patch.yaml.operations import Operation


def is_plain(root: Node) -> bool:
    """A block document without anything that an edit could be refused for: anchors, merges, tags, keys written twice."""
    if not isinstance(root, Mapping) or root.style is not Style.BLOCK:
        return False
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Alias) or node.anchor is not None:
            return False
        if isinstance(node, Mapping):
            if len({e.key.value for e in node.entries}) < len(node.entries):
                return False
            if any(e.merge or e.key.anchor is not None for e in node.entries):
                return False
            stack.extend(e.value for e in node.entries)
        elif isinstance(node, Sequence):
            stack.extend(node.items)
        elif node.tag is not None:
            return False
    return True


def fits(root: Node, operations: Iterable[Operation]) -> bool:
    """Whether every path leads through collections as far as it exists, and on by keys."""
    for operation in operations:
        node, matched = find(root, operation.path)
        missing = operation.path[matched:]
        if missing and not all(isinstance(key, str) for key in missing):
            return False
        empty = isinstance(node, Scalar) and node.value is None
        if missing and not isinstance(node, Mapping) and not empty:
            return False
    return True
