"""Which known image another one was built on: the one whose layers are its lowest."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from fourc.collect.image.layer_cache import LayerCache

NAME = "org.opencontainers.image.base.name"
DIGEST = "org.opencontainers.image.base.digest"


class KnownImage(Struct, frozen=True):
    """An image that was seen before, by the digests of its unpacked layers, lowest first."""

    name: str
    diff_ids: tuple[str, ...]


class Base(Struct, frozen=True):
    """The base: its name, how many layers are its, and whether its layers tell so (`seen`) or only the image itself."""

    name: str
    layers: int
    seen: bool
    digest: str = ""


def base_of(diff_ids: Sequence[str], known: Iterable[KnownImage], said: Mapping[str, str] | None = None) -> Base | None:
    """The known image with most layers of which all are the lowest here, but not all that are here; else what it says.

    `said` are the image's labels or annotations (https://github.com/opencontainers/image-spec/blob/main/annotations.md).
    """
    said = said or {}
    best: KnownImage | None = None
    for image in known:
        count = len(image.diff_ids)
        fits = 0 < count < len(diff_ids) and tuple(diff_ids[:count]) == image.diff_ids
        if fits and (best is None or (-count, image.name) < (-len(best.diff_ids), best.name)):
            best = image
    name = said.get(NAME, "")
    if best is not None:
        return Base(best.name, len(best.diff_ids), seen=True, digest=said.get(DIGEST, "") if name == best.name else "")
    return Base(name, 0, seen=False, digest=said.get(DIGEST, "")) if name else None


_KIND = "known images 1"
_NAME = "all"
_KEPT = 2_000


def known_images(cache: LayerCache) -> tuple[KnownImage, ...]:
    """The images that the user's own scans have seen, newest first."""
    data = cache.get(_KIND, _NAME)
    if data is None:
        return ()
    try:
        return msgspec.msgpack.decode(data, type=tuple[KnownImage, ...])
    except (msgspec.MsgspecError, ValueError):
        return ()


def remember_image(cache: LayerCache, image: KnownImage) -> None:
    """Remember an image, so that one that is built on it is told so; the oldest are forgotten where they are many."""
    known = known_images(cache)
    if image not in known:
        others = tuple(one for one in known if one.name != image.name)
        cache.put(_KIND, _NAME, msgspec.msgpack.encode((image, *others)[:_KEPT]))
