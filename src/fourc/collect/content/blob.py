"""One piece of content."""

from msgspec import Struct


class Blob(Struct, frozen=True):
    """Bytes, and what reports call them.

    `shown` is the path relative to the folder scanned, with `/`; what lies in a container has the container's path before
    it, `libs/app.jar!config/app.yml`, `data.db!users`, `a.ipynb!cell 3`. `lines_from` is the number of the first line where
    the bytes are a part of a file (a diff's hunk); `lines` has the number of every line where they do not just count on.
    Only what touches a line number in `added` counts; None: all of it. `object_id` is git's full object id where the bytes
    are a git blob.
    """

    shown: str
    data: bytes
    lines_from: int = 1
    object_id: str | None = None
    lines: tuple[int, ...] | None = None
    added: tuple[range, ...] | None = None

    def __repr__(self) -> str:
        """Without the bytes, which may hold a secret."""
        return f"Blob({self.shown!r})"

    def line(self, number: int) -> int:
        """The line in the file of this blob's line `number`, both from 1."""
        return self.lines_from + number - 1 if self.lines is None else self.lines[number - 1]

    def counts(self, first: int, last: int) -> bool:
        """Whether something on the file's lines `first` to `last` was added."""
        return self.added is None or any(first < part.stop and last >= part.start for part in self.added)
