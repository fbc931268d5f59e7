"""The documents of an image: index, manifest, configuration, in OCI's and in Docker's form.

Source: https://github.com/opencontainers/image-spec (manifest.md, image-index.md, config.md) and
https://docs.docker.com/reference/cli/docker/image/save/ (manifest.json of an archive).
"""

from typing import TypeVar

import msgspec
from msgspec import Struct, field

from fourc.collect.image.errors import ImageError
from fourc.model.text import Text

_BAD = Text("{what} cannot be understood: {why}", "无法理解 {what}：{why}")
_BOTH = Text("{what} is both an index and a manifest", "{what} 同时是索引和清单")
_SAID = 200
T = TypeVar("T")


class Platform(Struct, frozen=True):
    """What an image runs on (Go's words: `linux`, `arm64`, `v8`)."""

    os: str = ""
    architecture: str = ""
    variant: str | None = None


class Descriptor(Struct, frozen=True, rename="camel"):
    """Where a blob is: its type, digest and size."""

    digest: str
    media_type: str = ""
    size: int = 0
    platform: Platform | None = None
    annotations: dict[str, str] | None = None
    artifact_type: str | None = None


class Document(Struct, frozen=True, rename="camel"):
    """A manifest (`config` and `layers`) or an index (`manifests`)."""

    media_type: str | None = None
    config: Descriptor | None = None
    layers: list[Descriptor] | None = None
    manifests: list[Descriptor] | None = None
    annotations: dict[str, str] | None = None


class Saved(Struct, frozen=True, rename="pascal"):
    """An image in `manifest.json` of what `docker save` writes."""

    config: str
    layers: list[str]
    repo_tags: list[str] | None = None


class History(Struct, frozen=True):
    """One line of the build; `empty` ones made no layer."""

    created_by: str | None = None
    empty_layer: bool | None = None
    comment: str | None = None


class _Running(Struct, frozen=True, rename="pascal"):
    user: str | None = None
    env: list[str] | None = None
    entrypoint: list[str] | str | None = None
    cmd: list[str] | str | None = None
    exposed_ports: dict[str, object] | None = None
    labels: dict[str, str] | None = None
    working_dir: str | None = None


class _RootFs(Struct, frozen=True):
    diff_ids: list[str] | None = None


class Configuration(Struct, frozen=True):
    """The configuration, as it stands in the image."""

    os: str = ""
    architecture: str = ""
    created: str | None = None
    config: _Running | None = None
    rootfs: _RootFs = field(default_factory=_RootFs)
    history: list[History] | None = None


def decoded(data: bytes, shape: type[T], what: str) -> T:
    """The document, of this shape.

    Raises:
        ImageError: it is no JSON, or a field has another type.
    """
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ImageError(_BAD.of(what=what, why=str(error)[:_SAID])) from error


def document(data: bytes, what: str) -> Document:
    """A manifest or an index, never what could be taken for either.

    Raises:
        ImageError: it is neither.
    """
    found = decoded(data, Document, what)
    if found.manifests is not None and (found.layers is not None or found.config is not None):
        raise ImageError(_BOTH.of(what=what))  # CVE-2021-41190: readers that disagree see different images
    if found.manifests is None and (found.layers is None or found.config is None):
        raise ImageError(_BAD.of(what=what, why="manifests, config, layers"))
    return found
