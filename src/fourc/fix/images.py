"""What is known about common images: under which user they work, what they write, which ports they open.

The rows and their sources stand in `data/images.toml`; a tag entry is a prefix in which `*` stands for anything, and the
longest one that matches wins. What is absent is unknown, never "none".
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pkgutil import get_data
from typing import cast

from msgspec import Struct

from fourc.model.image_identity import origin_of


class ImageFacts(Struct, frozen=True):
    """One row of the table, for one image name and tag family."""

    name: str
    kind: str
    user: int | None
    group: int | None
    default_user: str | None
    runs_as: str
    named_user: bool
    writable: tuple[str, ...] | None
    capabilities: tuple[str, ...] | None
    ports: tuple[int, ...]
    needs_api_token: bool
    unauthenticated: bool
    caveat_en: str
    caveat_zh: str
    certain: bool


class ImageName(Struct, frozen=True):
    """An image reference in its parts (OCI distribution spec; Docker's short names completed)."""

    repository: str
    tag: str
    digest: str


@lru_cache(maxsize=10_000)
def parse_image(image: str) -> ImageName:
    """The reference with registry and `library/` written out, mirrors undone; no tag and no digest means `latest`."""
    rest, _, digest = image.partition("@")
    head, slash, last = rest.rpartition("/")
    name, _, tag = last.partition(":")
    repository = f"{head}{slash}{name}".lower()
    return ImageName(origin_of(repository), tag or ("" if digest else "latest"), digest)


@lru_cache(maxsize=10_000)  # one image is asked about by many checks
def known_image(image: str) -> ImageFacts | None:
    """The table's row for an image reference, None where the image or its tag family is not known."""
    name = parse_image(image)
    best: tuple[int, ImageFacts] | None = None
    for tags, facts in _rows(name.repository):
        for tag in tags:
            length = len(tag)
            if (best is None or length > best[0]) and re.match(re.escape(tag).replace(r"\*", ".*"), name.tag):
                best = (length, facts)
        if not tags and best is None:
            best = (-1, facts)
    return best[1] if best else None


@cache
def _rows(repository: str) -> tuple[tuple[tuple[str, ...], ImageFacts], ...]:
    """The rows of one image with their tags; only the pieces of the table that name it are parsed."""
    found: list[tuple[tuple[str, ...], ImageFacts]] = []
    for piece in _pieces():
        if f'"{repository}"' in piece:
            row = cast("dict[str, object]", tomllib.loads(piece))
            if repository in cast("list[str]", row["names"]):
                found.append((tuple(cast("list[str]", row.get("tags", []))), _facts(repository, row)))
    return tuple(found)


@cache
def _pieces() -> tuple[str, ...]:
    """The table's text, one piece for each row."""
    return tuple((get_data("fourc", "data/images.toml") or b"").decode().split("\n[[image]]\n")[1:])


def _facts(name: str, row: Mapping[str, object]) -> ImageFacts:
    def numbers(key: str) -> tuple[int, ...]:
        return tuple(cast("list[int]", row.get(key, [])))

    def texts(key: str) -> tuple[str, ...] | None:
        return tuple(cast("list[str]", row[key])) if key in row else None

    return ImageFacts(
        name=name,
        kind=str(row.get("kind", "base")),
        user=cast("int | None", row.get("user")),
        group=cast("int | None", row.get("group")),
        default_user=cast("str | None", row.get("default_user")),
        runs_as=str(row.get("runs_as", "unknown")),
        named_user=bool(row.get("named_user")),
        writable=texts("writable"),
        capabilities=texts("capabilities"),
        ports=numbers("ports"),
        needs_api_token=bool(row.get("needs_api_token")),
        unauthenticated=bool(row.get("unauthenticated")),
        caveat_en=str(row.get("volume_owner", "")),
        caveat_zh=str(row.get("volume_owner_zh", "")),
        certain=row.get("confidence") == "high",
    )
