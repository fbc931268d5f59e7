"""Search content for secrets: a folder with all processors, or one piece; and where in a file each hit stands."""

import gc
import logging
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from fourc.collect.content.blob import Blob
from fourc.collect.content.folder import PILE_BYTES, Listing, Part, Pile, Reader, printable
from fourc.collect.content.history import Piece, read_blobs
from fourc.collect.content.inside import HEAD_BYTES, LIMITS, Limits, inside, inside_file, reader_of
from fourc.collect.content.repository import Repository
from fourc.collect.gaps import file_gap
from fourc.collect.reading import error_gap
from fourc.model.gap import Gap, GapReason
from fourc.model.location import Location
from fourc.model.text import Text
from fourc.secrets.engine import Cut, Engine
from fourc.secrets.hit import Hit
from fourc.secrets.rule import Rule
from fourc.secrets.settle import settled
from fourc.secrets.texts import content_of

log = logging.getLogger(__name__)

_DEFECT = Text("looking for secrets in it failed: {kind}", "在其中查找密钥时失败：{kind}")
_REPORT = Text("please report it with the file that causes it", "请附上引发问题的文件反馈给我们")
_CUT = Text(
    "the pattern of {rule} matches too often or too slowly: the rest was not searched for it",
    "{rule} 的模式匹配过多或过慢：其余部分未用它查找",
)
_NARROW = Text(
    "narrow the pattern in .gitleaks.toml, or split the file", "请收窄 .gitleaks.toml 中的模式，或拆分该文件"
)
_DEEP = Text(
    "it nests more than 100 deep: what is deeper was searched as plain text only",
    "嵌套超过 100 层：更深的内容只按纯文本查找",
)
_LONG = Text(
    "it has too many values of its format for one file: the rest was searched as plain text only",
    "单个文件中该格式的值过多：其余部分只按纯文本查找",
)
_FLATTEN = Text("look at it yourself if a person wrote it", "如果是人工编写的文件，请自行查看")
_AT_ONCE = 64
"""Files that a process takes at a time."""

_BYTES = 4 << 20
"""Bytes in which lines are counted at a time."""

Standing = Callable[[Sequence[Hit], bytes, str, int], Sequence[Hit]]
"""Which of the hits in a text of a file count; the number is that of the text's first line."""


class Sight(Struct, frozen=True):
    """A hit and its place in a file, which is a blob of git's where `object_id` is its id.

    `inside` is what the path has behind that of the blob where the blob holds others.
    """

    hit: Hit
    location: Location
    object_id: str | None = None
    inside: str = ""


class Searched(Struct, frozen=True):
    """What some files held, in their order."""

    sights: tuple[Sight, ...]
    gaps: tuple[Gap, ...]
    clean: tuple[str, ...] = ()
    """Ids of git's blobs in which there is nothing at all."""


class Before(Struct, frozen=True):
    """What lies before a part of a file: so many line breaks, and so many characters behind the last one."""

    lines: int = 0
    columns: int = 0

    def and_then(self, data: bytes) -> "Before":
        """What lies before the part that comes next."""
        last = data.rfind(b"\n")
        return Before(self.lines + data.count(b"\n"), _characters(data[last + 1 :]) + (self.columns if last < 0 else 0))


class Search:
    """Looks with an engine for secrets by some rules; `standing` says which hits count."""

    def __init__(self, engine: Engine, rules: Mapping[str, Rule], standing: Standing) -> None:
        self._engine = engine
        self._rules = rules
        self._standing = standing

    def folder(self, listing: Listing) -> Iterator[Searched]:
        """What the files hold, in their order but for large ones; spread over all processors."""
        from fourc.collect.workers import hand_out  # noqa: PLC0415 - a hook needs no workers

        files = listing.files
        pieces = [files[at : at + _AT_ONCE] for at in range(0, len(files), _AT_ONCE)]
        reader = Reader(listing)
        gc.freeze()  # what is here stays: workers need not touch it, and so copy it, to find that out
        try:
            yield from hand_out(lambda piece: self._searched(reader, piece), pieces)
        finally:
            gc.unfreeze()

    def history(self, repository: Repository, pieces: Sequence[Piece]) -> Iterator[Searched]:
        """What the blobs of git's history hold; spread over all processors."""
        from fourc.collect.workers import hand_out  # noqa: PLC0415 - the same

        gc.freeze()
        try:
            yield from hand_out(lambda piece: self._of_piece(repository, piece), pieces)
        finally:
            gc.unfreeze()

    def blob(self, whole: Blob, limits: Limits = LIMITS) -> Searched:
        """What the blob holds, and what lies in it where it is an archive or the like."""
        searched = self._of_blobs(inside(whole, limits))
        if whole.object_id is None:
            return searched
        known = tuple(
            replace(s, object_id=whole.object_id, inside=s.location.path.removeprefix(whole.shown))
            for s in searched.sights
        )
        return replace(searched, sights=known)

    def _of_piece(self, repository: Repository, piece: Piece) -> Searched:
        found: list[Searched] = []
        small: list[Blob] = []
        size = 0
        for blob in read_blobs(repository, piece):
            if isinstance(blob, Gap):
                found.append(Searched((), (blob,)))
            elif len(blob.data) > PILE_BYTES // 2 or reader_of(blob.shown, blob.data[:HEAD_BYTES]) is not None:
                found.append(self.blob(blob))
            else:
                small.append(blob)
                size += len(blob.data) + 1
                if size > PILE_BYTES // 2:
                    found.append(self._of_small(small))
                    small, size = [], 0
        found.append(self._of_small(small))
        return _joined(found)

    def _of_small(self, blobs: Sequence[Blob]) -> Searched:
        """What git's blobs hold, which hold no others, in one pass."""
        found = self._seen_in(_piled([(blob.shown, blob.data) for blob in blobs]))
        if found is None:
            return _joined([self.blob(blob) for blob in blobs])
        sights = (replace(sight, object_id=blobs[place].object_id) for place, its in found.items() for sight in its)
        gaps = self._cut()
        cut = {gap.location.path for gap in gaps if gap.location is not None}
        nothing = [blob for place, blob in enumerate(blobs) if place not in found and blob.shown not in cut]
        clean = (blob.object_id for blob in nothing if blob.object_id is not None)
        return Searched(tuple(sights), tuple(gaps), tuple(clean))

    def _of_blobs(self, blobs: Iterator[Blob | Gap]) -> Searched:
        sights: list[Sight] = []
        gaps: list[Gap] = []
        clean: dict[str, bool] = {}
        for blob in blobs:
            if isinstance(blob, Gap):
                gaps.append(blob)
                continue
            try:
                hits = self._engine.hits(blob.data, blob.shown)
                sights += self._in_blob(hits, blob)
            except Exception as error:  # noqa: BLE001 - what it says may quote the file
                gaps.append(_failed(blob.shown, error))
                continue
            if blob.object_id is not None:
                clean[blob.object_id] = clean.get(blob.object_id, True) and not hits
        gaps += self._cut()
        return Searched(tuple(sights), tuple(gaps), tuple(i for i, is_clean in clean.items() if is_clean and not gaps))

    def _in_blob(self, hits: Sequence[Hit], blob: Blob) -> Iterator[Sight]:
        for sight in self._placed(hits, blob.data, blob.shown, first_line=blob.lines_from):
            at = sight.location
            line, end_line = blob.line(at.line), blob.line(at.end_line)
            if blob.counts(line, end_line):
                place = Location(at.path, line, at.column, end_line, at.end_column)
                yield Sight(sight.hit, place, blob.object_id)

    def _searched(self, reader: Reader, files: Sequence[str]) -> Searched:
        sights: list[Sight] = []
        gaps: list[Gap] = []
        lines, container = _Lines(reader), ""
        for content in reader.read(files):
            match content:
                case Gap():
                    gaps.append(content)
                case Pile():
                    sights += self._of_pile(content, gaps, reader.beside)
                case Part(start=start):
                    if not start:
                        opened = self._opened(reader, content)
                        if opened is not None:
                            sights += opened.sights
                            gaps += opened.gaps
                            container = content.file
                    if content.file == container:
                        continue
                    sights += self._of_part(content, lines, gaps)
        gaps += self._cut()
        return Searched(tuple(sights), tuple(gaps))

    def _cut(self) -> list[Gap]:
        return [file_gap(GapReason.TOO_LARGE, path, *_told(what)) for path, what in self._engine.cut()]

    def _opened(self, reader: Reader, part: Part) -> Searched | None:
        """What lies in a large file that holds others; None where it holds none."""
        path = printable(part.file)
        if reader_of(path, part.data[:HEAD_BYTES]) is None:
            return None
        try:
            with reader.open(part.file) as source:
                blobs = inside_file(path, source)
                if blobs is None:
                    blobs = inside(Blob(path, source.read()), log=reader.beside(part.file))
                return self._of_blobs(blobs)
        except OSError as error:
            return Searched((), (error_gap(error, path),))

    def pile(self, files: Sequence[tuple[str, bytes]]) -> Searched:
        """What small files hold, all in one pass: paths as reports have them, and bytes."""
        gaps: list[Gap] = []
        sights = self._of_pile(_piled(files), gaps)
        gaps += self._cut()
        return Searched(tuple(sights), tuple(gaps))

    def _of_pile(self, pile: Pile, gaps: list[Gap], beside: Callable[[str], bytes] = lambda _: b"") -> list[Sight]:
        paths = [*map(printable, pile.files)]
        starts = [0, *(end + 1 for end in pile.ends[:-1])]
        holders = {
            place: (start, end)
            for place, (start, end, path) in enumerate(zip(starts, pile.ends, paths, strict=True))
            if reader_of(path, bytes(pile.data[start : min(end, start + HEAD_BYTES)])) is not None
        }
        sights: list[Sight] = []
        for place, (start, end) in holders.items():
            log_of = beside(pile.files[place])
            found = self._of_blobs(inside(Blob(paths[place], bytes(pile.data[start:end])), log=log_of))
            sights += found.sights
            gaps += found.gaps
        seen = self._seen_in(Pile(pile.data, pile.ends, paths), but=holders)
        if seen is not None:
            return [*sights, *(sight for its in seen.values() for sight in its)]
        alone = (
            Blob(path, bytes(pile.data[start:end]))
            for place, (start, end, path) in enumerate(zip(starts, pile.ends, paths, strict=True))
            if place not in holders
        )
        found = self._of_blobs(alone)
        gaps += found.gaps
        return [*sights, *found.sights]

    def _seen_in(self, pile: Pile, but: Container[int] = ()) -> dict[int, list[Sight]] | None:
        """What counts in each file of a pile that has any hit, by its place; None where one has met a defect."""
        try:
            return {
                place: [*self._placed(hits, data, pile.files[place])]
                for place, data, hits in self._engine.hits_of_pile(pile.data, pile.ends, pile.files)
                if place not in but
            }
        except Exception as error:  # noqa: BLE001 - what it says may quote the file, so it is not logged
            log.debug("a pile failed (%s); its files are looked at one by one", type(error).__name__)
            return None

    def _of_part(self, part: Part, lines: "_Lines", gaps: list[Gap]) -> list[Sight]:
        path = printable(part.file)
        try:
            hits = [
                hit
                for hit in self._engine.hits(part.data, path, more=part.start > 0)
                if part.start + hit.start in part.own
            ]
            return [*self._placed(hits, part.data, path, lines.before(part))] if hits else []
        except OSError as error:  # it vanished, and with it what would tell where the hits are
            gaps.append(error_gap(error, path))
        except Exception as error:  # noqa: BLE001 - the same
            gaps.append(_failed(path, error))
        return []

    def _placed(
        self, hits: Sequence[Hit], data: bytes, path: str, before: "Before | None" = None, first_line: int = 1
    ) -> Iterator[Sight]:
        before = before or Before()
        if hits:
            # the team may have its own rules only, or have switched one off that a file's format knows
            known = [hit for hit in hits if hit.rule in self._rules]
            hits = self._standing(settled(known, self._rules), data, path, before.lines + first_line)
        where = _places(data, {offset for hit in hits for offset in (hit.start, hit.end)}, before)
        for hit in hits:
            yield Sight(hit, Location(path, *where[hit.start], *where[hit.end]))


class _Lines:
    """Counts what lies before parts of large files, for those alone in which something was found: few are."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._file, self._at, self._before = "", 0, Before()

    def before(self, part: Part) -> Before:
        """What lies before the part; raises `OSError`. Parts of a file come in their order."""
        if part.file != self._file:
            self._file, self._at, self._before = part.file, 0, Before()
        if self._at < part.start:
            with self._reader.open(part.file) as source:
                source.seek(self._at)
                while data := source.read(min(_BYTES, part.start - self._at)):
                    self._before = self._before.and_then(data)
                    self._at += len(data)
        return self._before


def _piled(files: Sequence[tuple[str, bytes]]) -> Pile:
    """Files as one pile: what reports call them, and their bytes."""
    ends = [end - 1 for end in accumulate(len(data) + 1 for _, data in files)]
    whole = memoryview(b"".join(part for _, data in files for part in (data, b"\n")))
    return Pile(whole, ends, [path for path, _ in files])


def _joined(found: Sequence[Searched]) -> Searched:
    return Searched(
        tuple(s for one in found for s in one.sights),
        tuple(g for one in found for g in one.gaps),
        tuple(c for one in found for c in one.clean),
    )


def _told(what: str | Cut) -> tuple[Text, Text]:
    """What was not looked for to the end of a file, and what to do."""
    match what:
        case Cut.DEEP:
            return _DEEP, _FLATTEN
        case Cut.LONG:
            return _LONG, _FLATTEN
        case rule:
            return _CUT.of(rule=rule), _NARROW


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
