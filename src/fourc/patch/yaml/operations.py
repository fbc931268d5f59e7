"""What to change in a document, by paths of its data: an edit of the file's text, or of plain data (for API patches)."""

from typing import TypeAlias

from msgspec import Struct

from fourc.patch.yaml.node import Json, Path


class Set(Struct, frozen=True):
    """Give the path this value; missing parent mappings are made, an existing value is replaced."""

    path: Path
    value: Json


class Remove(Struct, frozen=True):
    """Take the path away; nothing happens where it is absent. A mapping key whose value becomes empty goes too.

    `having` are keys and values by which a list item is known: an item without them at this place is another one, and stays.
    """

    path: Path
    having: tuple[tuple[str, Json], ...] = ()


class Append(Struct, frozen=True):
    """Put an item at the end of the sequence at the path, made where missing; nothing happens where an equal one is."""

    path: Path
    value: Json


Operation: TypeAlias = Set | Remove | Append
