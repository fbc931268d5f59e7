"""What a place where images lie gives of one: the documents, and the layers ready to be read."""

from msgspec import Struct

from fourc.collect.image.blob import Blob
from fourc.collect.image.documents import Configuration
from fourc.collect.image.errors import ImageError
from fourc.collect.image.limits import Limits
from fourc.model.gap import GapReason
from fourc.model.text import Text

_NO_IMAGE = Text("{what} is no container image", "{what} 不是容器镜像")
_NAME_IMAGE = Text(
    "name a container image; this may be a chart or a signature", "请指定容器镜像；这可能是 chart 或签名"
)
_PAIRS = Text("the image has {layers} layers but names {ids}", "镜像有 {layers} 层，但记录了 {ids} 层")
_MANY = Text("the image has {n} layers, more than {limit}", "镜像有 {n} 层，超过 {limit} 层")
_FEWER = Text("build it again in fewer layers", "请以更少的层重新构建")


class Wanted(Struct, frozen=True):
    """Which image of several: by name or tag, and by what it runs on (`linux/arm64`, `linux/arm/v7`; empty: this machine)."""

    name: str = ""
    platform: str = ""


class Found(Struct, frozen=True):
    """One image: the digest of its manifest (empty where there is none) and of its configuration, names, and layers."""

    manifest: str
    config: str
    configuration: Configuration
    layers: tuple[Blob, ...]
    names: tuple[str, ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()


def found_image(found: Found, limits: Limits) -> Found:
    """The image, if it is one and has as many layers as its configuration says.

    Raises:
        ImageError: it is something else, or has too many.
    """
    ids = found.configuration.rootfs.diff_ids or []
    if len(found.layers) > limits.layers:
        raise ImageError(_MANY.of(n=len(found.layers), limit=limits.layers), _FEWER, GapReason.TOO_LARGE)
    if not ids and not found.configuration.os:
        raise ImageError(_NO_IMAGE.of(what=found.config or "-"), _NAME_IMAGE, GapReason.UNSUPPORTED)
    if len(ids) != len(found.layers):
        raise ImageError(_PAIRS.of(layers=len(found.layers), ids=len(ids)))
    return found
