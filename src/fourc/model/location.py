"""Places in files."""

from msgspec import Struct

from fourc.patch.yaml.node import Path


class Location(Struct, frozen=True, order=True):
    """A span in a file, 1-based; `path` is relative to the folder scanned and uses `/`."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Origin(Struct, frozen=True):
    """Where an object was read: file, document in it, and the object's own path in the document (`items`, 3 in a List)."""

    path: str
    document: int
    line: int
    item: Path = ()
    rendered_by: str | None = None

    @property
    def editable(self) -> bool:
        """Whether the object stands in a file of the user's, not in something rendered or piped in."""
        return self.rendered_by is None and self.path != STDIN


STDIN = "-"
