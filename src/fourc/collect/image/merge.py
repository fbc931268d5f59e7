"""What a container sees of the layers, one over the other.

Source: https://github.com/opencontainers/image-spec/blob/main/layer.md; where it is silent, what Docker does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from fourc.collect.image.skeleton import Kept, Privileged, Skeleton, names

_LINKS = 40  # Linux follows as many


class Placed(Struct, frozen=True):
    """A file of the final file system, under the path at which a container sees it, and the layer that it came with."""

    path: bytes
    place: int
    kept: Kept


class Layered:
    """The layers' names, lowest first."""

    def __init__(self, skeletons: Sequence[Skeleton]) -> None:
        self._skeletons = skeletons
        self._files: list[set[bytes]] = [names(s.files) for s in skeletons]
        self._folders: list[set[bytes]] = [names(s.folders) for s in skeletons]
        self._parents: list[set[bytes]] = [names(s.parents) for s in skeletons]
        self._moved: list[dict[bytes, bytes]] = []
        self.links = self._find_links()
        self._over = self._find_over()

    def _find_links(self) -> dict[bytes, bytes]:
        """The links of the final file system; on the way, which folders of a layer lie elsewhere because of links below."""
        links: dict[bytes, bytes] = {}
        for place, skeleton in enumerate(self._skeletons):
            files, folders = self._files[place], self._folders[place]
            gone = links.keys() & (files | folders | set(skeleton.whiteouts))
            for path in gone:
                del links[path]
            hiding = (set(skeleton.whiteouts) | files) if skeleton.whiteouts or gone else set()
            if hiding or skeleton.opaques:
                opaques = set(skeleton.opaques)
                for path in [p for p in links if _is_below(p, hiding, opaques)]:
                    del links[path]
            links.update(skeleton.symlinks)
            marks = {p.rpartition(b"/")[0] for p in skeleton.whiteouts} | set(skeleton.opaques)
            entered = self._parents[place] | _with_parents(marks) if marks else self._parents[place]
            through = links.keys() & entered
            moved = {}
            if through:
                for folder in entered:
                    target = resolved(folder, links)
                    if target is not None and target != folder:
                        moved[folder] = target
                if moved:
                    self._files[place] = {self._final(p, moved) for p in files}
                    self._folders[place] = {self._final(p, moved) for p in folders}
                    self._parents[place] = {moved.get(p, p) for p in self._parents[place]}
                    for path, target in skeleton.symlinks:
                        links.pop(path, None)
                        links[self._final(path, moved)] = target
            self._moved.append(moved)
        return links

    @staticmethod
    def _final(path: bytes, moved: Mapping[bytes, bytes]) -> bytes:
        folder, _, base = path.rpartition(b"/")
        target = moved.get(folder)
        return path if target is None else target + b"/" + base if target else base

    def final(self, place: int, path: bytes) -> bytes:
        """Where an entry of that layer really lies."""
        moved = self._moved[place]
        return self._final(path, moved) if moved else path

    def _find_over(self) -> list[tuple[set[bytes], set[bytes], set[bytes]]]:
        """For every layer what lies over it: paths that hide all at and below, folders that hide a file, opaque folders."""
        hiding: set[bytes] = set()
        folders: set[bytes] = set()
        opaques: set[bytes] = set()
        over: list[tuple[set[bytes], set[bytes], set[bytes]]] = []
        for place in range(len(self._skeletons) - 1, -1, -1):
            over.append((hiding, folders, opaques))
            if place == 0:
                break
            skeleton = self._skeletons[place]
            hiding = hiding | self._files[place] | {self.final(place, p) for p in skeleton.whiteouts}
            folders = folders | self._folders[place] | self._parents[place]
            opaques = opaques | {self._moved[place].get(p, p) for p in skeleton.opaques}
        over.reverse()
        return over

    def is_seen(self, place: int, path: bytes) -> bool:
        """Whether the entry of that layer, under its final path, is in the final file system."""
        hiding, folders, opaques = self._over[place]
        return path not in hiding and path not in folders and not _is_below(path, hiding, opaques)

    def seen(self, kept: Sequence[Collection[Kept]]) -> list[Placed]:
        """The files that are in the final file system, by path; `kept` are those of each layer."""
        found: dict[bytes, Placed] = {}
        for place, files in enumerate(kept):
            for file in files:
                path = self.final(place, file.path)
                if self.is_seen(place, path):
                    found[path] = Placed(path, place, file)
        return [found[path] for path in sorted(found)]

    def privileged(self) -> list[tuple[int, Privileged]]:
        """The files with the rights of their owner, by path, each with its layer."""
        found: dict[bytes, tuple[int, Privileged]] = {}
        for place, skeleton in enumerate(self._skeletons):
            for file in skeleton.privileged:
                path = self.final(place, file.path)
                if self.is_seen(place, path):
                    found[path] = (place, Privileged(path, file.mode, file.uid, file.gid))
        return [found[path] for path in sorted(found)]

    def lower(self, place: int, path: bytes) -> int | None:
        """The layer below from which a hard link of that layer takes its bytes."""
        for below in range(place - 1, -1, -1):
            if path in self._files[below]:
                return below
        return None


def _is_below(path: bytes, hiding: Collection[bytes], opaques: Collection[bytes]) -> bool:
    """Whether a folder above the path hides it."""
    while path:
        path = path.rpartition(b"/")[0]
        if path in opaques or (path and path in hiding):
            return True
    return False


def resolved(path: bytes, links: Mapping[bytes, bytes]) -> bytes | None:
    """Where the path leads inside the image when all links are followed; None where they never end."""
    left = list(reversed(path.split(b"/")))
    done: list[bytes] = []
    followed = 0
    while left:
        part = left.pop()
        if part in {b"", b"."}:
            continue
        if part == b"..":
            del done[-1:]
            continue
        done.append(part)
        target = links.get(b"/".join(done))
        if target is not None:
            followed += 1
            if followed > _LINKS:
                return None
            done = [] if target[:1] == b"/" else done[:-1]
            left += reversed(target.split(b"/"))
    return b"/".join(done)


def _with_parents(paths: Iterable[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for path in paths:
        while path and path not in found:
            found.add(path)
            path = path.rpartition(b"/")[0]  # noqa: PLW2901 - up to the root
    return found
