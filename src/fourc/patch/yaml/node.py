"""The tree of one YAML document with the place of everything in it.

Offsets count characters of the decoded text; `Node.start` is the first character of the node's content (after anchor and
tag), `Node.end` the one after its last. Block collections end after the last character of their last item.
"""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

JsonScalar: TypeAlias = str | int | float | bool | None
Json: TypeAlias = "JsonScalar | list[Json] | dict[str, Json]"
Path: TypeAlias = tuple[str | int, ...]


class Style(Enum):
    """How a node is written; a collection is BLOCK or FLOW, a scalar one of the others."""

    PLAIN = "plain"
    SINGLE = "single"
    DOUBLE = "double"
    LITERAL = "literal"
    FOLDED = "folded"
    BLOCK = "block"
    FLOW = "flow"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf with its value as kubectl resolves it."""

    start: int
    end: int
    value: JsonScalar
    style: Style
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` as written; `<<` is an entry like any other."""

    key: Scalar
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping as written, in order (`<<` entries too); with duplicate keys the last one counts."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    style: Style
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence as written."""

    start: int
    end: int
    items: "tuple[Node, ...]"
    style: Style
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """`*name`, standing for the node that carries `&name`."""

    start: int
    end: int
    target: "Node"


Node: TypeAlias = Scalar | Mapping | Sequence | Alias
