"""What layers hold, kept from one run to the next by the digest of their unpacked tar.

The cache only ever saves time: what is broken, someone else's or cannot be written is done without.
"""

import hashlib
import logging
import os
from contextlib import suppress
from pathlib import Path

from fourc.collect.cache import cache_folder
from fourc.collect.limits import MIB

log = logging.getLogger(__name__)

_MAGIC = b"fourc-layer-1\n"
_HASH_BYTES = 32
_ENDING = ".layer"
_LEVEL = 1


class LayerCache:
    """A folder of entries, each one file that only its owner reads; the longest unused go first where there is no room."""

    def __init__(self, folder: Path | None = None, *, max_bytes: int = 512 * MIB, entry_bytes: int = 64 * MIB) -> None:
        self._folder = cache_folder() / "layers" if folder is None else folder
        self._max_bytes = max_bytes
        self._entry_bytes = entry_bytes
        self._written = False

    def get(self, kind: str, name: str) -> bytes | None:
        """What was put there, whole; None where there is nothing, or not what was put."""
        path = self._path(kind, name)
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            with open(os.open(path, flags), "rb") as opened:  # noqa: PTH123 - a Path cannot be opened so
                status = os.fstat(opened.fileno())
                foreign = hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022)
                if foreign or status.st_size > self._entry_bytes:
                    return None
                data = opened.read()
            with suppress(OSError):
                os.utime(path)  # that it was of use
        except (OSError, ValueError):
            return None
        return self._checked(data, kind, name)

    def _checked(self, data: bytes, kind: str, name: str) -> bytes | None:
        import zstandard  # noqa: PLC0415 - only where there is an entry

        start = len(_MAGIC) + _HASH_BYTES
        packed = data[start:]
        if data[:start] != _MAGIC + _hash(kind, name, packed):
            return None
        try:
            return zstandard.ZstdDecompressor().decompress(packed, max_output_size=8 * self._entry_bytes)
        except zstandard.ZstdError:
            return None

    def put(self, kind: str, name: str, data: bytes) -> None:
        """Keep it, whole or not at all."""
        import tempfile  # noqa: PLC0415 - most runs write nothing

        import zstandard  # noqa: PLC0415 - the same

        packed = zstandard.ZstdCompressor(level=_LEVEL).compress(data)
        if len(packed) > self._entry_bytes - 1024 or len(data) > 8 * self._entry_bytes:
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, written = tempfile.mkstemp(dir=self._folder, suffix=".new")
            try:
                with open(handle, "wb") as opened:  # noqa: PTH123 - as above
                    opened.write(_MAGIC + _hash(kind, name, packed) + packed)
                os.replace(written, self._path(kind, name))  # noqa: PTH105 - a name, not a Path
            except OSError:
                os.unlink(written)  # noqa: PTH108 - the same
                raise
            self._written = True
        except OSError:
            log.debug("a layer cannot be cached", exc_info=True)

    def tidy(self) -> None:
        """Make room, where something was written."""
        if not self._written:
            return
        try:
            with os.scandir(self._folder) as found:
                entries = [(e.stat(follow_symlinks=False), e.path) for e in found if e.is_file(follow_symlinks=False)]
        except OSError:
            return
        total = sum(status.st_size for status, _ in entries)
        for status, path in sorted(entries, key=lambda entry: entry[0].st_mtime):
            if total <= self._max_bytes:
                break
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108 - a name, not a Path
            total -= status.st_size

    def _path(self, kind: str, name: str) -> Path:
        key = hashlib.sha256(f"{kind}\0{name}".encode("utf-8", "surrogateescape")).hexdigest()
        return self._folder / f"{key}{_ENDING}"


def _hash(kind: str, name: str, packed: bytes) -> bytes:
    """A file that was put in another's place is not taken either."""
    hashed = hashlib.sha256(f"{kind}\0{name}\0".encode("utf-8", "surrogateescape"))
    hashed.update(packed)
    return hashed.digest()
