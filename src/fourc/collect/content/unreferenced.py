"""Blobs that no commit of a branch or tag reaches any more: still in the clone, and in every copy of its folder."""

from collections.abc import Callable, Iterator
from enum import Enum

from msgspec import Struct

from fourc.collect.content.history import BLOBS_ONLY, Piece, late_gap, listed, walk_gap
from fourc.collect.content.repository import Repository
from fourc.collect.streaming import scratch
from fourc.model.gap import Gap

_ALL_OBJECTS = (
    *("cat-file", "--batch-all-objects", "--unordered", "--buffer"),
    "--batch-check=%(objecttype) %(objectname)",
)
# what the index holds is not lost: it is about to be committed
_REACHED = ("rev-list", "--objects", "--all", "--indexed-objects", "--no-object-names", "--missing=print")


class Holder(Enum):
    """What still holds a blob that no branch or tag reaches."""

    REFLOG = "reflog"
    NOTHING = "nothing"


class Left(Struct, frozen=True):
    """Blobs that are left over, and what holds them; `tips` are the commits to ask for who brought them."""

    piece: Piece
    holder: Holder
    tips: tuple[str, ...]


def unreferenced(repository: Repository, *, skip: Callable[[str], bool] = lambda _: False) -> Iterator[Left | Gap]:
    """The blobs that are left over, those that a reflog holds (an amended or rebased commit, a dropped stash) first.

    A blob's path is known where a commit that is left over has it.
    """
    try:
        lost = _lost(repository)
        if isinstance(lost, Gap):
            yield lost
            return
        blobs, commits = lost
        if not blobs:
            return
        for holder, tips in ((Holder.REFLOG, ("--reflog",)), (Holder.NOTHING, ())):
            named = _named(repository, tips, commits if holder is Holder.NOTHING else set(), blobs)
            blobs -= named.keys()
            if holder is Holder.NOTHING:
                named |= dict.fromkeys(blobs, b"")
            lines = [b"%s %s\n" % line for line in sorted(named.items())]
            for piece in listed(repository, lines, skip=skip):
                yield piece if isinstance(piece, Gap) else Left(piece, holder, tips or tuple(sorted(commits)))
    except TimeoutError:
        yield late_gap()


def _lost(repository: Repository) -> tuple[set[bytes], set[str]] | Gap:
    """The blobs and the commits that no ref and no index reaches."""
    kinds: dict[bytes, set[bytes]] = {b"blob": set(), b"commit": set()}
    with repository.stream(_ALL_OBJECTS) as stream:
        for line in stream.out:
            kind, _, object_id = line.rstrip(b"\n").partition(b" ")
            if kind in kinds:
                kinds[kind].add(object_id)
    blobs, commits = kinds[b"blob"], kinds[b"commit"]
    with repository.stream(_REACHED) as stream:
        for line in stream.out:
            object_id = line.rstrip(b"\n")
            blobs.discard(object_id)
            commits.discard(object_id)
        if stream.failed():
            # without the walk everything behind the break would look lost
            return walk_gap(stream.errors())
    return blobs, {commit.decode("ascii") for commit in commits}


def _named(repository: Repository, tips: tuple[str, ...], commits: set[str], blobs: set[bytes]) -> dict[bytes, bytes]:
    """Those of the blobs that these commits reach, with their paths."""
    with scratch(f"{commit}\n".encode() for commit in sorted(commits)) as given:
        walk = ("rev-list", "--objects", *BLOBS_ONLY, *tips, "--stdin", "--not", "--all")
        with repository.stream(walk, given=given) as stream:
            pairs = (line.rstrip(b"\n").partition(b" ") for line in stream.out)
            return {object_id: path for object_id, _, path in pairs if object_id in blobs}
