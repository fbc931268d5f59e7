"""Images in a registry.

Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md (pull).
"""

import http.client
from functools import partial

from fourc.collect.image.blob import BY_DIGEST, Blob, Readable, checked, is_digest
from fourc.collect.image.credentials import credentials_for
from fourc.collect.image.documents import Descriptor, document
from fourc.collect.image.download import Connection, Download, NotThereError
from fourc.collect.image.errors import ImageError
from fourc.collect.image.layout import image_in, image_of
from fourc.collect.image.limits import Limits
from fourc.collect.image.source import Found, Wanted
from fourc.model.gap import GapReason
from fourc.model.image_reference import DOCKER_HUB, ImageReference
from fourc.model.text import Text

_HUB_HOST = "registry-1.docker.io"
_NO_IMAGE = Text("there is no image {name}", "没有镜像 {name}")
_SPELL = Text(
    "check its name and tag, and whether you are logged in (`docker login`)",
    "请检查名称和标签，以及是否已登录（`docker login`）",
)
_ACCEPTED = (
    "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json"
)


class Registry:
    """One repository of a registry."""

    def __init__(self, reference: ImageReference, limits: Limits, *, plain: bool = False) -> None:
        host = _HUB_HOST if reference.registry == DOCKER_HUB else reference.registry
        login = partial(credentials_for, reference.registry, reference.path)
        self._connection = Connection(host, f"repository:{reference.path}:pull", login, plain=plain)
        self._base = f"/v2/{reference.path}"
        self._limits = limits

    def manifest(self, version: str) -> tuple[bytes, str]:
        """The manifest or index of a tag or digest, and the digest that the registry says it has."""
        answer, headers = self._connection.read(
            f"{self._base}/manifests/{version}", self._limits.manifest_bytes, accept=_ACCEPTED
        )
        return answer, headers.get("Docker-Content-Digest", "")

    def read_manifest(self, digest: str, limit: int) -> bytes:
        """A manifest that an index names."""
        del limit
        return self.manifest(digest)[0]

    def read(self, digest: str, limit: int, what: str) -> bytes:
        """A small blob."""
        del what
        if not is_digest(digest):
            raise ImageError(_NO_IMAGE.of(name=digest[:100]), reason=GapReason.MISSING)
        return self._connection.read(f"{self._base}/blobs/{digest}", limit)[0]

    def stored(self, digest: str, offset: int = 0) -> http.client.HTTPResponse:
        """The registry's answer with a blob's bytes from the offset on, or with all of them."""
        return self._connection.open(f"{self._base}/blobs/{digest}", offset=offset)

    def layer(self, described: Descriptor) -> Blob:
        """A layer, downloaded while it is read."""

        def opened() -> Readable:
            return Download(self._connection, f"{self._base}/blobs/{described.digest}", described.size)

        if not is_digest(described.digest):
            raise ImageError(_NO_IMAGE.of(name=described.digest[:100]), reason=GapReason.MISSING)
        return Blob(described.digest, described.media_type, described.size, opened, BY_DIGEST)


def registry_image(reference: ImageReference, wanted: Wanted, limits: Limits, *, plain: bool = False) -> Found:
    """The image that a reference names; `plain` allows HTTP without encryption, which loopback always may.

    Raises:
        ImageError: it is not there, may not be read, or is broken.
    """
    registry = Registry(reference, limits, plain=plain)
    try:
        data, said = registry.manifest(reference.version)
    except NotThereError as error:
        raise ImageError(_NO_IMAGE.of(name=str(reference)), _SPELL, GapReason.MISSING) from error
    digest = reference.digest or (said if is_digest(said) else "")
    if digest:
        checked(data, digest, "manifest")
    else:
        from hashlib import sha256  # noqa: PLC0415 - registries that do not tell are rare

        digest = f"sha256:{sha256(data).hexdigest()}"
    top = document(data, str(reference))
    if top.manifests is not None:
        return image_in(registry, top, wanted, limits)
    return image_of(registry, top, digest, limits)
