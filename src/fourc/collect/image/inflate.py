"""Unpacks a layer as it comes by, and hashes it before and after on the way.

Unpacking and hashing leave the interpreter's lock, so a second thread hashes while the first unpacks and reads.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import IO, cast

from fourc.collect.gzip_decoder import gzip_decoder
from fourc.collect.image.blob import Hash, Readable

_READ = 256 * 1024
_OUT = 256 * 1024
_AHEAD = 32  # pieces that wait to be hashed
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = range(0x50, 0x60)  # of zstd: 0x184D2A5? comes first in what `zstd:chunked` writes
_OTHERS = {b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x04\x22\x4d\x18": "lz4"}
_ZSTD_WINDOW = 128 * 1024 * 1024  # what containerd's decoder takes too


class PackedError(Exception):
    """The packed bytes are broken, or end too early."""


class UnknownPackingError(Exception):
    """Nothing here can unpack it; the text names what it is."""


class Hashing:
    """Hashes pieces in a thread of its own, in their order."""

    def __init__(self, *hashes: Hash) -> None:
        self.hashes = hashes
        self._waiting: queue.Queue[tuple[Hash, bytes] | None] = queue.Queue(_AHEAD)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def add(self, which: Hash, piece: bytes) -> None:
        """Hash the piece too."""
        self._waiting.put((which, piece))

    def end(self) -> None:
        """Wait until all is hashed."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (item := self._waiting.get()) is not None:
            which, piece = item
            which.update(piece)


def unpacked(stream: Readable, seen: Callable[[bytes], None]) -> Iterator[bytes]:
    """The unpacked bytes in pieces; `seen` gets the packed ones, to the last.

    Raises:
        PackedError: the packed bytes are broken.
        UnknownPackingError: they are packed in a way that is unknown here.
    """
    first = stream.read(_READ)
    while first and len(first) < 6 and (more := stream.read(_READ)):
        first += more
    if first.startswith(_GZIP):
        yield from _gzip(first, stream, seen)
    elif first.startswith(_ZSTD) or (len(first) > 4 and first[0] in _SKIPPABLE and first[1:4] == b"\x2a\x4d\x18"):
        yield from _zstd(first, stream, seen)
    else:
        kind = next((name for magic, name in _OTHERS.items() if first.startswith(magic)), None)
        if kind is not None:
            raise UnknownPackingError(kind)
        piece = first
        while piece:
            seen(piece)
            yield piece
            piece = stream.read(_OUT)


def _gzip(piece: bytes, stream: Readable, seen: Callable[[bytes], None]) -> Iterator[bytes]:
    """All members of a gzip file; what follows the last is not looked at, as Go's reader would refuse it."""
    new, errors = gzip_decoder()
    decoder = new()
    try:
        seen(piece)
        while True:
            data = decoder.decompress(piece, _OUT)
            piece = b""
            if data:
                yield data
            if decoder.eof:
                rest = decoder.unused_data
                if len(rest) < 2:
                    more = stream.read(_READ)
                    seen(more)
                    rest += more
                rest = rest.lstrip(b"\0") if rest[:1] == b"\0" else rest
                if not rest.startswith(_GZIP):
                    break
                decoder, piece = new(), rest
            elif decoder.needs_input:
                piece = stream.read(_READ)
                if not piece:
                    raise PackedError("it ends too early")
                seen(piece)
    except errors as error:
        raise PackedError(str(error)) from error
    while more := stream.read(_READ):
        seen(more)


def _zstd(piece: bytes, stream: Readable, seen: Callable[[bytes], None]) -> Iterator[bytes]:
    import zstandard  # noqa: PLC0415 - only where something is packed so

    class _Seen:
        """What is read of the stream, shown to `seen`."""

        def __init__(self) -> None:
            self.first = piece

        def read(self, size: int = -1, /) -> bytes:
            data, self.first = self.first or stream.read(_READ if size < 0 else size), b""
            seen(data)
            return data

    source = _Seen()
    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    try:
        with decoder.stream_reader(
            cast("IO[bytes]", source), read_size=_READ, read_across_frames=True, closefd=False
        ) as reader:
            while data := reader.read(_OUT):
                yield data
    except zstandard.ZstdError as error:
        raise PackedError(str(error)) from error
    while source.read(_READ):
        pass
