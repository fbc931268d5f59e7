"""Search content for secrets: a folder with all processors, or one piece; and where in a file each hit stands."""

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fourc.collect.content.folder import Listing, Part, Pile, Reader, printable
from fourc.collect.workers import hand_out
from fourc.model.gap import Gap
from fourc.model.location import Location
from fourc.secrets.engine import Engine
from fourc.secrets.hit import Hit
from fourc.secrets.texts import Content, content_of

_AT_ONCE = 64
"""Files that a process takes at a time."""

Standing = Callable[[Sequence[Hit], bytes, str], Sequence[Hit]]
"""Which of the hits in a text of a file count."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A hit and its place in a file."""

    hit: Hit
    location: Location


@dataclass(frozen=True, slots=True)
class Searched:
    """What some files held, in their order."""

    sights: tuple[Sight, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Before:
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
                case Pile(data=pile, ends=ends, files=names):
                    paths = [*map(printable, names)]
                    for place, data, hits in self._engine.hits_of_pile(pile, ends, paths):
                        sights += self._placed(hits, data, paths[place])
                case Part(file=file, data=data, start=start, own=own):
                    before = before if start else Before()
                    path = printable(file)
                    hits = [hit for hit in self._engine.hits(data, path) if start + hit.start in own]
                    sights += self._placed(hits, data, path, before)
                    before = before.and_then(data[: content.next_start - start])
        return Searched(tuple(sights), tuple(gaps))

    def _placed(self, hits: Sequence[Hit], data: bytes, path: str, before: Before = Before()) -> Iterator[Sight]:
        hits = self._standing(hits, data, path) if hits else hits
        content = content_of(data) if hits else Content(b"")
        for hit in hits:
            line, column = _place(data, hit.start, content, before)
            end_line, end_column = _place(data, hit.end, content, before)
            yield Sight(hit, Location(path, line, column, end_line, end_column))


def _place(data: bytes, offset: int, content: Content, before: Before) -> tuple[int, int]:
    """Line and column of an offset, both from 1, in characters."""
    if content.encoding is not None:
        data = data[content.skipped : offset].decode(content.encoding, "replace").encode()
        offset = len(data)
    start = data.rfind(b"\n", 0, offset) + 1
    line = before.lines + data.count(b"\n", 0, start)
    return line + 1, _characters(data[start:offset]) + 1 + (0 if start else before.columns)


def _characters(data: bytes) -> int:
    return len(data) if data.isascii() else len(data.decode("utf-8", "replace"))
