"""References to images, as Docker reads them: `nginx` is `docker.io/library/nginx:latest`.

Source: https://github.com/distribution/reference (normalize.go, regexp.go).
"""

import re
from functools import lru_cache

from msgspec import Struct

DOCKER_HUB = "docker.io"
_OLD_HUB = ("index.docker.io", "registry-1.docker.io")
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?")
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"{_PART}(?:/{_PART})*")
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})")
_ID = re.compile(r"[0-9a-f]{64}")
_LONGEST = 255
_LONGEST_TEXT = _LONGEST + 1 + 128 + 1 + 7 + 128


class ImageReference(Struct, frozen=True, order=True):
    """A repository in a registry, and which image of it: a tag, a digest, both or none (which means the tag `latest`)."""

    registry: str
    path: str
    tag: str = ""
    digest: str = ""

    @property
    def repository(self) -> str:
        """Registry and path."""
        return f"{self.registry}/{self.path}"

    @property
    def version(self) -> str:
        """What names the image in its repository: the digest if there is one, else the tag."""
        return self.digest or self.tag or "latest"

    def __str__(self) -> str:
        """Everything written out."""
        tag = f":{self.tag}" if self.tag else "" if self.digest else ":latest"
        return f"{self.repository}{tag}{'@' if self.digest else ''}{self.digest}"


@lru_cache(maxsize=10_000)
def image_reference(text: str) -> ImageReference | None:
    """What the text refers to; None where Docker would not take it."""
    if len(text) > _LONGEST_TEXT:
        return None
    name, at, digest = text.partition("@")
    if at and not _DIGEST.fullmatch(digest):
        return None
    head, slash, last = name.rpartition("/")
    last, colon, tag = last.partition(":")
    if colon and not _TAG.fullmatch(tag):
        return None
    name = f"{head}{slash}{last}"
    registry, path = registry_and_path(name)
    if registry == DOCKER_HUB and path and "/" not in path:
        path = f"library/{path}"
    fits = _HOST.fullmatch(registry) and _PATH.fullmatch(path) and len(path) <= _LONGEST and not _ID.fullmatch(name)
    return ImageReference(registry, path, tag, digest) if fits else None


def registry_and_path(name: str) -> tuple[str, str]:
    """How Docker divides a name, whether or not it would take it.

    A first part is a registry if it looks like a host: it has a dot or a port, is `localhost`, or has capitals.
    """
    first, slash, rest = name.partition("/")
    if slash and (set(".:") & set(first) or first == "localhost" or first != first.lower()):
        return DOCKER_HUB if first in _OLD_HUB else first, rest
    return DOCKER_HUB, name
