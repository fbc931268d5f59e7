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


def members_of(file: OpenFile, limits: Limits) -> dict[str, tuple[int, int]]:
    """Offset and size of every file in the tar, links inside it followed.

    Raises:
        ImageError: it is no tar, or has too many members.
    """
    found: dict[str, tuple[int, int]] = {}
    links: dict[str, str] = {}
    position = 0

    def begin(entry: Entry, _: bytes) -> None:
        name = shown(entry.path)
        if len(found) + len(links) >= limits.members:
            raise ImageError(_MANY.of(limit=limits.members), reason=GapReason.TOO_LARGE)
        found.pop(name, None)
        links.pop(name, None)
        if entry.kind is Kind.FILE:
            found[name] = (position, entry.size)
        elif entry.kind is Kind.SYMLINK:  # old archives have one for a layer that is there already
            links[name] = posixpath.normpath(posixpath.join(posixpath.dirname(name), shown(entry.target)))
        elif entry.kind is Kind.HARD_LINK:
            links[name] = shown(entry.target)

    reader = TarReader(begin, limits)
    at = 0
    try:
        while at < file.size:
            position = at + BLOCK
            data = file.part(at, BLOCK + HEAD_BYTES).read(BLOCK + HEAD_BYTES)
            step = reader.step(data)
            if step is None:
                break
            size, wanted = step
            if wanted:
                reader.give(file.part(position, size).read(wanted))
            at = position + size
        if at > file.size:
            raise TarError("it ends too early")
    except TooLargeError as error:
        raise ImageError(_BROKEN.of(why="a header is too long"), reason=GapReason.TOO_LARGE) from error
    except TarError as error:
        raise ImageError(_BROKEN.of(why=str(error))) from error
    for name in links:
        target = name
        for _ in range(_LINKS):
            if target not in links:
                break
            target = links[target]
        if target in found:
            found[name] = found[target]
    return found
