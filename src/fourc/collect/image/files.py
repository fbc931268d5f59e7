"""Images in files: OCI's layout as a folder, and archives as `docker save`, `skopeo` and `podman save` write them."""

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from fourc.collect.image.blob import Blob, OpenFile, Part, Readable, is_digest, whole
from fourc.collect.image.documents import Configuration, Descriptor, Saved, decoded, document
from fourc.collect.image.errors import ImageError
from fourc.collect.image.layout import image_in, image_of, read_document
from fourc.collect.image.limits import Limits
from fourc.collect.image.source import Found, Wanted, found_image
from fourc.model.gap import GapReason
from fourc.model.text import Text

_NOT_THERE = Text("{path} is not in the image", "镜像中没有 {path}")
_UNREAD = Text("{path} cannot be read: {why}", "无法读取 {path}：{why}")
_RIGHTS = Text("check the path and its permissions", "请检查路径及其权限")
_NEITHER = Text("{path} is neither an OCI layout nor a saved image", "{path} 既不是 OCI 布局，也不是已保存的镜像")
_SAVE = Text("save the image with `docker save -o image.tar IMAGE`", "请用 `docker save -o image.tar IMAGE` 保存镜像")
_SEVERAL = Text("the archive holds several images: {names}", "归档中有多个镜像：{names}")
_CHOOSE = Text("name one: PATH:NAME", "请指定其一：PATH:NAME")
_YOUNG = 2 * 10**9  # some file systems tell times to two seconds


class _Member(Struct, frozen=True):
    """Bytes in a file."""

    offset: int
    size: int


def stamp_of(path: Path, status: os.stat_result) -> str:
    """What tells the file from one with other bytes, as git's index does; empty where it was written just now."""
    newest = max(status.st_mtime_ns, status.st_ctime_ns)
    if newest > time.time_ns() - _YOUNG:
        return ""
    return f"{path} {status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


class _Folder:
    """A layout in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read_manifest(self, digest: str, limit: int) -> bytes:
        return self.read(digest, limit, digest)

    def read(self, digest: str, limit: int, what: str) -> bytes:
        return whole(self._opened(digest)(), limit, what)

    def layer(self, described: Descriptor) -> Blob:
        if not is_digest(described.digest):
            raise ImageError(_NOT_THERE.of(path=described.digest[:100]), reason=GapReason.MISSING)
        path = self._path(described.digest)
        try:
            status = path.stat()
        except OSError:
            return Blob(described.digest, described.media_type, described.size, self._opened(described.digest))
        return Blob(
            described.digest,
            described.media_type,
            status.st_size,
            self._opened(described.digest),
            stamp_of(path, status),
        )

    def _path(self, digest: str) -> Path:
        algorithm, _, value = digest.partition(":")
        return self._folder / "blobs" / algorithm / value

    def _opened(self, digest: str) -> Callable[[], Readable]:
        if not is_digest(digest):  # else it could lead anywhere
            raise ImageError(_NOT_THERE.of(path=digest[:100]), reason=GapReason.MISSING)
        path = self._path(digest)

        def open_() -> Readable:
            try:
                file = regular_file(path)
            except OSError as error:
                raise ImageError(_UNREAD.of(path=str(path), why=str(error)), _RIGHTS, GapReason.MISSING) from error
            return file.part(0, file.size)

        return open_


def regular_file(path: Path) -> OpenFile:
    """The file, opened, if it is one: a pipe or a device would never end.

    Raises:
        OSError: it is something else, or cannot be opened.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("not a regular file")
    return OpenFile(path)


def stored_image(folder: Path, digest: str, wanted: Wanted, limits: Limits) -> Found:
    """The image with this digest of a folder that holds blobs without an index (containerd's content store).

    Raises:
        ImageError: it is not there.
    """
    store = _Folder(folder)
    top = read_document(store, digest, limits)
    return image_in(store, top, wanted, limits) if top.manifests is not None else image_of(store, top, digest, limits)


def folder_image(folder: Path, wanted: Wanted, limits: Limits) -> Found:
    """The image of a layout folder.

    Raises:
        ImageError: there is none.
    """
    try:
        index = regular_file(folder / "index.json")
    except OSError as error:
        raise ImageError(_NEITHER.of(path=str(folder)), _SAVE, GapReason.UNSUPPORTED) from error
    data = whole(index.part(0, index.size), limits.manifest_bytes, "index.json")
    return image_in(_Folder(folder), document(data, "index.json"), wanted, limits)


class _Archive:
    """Members of a tar that is not packed."""

    def __init__(self, path: Path, file: OpenFile, stamp: str, limits: Limits) -> None:
        from fourc.collect.image.tar_index import members_of  # noqa: PLC0415 - folders and registries need none

        self._path = path
        self._file = file
        self._stamp = stamp
        self.members = {name: _Member(*place) for name, place in members_of(file, limits).items()}

    def member(self, name: str) -> _Member:
        found = self.members.get(os.path.normpath(name))
        if found is None:
            raise ImageError(_NOT_THERE.of(path=name[:200]), reason=GapReason.MISSING)
        return found

    def text(self, name: str, limit: int) -> bytes:
        return whole(self._part(self.member(name)), limit, name)

    def read_manifest(self, digest: str, limit: int) -> bytes:
        return self.text(_blob_name(digest), limit)

    def read(self, digest: str, limit: int, what: str) -> bytes:
        del what
        return self.text(_blob_name(digest), limit)

    def layer(self, described: Descriptor) -> Blob:
        name = _blob_name(described.digest)
        if os.path.normpath(name) not in self.members:

            def missing() -> Readable:
                raise ImageError(_NOT_THERE.of(path=name[:200]), reason=GapReason.MISSING)

            return Blob(described.digest, described.media_type, described.size, missing)
        return self.blob(name, described.digest, described.media_type)

    def blob(self, name: str, digest: str, media_type: str) -> Blob:
        member = self.member(name)
        stamp = f"{self._stamp} {member.offset} {member.size}" if self._stamp else ""
        return Blob(digest, media_type, member.size, lambda: self._part(member), stamp)

    def _part(self, member: _Member) -> Part:
        return self._file.part(member.offset, member.size)


def _blob_name(digest: str) -> str:
    algorithm, _, value = digest.partition(":")
    return f"blobs/{algorithm}/{value}"


def archive_image(path: Path, file: OpenFile, stamp: str, wanted: Wanted, limits: Limits) -> Found:
    """The image of an archive.

    Raises:
        ImageError: it holds none, or it is broken.
    """
    archive = _Archive(path, file, stamp, limits)
    if "manifest.json" in archive.members:
        saved = decoded(archive.text("manifest.json", limits.manifest_bytes), list[Saved], "manifest.json")
        if saved:
            return _saved(archive, saved, wanted, limits)
    if "index.json" in archive.members:
        index = document(archive.text("index.json", limits.manifest_bytes), "index.json")
        return image_in(archive, index, wanted, limits)
    raise ImageError(_NEITHER.of(path=str(path)), _SAVE, GapReason.UNSUPPORTED)


def _saved(archive: _Archive, saved: list[Saved], wanted: Wanted, limits: Limits) -> Found:
    """What `docker save` wrote: layers by name, which in newer archives is their digest."""
    if wanted.name:
        saved = [one for one in saved if wanted.name in (one.repo_tags or ())]
    if len(saved) != 1:
        names = ", ".join(tag for one in saved for tag in one.repo_tags or ("-",))[:500]
        raise ImageError(_SEVERAL.of(names=names or "-"), _CHOOSE, GapReason.MISSING)
    (one,) = saved
    data = archive.text(one.config, limits.config_bytes)
    layers = tuple(archive.blob(name, _digest_of(name), "") for name in one.layers[: limits.layers + 1])
    found = Found(
        "", _digest_in(one.config), decoded(data, Configuration, one.config), layers, tuple(one.repo_tags or ())
    )
    return found_image(found, limits)


def _digest_of(name: str) -> str:
    """The digest that a layer's name promises (`blobs/sha256/...`); empty for old names (`<id>/layer.tar`)."""
    parts = name.split("/")
    digest = ":".join(parts[1:]) if len(parts) == 3 and parts[0] == "blobs" else ""
    return digest if is_digest(digest) else ""


def _digest_in(name: str) -> str:
    """The digest of the configuration, which is its name: `<hex>.json` or `blobs/sha256/<hex>`."""
    value = name.rpartition("/")[2].removesuffix(".json")
    return f"sha256:{value}" if is_digest(f"sha256:{value}") else ""
