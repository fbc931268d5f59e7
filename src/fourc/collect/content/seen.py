"""Which blobs were scanned and hold nothing, so that the next run reads only what is new.

Only ids of clean blobs are kept: a blob with a secret is scanned again each time, and the id of a file that holds nothing
but a password would tell whether a guess of it is right. A file that is broken, foreign or too large counts as empty.
"""

import hashlib
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from fourc.collect.cache import cache_folder

_MAGIC = b"fourc-seen-1\n"
_CHECK_BYTES = 32
_MAX_IDS = 2_000_000
_MAX_TIPS = 20_000
_MAX_FILES = 50
_WIDTHS = frozenset({20, 32})  # SHA-1, SHA-256


class Seen:
    """The clean blobs of a repository under some rules; `rules` is a digest of all that decides what is found.

    A blob that was clean at one path counts as clean at every path. `tips` are the ids that refs had when all that they
    reach was clean; empty where that was never so.
    """

    def __init__(self, repository: Path, rules: str, folder: Path | None = None) -> None:
        self._folder = folder or cache_folder() / "seen"
        key = hashlib.sha256(f"{os.path.realpath(repository)}\0{rules}".encode("utf-8", "surrogateescape")).digest()
        self._key = key
        self._file = self._folder / key.hex()[:32]
        self.tips: tuple[str, ...] = ()
        self._ids: set[bytes] = set()
        self._load()
        self._new = False

    def __contains__(self, object_id: str) -> bool:
        return bytes.fromhex(object_id) in self._ids

    def add(self, object_ids: Iterable[str]) -> None:
        """These blobs hold nothing."""
        before = len(self._ids)
        self._ids.update(map(bytes.fromhex, object_ids))
        self._new |= len(self._ids) > before

    def save(self, tips: tuple[str, ...] = ()) -> None:
        """Keep what was learned, if it can be kept: no scan fails for its cache.

        `tips` are those of the new run, to be given only if it found nothing and had no gap.
        """
        if not (self._new or tips != self.tips) or len(self._ids) > _MAX_IDS or len(tips) > _MAX_TIPS:
            return
        self.tips = tips
        width = len(next(iter(self._ids), b"")) or 20
        parts = [len(tips).to_bytes(2, "big"), *map(bytes.fromhex, tips), *sorted(self._ids)]
        body = self._key + bytes([width]) + b"".join(parts)
        spare = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                handle = os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
                with os.fdopen(handle, "wb") as file:
                    file.write(_MAGIC + hashlib.sha256(body).digest() + body)
                spare.replace(self._file)
                self._new = False
            finally:
                spare.unlink(missing_ok=True)
            self._forget()

    def _load(self) -> None:
        try:
            handle = os.open(self._file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
            with os.fdopen(handle, "rb") as file:
                status = os.fstat(handle)
                if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o022:
                    return
                data = file.read((_MAX_IDS + _MAX_TIPS + 100) * 32)
                os.utime(handle)  # the files that were used last are kept
        except OSError:
            return
        check, body = data[len(_MAGIC) :][:_CHECK_BYTES], data[len(_MAGIC) + _CHECK_BYTES :]
        if not data.startswith(_MAGIC) or hashlib.sha256(body).digest() != check or not body.startswith(self._key):
            return
        at = len(self._key)
        width, count = body[at], int.from_bytes(body[at + 1 : at + 3], "big")
        if width in _WIDTHS:
            ids = [body[start : start + width] for start in range(at + 3, len(body), width)]
            self.tips, self._ids = tuple(tip.hex() for tip in ids[:count]), set(ids[count:])

    def _forget(self) -> None:
        """Remove all but the files that were used last."""
        files = sorted(self._folder.iterdir(), key=lambda path: path.lstat().st_mtime, reverse=True)
        for path in files[_MAX_FILES:]:
            path.unlink(missing_ok=True)
