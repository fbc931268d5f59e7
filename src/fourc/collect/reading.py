"""Reading one file so that nothing hangs: no pipe is waited for, no link followed, no more read than allowed."""

import errno
import os
import stat

from fourc.collect.gaps import EXCLUDE, file_gap
from fourc.collect.limits import MIB, Budget, SourceFile
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

_CHUNK = MIB
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_DENIED = Text("the file may not be read", "没有权限读取该文件")
_GRANT = Text("give the user who runs fourc the right to read it", "请授予运行 fourc 的用户读取权限")
_GONE = Text("the file is gone", "文件已不存在")
_AGAIN = Text("run the scan again when nothing changes the folder", "请在目录不再变化时重新扫描")
_LINK = Text("the file became a link while the folder was read", "读取目录期间该文件变成了链接")
_SPECIAL = Text("{what}, not a file", "这是{what}，不是文件")
_UNREADABLE = Text("the file cannot be read: {why}", "无法读取该文件：{why}")
_LARGE = Text(
    "the file has {size} MB, more than the {limit} MB that are read", "文件有 {size} MB，超过可读取的 {limit} MB"
)
_TOTAL = Text("together the files have more than the {limit} MB that are read", "所有文件合计超过可读取的 {limit} MB")
_NARROW = Text(
    "scan its parts one after the other: the files from here on were not read",
    "请分部分扫描：从这里开始的文件都没有读取",
)
_KINDS = (
    (stat.S_ISFIFO, Text("a pipe (FIFO)", "管道（FIFO）")),
    (stat.S_ISSOCK, Text("a socket", "套接字")),
    (stat.S_ISCHR, Text("a device", "设备")),
    (stat.S_ISBLK, Text("a device", "设备")),
    (stat.S_ISDIR, Text("a folder", "目录")),
)


def read_file(source: SourceFile, budget: Budget) -> bytes | Gap:
    """The file's bytes, or why they were not read."""
    try:
        handle = os.open(source.path, _FLAGS | (0 if source.named else _NO_FOLLOW))
    except (OSError, ValueError) as error:
        return error_gap(error, source.shown)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return special_gap(status.st_mode, source.shown)
        return _contents(handle, status.st_size, source.shown, budget)
    except OSError as error:
        return error_gap(error, source.shown)
    finally:
        os.close(handle)


def _contents(handle: int, size: int, shown: str, budget: Budget) -> bytes | Gap:
    limit = budget.limits.file_bytes
    if size > limit:
        return file_gap(GapReason.TOO_LARGE, shown, _LARGE.of(size=size // MIB, limit=limit // MIB), EXCLUDE)
    if not budget.allows(size):
        return total_gap(shown, budget)
    chunks: list[bytes] = []
    read = 0
    # a file may grow while it is read, and those of /proc and some file systems tell no size
    while chunk := os.read(handle, _CHUNK):
        chunks.append(chunk)
        read += len(chunk)
        if read > limit:
            return file_gap(GapReason.TOO_LARGE, shown, _LARGE.of(size=read // MIB, limit=limit // MIB), EXCLUDE)
        if not budget.allows(read):
            return total_gap(shown, budget)
    budget.spend(read)
    return b"".join(chunks)


def total_gap(shown: str, budget: Budget) -> Gap:
    """The gap at the file from which on no bytes are left."""
    limit = budget.limits.total_bytes // MIB
    return file_gap(GapReason.TOO_LARGE, shown, _TOTAL.of(limit=limit), _NARROW)


def error_gap(error: OSError | ValueError, shown: str) -> Gap:
    """What the operating system's refusal means."""
    number = error.errno if isinstance(error, OSError) else None
    if number in {errno.EACCES, errno.EPERM}:
        return file_gap(GapReason.DENIED, shown, _DENIED, _GRANT)
    if number in {errno.ENOENT, errno.ENOTDIR}:
        return file_gap(GapReason.MISSING, shown, _GONE, _AGAIN)
    if number == errno.ELOOP:
        return file_gap(GapReason.UNREADABLE, shown, _LINK, _AGAIN)
    if number == errno.ENXIO:  # a socket, or a pipe without a writer
        return file_gap(GapReason.UNREADABLE, shown, _SPECIAL.of(what=_KINDS[1][1]), EXCLUDE)
    why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    return file_gap(GapReason.UNREADABLE, shown, _UNREADABLE.of(why=why), EXCLUDE)


def special_gap(mode: int, shown: str) -> Gap:
    """The gap for something that is no regular file."""
    what = next((text for test, text in _KINDS if test(mode)), Text("something special", "特殊文件"))
    return file_gap(GapReason.UNREADABLE, shown, _SPECIAL.of(what=what), EXCLUDE)
