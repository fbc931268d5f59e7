"""Reading a test's own file as the scanner would, and what a listing tells in a form that can be compared."""

import posixpath
from pathlib import Path

from fourc.collect.packages.form import Given
from fourc.model.package import Listing

FOLDER = Path(__file__).parent


def given(path: str, data: bytes | None = None) -> Given:
    """The file at a path below this folder; files beside it are those of its ecosystem's folder."""
    top, _, _ = path.partition("/")

    def beside(relative: str) -> bytes | None:
        place = posixpath.normpath(posixpath.join(posixpath.dirname(path), relative))
        file = FOLDER / place
        return file.read_bytes() if place.startswith(f"{top}/") and file.is_file() else None

    return Given(path, (FOLDER / path).read_bytes() if data is None else data, beside)


def of(path: str, text: str | bytes, **near: str) -> Given:
    """A file that a test writes, with others near it by their relative paths."""
    files = {name: content.encode() for name, content in near.items()}
    return Given(path, text.encode() if isinstance(text, str) else text, files.get)


def told(listing: Listing) -> set[str]:
    """Each package as `name version`, with `dev`, `direct` where they hold."""
    return {
        " ".join((package.name, package.version, *_marks(listing, at, dev=package.dev)))
        for at, package in enumerate(listing.packages)
    }


def _marks(listing: Listing, at: int, *, dev: bool) -> list[str]:
    return ["dev"] * dev + ["direct"] * (listing.direct is not None and at in listing.direct)


def needed(listing: Listing) -> set[str]:
    """Each requirement as `name version > name version`."""
    names = [f"{package.name} {package.version}" for package in listing.packages]
    return {f"{names[at]} > {names[other]}" for at, others in enumerate(listing.needs) for other in others}


def lines(listing: Listing) -> dict[str, int]:
    """On which line each package stands."""
    return {package.name: package.line for package in listing.packages}
