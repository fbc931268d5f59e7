"""The directory of a ZIP file, and single members of it, at the cost of what is asked for.

The format is PKWARE's APPNOTE (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT). `zipfile` makes an object for every
member, 8 µs each; jars have thousands of which a few matter. Sizes that the directory states are upper bounds, never believed.
"""

import struct
import zlib
from collections.abc import Iterator
from struct import unpack_from
from typing import BinaryIO

from msgspec import Struct

DIRECTORY_BYTES = 64 * 1024 * 1024
MEMBERS = 500_000
_TAIL = 22 + 65_535  # the end record and the longest comment after it
_CHUNK = 1024 * 1024

_END = b"PK\x05\x06"
_END64_PLACE = b"PK\x06\x07"
_END64 = b"PK\x06\x06"
_ENTRY = b"PK\x01\x02"
_LOCAL = b"PK\x03\x04"
_ENTRY_LAYOUT = struct.Struct("<4xxxxxHHxxxxxxxxIIHHHxxxxxxxxI")  # flags, method, sizes, lengths, place
_ENTRY_BYTES = 46
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x1 | 0x2000
_NOT_HERE = 0xFFFFFFFF  # the value stands in the ZIP64 field
_UTF8 = 0x800


class ZipError(Exception):
    """The bytes are no ZIP file, or not one that can be read."""


class TooMuchError(Exception):
    """A member or a directory is larger than is read."""


class Member(Struct, frozen=True):
    """A file in an archive, as the directory describes it."""

    name: str
    flags: int
    method: int
    packed: int
    size: int
    place: int


class Archive:
    """A ZIP file that stands in `file` from `start` on, `size` bytes long."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file = file
        self._start = start
        self._size = size
        tail_at = max(0, size - _TAIL)
        tail = self._bytes(tail_at, size - tail_at)
        at = tail.rfind(_END)
        if at < 0 or len(tail) < at + 22:
            raise ZipError("no end of a directory")
        directory_size, directory_place = unpack_from("<II", tail, at + 12)
        end = tail_at + at
        if at >= 20 and tail[at - 20 : at - 16] == _END64_PLACE:
            end, directory_size, directory_place = self._end64(tail_at + at - 20)
        if directory_size > DIRECTORY_BYTES:
            raise TooMuchError("directory")
        # what was put before the archive (a shell script) moves everything by as much
        shift = end - directory_size - directory_place
        if shift < 0 or end < directory_size:
            raise ZipError("the directory is not where it should be")
        self._shift = shift
        self._directory = self._bytes(end - directory_size, directory_size)

    def _end64(self, locator: int) -> tuple[int, int, int]:
        """Where the ZIP64 end record stands, and what it says; it stands just before its locator where there is no comment."""
        for at in (unpack_from("<Q", self._bytes(locator, 20), 8)[0], locator - 56):
            if 0 <= at <= self._size - 56:
                record = self._bytes(at, 56)
                if record.startswith(_END64):
                    size, place = unpack_from("<QQ", record, 40)
                    return at, size, place
        raise ZipError("no ZIP64 end of a directory")

    def _bytes(self, at: int, count: int) -> bytes:
        if at < 0 or count < 0 or at + count > self._size:
            raise ZipError("it points out of itself")
        self._file.seek(self._start + at)
        data = self._file.read(count)
        if len(data) < count:
            raise ZipError("it ends too early")
        return data

    def members(self, *endings: bytes) -> Iterator[Member]:
        """The members whose name ends so, in lower case, in the directory's order."""
        data = self._directory
        at = count = 0
        layout, end = _ENTRY_LAYOUT.unpack_from, len(data)
        while at + _ENTRY_BYTES <= end and data.startswith(_ENTRY, at):
            flags, method, packed, size, name_length, extra_length, comment_length, place = layout(data, at)
            name_at = at + _ENTRY_BYTES
            extra_at = name_at + name_length
            count += 1
            if count > MEMBERS:
                raise TooMuchError("members")
            name = data[name_at:extra_at]
            if name.lower().endswith(endings):
                if _NOT_HERE in {packed, size, place}:
                    packed, size, place = _wide(data[extra_at : extra_at + extra_length], packed, size, place)
                text = name.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
                yield Member(text, flags, method, packed, size, place)
            at = extra_at + extra_length + comment_length

    def place(self, member: Member) -> tuple[int, int]:
        """From where to where in the file the member's packed bytes stand."""
        if member.flags & _ENCRYPTED:
            raise ZipError("encrypted")
        at = member.place + self._shift
        header = self._bytes(at, 30)
        if not header.startswith(_LOCAL):
            raise ZipError("no member where the directory says")
        name_length, extra_length = unpack_from("<HH", header, 26)
        begin = at + 30 + name_length + extra_length
        if begin + member.packed > self._size:
            raise ZipError("a member ends after the file")
        return self._start + begin, self._start + begin + member.packed

    def stored(self, member: Member) -> "tuple[BinaryIO, int, int] | None":
        """File, start and size of a member that is not compressed, so that it need not be copied."""
        if member.method != _STORED or member.size != member.packed:
            return None
        begin, end = self.place(member)
        return self._file, begin, end - begin

    def read(self, member: Member, limit: int) -> bytes:
        """A member's bytes; more than `limit`, or than the directory states, is `TooMuchError`."""
        limit = min(limit, member.size)
        data = self.head(member, limit + 1)
        if len(data) > limit or member.size > limit:
            raise TooMuchError(member.name)
        return data

    def head(self, member: Member, count: int) -> bytes:
        """The first bytes of a member."""
        begin, end = self.place(member)
        self._file.seek(begin)
        if member.method == _STORED:
            return self._file.read(min(member.packed, count))
        if member.method != _DEFLATED:
            raise ZipError("a compression that is not read")
        return self._inflated(end - begin, count)

    def _inflated(self, left: int, count: int) -> bytes:
        unpack = zlib.decompressobj(-zlib.MAX_WBITS)
        pieces: list[bytes] = []
        length = 0
        try:
            while left > 0 and length < count and not unpack.eof:
                packed = self._file.read(min(left, _CHUNK))
                if not packed:
                    raise ZipError("it ends too early")
                left -= len(packed)
                while packed and length < count and not unpack.eof:
                    pieces.append(unpack.decompress(packed, count - length))
                    length += len(pieces[-1])
                    packed = unpack.unconsumed_tail
        except zlib.error as error:
            raise ZipError(str(error)) from error
        return b"".join(pieces)


def _wide(extra: bytes, packed: int, size: int, place: int) -> tuple[int, int, int]:
    """Sizes and place from the ZIP64 field, which holds only those that did not fit, in this order: size, packed, place."""
    at = 0
    try:
        while at + 4 <= len(extra):
            kind, length = unpack_from("<HH", extra, at)
            at += 4
            if kind == 1:
                wide = []
                for value in (size, packed, place):
                    if value == _NOT_HERE:
                        value = unpack_from("<Q", extra, at)[0]  # noqa: PLW2901 - the same value, in full
                        at += 8
                    wide.append(value)
                return wide[1], wide[0], wide[2]
            at += length
    except struct.error as error:
        raise ZipError("a ZIP64 field that ends too early") from error
    return packed, size, place
