"""A node's file system below a root, looked into as chroot would: no link leads out, nothing special is opened.

Every component is opened by itself and relative to the folder before it, never through a link, so that nobody who changes the
tree meanwhile can lead the way out of it.
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fourc.collect.gaps import file_gap
from fourc.collect.limits import MIB
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

FILE_BYTES = 160 * MIB
TOTAL_BYTES = 1024 * MIB
_LINKS = 40  # as many as the kernel follows
_COMPONENTS = 1000
_NAMES = 100_000
_GAPS = 200
_CHUNK = MIB
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

_DENIED = Text("it may not be read", "没有权限读取")
_GRANT = Text("run it as root, or on a copy that may be read", "请以 root 运行，或在可读的副本上运行")
_LARGE = Text("it has more than the {limit} MB that are read", "超过可读取的 {limit} MB")
_TOTAL = Text("together the files have more than the {limit} MB that are read", "所有文件合计超过可读取的 {limit} MB")
_COPY = Text("name the package database alone", "请只指定软件包数据库文件")
_SPECIAL = Text("it is no regular file; it was not opened", "它不是普通文件；没有打开")
_UNREADABLE = Text("it cannot be read: {why}", "无法读取：{why}")
_CHECK = Text("check it on the machine", "请在机器上检查")


class Rooted:
    """The tree below `root`; what stands in the way of reading becomes one of the `gaps`, what is not there does not."""

    def __init__(self, root: Path) -> None:
        self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._left = TOTAL_BYTES
        self.gaps: list[Gap] = []

    def close(self) -> None:
        """Let go of the root."""
        os.close(self._root)

    def read(self, path: str) -> bytes | None:
        """The file's bytes, None where there is none or it may not be read."""
        try:
            with self._parent(path) as (folder, name):
                return self._contents(folder, name, path) if name else None
        except (OSError, ValueError) as error:
            self._failed(path, error)
            return None

    def names(self, path: str) -> list[str]:
        """What the folder holds, in order."""
        return self._entries(path, lambda _: True)

    def folders(self, path: str) -> list[str]:
        """The folders that the folder holds, in order."""
        return self._entries(path, lambda entry: entry.is_dir(follow_symlinks=False))

    def _entries(self, path: str, is_meant: Callable[["os.DirEntry[str]"], bool]) -> list[str]:
        try:
            with self._parent(path) as (folder, name):
                if name:
                    return []
                with os.scandir(folder) as entries:
                    found = [entry.name for _, entry in zip(range(_NAMES), entries, strict=False) if is_meant(entry)]
        except (OSError, ValueError) as error:
            self._failed(path, error)
            return []
        return sorted(found)

    def exists(self, path: str) -> bool:
        """Whether anything is there."""
        try:
            with self._parent(path):
                return True
        except (OSError, ValueError):
            return False

    @contextmanager
    def _parent(self, path: str) -> Iterator[tuple[int, str]]:
        """The folder in which the path's last component is, and its name there; the name is empty for a folder itself."""
        trail = _Trail(self._root)
        try:
            name = trail.walk(path)
            yield trail.folders[-1], name
        finally:
            trail.back_to_root()
            os.close(trail.folders[0])

    def _contents(self, folder: int, name: str, shown: str) -> bytes | None:
        before = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if not stat.S_ISREG(before.st_mode):
            self._gap(GapReason.UNREADABLE, shown, _SPECIAL, _CHECK)
            return None
        handle = os.open(name, _FILE, dir_fd=folder)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):  # exchanged in between
                return None
            chunks: list[bytes] = []
            size = 0
            while chunk := os.read(handle, max(_CHUNK, before.st_size + 1 if before.st_size <= FILE_BYTES else 0)):
                size += len(chunk)
                self._left -= len(chunk)
                if size > FILE_BYTES or before.st_size > FILE_BYTES:
                    self._gap(GapReason.TOO_LARGE, shown, _LARGE.of(limit=FILE_BYTES // MIB), _CHECK)
                    return None
                if self._left < 0:
                    self._gap(GapReason.TOO_LARGE, shown, _TOTAL.of(limit=TOTAL_BYTES // MIB), _COPY)
                    return None
                chunks.append(chunk)
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)
        finally:
            os.close(handle)

    def _failed(self, path: str, error: OSError | ValueError) -> None:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return
        if isinstance(error, PermissionError):
            self._gap(GapReason.DENIED, path, _DENIED, _GRANT)
            return
        why = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        self._gap(GapReason.UNREADABLE, path, _UNREADABLE.of(why=why), _CHECK)

    def _gap(self, reason: GapReason, path: str, message: Text, remedy: Text) -> None:
        if len(self.gaps) < _GAPS:
            self.gaps.append(file_gap(reason, path, message, remedy))


class _Trail:
    """The open folders from the root to where a path has led so far."""

    def __init__(self, root: int) -> None:
        self.folders = [os.dup(root)]
        self._links = 0

    def back_to_root(self) -> None:
        """Close all but the root."""
        while len(self.folders) > 1:
            os.close(self.folders.pop())

    def walk(self, path: str) -> str:
        """Open the folders that the path leads through, following links; gives the name of a file in the last, or nothing."""
        left = _parts(path)
        for _ in range(_COMPONENTS):
            if not left:
                return ""
            part = left.pop()
            if part == "..":
                if len(self.folders) > 1:
                    os.close(self.folders.pop())
                continue
            mode = os.stat(part, dir_fd=self.folders[-1], follow_symlinks=False).st_mode
            if stat.S_ISLNK(mode):
                left += self._followed(part)
            elif stat.S_ISDIR(mode):
                self.folders.append(os.open(part, _FOLDER, dir_fd=self.folders[-1]))
            elif left:
                break
            else:
                return part
        raise FileNotFoundError

    def _followed(self, link: str) -> list[str]:
        """The parts of where a link leads; an absolute one leads on from the root of the tree."""
        self._links += 1
        if self._links > _LINKS:
            raise FileNotFoundError
        target = os.readlink(link, dir_fd=self.folders[-1])
        if target.startswith("/"):
            self.back_to_root()
        return _parts(target)


def _parts(path: str) -> list[str]:
    """The components, the first one last."""
    return [part for part in reversed(path.split("/")) if part not in {"", "."}]
