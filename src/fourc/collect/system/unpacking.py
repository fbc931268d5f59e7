"""Metadata of repositories as it lies there: plain, or packed by gzip, xz, bzip2, lz4 or zstd, never more of it than allowed."""

from collections.abc import Callable
from typing import Protocol, cast

from fourc.collect.limits import MIB
from fourc.collect.packages.form import PackagesError
from fourc.model.text import Text

UNPACKED_BYTES = 160 * MIB
TOTAL_BYTES = 480 * MIB
_CHUNK = 4 * MIB
_XZ_MEMORY = 100 * MIB
_LARGE = Text("unpacked it has more than the {limit} MB that are read", "解压后超过可读取的 {limit} MB")
_BROKEN = Text("it cannot be unpacked: {why}", "无法解压：{why}")
_AGAIN = Text("fetch the metadata again", "请重新获取元数据")
_NO_LZ4 = Text("it is packed by lz4, which cannot be read here", "它由 lz4 压缩，这里无法读取")
_LZ4 = Text('install it: pip install "lz4"', "请安装：pip install lz4")


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes | None: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class Room:
    """How much is still to be unpacked, of all that a node has."""

    def __init__(self, total: int = TOTAL_BYTES) -> None:
        self._left = total

    def unpacked(self, data: bytes) -> bytes:
        """The bytes themselves, whatever packed them.

        Raises:
            PackagesError: they are broken, or more than a file, or all files together, may have.
        """
        made = unpacked(data, min(UNPACKED_BYTES, self._left))
        self._left -= len(made)
        return made


def unpacked(data: bytes, limit: int = UNPACKED_BYTES) -> bytes:
    """The bytes themselves, whatever packed them.

    Raises:
        PackagesError: they are broken, or more than the limit.
    """
    try:
        if data.startswith(b"\x1f\x8b"):
            return _gzip(data, limit)
        if data.startswith(b"\xfd7zXZ\0"):
            return _xz(data, limit)
        if data.startswith(b"BZh"):
            import bz2  # noqa: PLC0415 - the same

            return _whole(data, bz2.BZ2Decompressor, limit)
        if data.startswith(b"\x04\x22\x4d\x18"):
            return _lz4(data, limit)
        if data.startswith(b"\x28\xb5\x2f\xfd"):
            return _zstd(data, limit)
    except (OSError, EOFError, ValueError, RuntimeError, MemoryError) as error:
        raise PackagesError(_BROKEN.of(why=str(error) or type(error).__name__), hint=_AGAIN) from error
    return _allowed(data, limit)


def _allowed(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise PackagesError(_LARGE.of(limit=limit // MIB), hint=_AGAIN)
    return data


def _whole(data: bytes, new: Callable[[], _Decoder], limit: int, *, keeps: bool = True) -> bytes:
    """All streams one after the other; a decoder that `keeps` what it has not used does not get it again."""
    pieces: list[bytes] = []
    size = 0
    decoder = new()
    feed = data
    while True:
        piece = decoder.decompress(feed, min(_CHUNK, limit + 1 - size))
        size += len(piece)
        pieces.append(piece)
        if size > limit:
            raise PackagesError(_LARGE.of(limit=limit // MIB), hint=_AGAIN)
        if decoder.eof:
            feed = decoder.unused_data or b""
            if not feed.strip(b"\0"):
                return b"".join(pieces)
            decoder = new()
        elif keeps:
            if not piece and not feed:
                raise EOFError("it ends too early")
            feed = b""
        else:
            feed = getattr(decoder, "unconsumed_tail", b"")
            if not piece and not feed:
                raise EOFError("it ends too early")


def _gzip(data: bytes, limit: int) -> bytes:
    from isal import isal_zlib  # noqa: PLC0415 - only what is packed needs it

    try:
        return _whole(data, lambda: isal_zlib.decompressobj(31), limit, keeps=False)
    except cast("type[Exception]", isal_zlib.error) as error:  # its stubs call it an instance
        raise PackagesError(_BROKEN.of(why=str(error)), hint=_AGAIN) from error


def _xz(data: bytes, limit: int) -> bytes:
    import lzma  # noqa: PLC0415 - as above

    try:
        return _whole(data, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY), limit)
    except lzma.LZMAError as error:
        raise PackagesError(_BROKEN.of(why=str(error)), hint=_AGAIN) from error


def _lz4(data: bytes, limit: int) -> bytes:
    try:
        from lz4.frame import LZ4FrameDecompressor  # noqa: PLC0415 - only apt in images packs by it
    except ImportError as error:
        raise PackagesError(_NO_LZ4, hint=_LZ4) from error
    return _whole(data, LZ4FrameDecompressor, limit)


def _zstd(data: bytes, limit: int) -> bytes:
    import zstandard  # noqa: PLC0415 - as above

    try:
        with zstandard.ZstdDecompressor(max_window_size=128 * MIB).stream_reader(
            data, read_across_frames=True
        ) as reader:
            pieces: list[bytes] = []
            size = 0
            while piece := reader.read(min(_CHUNK, limit + 1 - size)):
                pieces.append(piece)
                size += len(piece)
                if size > limit:
                    raise PackagesError(_LARGE.of(limit=limit // MIB), hint=_AGAIN)
            return b"".join(pieces)
    except zstandard.ZstdError as error:
        raise PackagesError(_BROKEN.of(why=str(error)), hint=_AGAIN) from error
