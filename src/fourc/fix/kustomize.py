"""The kustomization that applies a file, and the entry that a file beside it needs to be applied too."""

import posixpath
from collections.abc import Callable, Mapping

from msgspec import Struct

from fourc.errors import FourcError
from fourc.model.text import Text
from fourc.patch.text import apply
from fourc.patch.yaml.edit import edits
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.operations import Append
from fourc.patch.yaml.reader import compose, load, split

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_REFUSED = Text(
    "{file} must list {entry} under `resources`, and that edit is impossible: {why}",
    "{file} 必须在 `resources` 下列出 {entry}，但无法进行该修改：{why}",
)

_NONE = Text("no kustomization lists {path}", "没有 kustomization 列出 {path}")


class _File(Struct, frozen=True):
    """A kustomization's path and text, with its `resources` as paths from the folder scanned and as they are written."""

    path: str
    text: str
    resources: Mapping[str, str]


class Kustomizations:
    """The kustomizations of a tree, each folder looked up once."""

    def __init__(self, read: Callable[[str], str | None]) -> None:
        self._read = read
        self._known: dict[str, _File | None] = {}
        self._whys: dict[str, Text | None] = {}

    def governing(self, path: str) -> str | None:
        """The nearest kustomization, in the file's folder or above, that lists the file under `resources`."""
        found = self._file_of(path)
        return found.path if found else None

    def refusal(self, new: str, beside: str) -> Text | None:
        """Why the kustomization that lists a file cannot list a new one too; None where it can, or where none does."""
        found = self._file_of(beside)
        if found is None:
            return None
        entry = _entry(new, beside, found)
        if found.path not in self._whys:
            try:
                _with(found.text, entry)
            except FourcError as error:
                self._whys[found.path] = error.message
            else:
                self._whys[found.path] = None
        why = self._whys[found.path]
        return None if why is None else _REFUSED.of(file=found.path, entry=f"`- {entry}`", why=why)

    def entered(self, new: str, beside: str, text: str | None = None) -> str:
        """The text of the kustomization that governs `beside` (`text` where it was edited before) with `new` listed too.

        Raises:
            FourcError: the text cannot be edited (see `refusal`), or there is no such kustomization.
        """
        found = self._file_of(beside)
        if found is None:
            raise FourcError(_NONE.of(path=beside))
        before = found.text if text is None else text
        return before if posixpath.normpath(new) in found.resources else _with(before, _entry(new, beside, found))

    def _file_of(self, path: str) -> _File | None:
        wanted = posixpath.normpath(path)
        folder = posixpath.dirname(wanted)
        while True:
            found = self._in(folder)
            if found is not None and wanted in found.resources:
                return found
            if not folder or folder.rpartition("/")[2] == "..":
                return None
            folder = posixpath.dirname(folder)

    def _in(self, folder: str) -> _File | None:
        if folder not in self._known:
            self._known[folder] = self._look(folder)
        return self._known[folder]

    def _look(self, folder: str) -> _File | None:
        for name in NAMES:
            path = posixpath.join(folder, name)
            text = self._read(path)
            if text is None:
                continue
            try:
                document = next(iter(split(text)), None)
                return _File(path, text, _resources(load(document), folder) if document else {})
            except FourcError:
                return None  # collecting says so as a gap
        return None


def _entry(new: str, beside: str, found: _File) -> str:
    """The new file as `resources` names it, in the way in which it names the file beside it."""
    entry = posixpath.relpath(new, posixpath.dirname(found.path) or ".")
    return f"./{entry}" if found.resources[posixpath.normpath(beside)].startswith("./") else entry


def _with(text: str, entry: str) -> str:
    root = compose(next(iter(split(text))))
    return apply(text, edits(text, root, [Append(("resources",), entry)])) if root else text


def _resources(data: Json, folder: str) -> Mapping[str, str]:
    listed = data.get("resources") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        return {}
    return {posixpath.normpath(posixpath.join(folder, r)): r for r in listed if isinstance(r, str) and "://" not in r}
