"""The compiled rules, kept in the user's cache folder from one run to the next: compiling takes seconds, loading nearly nothing.

The cache only ever saves time. One that is broken, someone else's or cannot be written is done without.
"""

import logging
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from fourc.collect.cache import cache_folder
from fourc.model.text import Text
from fourc.secrets.database import Database, DatabaseError, Sought, compiled, is_available, name_of
from fourc.secrets.engine import Finder
from fourc.secrets.hints import Hints

log = logging.getLogger(__name__)

_COMPILING = Text("compiling the rules (once)", "正在编译规则（仅一次）")
LITTLE = 64 << 10
"""Fewer bytes than this RE2 has read before a database were loaded."""
MUCH = 16 << 20
"""Bytes from which on a database is worth the seconds that it takes to make one."""
_MOST_BYTES = 256 << 20
_KEPT = 8
"""Databases of other rules or versions that stay beside the newest."""
_ENDING = ".patterns"
Progress = Callable[[Text], None]


def finder_for(sought: Sequence[Sought], progress: Progress = lambda _: None, *, size: int = MUCH) -> Finder:
    """What finds the patterns in so many bytes: the database from the cache, else a new one; without vectorscan RE2 alone.

    RE2 too for `LITTLE`, and where there is no database yet for less than `MUCH`: it is done before a database were.
    """
    if size < LITTLE or not is_available():
        return Hints(sought)
    try:
        file = cache_folder() / f"{name_of(sought)}{_ENDING}"
        known = _read(file)
        if known is not None:
            with suppress(DatabaseError):
                return Database(known)
        if size < MUCH:
            return Hints(sought)
        progress(_COMPILING)
        data = compiled(sought)
        _write(file, data)
        return Database(data)
    except DatabaseError:
        log.debug("no pattern database", exc_info=True)
        return Hints(sought)


def _read(file: Path) -> bytes | None:
    """The cached bytes, if they are ours: the library trusts them."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(file, flags), "rb") as opened:  # noqa: PTH123 - a Path cannot be opened so
            status = os.fstat(opened.fileno())
            foreign = hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022)
            return None if foreign or status.st_size > _MOST_BYTES else opened.read()
    except (OSError, ValueError):
        return None


def _write(file: Path, data: bytes) -> None:
    """Put the bytes there whole or not at all, and take the oldest away where there are many."""
    import tempfile  # noqa: PLC0415 - most runs write nothing

    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
        try:
            with open(handle, "wb") as opened:  # noqa: PTH123 - as above
                opened.write(data)
            os.replace(name, file)  # noqa: PTH105 - a name, not a Path
        except OSError:
            os.unlink(name)  # noqa: PTH108 - the same
            raise
        kept = sorted(file.parent.glob(f"*{_ENDING}"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in kept[_KEPT + 1 :]:
            old.unlink()
    except OSError:
        log.debug("the pattern database cannot be cached", exc_info=True)
