"""Images in OCI's layout: `index.json` and blobs by digest, in a folder or anywhere else that can give them.

Source: https://github.com/opencontainers/image-spec/blob/main/image-layout.md.
"""

import platform as machine
from collections.abc import Sequence
from typing import Protocol

from fourc.collect.image.blob import Blob, checked
from fourc.collect.image.documents import Configuration, Descriptor, Document, Platform, decoded, document
from fourc.collect.image.errors import ImageError
from fourc.collect.image.limits import Limits
from fourc.collect.image.source import Found, Wanted, found_image
from fourc.model.gap import GapReason
from fourc.model.text import Text

NAME = "org.opencontainers.image.ref.name"
_FULL_NAMES = ("io.containerd.image.name", "com.docker.official-images.bashbrew.arch-name")
_SEVERAL = Text("there are several images here: {names}", "这里有多个镜像：{names}")
_CHOOSE = Text(
    "name one with PATH:NAME, or its platform with --platform", "请用 PATH:NAME 指定其一，或用 --platform 指定平台"
)
_NONE = Text("there is no image for {wanted} here; there are: {names}", "这里没有适用于 {wanted} 的镜像；现有：{names}")
_DEEP = Text("the index leads to indexes more than {limit} deep", "索引嵌套超过 {limit} 层")
_EMPTY = Text("there is no image in it", "其中没有镜像")
_ATTESTATION = "vnd.docker.reference.type"
_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64", "armv7l": "arm"}


class Store(Protocol):
    """Gives blobs by digest."""

    def read_manifest(self, digest: str, limit: int) -> bytes:
        """A manifest or index, not yet checked."""

    def read(self, digest: str, limit: int, what: str) -> bytes:
        """Another small blob, not yet checked."""

    def layer(self, described: Descriptor) -> Blob:
        """A large one, to be opened later."""


def image_in(store: Store, index: Document, wanted: Wanted, limits: Limits) -> Found:
    """The image that is wanted of an index.

    Raises:
        ImageError: there is none, or more than one, or it is broken.
    """
    return _below(store, index, wanted, limits, limits.index_depth)


def _below(
    store: Store, index: Document, wanted: Wanted, limits: Limits, depth: int, names: tuple[str, ...] = ()
) -> Found:
    if depth == 0:
        raise ImageError(_DEEP.of(limit=limits.index_depth), reason=GapReason.TOO_LARGE)
    chosen = choice(index.manifests or [], wanted)
    names = names or tuple(sorted(_names(chosen)))
    found = read_document(store, chosen.digest, limits)
    if found.manifests is not None:
        return _below(store, found, Wanted("", wanted.platform), limits, depth - 1, names)
    return image_of(store, found, chosen.digest, limits, names)


def read_document(store: Store, digest: str, limits: Limits) -> Document:
    """The manifest or index with this digest."""
    data = store.read_manifest(digest, limits.manifest_bytes)
    return document(checked(data, digest, "manifest"), digest)


def image_of(store: Store, manifest: Document, digest: str, limits: Limits, names: tuple[str, ...] = ()) -> Found:
    """The image that a manifest describes."""
    assert manifest.config is not None and manifest.layers is not None  # noqa: S101, PT018 - `document` has looked
    what = manifest.config.digest
    data = checked(store.read(what, limits.config_bytes, "config"), what, "config")
    return found_image(
        Found(
            digest,
            what,
            decoded(data, Configuration, "config"),
            tuple(store.layer(layer) for layer in manifest.layers[: limits.layers + 1]),
            names,
            tuple(sorted((manifest.annotations or {}).items())),
        ),
        limits,
    )


def choice(offered: Sequence[Descriptor], wanted: Wanted) -> Descriptor:
    """The one that is wanted; of several platforms this machine's, else the only one there is.

    Raises:
        ImageError: nothing or more than one thing fits.
    """
    images = [one for one in offered if _ATTESTATION not in (one.annotations or {}) and not one.artifact_type]
    if not images:
        raise ImageError(_EMPTY)
    if wanted.name:
        named = [one for one in images if wanted.name in _names(one) or wanted.name == one.digest]
        images = _some(named, images, wanted.name)
    if len(images) > 1 or wanted.platform:
        asked = wanted.platform or this_platform()
        fitting = [one for one in images if one.platform is None or _fits(one.platform, asked)]
        images = _some(fitting, images, asked) if wanted.platform or fitting else images
    if len({one.digest for one in images}) > 1:
        raise ImageError(_SEVERAL.of(names=_list(images)), _CHOOSE, GapReason.MISSING)
    return images[0]


def _some(fitting: list[Descriptor], all_: list[Descriptor], wanted: str) -> list[Descriptor]:
    if not fitting:
        raise ImageError(_NONE.of(wanted=wanted, names=_list(all_)), _CHOOSE, GapReason.MISSING)
    return fitting


def _list(images: Sequence[Descriptor]) -> str:
    described = []
    for one in images[:10]:
        on = one.platform
        words = sorted(_names(one)) or ([f"{on.os}/{on.architecture}"] if on is not None else [one.digest])
        described.append(words[0])
    return ", ".join(described)


def _names(one: Descriptor) -> set[str]:
    annotations = one.annotations or {}
    return {annotations[key] for key in (NAME, *_FULL_NAMES) if key in annotations}


def this_platform() -> str:
    """What containers on this machine run on: Linux, whatever the system around it."""
    return f"linux/{_ARCHITECTURES.get(machine.machine().lower(), machine.machine().lower())}"


def _fits(offered: Platform, asked: str) -> bool:
    """Whether `linux/arm64` or `linux/arm/v7` is what is offered."""
    system, _, rest = asked.partition("/")
    architecture, _, variant = rest.partition("/")
    if not architecture:
        system, architecture = "linux", system
    return (offered.os, offered.architecture) == (system, architecture) and (
        not variant or offered.variant in {variant, None}
    )
