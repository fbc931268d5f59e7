"""Members of zip, jar and wheel, of tar, and what gzip, bzip2 and xz have packed; nothing is ever written to disk.

A member's name is only shown, so it may be absolute or lead upwards; it is shown without that.
"""

import bz2
import io
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, cast

from fourc.collect.content.blob import Blob
from fourc.collect.content.inside import Allowance, SpentError
from fourc.collect.gaps import file_gap
from fourc.collect.gzip_decoder import Decoder, gzip_decoder
from fourc.collect.limits import MIB
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

_CHUNK = 256 * 1024
_HEADER_BYTES = MIB  # a tar's extended header of one member
_XZ_MEMORY = 100 * MIB  # `xz -9` needs 65
_ENCRYPTED = 1
_LINK_MODE = 0o120000
_KIND_MODE = 0o170000
_END_BYTES = 22 + 0xFFFF  # with the longest comment
_END_OF_DIRECTORY = b"PK\x05\x06"
_MAGICS = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_MAGIC_BYTES = 6
_SUFFIX = re.compile(r"\.(?:gz|bz2|xz|lzma|z)$", re.IGNORECASE)
_TAR_SUFFIX = re.compile(r"\.(tgz|tbz2?|txz)$", re.IGNORECASE)

_UNPACK = Text("unpack it and scan the folder", "请解压后扫描该目录")
_BAD = Text("the archive is broken: {why}", "归档已损坏：{why}")
_LOCKED = Text("the member is encrypted", "该成员已加密")
_METHOD = Text("the member is packed in a way that cannot be read here: {why}", "该成员的压缩方式无法读取：{why}")
_LARGE = Text(
    "the member has {size} MB, more than the {limit} MB that are read", "该成员有 {size} MB，超过可读取的 {limit} MB"
)
_BIG = Text("the member has more than the {limit} MB that are read", "该成员超过可读取的 {limit} MB")
_DIRECTORY = Text("the list of its members is too long", "成员列表过长")
_HEADER = Text("the header of a member is too long", "成员的头部过长")


def zip_members(shown: str, source: IO[bytes], allowance: Allowance) -> Iterator[Blob | Gap]:
    """The members of a zip file."""
    if _directory_bytes(source) > allowance.limits.directory_bytes:
        yield file_gap(GapReason.TOO_LARGE, shown, _DIRECTORY, _UNPACK)
        return
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        yield _broken(shown, error)
        return
    with archive:
        for member in archive.infolist():
            allowance.member()
            if member.is_dir() or (member.external_attr >> 16) & _KIND_MODE == _LINK_MODE:
                continue
            yield _zip_member(archive, member, f"{shown}!{_cleaned(member.filename)}", allowance)


def _directory_bytes(source: IO[bytes]) -> int:
    """How long the list of members says that it is; zipfile reads all of it at once."""
    size = source.seek(0, io.SEEK_END)
    source.seek(max(0, size - _END_BYTES))
    data = source.read(_END_BYTES)
    end = data.rfind(_END_OF_DIRECTORY)
    if end < 0 or end + 16 > len(data):
        return 0
    (its,) = struct.unpack_from("<L", data, end + 12)
    # 0xffffffff: a zip64 file, for which there is a list of its own; it cannot be longer than what lies before its end
    return int(its) if its != 0xFFFFFFFF else size


def _zip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, shown: str, allowance: Allowance) -> Blob | Gap:
    if member.flag_bits & _ENCRYPTED:
        return file_gap(GapReason.UNSUPPORTED, shown, _LOCKED, _UNPACK)
    limit = allowance.limits.member_bytes
    if member.file_size > limit:
        return file_gap(
            GapReason.TOO_LARGE, shown, _LARGE.of(size=member.file_size // MIB, limit=limit // MIB), _UNPACK
        )
    try:
        with archive.open(member) as source:
            data = _read(source.read, limit, allowance)
    except NotImplementedError as error:
        return file_gap(GapReason.UNSUPPORTED, shown, _METHOD.of(why=str(error)), _UNPACK)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, ValueError, EOFError, OSError, RuntimeError) as error:
        return _broken(shown, error)
    return _member(shown, data, limit)


def tar_members(shown: str, source: IO[bytes], allowance: Allowance) -> Iterator[Blob | Gap]:
    """The members of a tar file."""
    return _tar(shown, _Whole(source, allowance), allowance)


def unpacked(shown: str, packed: IO[bytes], allowance: Allowance) -> Iterator[Blob | Gap]:
    """What gzip, bzip2 or xz have packed: the members of a tar file, or the one file."""
    source = _Unpacking(packed, allowance)
    try:
        head = source.peek(512)
        if head[257:262] == b"ustar":
            yield from _tar(shown, source, allowance)
            return
        limit = allowance.limits.member_bytes
        content = _read(source.read, limit, None)
    except _BROKEN as error:
        yield _broken(shown, error)
        return
    yield _member(f"{shown}!{_inner_name(shown)}", content, limit)


def _inner_name(shown: str) -> str:
    name = PurePosixPath(shown.rpartition("!")[2]).name
    return _TAR_SUFFIX.sub(".tar", _SUFFIX.sub("", name)) or "content"


def _decoder(data: bytes) -> tuple[Callable[[], Decoder], tuple[type[BaseException], ...]]:
    """What makes a decoder for data that begins so, and what its errors are beside those of `_BROKEN`."""
    if data.startswith(b"\x1f\x8b"):
        return gzip_decoder()
    if data.startswith(b"BZh"):
        return bz2.BZ2Decompressor, ()
    return lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY), ()


class _Whole:
    """A tar file that is not packed, every byte paid for; a single read never gives more than a header may have."""

    def __init__(self, source: IO[bytes], allowance: Allowance) -> None:
        self._allowance = allowance
        self._source = source
        self.tell, self.seek = source.tell, source.seek

    def read(self, size: int) -> bytes:
        if not 0 <= size <= _HEADER_BYTES:
            raise SpentError(_HEADER)
        self._allowance.spend(size)
        return self._source.read(size)


class _Unpacking:
    """The unpacked bytes, forward only, every one paid for; a single read never gives more than a header may have."""

    def __init__(self, packed: IO[bytes], allowance: Allowance) -> None:
        self._packed = packed
        self._next = packed.read(_CHUNK)
        self._new, self._errors = _decoder(self._next)
        self._current = self._new()
        self._ready = bytearray()
        self._position = 0
        self._allowance = allowance

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int) -> int:
        if offset < self._position:
            raise tarfile.ReadError("members overlap")
        while self._position < offset:
            if not self.read(min(offset - self._position, _CHUNK)):
                break
        return self._position

    def peek(self, size: int) -> bytes:
        while len(self._ready) < size and self._more():
            pass
        return bytes(self._ready[:size])

    def read(self, size: int) -> bytes:
        if not 0 <= size <= _HEADER_BYTES:
            raise SpentError(_HEADER)
        data = self.peek(size)
        del self._ready[:size]
        self._position += len(data)
        return data

    def _more(self) -> bool:
        """Unpack some more; False at the end. What follows the last stream (padding, a signature) is left."""
        if self._current.eof:
            rest = (self._current.unused_data + self._next).lstrip(b"\0")
            rest = rest if len(rest) >= _MAGIC_BYTES else (rest + self._packed.read(_CHUNK)).lstrip(b"\0")
            if not rest.startswith(_MAGICS):
                return False
            self._current, self._next = self._new(), rest
        piece, self._next = self._next, b""
        piece = piece or self._packed.read(_CHUNK)
        try:
            data = self._current.decompress(piece, _CHUNK)
        except self._errors as error:
            raise ValueError(str(error)) from error
        self._allowance.spend(len(data))
        self._ready += data
        if not (data or piece or self._current.eof):
            raise EOFError("it ends too early")
        return True


_BROKEN = (tarfile.TarError, lzma.LZMAError, ValueError, EOFError, OSError, struct.error)


def _tar(shown: str, source: _Whole | _Unpacking, allowance: Allowance) -> Iterator[Blob | Gap]:
    limit = allowance.limits.member_bytes
    try:
        archive = tarfile.TarFile(fileobj=cast("IO[bytes]", source), errorlevel=2)
        while (member := archive.next()) is not None:
            allowance.member()
            archive.members = []  # type: ignore[attr-defined]  # else it keeps every member that it has met
            if not member.isreg():  # links, devices, folders have no content
                continue
            name = f"{shown}!{_cleaned(member.name)}"
            if member.size > limit:
                message = _LARGE.of(size=member.size // MIB, limit=limit // MIB)
                yield file_gap(GapReason.TOO_LARGE, name, message, _UNPACK)
                continue
            content = archive.extractfile(member)
            if content is None:
                continue
            data = _read(content.read, limit, None)
            if len(data) < member.size:
                yield _broken(name, EOFError("it ends too early"))
                return
            yield _member(name, data, limit)
    except _BROKEN as error:
        yield _broken(shown, error)


def _read(read: Callable[[int], bytes], limit: int, allowance: Allowance | None) -> bytes:
    """All bytes, but at most one more than the limit."""
    chunks: list[bytes] = []
    left = limit + 1
    while left > 0 and (chunk := read(min(left, _CHUNK))):
        if allowance is not None:
            allowance.spend(len(chunk))
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)


def _member(shown: str, data: bytes, limit: int) -> Blob | Gap:
    if len(data) > limit:
        return file_gap(GapReason.TOO_LARGE, shown, _BIG.of(limit=limit // MIB), _UNPACK)
    return Blob(shown, data)


def _cleaned(name: str) -> str:
    parts = (part for part in name.replace("\\", "/").split("/") if part not in {"", ".", ".."})
    return "/".join(parts).encode("utf-8", "backslashreplace").decode() or "content"


def _broken(shown: str, error: Exception) -> Gap:
    return file_gap(GapReason.MALFORMED, shown, _BAD.of(why=str(error) or type(error).__name__), _UNPACK)
