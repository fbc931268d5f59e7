"""What unpacks gzip fastest here, in the manner of the standard library's decoders."""

import zlib
from collections.abc import Callable
from typing import Protocol, cast


class Decoder(Protocol):
    """What decoders of gzip, bzip2 and xz have in common: what they have not used they keep, or hand back at the end."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Inflating:
    """zlib's decoder, which hands back what it has not used instead of keeping it, with the others' manners."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail and not self._inner.eof

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def gzip_decoder() -> tuple[Callable[[], Decoder], tuple[type[BaseException], ...]]:
    """What makes a decoder of one stream, isal's where it is there, else zlib's; and what its errors are."""
    try:
        from isal import igzip_lib  # noqa: PLC0415 - only where something is packed
    except ImportError:
        return _Inflating, (zlib.error,)
    error = cast("type[BaseException]", igzip_lib.IsalError)  # stubs take it for an instance
    return lambda: igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP), (error, EOFError)
