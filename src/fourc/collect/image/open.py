"""From what a person names to an image: a path that exists wins, else it is a reference.

Where it lies can be said in skopeo's words: `oci:PATH`, `oci-archive:PATH`, `docker-archive:PATH`, each with `:NAME` where
there are several, `docker://REFERENCE`, `docker-daemon:REFERENCE`, `containerd:REFERENCE`, `podman:REFERENCE`.
"""

from collections.abc import Callable  # noqa: TC003 - a type like any other
from pathlib import Path

from msgspec import Struct

from fourc.collect.image.blob import OpenFile
from fourc.collect.image.errors import ImageError
from fourc.collect.image.image import Image
from fourc.collect.image.limits import LIMITS, Limits
from fourc.collect.image.source import Found, Wanted
from fourc.model.gap import GapReason
from fourc.model.image_reference import ImageReference, image_reference
from fourc.model.text import Text

_ABSENT = Text("{path} does not exist", "{path} 不存在")
_UNREAD = Text("{path} cannot be read: {why}", "无法读取 {path}：{why}")
_RIGHTS = Text("check the path and its permissions", "请检查路径及其权限")
_NO_REFERENCE = Text("{name} is neither a file nor the name of an image", "{name} 既不是文件，也不是镜像名称")
_EXAMPLES = Text("write for example nginx:1.27, image.tar or ./layout", "例如 nginx:1.27、image.tar 或 ./layout")
_NOT_LOCAL = Text("{name} is not in a local store", "本地存储中没有 {name}")
_GO_ONLINE = Text("leave out --offline to ask the registry", "去掉 --offline 以查询镜像仓库")
_NO_STORE = Text("{store} is not on this machine", "本机没有 {store}")
_BROKEN = Text("{path} is packed, and broken: {why}", "{path} 已压缩且已损坏：{why}")
_PATHS = ("oci", "oci-archive", "docker-archive")
_STORES = ("docker-daemon", "containerd", "podman")
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"


class Choices(Struct, frozen=True):
    """What a caller may choose: the platform (`linux/arm64`), no network, plain HTTP beyond loopback, limits."""

    platform: str = ""
    offline: bool = False
    plain: bool = False
    limits: Limits = LIMITS


def open_image(named: str, choices: Choices | None = None) -> Image:
    """The image that is named, its documents read and checked, its layers not yet.

    Without a word for where it lies a reference is looked for in the local stores, then in its registry.

    Raises:
        ImageError: there is none, it may not be read, or it is broken.
    """
    choices = choices or Choices()
    word, colon, rest = named.partition(":")
    if colon and word in _PATHS and not Path(named).exists():
        return Image(named, _in_path(rest, choices), choices.limits)
    if is_path(named):
        return Image(named, _in_path(named, choices), choices.limits)
    if colon and word in _STORES:
        return Image(named, _in_store(word, _reference(rest), choices), choices.limits)
    if colon and word == "docker" and rest.startswith("//"):
        return Image(named, _in_registry(_reference(rest[2:]), choices), choices.limits)
    return Image(named, _anywhere(_reference(named), choices), choices.limits)


def is_path(named: str) -> bool:
    """Whether it names a file or folder (`PATH` or `PATH:NAME`) rather than an image somewhere else."""
    is_tar = "=" not in named and named.endswith((".tar", ".tar.gz", ".tgz", ".tar.zst"))
    return is_tar or named.startswith(("/", "./", "../")) or _split(named)[0].exists()


def _reference(text: str) -> ImageReference:
    reference = image_reference(text)
    if reference is None:
        raise ImageError(_NO_REFERENCE.of(name=text[:300]), _EXAMPLES, GapReason.MISSING)
    return reference


def _split(named: str) -> tuple[Path, str]:
    try:
        path = Path(named)
        if path.exists():
            return path, ""
        before, _, name = named.partition(":")
        return (Path(before), name) if before and Path(before).exists() else (path, "")
    except (OSError, ValueError):  # a name that no file can have
        return Path("/nonexistent"), ""


def _in_path(named: str, choices: Choices) -> Found:
    from fourc.collect.image.files import archive_image, folder_image, regular_file, stamp_of  # noqa: PLC0415 - not for registries

    path, name = _split(named)
    wanted = Wanted(name, choices.platform)
    try:
        if path.is_dir():
            return folder_image(path, wanted, choices.limits)
        file = regular_file(path)
        stamp = stamp_of(path.resolve(), path.stat())
    except FileNotFoundError as error:
        raise ImageError(_ABSENT.of(path=named), _EXAMPLES, GapReason.MISSING) from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ImageError(_UNREAD.of(path=named, why=why), _RIGHTS, GapReason.UNREADABLE) from error
    head = file.part(0, 4).read(4)
    if head.startswith((_GZIP, _ZSTD)):
        file = _unpacked(named, file, choices.limits)
        stamp = f"{stamp} unpacked" if stamp else ""
    return archive_image(path, file, stamp, wanted, choices.limits)


def _unpacked(named: str, file: OpenFile, limits: Limits) -> OpenFile:
    """The archive without its packing, for its parts are needed in another order than they stand in."""
    from fourc.collect.image.inflate import PackedError, unpacked  # noqa: PLC0415 - few archives are packed as a whole
    from fourc.collect.image.spool import spooled  # noqa: PLC0415 - the same

    try:
        return spooled(unpacked(file.part(0, file.size), lambda _: None), file.size, limits)
    except PackedError as error:
        raise ImageError(_BROKEN.of(path=named, why=str(error))) from error


def _in_store(word: str, reference: ImageReference, choices: Choices) -> Found:
    from fourc.collect.image import local  # noqa: PLC0415 - only where a store is asked

    wanted = Wanted("", choices.platform)
    if word == "docker-daemon" and (place := local.docker_socket()):
        return local.docker_image(place, str(reference), wanted, choices.limits)
    if word == "containerd":
        found = local.containerd_image(reference.digest, wanted, choices.limits)
        if found is not None:
            return found
    programs = [p for p in local.saving_programs() if (p == "podman") == (word == "podman") and word != "docker-daemon"]
    if not programs:
        raise ImageError(_NO_STORE.of(store=word), _RIGHTS, GapReason.MISSING)
    return local.saved_image(programs[0], reference, wanted, choices.limits)


def _in_registry(reference: ImageReference, choices: Choices) -> Found:
    from fourc.collect.image.registry import registry_image  # noqa: PLC0415 - HTTP costs 40 ms to load

    if choices.offline:
        raise ImageError(_NOT_LOCAL.of(name=str(reference)), _GO_ONLINE, GapReason.MISSING)
    return registry_image(reference, Wanted("", choices.platform), choices.limits, plain=choices.plain)


def _anywhere(reference: ImageReference, choices: Choices) -> Found:
    from fourc.collect.image import local  # noqa: PLC0415 - only where a store is asked

    wanted = Wanted("", choices.platform)
    found = local.containerd_image(reference.digest, wanted, choices.limits)
    if found is not None:
        return found
    asked: list[Callable[[], Found]] = []
    place = local.docker_socket()
    if place is not None:
        asked.append(lambda: local.docker_image(place, str(reference), wanted, choices.limits))
    asked += [
        lambda program=program: local.saved_image(program, reference, wanted, choices.limits)  # type: ignore[misc]
        for program in local.saving_programs()
    ]
    for ask in asked:
        try:
            return ask()
        except ImageError as error:
            if error.reason not in {GapReason.MISSING, GapReason.DENIED, GapReason.UNREADABLE}:
                raise
    return _in_registry(reference, choices)
