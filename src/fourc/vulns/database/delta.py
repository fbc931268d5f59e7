"""What makes the next database out of the last one: much less to fetch than all of it.

For each piece of the new file there is one zstd frame whose dictionary are the old file's bytes around the same place (any
bytes are a dictionary: RFC 8878, 5). As rows lie in the order of their names, what is the same lies nearby; and in pieces
memory does not grow with the databases.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import zstandard

from fourc.text import Text, same
from fourc.vulns.database.file import failed

_MAGIC = b"fourc-db-delta\x00\x01"
_DIGEST = 32
_HEAD = struct.Struct(f">16s{_DIGEST}sQ")
"""Magic, the old database's digest, the new one's size."""
_FRAME = struct.Struct(">QIII")
"""Where in the old file the dictionary begins, how long it is, the frame's length, and the piece's."""
_PIECE = 8 << 20
_AROUND = 8 << 20
_WINDOW = 23  # as a power of two: not less than a piece, so the whole dictionary counts to its end
_LEVEL = 12
_MOST = 1 << 30
_BAD = Text("this is no delta for the database that is here", "该增量文件不适用于现有的数据库")
_WHOLE = Text("fetch the whole database", "请获取完整的数据库")


def delta_name(file: str, digest: str) -> str:
    """What the delta to a database is called that is made for the one with this digest (hex, as `fourc db status` says it)."""
    return f"{file}.from-{digest[:16]}"


def write_delta(old: BinaryIO, new: BinaryIO, output: BinaryIO) -> None:
    """Write what makes the new database out of the old one; both are sealed files."""
    old_size, new_size = _size(old), _size(new)
    old.seek(old_size - _DIGEST)
    output.write(_HEAD.pack(_MAGIC, old.read(_DIGEST), new_size))
    level = zstandard.ZstdCompressionParameters.from_level(_LEVEL, window_log=_WINDOW, write_content_size=True)
    for at in range(0, new_size, _PIECE):
        new.seek(at)
        piece = new.read(_PIECE)
        start = max(0, min(at, at * old_size // new_size) - _AROUND)
        old.seek(start)
        near = old.read(min(old_size - start, _PIECE + 2 * _AROUND))
        compressor = zstandard.ZstdCompressor(dict_data=_dictionary(near), compression_params=level)
        frame = compressor.compress(piece)
        output.write(_FRAME.pack(start, len(near), len(frame), len(piece)) + frame)


def apply_delta(old: Path, delta: Path, output: Path) -> None:
    """Write the new database; whether it is right is seen when it is opened.

    Raises:
        DatabaseError: the delta is broken, or made for another database.
    """
    try:
        with old.open("rb") as base, delta.open("rb") as stream, output.open("wb") as target:
            os.chmod(output, 0o600)  # noqa: PTH101 - as the rest
            for piece in _pieces(base, stream, delta):
                target.write(piece)
    except OSError as error:
        why = same(error.strerror or type(error).__name__)
        raise failed(Text("cannot be written: {why}", "无法写入：{why}").of(why=why), output, _WHOLE) from error


def _pieces(old: BinaryIO, delta: BinaryIO, shown: Path) -> Iterator[bytes]:
    old_size, left = _size(old), _size(delta)
    head = delta.read(_HEAD.size)
    if len(head) < _HEAD.size or old_size < _DIGEST:
        raise failed(_BAD, shown, _WHOLE)
    magic, digest, size = _HEAD.unpack(head)
    old.seek(old_size - _DIGEST)
    if magic != _MAGIC or digest != old.read(_DIGEST) or size > _MOST:
        raise failed(_BAD, shown, _WHOLE)
    left -= _HEAD.size
    while size:
        said = delta.read(_FRAME.size)
        if len(said) < _FRAME.size:
            raise failed(_BAD, shown, _WHOLE)
        start, near, packed, length = _FRAME.unpack(said)
        left -= _FRAME.size + packed
        # every length is checked before anything is made that long; pieces are whole, else a million of one byte might come
        if left < 0 or start + near > old_size or near > _PIECE + 2 * _AROUND or length != min(size, _PIECE):
            raise failed(_BAD, shown, _WHOLE)
        old.seek(start)
        yield _unpacked(delta.read(packed), old.read(near), length, shown)
        size -= length
    if left:
        raise failed(_BAD, shown, _WHOLE)


def _unpacked(frame: bytes, near: bytes, length: int, shown: Path) -> bytes:
    try:
        if zstandard.frame_content_size(frame) != length:
            raise failed(_BAD, shown, _WHOLE)
        return zstandard.ZstdDecompressor(dict_data=_dictionary(near)).decompress(frame, max_output_size=length)
    except zstandard.ZstdError as error:
        raise failed(_BAD, shown, _WHOLE) from error


def _dictionary(near: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(near, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size
