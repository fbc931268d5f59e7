"""Lines and columns of fields, looked up only where something is to be shown."""

from collections import OrderedDict
from contextlib import suppress
from functools import lru_cache
from pathlib import Path as FilePath

from fourc.collect.limits import Budget, Limits, SourceFile
from fourc.collect.reading import read_file
from fourc.model.location import STDIN, Location, Origin
from fourc.patch.yaml.node import Mapping, Node, Path, Scalar, Style
from fourc.patch.yaml.node import Sequence as Items
from fourc.patch.yaml.outline import Outline, outline
from fourc.patch.yaml.reader import LineIndex, RawDocument, YamlError, compose, decode, find, split

_KEPT_FILES, _KEPT_DOCUMENTS = 4, 8


def span(root: Node, path: Path) -> tuple[int, int]:
    """The characters that show the field: key and value of a scalar, the key of a collection.

    Of an absent field it is the nearest parent that exists; what has no key is shown by its own start.
    """
    node, matched = find(root, path)
    key = _key(root, path[:matched])
    if key is None:
        return _opening(node)
    if isinstance(node, Scalar) and node.start >= key.end:
        return key.start, max(node.end, key.end)
    return key.start, key.end


def _key(root: Node, path: Path) -> Scalar | None:
    """The key under which the field is written, unless a merge or alias brings it from elsewhere."""
    if not path or not isinstance(path[-1], str):
        return None
    parent, matched = find(root, path[:-1])
    if matched < len(path) - 1 or not isinstance(parent, Mapping):
        return None
    return next(
        (entry.key for entry in reversed(parent.entries) if entry.key.value == path[-1] and not entry.merge), None
    )


def _opening(node: Node) -> tuple[int, int]:
    """Of a block mapping its first entry, of anything else all of it."""
    if isinstance(node, Mapping) and node.entries and node.style is Style.BLOCK:
        first = node.entries[0]
        end = first.value.end if isinstance(first.value, Scalar) else first.key.end
        return first.key.start, max(end, first.key.end)
    if isinstance(node, Items) and node.items and node.style is Style.BLOCK:
        return node.start, node.start + 1
    return node.start, max(node.end, node.start + 1)


class _File:
    """One file's documents; of each the outline, or the tree where there is no outline or an editor asks for it."""

    def __init__(self, text: str) -> None:
        self.lines = LineIndex(text)
        self._documents: list[RawDocument] = []
        with suppress(YamlError):  # what stands before the error was read, and may be shown
            self._documents.extend(split(text))
        self.tree = lru_cache(maxsize=_KEPT_DOCUMENTS)(self._tree)
        self.outline = lru_cache(maxsize=_KEPT_DOCUMENTS)(self._outline)

    def _outline(self, index: int) -> Outline | None:
        return outline(self._documents[index]) if index < len(self._documents) else None

    def _tree(self, index: int) -> Node | None:
        with suppress(YamlError):
            return compose(self._documents[index]) if index < len(self._documents) else None
        return None

    def span(self, index: int, path: Path) -> tuple[int, int] | None:
        known = self.outline(index)
        place = None if known is None else known.span(path)
        if place is not None:
            return place
        tree = self.tree(index)
        return None if tree is None else span(tree, path)


class Locator:
    """Finds the place of a field in the file that its object was read from; `stdin` is what was piped in."""

    def __init__(self, root: FilePath, *, stdin: bytes | None = None, limits: Limits | None = None) -> None:
        self._root = root
        self._stdin = stdin
        self._limits = limits or Limits()
        self._files: OrderedDict[str, _File | None] = OrderedDict()

    def tree(self, path: str, document: int) -> Node | None:
        """The tree of a file's document, None where it cannot be read."""
        file = self._file(path)
        return file.tree(document) if file is not None else None

    def outline(self, path: str, document: int) -> Outline | None:
        """The outline of a file's document, None where it has none."""
        file = self._file(path)
        return file.outline(document) if file is not None else None

    def locate(self, origin: Origin, at: Path) -> Location:
        """Where the field `at` of the object stands, or its nearest parent; the object's line if the file changed.

        Line and column count from 1; the end column is the one after the last character.
        """
        file = None if origin.rendered_by else self._file(origin.path)
        place = None if file is None else file.span(origin.document, (*origin.item, *at))
        if file is None or place is None:
            return Location(origin.path, origin.line, 1, origin.line, 1)
        start, end = place
        return Location(origin.path, *file.lines.position(start), *file.lines.position(end))

    def _file(self, path: str) -> _File | None:
        if path not in self._files:
            self._files[path] = self._read(path)
            if len(self._files) > _KEPT_FILES:
                self._files.popitem(last=False)
        self._files.move_to_end(path)
        return self._files[path]

    def _read(self, path: str) -> _File | None:
        if path == STDIN:
            data = self._stdin
        else:
            # a named file may be a link that its user chose; every other was no link when it was read
            read = read_file(SourceFile(self._root / path, path, named=True), Budget(self._limits))
            data = read if isinstance(read, bytes) else None
        if data is None:
            return None
        try:
            return _File(decode(data))
        except YamlError:
            return None
