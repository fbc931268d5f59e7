"""What lies in a file that holds others: members of archives, texts of databases, cells of notebooks, at any depth.

One allowance holds for a file and all that is in it, so that a bomb, a loop or an endless stream ends soon.
"""

import io
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO

from msgspec import Struct
from msgspec.structs import replace

from fourc.collect.content.blob import Blob
from fourc.collect.gaps import file_gap
from fourc.collect.limits import MIB
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

_UNSUPPORTED = Text("{kind}: nothing here can read it", "{kind}：这里无法读取")
_UNPACK = Text("unpack it and scan the folder", "请解压后扫描该目录")
_DEEP = Text("archives in archives, more than {limit} deep", "归档中的归档超过 {limit} 层")
_MUCH = Text("what is in it has more than the {limit} MB that are read", "其内容超过可读取的 {limit} MB")
_MANY = Text("it has more than the {limit} members that are read", "其成员超过可读取的 {limit} 个")
_MORE = Text("{n} more of its files could not be read", "其中还有 {n} 个文件无法读取")
_SLOW = Text("reading what is in it took longer than {limit} s", "读取其内容超过 {limit} 秒")


class Limits(Struct, frozen=True):
    """For a file and all that is in it.

    depth: containers in containers. members: files read. member_bytes: one of them. total_bytes: all of them.
    ratio: all of them by the file's own bytes, but `free_bytes` always; real texts shrink to a hundredth at most.
    directory_bytes: the list of a zip's members, which is kept. seconds: until nothing more is begun.
    gaps: that are told of it one by one.
    """

    depth: int = 4
    members: int = 50_000
    member_bytes: int = 50 * MIB
    total_bytes: int = 1024 * MIB
    ratio: int = 100
    free_bytes: int = 32 * MIB
    directory_bytes: int = 8 * MIB
    seconds: float = 30.0
    gaps: int = 200


LIMITS = Limits()
HEAD_BYTES = 512  # as much of a file as tells what it is


class SpentError(Exception):
    """The allowance is used up: `message` says of what, `reason` which gap that is."""

    def __init__(self, message: Text, reason: GapReason = GapReason.TOO_LARGE) -> None:
        super().__init__(message.en)
        self.message = message
        self.reason = reason


class Allowance:
    """What may still be read of one file's content."""

    def __init__(self, size: int, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self._bytes = self._all = min(limits.total_bytes, max(limits.free_bytes, size * limits.ratio))
        self._members = limits.members
        self._deadline = time.monotonic() + limits.seconds

    def spend(self, size: int) -> None:
        """Count bytes that were unpacked.

        Raises:
            SpentError: there were more than allowed, or it took too long.
        """
        self._bytes -= size
        if self._bytes < 0:
            raise SpentError(_MUCH.of(limit=self._all // MIB))
        if time.monotonic() > self._deadline:
            raise SpentError(_SLOW.of(limit=int(self.limits.seconds)), GapReason.TIMED_OUT)

    def member(self) -> None:
        """Count a member, read or not.

        Raises:
            SpentError: there were more than allowed, or it took too long.
        """
        self._members -= 1
        if self._members < 0:
            raise SpentError(_MANY.of(limit=self.limits.members))
        self.spend(0)


Reader = Callable[[str, IO[bytes], Allowance], Iterator[Blob | Gap]]


def inside(blob: Blob, limits: Limits = LIMITS, *, log: bytes = b"") -> Iterator[Blob | Gap]:
    """What lies in the blob; the blob itself where it holds nothing else, or is but a part of a file (a diff's hunk).

    A notebook gives itself too, without its cells. What lies in a git blob has its `object_id`, and what has its lines
    (a notebook's cells) what of them was added. `log` is an SQLite file's write-ahead log, which lies beside it as `-wal`.
    """
    part_of_file = blob.added is not None and blob.object_id is None
    reader = None if part_of_file else reader_of(blob.shown, blob.data[:HEAD_BYTES])
    if reader is None:
        yield blob
        return
    if reader is _database:
        reader = partial(_database, log=log)
    for part in _bounded(blob.shown, io.BytesIO(blob.data), reader, limits):
        if isinstance(part, Gap) or blob.object_id is None:
            yield part
        else:
            has_lines = part.lines is not None or part.shown == blob.shown
            yield replace(part, object_id=blob.object_id, added=blob.added if has_lines else None)


def inside_file(shown: str, source: IO[bytes], limits: Limits = LIMITS) -> Iterator[Blob | Gap] | None:
    """What lies in an archive that is too large to be held in memory; None where the file is no archive."""
    reader = reader_of(shown, source.read(HEAD_BYTES))
    source.seek(0)
    if reader is None or reader in {_database, _notebook}:
        return None
    return _bounded(shown, source, reader, limits)


def _bounded(shown: str, source: IO[bytes], reader: Reader, limits: Limits) -> Iterator[Blob | Gap]:
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    gaps = 0
    try:
        for part in _opened(shown, source, reader, Allowance(size, limits), limits.depth):
            gaps += isinstance(part, Gap)
            if not isinstance(part, Gap) or gaps <= limits.gaps:
                yield part
    except SpentError as spent:
        yield file_gap(spent.reason, shown, spent.message, _UNPACK)
    if gaps > limits.gaps:
        yield file_gap(GapReason.TOO_LARGE, shown, _MORE.of(n=gaps - limits.gaps), _UNPACK)


def _opened(shown: str, source: IO[bytes], reader: Reader, allowance: Allowance, depth: int) -> Iterator[Blob | Gap]:
    if depth == 0:
        message = _DEEP.of(limit=allowance.limits.depth)
        yield file_gap(GapReason.TOO_LARGE, shown, message, _UNPACK)
        return
    for part in reader(shown, source, allowance):
        below = None
        if isinstance(part, Blob) and part.shown != shown:
            below = reader_of(part.shown, part.data[:HEAD_BYTES])
        if below is None or isinstance(part, Gap):
            yield part
        else:
            yield from _opened(part.shown, io.BytesIO(part.data), below, allowance, depth - 1)


def reader_of(shown: str, head: bytes) -> Reader | None:
    """What reads the inside of a file with these first bytes; None where it has none.

    Names lie, so only a notebook is known by its name: its bytes are any JSON's.
    """
    if head[:1] in _FIRST_BYTES:  # nearly no text gets in here
        for magic, reader in _READERS.items():
            if head.startswith(magic):
                return reader
    if head[257:262] == b"ustar":
        return _tar
    return _notebook if shown.endswith(".ipynb") else None


def _unread(shown: str, source: IO[bytes], allowance: Allowance) -> Iterator[Blob | Gap]:
    del allowance
    head = source.read(HEAD_BYTES)
    kind = next(name for magic, name in _UNREADABLE.items() if head.startswith(magic))
    yield file_gap(GapReason.UNSUPPORTED, shown, _UNSUPPORTED.of(kind=kind), _UNPACK)


# Each reader is loaded where its kind of file is met: most folders have none.


def _zip(shown: str, source: IO[bytes], allowance: Allowance) -> Iterator[Blob | Gap]:
    from fourc.collect.content.archives import zip_members  # noqa: PLC0415

    return zip_members(shown, source, allowance)


def _tar(shown: str, source: IO[bytes], allowance: Allowance) -> Iterator[Blob | Gap]:
    from fourc.collect.content.archives import tar_members  # noqa: PLC0415

    return tar_members(shown, source, allowance)


def _compressed(shown: str, source: IO[bytes], allowance: Allowance) -> Iterator[Blob | Gap]:
    from fourc.collect.content.archives import unpacked  # noqa: PLC0415

    return unpacked(shown, source, allowance)


def _database(shown: str, source: IO[bytes], allowance: Allowance, log: bytes = b"") -> Iterator[Blob | Gap]:
    from fourc.collect.content.sqlite import tables  # noqa: PLC0415

    return tables(shown, source.read(), allowance, log)


def _notebook(shown: str, source: IO[bytes], allowance: Allowance) -> Iterator[Blob | Gap]:
    from fourc.collect.content.notebooks import cells  # noqa: PLC0415

    return cells(shown, source.read(), allowance)


_UNREADABLE = {
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"\x04\x22\x4d\x18": "lz4",
    b"\x1f\x9d": "compress",
    b"MSCF\x00\x00\x00\x00": "cab",
    b"!<arch>\n": "ar",
    b"\xed\xab\xee\xdb": "rpm",
}
_READERS: dict[bytes, Reader] = {
    **dict.fromkeys((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"), _zip),
    **dict.fromkeys((b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00"), _compressed),
    b"SQLite format 3\x00": _database,
    **dict.fromkeys(_UNREADABLE, _unread),
}
_FIRST_BYTES = frozenset(magic[:1] for magic in _READERS)
