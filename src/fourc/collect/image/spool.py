"""An archive that comes as a stream, or packed as a whole, laid into a temporary file without a name."""

import os
import shutil
import tempfile
from collections.abc import Iterable

from fourc.collect.image.blob import OpenFile
from fourc.collect.image.errors import ImageError
from fourc.collect.image.limits import Limits
from fourc.model.gap import GapReason
from fourc.model.text import Text

_LARGE = Text("the archive has more than {limit} bytes", "归档超过 {limit} 字节")
_FULL = Text("the archive could not be unpacked: {why}", "无法解压归档：{why}")
_SPACE = Text("make room, or name another folder with TMPDIR", "请腾出空间，或用 TMPDIR 指定其他目录")
_SPARE = 512 << 20  # of the disk, left for others
_LOOK_EVERY = 64 << 20


class _Unnamed(OpenFile):
    """A file that is gone when nobody reads it any more."""

    def __init__(self) -> None:
        handle, name = tempfile.mkstemp(prefix="fourc-")
        os.unlink(name)  # noqa: PTH108 - a name, not a Path
        self.handle = handle
        self.size = 0


def spooled(pieces: Iterable[bytes], packed: int, limits: Limits) -> OpenFile:
    """A file with these bytes, which took `packed` bytes before (0: not packed).

    Raises:
        ImageError: they are too many, or the disk is full.
    """
    limit = limits.unpacked_bytes if not packed else max(limits.free_bytes, packed * limits.ratio)
    looked = 0
    try:
        file = _Unnamed()
        for piece in pieces:
            if file.size >= looked:
                if shutil.disk_usage(tempfile.gettempdir()).free < _SPARE:
                    raise ImageError(_FULL.of(why="no space"), _SPACE, GapReason.TOO_LARGE)
                looked = file.size + _LOOK_EVERY
            view = memoryview(piece)
            while view:
                view = view[os.write(file.handle, view) :]
            file.size += len(piece)
            if file.size > limit:
                raise ImageError(_LARGE.of(limit=limit), reason=GapReason.TOO_LARGE)
    except OSError as error:
        raise ImageError(_FULL.of(why=str(error)), _SPACE, GapReason.UNREADABLE) from error
    return file
