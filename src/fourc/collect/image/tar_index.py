"""Where the members of an archive lie, found without reading their contents."""

import posixpath

from fourc.collect.image.blob import OpenFile
from fourc.collect.image.errors import ImageError
from fourc.collect.image.limits import Limits
from fourc.collect.image.skeleton import shown
from fourc.collect.image.tar import BLOCK, HEAD_BYTES, Entry, Kind, TarError, TarReader, TooLargeError
from fourc.model.gap import GapReason
from fourc.model.text import Text

_BROKEN = Text("the archive is broken: {why}", "归档已损坏：{why}")
_MANY = Text("the archive has more than {limit} members", "归档成员超过 {limit} 个")
_LINKS = 8


class _Members:
    """The files and links that were met so far; `position` is where the next one's content begins."""

    def __init__(self, limits: Limits) -> None:
        self.found: dict[str, tuple[int, int]] = {}
        self.position = 0
        self._links: dict[str, str] = {}
        self._limits = limits

    def begin(self, entry: Entry, _: bytes) -> None:
        """A member; of two with one name the last counts."""
        name = shown(entry.path)
        if len(self.found) + len(self._links) >= self._limits.members:
            raise ImageError(_MANY.of(limit=self._limits.members), reason=GapReason.TOO_LARGE)
        self.found.pop(name, None)
        self._links.pop(name, None)
        if entry.kind is Kind.FILE:
            self.found[name] = (self.position, entry.size)
        elif entry.kind is Kind.SYMLINK:  # old archives have one for a layer that is there already
            self._links[name] = posixpath.normpath(posixpath.join(posixpath.dirname(name), shown(entry.target)))
        elif entry.kind is Kind.HARD_LINK:
            self._links[name] = shown(entry.target)

    def linked(self) -> dict[str, tuple[int, int]]:
        """All files, links followed."""
        for name in self._links:
            target = name
            for _ in range(_LINKS):
                target = self._links.get(target, target)
            if target in self.found:
                self.found[name] = self.found[target]
        return self.found


def members_of(file: OpenFile, limits: Limits) -> dict[str, tuple[int, int]]:
    """Offset and size of every file in the tar, links inside it followed.

    Raises:
        ImageError: it is no tar, or has too many members.
    """
    members = _Members(limits)
    reader = TarReader(members.begin, limits)
    at = 0
    try:
        while at < file.size:
            members.position = at + BLOCK
            step = reader.step(file.part(at, BLOCK + HEAD_BYTES).read(BLOCK + HEAD_BYTES))
            if step is None:
                break
            size, wanted = step
            if wanted:
                reader.give(file.part(members.position, size).read(wanted))
            at = members.position + size
    except TooLargeError as error:
        raise ImageError(_BROKEN.of(why="a header is too long"), reason=GapReason.TOO_LARGE) from error
    except TarError as error:
        raise ImageError(_BROKEN.of(why=str(error))) from error
    if at > file.size:
        raise ImageError(_BROKEN.of(why="it ends too early"))
    return members.linked()
