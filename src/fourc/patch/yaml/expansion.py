"""What a tree becomes when its aliases and merges are carried out, and how far that may go."""

from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.errors import Limits
from fourc.patch.yaml.node import Alias, Json, Mapping, Node, Path, Scalar, Sequence
from fourc.patch.yaml.reasons import TOO_DEEP_EXPANDED, TOO_MANY_ALIASES

# go-yaml v2, decode.go: past 1,000 nodes of which 100 come from aliases, the share that may come from aliases
# falls from 99% at 400,000 nodes to 10% at 4,000,000.
_SMALL, _LARGE = 400_000, 4_000_000
_FREE_NODES, _FREE_ALIAS_NODES = 1000, 100


def to_json(node: Node) -> Json:
    """The data that kubectl sends: aliases expanded, merges carried out, the last of equal keys kept.

    kubectl sends this whether or not it validates; what only looks alike after it became a string (`1` and
    `"1"`) it keeps by chance, here the last one stays.
    """
    match node:
        case Scalar(value=value):
            return value
        case Mapping():
            out: dict[str, Json] = {}
            _fill(out, node)
            return out
        case Sequence(items=items):
            return [to_json(item) for item in items]
        case Alias(target=target):
            return to_json(target)


def find(node: Node, path: Path) -> tuple[Node, int]:
    """The deepest node that exists along `path` and how many of its elements lead there.

    Merges and aliases are followed, and the node can so stand elsewhere in the document; where the path ends
    at an alias, the alias itself is returned.
    """
    for matched, element in enumerate(path):
        child = _child(node, element)
        if child is None:
            return node, matched
        node = child
    return node, len(path)


def _child(node: Node, element: str | int) -> Node | None:
    if isinstance(node, Alias):
        node = node.target
    if isinstance(node, Sequence) and isinstance(element, int):
        return node.items[element] if 0 <= element < len(node.items) else None
    if isinstance(node, Mapping) and isinstance(element, str):
        return _value(node, element)
    return None


def _value(mapping: Mapping, key: str) -> Node | None:
    """The value that wins: a merge counts where it stands, over earlier keys and under later ones."""
    for entry in reversed(mapping.entries):
        if entry.merge:
            for merged in _merged(entry.value):
                found = _value(merged, key)
                if found is not None:
                    return found
        elif entry.key.value == key:
            return entry.value
    return None


def _fill(out: dict[str, Json], mapping: Mapping) -> None:
    for entry in mapping.entries:
        if entry.merge:
            for merged in reversed(_merged(entry.value)):
                _fill(out, merged)
        else:
            out[str(entry.key.value)] = to_json(entry.value)


def _merged(node: Node) -> list[Mapping]:
    """The mappings that a `<<` names, the strongest first."""
    nodes = node.items if isinstance(node, Sequence) else (node,)
    targets = (item.target if isinstance(item, Alias) else item for item in nodes)
    return [target for target in targets if isinstance(target, Mapping)]


def check_expansion(root: Node, document: RawDocument, limits: Limits) -> None:
    """Count the nodes as go-yaml does while it decodes.

    Raises:
        YamlError: too many come from aliases, or aliases nest too deep.
    """
    _Counter(document, limits).count(root, 0, root.start)


class _Counter:
    def __init__(self, document: RawDocument, limits: Limits) -> None:
        self._document = document
        self._limits = limits
        self._total = 1  # the document counts as a node
        self._from_aliases = 0
        self._alias_depth = 0

    def count(self, node: Node, depth: int, at: int) -> None:
        if self._alias_depth == 0:
            at = node.start
        self._one(at)
        match node:
            case Alias(target=target):
                self._alias_depth += 1
                self.count(target, depth, at)
                self._alias_depth -= 1
            case Sequence(items=items):
                self._check_depth(depth, at)
                for item in items:
                    self.count(item, depth + 1, at)
            case Mapping(entries=entries):
                self._check_depth(depth, at)
                for entry in entries:
                    if entry.merge:
                        merged = entry.value.items if isinstance(entry.value, Sequence) else (entry.value,)
                        for item in merged:
                            self.count(item, depth + 1, at)
                    else:
                        self._one(at)
                        self.count(entry.value, depth + 1, at)
            case Scalar():
                pass

    def _one(self, at: int) -> None:
        self._total += 1
        if self._alias_depth == 0:
            return
        self._from_aliases += 1
        if self._from_aliases > self._limits.max_alias_nodes or (
            self._from_aliases > _FREE_ALIAS_NODES
            and self._total > _FREE_NODES
            and self._from_aliases > self._total * _allowed_share(self._total)
        ):
            raise self._document.error(at - self._document.offset, TOO_MANY_ALIASES, "too-large")

    def _check_depth(self, depth: int, at: int) -> None:
        if depth >= self._limits.max_nesting:
            message = TOO_DEEP_EXPANDED.of(limit=self._limits.max_nesting)
            raise self._document.error(at - self._document.offset, message, "too-large")


def _allowed_share(total: int) -> float:
    if total <= _SMALL:
        return 0.99
    if total >= _LARGE:
        return 0.10
    return 0.99 - 0.89 * ((total - _SMALL) / (_LARGE - _SMALL))
