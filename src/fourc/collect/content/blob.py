"""One piece of content."""

from msgspec import Struct


class Blob(Struct, frozen=True):
    """Bytes, and what reports call them.

    `shown` is the path relative to the folder scanned, with `/`; what lies in a container has the container's path before
    it, `libs/app.jar!config/app.yml`, `data.db!users`, `a.ipynb!cell 3`. `lines_from` is the number of the first line where
    the bytes are a part of a file (a diff's hunk). `object_id` is git's full object id where the bytes are a git blob.
    """

    shown: str
    data: bytes
    lines_from: int = 1
    object_id: str | None = None
