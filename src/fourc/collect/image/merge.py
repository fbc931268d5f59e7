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


class ManyStepsError(Exception):
    """Links and whiteouts are more than can be followed."""


class Layered:
    """The layers over each other, lowest first; `candidates` are the paths of each of which it may be asked."""

    def __init__(self, skeletons: Sequence[Skeleton], candidates: Sequence[Iterable[bytes]], steps: int) -> None:
        self._skeletons = skeletons
        self._steps = steps
        self._files: list[set[bytes]] = [names(s.files) for s in skeletons]
        self._folders: list[set[bytes]] = [names(s.folders) for s in skeletons]
        self._parents: list[set[bytes]] = [names(s.parents) for s in skeletons]
        self._moved: list[dict[bytes, bytes]] = []
        self.links: dict[bytes, bytes] = {}
        for place in range(len(skeletons)):
            self._follow(place)
        self._seen = self._find_seen(candidates)

    def _follow(self, place: int) -> None:
        """Bring the links up to this layer, and see which folders that it names lie elsewhere because of them."""
        skeleton, links = self._skeletons[place], self.links
        files, folders = self._files[place], self._folders[place]
        whiteouts, opaques = set(skeleton.whiteouts), set(skeleton.opaques)
        for path in links.keys() & (files | folders | whiteouts):
            del links[path]
        if links and (whiteouts or opaques):
            self._spend(len(links))
            for path in [p for p in links if _is_below(p, whiteouts, opaques)]:
                del links[path]
        links.update(skeleton.symlinks)
        marks = {p.rpartition(b"/")[0] for p in whiteouts} | opaques
        entered = self._parents[place] | _with_parents(marks) if marks else self._parents[place]
        moved = self._elsewhere(entered) if links.keys() & entered else {}
        self._moved.append(moved)
        if not moved:
            return
        self._files[place] = {_final(p, moved) for p in files}
        self._folders[place] = {_final(p, moved) for p in folders}
        self._parents[place] = {moved.get(p, p) for p in self._parents[place]}
        for path, target in skeleton.symlinks:
            links.pop(path, None)
            links[_final(path, moved)] = target

    def _elsewhere(self, folders: Iterable[bytes]) -> dict[bytes, bytes]:
        """The folders that lie elsewhere, and where: those above come first, so each is one step from one that is known."""
        moved: dict[bytes, bytes] = {}
        for folder in sorted(folders, key=len):
            path = _final(folder, moved)
            target = resolved(path, self.links) if path in self.links else path
            if target is not None and target != folder:
                moved[folder] = target
        self._spend(len(moved))
        return moved

    def _spend(self, steps: int) -> None:
        self._steps -= steps
        if self._steps < 0:
            raise ManyStepsError

    def _final_in(self, place: int, path: bytes) -> bytes:
        """Where an entry of that layer really lies."""
        moved = self._moved[place]
        return _final(path, moved) if moved else path

    def _find_seen(self, candidates: Sequence[Iterable[bytes]]) -> list[dict[bytes, bytes]]:
        """For each layer the candidates that no layer above hides, with their final path: from the top down."""
        hiding: set[bytes] = set()  # all at and below such a path
        folders: set[bytes] = set()  # a file at such a path
        opaques: set[bytes] = set()  # all below such a path
        seen: list[dict[bytes, bytes]] = []
        for place in range(len(self._skeletons) - 1, -1, -1):
            found = {}
            for path in candidates[place]:
                final = self._final_in(place, path)
                if final not in hiding and final not in folders and not _is_below(final, hiding, opaques):
                    found[path] = final
            seen.append(found)
            skeleton, moved = self._skeletons[place], self._moved[place]
            hiding |= self._files[place]
            hiding.update(self._final_in(place, p) for p in skeleton.whiteouts)
            folders |= self._folders[place]
            folders |= self._parents[place]
            opaques.update(moved.get(p, p) for p in skeleton.opaques)
        seen.reverse()
        return seen

    def seen(self, kept: Sequence[Collection[Kept]]) -> list[Placed]:
        """The files that are in the final file system, by path; `kept` are those of each layer."""
        found: dict[bytes, Placed] = {}
        for place, files in enumerate(kept):
            for file in files:
                path = self._seen[place].get(file.path)
                if path is not None:
                    found[path] = Placed(path, place, file)
        return [found[path] for path in sorted(found)]

    def privileged(self) -> list[tuple[int, Privileged]]:
        """The files with the rights of their owner, by path, each with its layer."""
        found: dict[bytes, tuple[int, Privileged]] = {}
        for place, skeleton in enumerate(self._skeletons):
            for file in skeleton.privileged:
                path = self._seen[place].get(file.path)
                if path is not None:
                    found[path] = (place, Privileged(path, file.mode, file.uid, file.gid))
        return [found[path] for path in sorted(found)]

    def lower(self, place: int, path: bytes) -> int | None:
        """The layer below from which a hard link of that layer takes its bytes."""
        for below in range(place - 1, -1, -1):
            if path in self._files[below]:
                return below
        return None


def _final(path: bytes, moved: Mapping[bytes, bytes]) -> bytes:
    folder, _, base = path.rpartition(b"/")
    target = moved.get(folder)
    if target is None:
        return path
    return target + b"/" + base if target else base


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
