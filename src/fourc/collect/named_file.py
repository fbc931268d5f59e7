"""A file that somebody named, read whole: an ordinary one of a limited size, so that nothing hangs or fills the memory."""

from pathlib import Path

from msgspec import Struct

from fourc.errors import UsageError
from fourc.model.text import Text


class Hints(Struct, frozen=True):
    """What to do where the file is a folder or a pipe, may not be read, or is larger than the limit."""

    special: Text
    unread: Text
    large: Text


def named_file(file: str, most_bytes: int, hints: Hints) -> bytes:
    """The file's bytes; nothing but an ordinary file is opened.

    Raises:
        UsageError: it is no ordinary file, cannot be read or is larger than the limit.
    """
    path = Path(file)
    try:
        if path.exists() and not path.is_file():
            raise UsageError(
                Text("{file} is no ordinary file", "{file} 不是普通文件").of(file=file), hint=hints.special
            )
        with path.open("rb") as opened:
            data = opened.read(most_bytes + 1)
    except OSError as error:
        raise UsageError(
            Text("{file} cannot be read: {why}", "无法读取 {file}：{why}").of(file=file, why=error.strerror or ""),
            hint=hints.unread,
        ) from error
    if len(data) > most_bytes:
        raise UsageError(
            Text("{file} has more than {n} MB", "{file} 超过 {n} MB").of(file=file, n=most_bytes >> 20),
            hint=hints.large,
        )
    return data
