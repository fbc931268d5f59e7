"""From what a person names to an image: a path that exists, else a reference to a registry or a local store."""

from pathlib import Path

from fourc.collect.image.errors import ImageError
from fourc.collect.image.files import archive_image, folder_image, regular_file, stamp_of
from fourc.collect.image.image import Image
from fourc.collect.image.limits import LIMITS, Limits
from fourc.collect.image.source import Wanted
from fourc.model.gap import GapReason
from fourc.model.text import Text

_UNREAD = Text("{path} cannot be read: {why}", "无法读取 {path}：{why}")
_RIGHTS = Text("check the path and its permissions", "请检查路径及其权限")


def open_image(named: str, *, platform: str = "", limits: Limits = LIMITS) -> Image:
    """The image at a path (`PATH` or `PATH:NAME`, a layout folder or an archive), its documents read and checked.

    Raises:
        ImageError: there is none, or it is broken.
    """
    path, name = _path_in(named)
    wanted = Wanted(name, platform)
    try:
        if path.is_dir():
            return Image(named, folder_image(path, wanted, limits), limits)
        file = regular_file(path)
        stamp = stamp_of(path.resolve(), path.stat())
    except OSError as error:
        raise ImageError(_UNREAD.of(path=str(path), why=str(error)), _RIGHTS, GapReason.UNREADABLE) from error
    return Image(named, archive_image(path, file, stamp, wanted, limits), limits)


def _path_in(named: str) -> tuple[Path, str]:
    path = Path(named)
    if path.exists():
        return path, ""
    before, _, name = named.partition(":")
    return (Path(before), name) if before and Path(before).exists() else (path, "")
