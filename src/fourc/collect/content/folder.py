"""Every file of a folder, whatever it holds: by name first, then many small ones at a time and large ones in parts.

There may be hundreds of thousands, so nothing is made for a file of which there is nothing to tell.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from msgspec import Struct

from fourc.collect.files import ABSENT, CORRECT, MANY, NARROW, link_gaps, shown_path
from fourc.collect.gaps import file_gap
from fourc.collect.git import ignored
from fourc.collect.reading import error_gap, special_gap
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

_GIT_SECONDS = 10.0
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)

PILE_BYTES = 1 << 20
PART_BYTES = 4 << 20
OVERLAP = 128 << 10
"""So many bytes are in two parts of a file that follow each other; half of it lies around what either must tell."""
MOST_BYTES = 4 << 30
"""A file with more is not read."""
MOST_ENTRIES = 1_000_000
_LOG_BYTES = 50 << 20
_SEPARATOR = ord("\n")
_LARGE = Text(
    "the file has {size} MB, more than the {limit} MB that are read", "文件有 {size} MB，超过可读取的 {limit} MB"
)
_SPLIT = Text("split it, or leave it out with .gitignore", "请拆分该文件，或用 .gitignore 排除它")


class Listing(Struct, frozen=True):
    """The files below some paths: what reports call them, which is also the way to them from the root, in that order.

    `named` are those that the user named, so that they are followed where they are links.
    """

    root: str
    files: tuple[str, ...]
    gaps: tuple[Gap, ...]
    named: frozenset[str] = frozenset()

    def size_up_to(self, most: int) -> int:
        """Bytes of the files, as far as counting them goes before there are `most`."""
        size = 0
        for file in self.files:
            try:
                size += os.lstat(f"{self.root}{os.sep}{file}").st_size
            except (OSError, ValueError):
                continue  # reading it will tell
            if size >= most:
                break
        return size


class Pile(Struct, frozen=True):
    """Small files one after the other, each with a line break behind it, at the offsets `ends`. It holds until the next one."""

    data: memoryview
    ends: Sequence[int]
    files: Sequence[str]


class Part(Struct, frozen=True):
    """A part of a large file from the offset `start` on; what begins in `own` is this part's to tell, and no other's."""

    file: str
    data: bytes
    start: int
    own: range


def list_all(root: Path, paths: Sequence[Path], *, read_ignored: bool = False) -> Listing:
    """Every file below the paths, without what git ignores and without links, each once."""
    top = os.path.realpath(root)
    files: dict[str, None] = {}
    named: set[str] = set()
    gaps: list[Gap] = []
    for path in paths:
        shown = shown_path(Path(os.path.realpath(path.parent), path.name), Path(top))
        try:
            real = os.path.realpath(path, strict=True)
            mode = Path(real).stat().st_mode
        except FileNotFoundError:
            gaps.append(file_gap(GapReason.MISSING, printable(shown), ABSENT, CORRECT))
            continue
        except (OSError, ValueError) as error:
            gaps.append(error_gap(error, printable(shown)))
            continue
        if stat.S_ISDIR(mode):
            prefix = shown_path(Path(real), Path(top))
            files.update(
                dict.fromkeys(_walk(real, "" if prefix == "." else prefix + "/", gaps, read_ignored=read_ignored))
            )
        elif stat.S_ISREG(mode):
            files[shown] = None
            named.add(shown)
        else:
            gaps.append(special_gap(mode, printable(shown)))
    return Listing(top, tuple(files), tuple(gaps), frozenset(named))


def printable(shown: str) -> str:
    """The name as a report can show it, where it is no UTF-8."""
    return shown if shown.isascii() else os.fsencode(shown).decode("utf-8", "backslashreplace")


def _walk(top: str, prefix: str, gaps: list[Gap], *, read_ignored: bool) -> Iterator[str]:
    """The regular files below a folder in the order of their names, with the prefix before them."""
    # a folder, what reports call it, what git ignores there, and the way to it from where git was asked
    stack: list[tuple[str, str, frozenset[str], str]] = [(top, prefix, frozenset(), "")]
    looked_at = 0
    while stack:
        folder, shown, hidden, base = stack.pop()
        if looked_at > MOST_ENTRIES:
            gaps.append(file_gap(GapReason.TOO_LARGE, printable(shown), MANY.of(limit=MOST_ENTRIES), NARROW))
            return
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=_name)
        except (OSError, ValueError) as error:
            gaps.append(error_gap(error, printable(shown.rstrip("/") or ".")))
            continue
        if not read_ignored and (folder == top or any(entry.name == ".git" for entry in found)):
            listed = ignored(Path(folder), _GIT_SECONDS)
            if listed is not None:
                hidden, base = listed, ""
        looked_at += len(found)
        below = []
        for entry in found:
            name = entry.name
            if name == ".git" or (hidden and base + name in hidden):
                continue
            kind = _kind(entry, shown + name, top, gaps)
            if kind == stat.S_IFREG:
                yield shown + name
            elif kind == stat.S_IFDIR:
                below.append((entry.path, f"{shown}{name}/", hidden, f"{base}{name}/"))
        stack += reversed(below)


def _kind(entry: "os.DirEntry[str]", shown: str, top: str, gaps: list[Gap]) -> int | None:
    """Whether the entry is a regular file or a folder; None for all else, which is a gap."""
    try:
        if entry.is_file(follow_symlinks=False):
            return stat.S_IFREG
        if entry.is_dir(follow_symlinks=False):
            return stat.S_IFDIR
        if entry.is_symlink():
            gaps += link_gaps(entry.path, printable(shown), Path(top))
        else:
            gaps.append(special_gap(entry.stat(follow_symlinks=False).st_mode, printable(shown)))
    except OSError as error:
        gaps.append(error_gap(error, printable(shown)))
    return None


def _name(entry: "os.DirEntry[str]") -> str:
    return entry.name


class Reader:
    """Reads files of a listing, in piles and parts; one for each process, since it reads into the same memory again."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._buffer = bytearray(PILE_BYTES)

    def open(self, file: str) -> IO[bytes]:
        """A file of the listing; raises `OSError`."""
        flags = _FLAGS | (0 if file in self._listing.named else _NO_FOLLOW)
        return os.fdopen(os.open(self._listing.root + os.sep + file, flags), "rb")

    def beside(self, file: str) -> bytes:
        """What SQLite has not yet written into the file itself: the log beside it, if there is one."""
        try:
            with self.open(f"{file}-wal") as log:
                return log.read(_LOG_BYTES)
        except (OSError, ValueError):
            return b""

    def read(self, files: Sequence[str]) -> Iterator[Pile | Part | Gap]:
        """The content of the files in their order, but for large ones, which come before the small ones beside them."""
        buffer, view = self._buffer, memoryview(self._buffer)
        ends: list[int] = []
        names: list[str] = []
        used = 0
        top = self._listing.root + os.sep
        for file in files:
            try:
                handle = os.open(top + file, _FLAGS | (0 if file in self._listing.named else _NO_FOLLOW))
            except (OSError, ValueError) as error:
                yield error_gap(error, printable(file))
                continue
            try:
                size = os.readv(handle, (view[used:],))
                if used + size >= PILE_BYTES and used:
                    yield Pile(view[:used], ends, names)
                    ends, names, used = [], [], 0
                    size = os.preadv(handle, (view,), 0)
                if size >= PILE_BYTES:
                    yield from _parts(handle, file)
                    continue
            except OSError as error:
                yield error_gap(error, printable(file))
                continue
            finally:
                os.close(handle)
            used += size
            ends.append(used)
            names.append(file)
            buffer[used] = _SEPARATOR
            used += 1
        if ends:
            yield Pile(view[:used], ends, names)


def _parts(handle: int, file: str) -> Iterator[Part | Gap]:
    """A large file part by part, however it changes meanwhile."""
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        yield special_gap(status.st_mode, printable(file))
        return
    if status.st_size > MOST_BYTES:
        large = _LARGE.of(size=status.st_size >> 20, limit=MOST_BYTES >> 20)
        yield file_gap(GapReason.TOO_LARGE, printable(file), large, _SPLIT)
        return
    start, own = 0, 0
    while start <= MOST_BYTES and (data := os.pread(handle, PART_BYTES, start)):
        end = start + len(data)
        last = len(data) < PART_BYTES
        until = end if last else end - OVERLAP // 2
        yield Part(file, data, start, range(own, until))
        if last:
            return
        start, own = end - OVERLAP, until
