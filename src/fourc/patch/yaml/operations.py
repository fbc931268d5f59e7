"""What to change in a document, by paths of its data: an edit of the file's text, or of plain data (for API patches)."""

from dataclasses import dataclass
from typing import TypeAlias

from fourc.patch.yaml.node import Json, Path


@dataclass(frozen=True, slots=True)
class Set:
    """Give the path this value; missing parent mappings are made, an existing value is replaced."""

    path: Path
    value: Json


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the path away; nothing happens where it is absent. A mapping key whose value becomes empty goes too.

    `having` are keys and values by which a list item is known: an item without them at this place is another one, and stays.
    """

    path: Path
    having: tuple[tuple[str, Json], ...] = ()


@dataclass(frozen=True, slots=True)
class Append:
    """Put an item at the end of the sequence at the path, made where missing; nothing happens where an equal one is."""

    path: Path
    value: Json


Operation: TypeAlias = Set | Remove | Append
