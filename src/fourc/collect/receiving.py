"""Bytes that come over a connection, laid into a file: never too many, never too slowly, and kept where they break off."""

import http.client
import os
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from fourc.errors import FourcError
from fourc.model.text import Text, same

MOST_BYTES = 1 << 30
"""A file with more is not fetched."""
_CHUNK = 1 << 18

_UNWRITABLE = Text("{file} cannot be written: {why}", "无法写入 {file}：{why}")
_PLACE = Text("make room, or name another file with -o", "请腾出空间，或用 -o 指定其他文件")
_LARGE = Text("it has more than {limit} MB", "超过 {limit} MB")
_SLOW = Text("it comes too slowly", "传输过慢")


class FetchError(FourcError):
    """A file could not be fetched; what came of it is kept for the next attempt."""


class AbsentError(FetchError):
    """There is no such file."""


class PlaceError(FetchError):
    """What comes cannot be kept here, wherever it comes from."""


class StoppedError(Exception):
    """No more is taken of this answer; `why` says why."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


class Patience(Struct, frozen=True):
    """How long a server is waited for, in seconds.

    connect: until it answers at all. silence: without a byte. opening: until its headers are there, redirects included.
    window, least: so many bytes must come in so many seconds; who lets them drip would else hold us for days. most: in all.
    """

    connect: float = 10.0
    silence: float = 30.0
    opening: float = 60.0
    window: float = 30.0
    least: int = 64 << 10
    most: float = 3600.0


PATIENCE = Patience()


def receive(
    answer: http.client.HTTPResponse,
    part: Path,
    start: int,
    limit: int,
    patience: Patience,
    told: Callable[[int], None],
) -> int:
    """Write what comes behind the first `start` bytes of the file; returns how many there are then.

    Raises:
        StoppedError: there are more than the limit, or they come too slowly.
        PlaceError: they cannot be written.
        OSError: the connection broke, as with `http.client.HTTPException`.
    """
    got, begun = start, time.monotonic()
    mark, had = begun, start
    handle = _opened(part, start)
    try:
        while chunk := answer.read1(_CHUNK):  # what is there: `read` would wait for all of a chunk
            got += len(chunk)
            if got > limit:
                raise StoppedError(_LARGE.of(limit=limit >> 20 or 1))
            _write(handle, chunk, part)
            now = time.monotonic()
            if now - begun > patience.most or (now - mark > patience.window and got - had < patience.least):
                raise StoppedError(_SLOW)
            if now - mark > patience.window:
                mark, had = now, got
            told(got)
    finally:
        os.close(handle)
    return got


def unwritable(file: Path, error: OSError) -> PlaceError:
    """The error for a file that cannot be written."""
    why = same(error.strerror or type(error).__name__)
    return PlaceError(_UNWRITABLE.of(file=str(file), why=why), hint=_PLACE)


def _opened(part: Path, start: int) -> int:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(part, flags, 0o600)
        os.ftruncate(handle, start)
        os.lseek(handle, start, os.SEEK_SET)
    except OSError as error:
        raise unwritable(part, error) from error
    return handle


def _write(handle: int, chunk: bytes, part: Path) -> None:
    view = memoryview(chunk)
    try:
        while view:
            view = view[os.write(handle, view) :]
    except OSError as error:
        raise unwritable(part, error) from error
