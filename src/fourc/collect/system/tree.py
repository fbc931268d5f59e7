"""A file system to look into: a node's below its root, or an image's."""

from typing import Protocol


class Tree(Protocol):
    """Paths have no leading `/`; links are followed inside the tree alone, as they would be with it as `/`."""

    def read(self, path: str) -> bytes | None:
        """The bytes of the file, None where there is none or it may not be read."""

    def names(self, path: str) -> list[str]:
        """What the folder holds, in order; nothing where there is no such folder."""


class Files:
    """Files that were picked out of an image, by path, with the links among them already followed."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def read(self, path: str) -> bytes | None:
        """The bytes under the path."""
        return self._files.get(path)

    def names(self, path: str) -> list[str]:
        """What stands directly below the path."""
        start = f"{path}/"
        return sorted({name[len(start) :].partition("/")[0] for name in self._files if name.startswith(start)})
