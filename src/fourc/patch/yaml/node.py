"""The tree of one YAML document with the place of everything in it.

Offsets count characters of the decoded text; `Node.start` is the first character of the node's content (after
anchor and tag), `Node.end` the one after its last. Block collections end after the last character of their
last item.
"""

from enum import Enum
from typing import TypeAlias

from msgspec import Struct

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


class Scalar(Struct, frozen=True):
    """A leaf with its value as kubectl resolves it.

    A literal or folded scalar starts at its `|` or `>` and ends before the line break of its last line that
    is not blank. An empty one starts and ends where a value could be written, for `key:` right after the
    colon. `tag` is the full tag before `start`, None without one.
    """

    start: int
    end: int
    value: JsonScalar
    style: Style
    anchor: str | None = None
    tag: str | None = None


class Entry(Struct, frozen=True):
    """One `key: value` as written; `<<` is an entry like any other, marked by `merge` where it merges.

    `key.value` is the string that kubectl makes of the key (`"true"` for `on`). Of an alias as key, `key` has
    the alias's place and its target's text.
    """

    key: Scalar
    value: "Node"
    merge: bool = False


class Mapping(Struct, frozen=True):
    """A mapping as written, in order (`<<` entries too); with duplicate keys the last one counts."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    style: Style
    anchor: str | None = None


class Sequence(Struct, frozen=True):
    """A sequence as written."""

    start: int
    end: int
    items: "tuple[Node, ...]"
    style: Style
    anchor: str | None = None


class Alias(Struct, frozen=True):
    """`*name`, standing for the node that carries `&name`."""

    start: int
    end: int
    target: "Node"


Node: TypeAlias = Scalar | Mapping | Sequence | Alias
