"""One layer's entries, taken as they come: what they hide, and the files that somebody wants."""

import threading
from functools import partial

from fourc.collect.image.limits import Limits
from fourc.collect.image.skeleton import Gathered, Kept, Privileged, Skeleton, Unread, shown
from fourc.collect.image.tar import Entry, Kind, Take
from fourc.collect.image.wishes import Interest, Listener

_WHITEOUT = b".wh."
_META = b".wh..wh."
_OPAQUE = b".wh..wh..opq"
_PRIVILEGED = 0o6000
_LINKS = 8


class SpentError(Exception):
    """More than is read of an image; the text says of what."""


class Allowance:
    """What may still be read of one image, by all threads together."""

    def __init__(self, packed: int, limits: Limits) -> None:
        self.limits = limits
        self._bytes = min(limits.unpacked_bytes, max(limits.free_bytes, packed * limits.ratio))
        self._kept = limits.kept_bytes
        self._entries = limits.entries
        self._names = limits.name_bytes
        self._lock = threading.Lock()

    def unpack(self, size: int) -> None:
        """Count unpacked bytes."""
        with self._lock:
            self._bytes -= size
        if self._bytes < 0:
            raise SpentError("unpacked bytes")

    def entries(self, count: int, size: int) -> None:
        """Count entries and the bytes of their names."""
        with self._lock:
            self._entries -= count
            self._names -= size
        if self._entries < 0 or self._names < 0:
            raise SpentError("entries")

    def keep(self, size: int) -> None:
        """Count bytes that are kept until the end."""
        with self._lock:
            self._kept -= size
        if self._kept < 0:
            raise SpentError("wanted files")


class Entries:
    """Takes the entries of one layer."""

    def __init__(self, interests: tuple[Interest, ...], listeners: tuple[Listener, ...], allowance: Allowance) -> None:
        self._interests = interests
        self._listeners = listeners
        self._allowance = allowance
        self._limits = allowance.limits
        self._files: set[bytes] = set()
        self._folders: set[bytes] = set()
        self._parents: set[bytes] = {b""}
        self._whiteouts: set[bytes] = set()
        self._opaques: set[bytes] = set()
        self._symlinks: dict[bytes, bytes] = {}
        self._hard_links: dict[bytes, bytes] = {}
        self._privileged: dict[bytes, Privileged] = {}
        self._kept: dict[str, dict[bytes, Kept]] = {interest.kind: {} for interest in interests}
        self._links: list[tuple[Interest, bytes]] = []
        self._unread: dict[tuple[str, str], Unread] = {}
        self._counted = 0
        self._named = 0
        self._steps = 0

    def begin(self, entry: Entry, head: bytes) -> Take | None:
        """An entry; what takes its bytes where somebody wants them."""
        path = entry.path
        kind = entry.kind
        self._count(len(path) + len(entry.target))
        if len(path) > self._limits.path_bytes or path.count(b"/") >= self._limits.path_parts:
            self._miss("too-large", path[:64] + b"...", "path")
            return None
        folder, _, base = path.rpartition(b"/")
        if base[:4] == _WHITEOUT:
            self._hide(folder, base)
            return None
        if folder not in self._parents:
            self._grow(folder)
        if kind is Kind.FOLDER:
            if path in self._files:
                self._give_way(path)
            self._folders.add(path)
            return None
        if path in self._files or path in self._folders or path in self._parents:
            self._replace(path)
        return self._placed(entry, head) if path else None

    def _placed(self, entry: Entry, head: bytes) -> Take | None:
        path, kind = entry.path, entry.kind
        self._files.add(path)
        if kind is Kind.FILE:
            if entry.mode & _PRIVILEGED:
                self._privileged[path] = Privileged(path, entry.mode & 0o7777, entry.uid, entry.gid)
            return self._wanted(entry, head)
        if kind is Kind.SYMLINK:
            if len(entry.target) <= self._limits.path_bytes:  # Linux follows no longer one
                self._symlinks[path] = entry.target
        elif kind is Kind.HARD_LINK:
            self._link(path, entry.target)
        return None

    def _count(self, size: int) -> None:
        """One more entry, with names of this size; told to the allowance now and then, for that takes a lock."""
        self._counted += 1
        self._named += size
        if self._counted >= 1024 or self._named >= 1 << 20:
            self._allowance.entries(self._counted, self._named)
            self._counted = self._named = 0

    def _wanted(self, entry: Entry, head: bytes) -> Take | None:
        path = shown(entry.path)
        size = entry.size
        interests = [interest for interest in self._interests if interest.wants(path, size, head)]
        listeners = [listener for listener in self._listeners if listener.wants(path, size, head)]
        if not interests and not listeners:
            return None
        if size > self._limits.file_bytes:
            self._miss("too-large", entry.path, "file")
            return None
        return partial(self._take, entry, path, interests, listeners)

    def _take(self, entry: Entry, path: str, interests: list[Interest], listeners: list[Listener], data: bytes) -> None:
        for listener in listeners:
            listener.file(path, data)
        for interest in interests:
            facts = interest.facts(path, data)
            self._allowance.keep(len(facts))
            kept = Kept(entry.path, entry.mode & 0o7777, entry.uid, entry.gid, entry.size, facts)
            self._kept[interest.kind][entry.path] = kept

    def _link(self, path: bytes, target: bytes) -> None:
        if path == target:
            return
        self._hard_links[path] = target
        privileged = self._privileged.get(target)
        if privileged is not None:
            self._privileged[path] = Privileged(path, privileged.mode, privileged.uid, privileged.gid)
        name = shown(path)
        self._links += [(interest, path) for interest in self._interests if interest.wants(name, 0, b"")]

    def _hide(self, folder: bytes, base: bytes) -> None:
        """A whiteout (image-spec, layer.md): it hides what lies below this layer, never what lies in it."""
        if base == _OPAQUE:
            self._opaques.add(folder)
        elif base[:8] != _META and base[4:] not in {b"", b".", b".."}:
            self._whiteouts.add(folder + b"/" + base[4:] if folder else base[4:])

    def _grow(self, folder: bytes) -> None:
        while folder not in self._parents:
            self._parents.add(folder)
            self._count(len(folder))
            if folder in self._files and folder not in self._symlinks:
                self._give_way(folder)
            folder = folder.rpartition(b"/")[0]

    def _give_way(self, path: bytes) -> None:
        """What was no folder becomes one; what lay below it in lower layers is gone all the same."""
        self._forget(path)
        self._whiteouts.add(path)

    def _replace(self, path: bytes) -> None:
        """The path was something else before: the last one counts, and nothing is left below a folder that was one."""
        if path in self._parents or path in self._folders:
            self._steps += len(self._files) + len(self._folders) + len(self._parents)
            if self._steps > self._limits.steps:
                raise SpentError("folders that are replaced")
            below = path + b"/"
            for gone in [p for p in self._files if p.startswith(below)]:
                self._forget(gone)
            self._folders = {p for p in self._folders if p != path and not p.startswith(below)}
            self._parents = {p for p in self._parents if p != path and not p.startswith(below)} | {b""}
        self._forget(path)

    def _forget(self, path: bytes) -> None:
        self._files.discard(path)
        self._symlinks.pop(path, None)
        self._hard_links.pop(path, None)
        self._privileged.pop(path, None)
        for kept in self._kept.values():
            kept.pop(path, None)

    def _miss(self, reason: str, path: bytes, why: str) -> None:
        if len(self._unread) < self._limits.gaps:
            name = shown(path)
            self._unread[(reason, name)] = Unread(reason, name, why)

    def linked(self) -> dict[bytes, list[tuple[Interest, bytes]]]:
        """Wanted hard links by the file of this layer that has their bytes."""
        found: dict[bytes, list[tuple[Interest, bytes]]] = {}
        for interest, path in self._links:
            target = self._end_of(path)
            if path in self._hard_links and target in self._files and target not in self._hard_links:
                found.setdefault(target, []).append((interest, path))
        return found

    def fill(self, links: list[tuple[Interest, bytes]], entry: Entry, data: bytes) -> None:
        """The bytes of a file for the hard links to it."""
        for interest, path in links:
            facts = interest.facts(shown(path), data)
            self._allowance.keep(len(facts))
            kept = Kept(path, entry.mode & 0o7777, entry.uid, entry.gid, len(data), facts)
            self._kept[interest.kind][path] = kept

    def skeleton(self, unpacked: int) -> Skeleton:
        """What is kept of the layer beside the facts."""
        self._allowance.entries(self._counted, self._named)
        return Skeleton(
            unpacked,
            b"\0".join(self._files),
            b"\0".join(self._folders - {b""}),
            b"\0".join(self._parents - {b""}),
            tuple(self._whiteouts),
            tuple(self._opaques),
            tuple(self._symlinks.items()),
            tuple(self._hard_links.items()),
            tuple(self._privileged.values()),
            tuple(self._unread.values()),
        )

    def gathered(self) -> dict[str, Gathered]:
        """What each interest keeps."""
        loose: dict[str, list[tuple[bytes, bytes]]] = {}
        for interest, path in self._links:
            target = self._end_of(path)
            if path in self._hard_links and target not in self._files:
                loose.setdefault(interest.kind, []).append((path, target))
        return {kind: Gathered(tuple(files.values()), tuple(loose.get(kind, ()))) for kind, files in self._kept.items()}

    def _end_of(self, path: bytes) -> bytes:
        """Where the hard link leads over others of this layer."""
        for _ in range(_LINKS):
            if path not in self._hard_links:
                break
            path = self._hard_links[path]
        return path
