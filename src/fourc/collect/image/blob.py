"""Bytes of an image wherever they lie: a file, a part of an archive, a registry."""

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from fourc.collect.image.errors import ImageError, wrong_digest
from fourc.model.gap import GapReason
from fourc.model.text import Text

_DIGEST = re.compile(r"(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})")
_LARGE = Text("{what} has more than {limit} bytes", "{what} 超过 {limit} 字节")
_SPLIT = Text("use an image whose manifest is smaller", "请使用清单更小的镜像")


BY_DIGEST = "digest"
"""The stamp of what is always the same under its digest: a registry's blobs, which are checked when they are downloaded."""


class Readable(Protocol):
    """A stream of bytes that somebody closes."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes, none only at the end."""

    def close(self) -> None:
        """Let go of what it holds."""


class Hash(Protocol):
    """A running hash."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""

    def hexdigest(self) -> str:
        """The hash of all bytes so far."""


class Blob(Struct, frozen=True):
    """A layer as it is stored: `digest` is of the stored bytes, empty where the source does not tell (docker's old archives).

    `stamp` tells these stored bytes from others without reading them: a file's place, size, inode and times. It is empty
    where the file is too young for its times to tell.
    """

    digest: str
    media_type: str
    size: int
    open: Callable[[], Readable]
    stamp: str = ""


class Part:
    """Some bytes of an open file; many parts of one file are read at the same time."""

    def __init__(self, handle: int, offset: int, size: int) -> None:
        self._handle = handle
        self._at = offset
        self._end = offset + size

    def read(self, size: int, /) -> bytes:
        """The next bytes; fewer than the part should have where the file ends before."""
        data = os.pread(self._handle, min(size, self._end - self._at), self._at)
        self._at += len(data)
        return data

    def close(self) -> None:
        """Nothing: the file is its owner's."""


class OpenFile:
    """A file that stays open as long as something reads parts of it."""

    def __init__(self, path: Path) -> None:
        self.handle = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        self.size = os.fstat(self.handle).st_size

    def __del__(self) -> None:
        """Close the file with its last part."""
        os.close(self.handle)

    def part(self, offset: int, size: int) -> "Part":
        """Bytes from there."""
        return _Held(self, offset, size)


class _Held(Part):
    """A part that keeps its file open."""

    def __init__(self, file: OpenFile, offset: int, size: int) -> None:
        super().__init__(file.handle, offset, size)
        self._file = file


def is_digest(text: str) -> bool:
    """Whether it is a digest of a kind that can be checked here (https://github.com/opencontainers/image-spec, descriptor)."""
    return _DIGEST.fullmatch(text) is not None


def hash_for(digest: str) -> Hash:
    """The hash with which the digest is checked."""
    return hashlib.sha512() if digest.startswith("sha512:") else hashlib.sha256()


def whole(stream: Readable, limit: int, what: str) -> bytes:
    """All bytes of a stream.

    Raises:
        ImageError: there are more than the limit.
    """
    try:
        pieces = []
        left = limit + 1
        while left > 0 and (piece := stream.read(min(left, 1 << 20))):
            pieces.append(piece)
            left -= len(piece)
    finally:
        stream.close()
    if left <= 0:
        raise ImageError(_LARGE.of(what=what, limit=limit), _SPLIT, GapReason.TOO_LARGE)
    return b"".join(pieces)


def checked(data: bytes, digest: str, what: str) -> bytes:
    """The bytes, if they have this digest.

    Raises:
        DigestError: they have another.
    """
    if not is_digest(digest):
        raise wrong_digest(what, digest, "-")
    hashed = hash_for(digest)
    hashed.update(data)
    got = f"{digest.partition(':')[0]}:{hashed.hexdigest()}"
    if got != digest:
        raise wrong_digest(what, digest, got)
    return data
