"""Search content for secrets: a folder with all processors, or one piece; and where in a file each hit stands."""

import gc
import logging
from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec import Struct

from fourc.collect.content.folder import Listing, Part, Pile, Reader, printable
from fourc.collect.gaps import file_gap
from fourc.collect.workers import hand_out
from fourc.model.gap import Gap, GapReason
from fourc.model.location import Location
from fourc.model.text import Text
from fourc.secrets.engine import Engine
from fourc.secrets.hit import Hit
from fourc.secrets.texts import content_of

log = logging.getLogger(__name__)

_DEFECT = Text("looking for secrets in it failed: {kind}", "在其中查找密钥时失败：{kind}")
_REPORT = Text("please report it with the file that causes it", "请附上引发问题的文件反馈给我们")
_AT_ONCE = 64
"""Files that a process takes at a time."""

Standing = Callable[[Sequence[Hit], bytes, str], Sequence[Hit]]
"""Which of the hits in a text of a file count."""


class Sight(Struct, frozen=True):
    """A hit and its place in a file."""

    hit: Hit
    location: Location


class Searched(Struct, frozen=True):
    """What some files held, in their order."""

    sights: tuple[Sight, ...]
    gaps: tuple[Gap, ...]


class Before(Struct, frozen=True):
    """What lies before a part of a file: so many line breaks, and so many characters behind the last one."""

    lines: int = 0
    columns: int = 0

    def and_then(self, data: bytes) -> "Before":
        """What lies before the part that comes next."""
        last = data.rfind(b"\n")
        return Before(self.lines + data.count(b"\n"), _characters(data[last + 1 :]) + (self.columns if last < 0 else 0))


class Search:
    """Looks with an engine; `standing` says which hits count."""

    def __init__(self, engine: Engine, standing: Standing = lambda hits, _text, _path: hits) -> None:
        self._engine = engine
        self._standing = standing

    def folder(self, listing: Listing) -> Iterator[Searched]:
        """What the files hold, in their order but for large ones; spread over all processors."""
        files = listing.files
        pieces = [files[at : at + _AT_ONCE] for at in range(0, len(files), _AT_ONCE)]
        reader = Reader(listing)
        gc.freeze()  # what is here stays: workers need not touch it, and so copy it, to find that out
        try:
            yield from hand_out(lambda piece: self._searched(reader, piece), pieces)
        finally:
            gc.unfreeze()

    def content(self, data: bytes, path: str, first_line: int = 1) -> Iterator[Sight]:
        """The secrets in the bytes of one file, or of a part that begins with the file's line `first_line`."""
        return self._placed(self._engine.hits(data, path), data, path, Before(first_line - 1))

    def _searched(self, reader: Reader, files: Sequence[str]) -> Searched:
        sights: list[Sight] = []
        gaps: list[Gap] = []
        before = Before()
        for content in reader.read(files):
            match content:
                case Gap():
                    gaps.append(content)
                case Pile():
                    sights += self._of_pile(content, gaps)
                case Part(data=data, start=start):
                    before = before if start else Before()
                    sights += self._of_part(content, before, gaps)
                    before = before.and_then(data[: content.next_start - start])
        return Searched(tuple(sights), tuple(gaps))

    def _of_pile(self, pile: Pile, gaps: list[Gap]) -> list[Sight]:
        paths = [*map(printable, pile.files)]
        try:
            return [
                sight
                for place, data, hits in self._engine.hits_of_pile(pile.data, pile.ends, paths)
                for sight in self._placed(hits, data, paths[place])
            ]
        except Exception as error:  # noqa: BLE001 - what it says may quote the file, so it is not logged
            log.debug("a pile failed (%s); its files are looked at one by one", type(error).__name__)
        sights: list[Sight] = []
        start = 0
        for end, path in zip(pile.ends, paths, strict=True):
            try:
                sights += self.content(bytes(pile.data[start:end]), path)
            except Exception as error:  # noqa: BLE001 - the same
                gaps.append(_failed(path, error))
            start = end + 1
        return sights

    def _of_part(self, part: Part, before: Before, gaps: list[Gap]) -> list[Sight]:
        path = printable(part.file)
        try:
            hits = [hit for hit in self._engine.hits(part.data, path) if part.start + hit.start in part.own]
            return [*self._placed(hits, part.data, path, before)]
        except Exception as error:  # noqa: BLE001 - the same
            gaps.append(_failed(path, error))
            return []

    def _placed(self, hits: Sequence[Hit], data: bytes, path: str, before: Before = Before()) -> Iterator[Sight]:
        hits = self._standing(hits, data, path) if hits else hits
        where = _places(data, {offset for hit in hits for offset in (hit.start, hit.end)}, before)
        for hit in hits:
            yield Sight(hit, Location(path, *where[hit.start], *where[hit.end]))


def _failed(path: str, error: Exception) -> Gap:
    """A defect of ours. What the error says could quote the file, so only its kind is told."""
    return file_gap(GapReason.UNSUPPORTED, path, _DEFECT.of(kind=type(error).__name__), _REPORT)


def _places(data: bytes, offsets: Collection[int], before: Before) -> dict[int, tuple[int, int]]:
    """Lines and columns of offsets, both from 1, in characters; one pass over the bytes, however many there are."""
    if not offsets:
        return {}
    content = content_of(data)
    at, places = content.skipped, {}
    for offset in sorted(offsets):
        piece = data[at:offset]
        before = before.and_then(piece.decode(content.encoding, "replace").encode() if content.encoding else piece)
        places[offset] = (before.lines + 1, before.columns + 1)
        at = max(at, offset)
    return places


def _characters(data: bytes) -> int:
    return len(data) if data.isascii() else len(data.decode("utf-8", "replace"))
