"""The register of manifests that fourc does not read: only the lock file beside one tells its packages.

Most are programs, so that reading them would be guessing; all are written with ranges.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache

from msgspec import Struct


class Unread(Struct, frozen=True):
    """A manifest by its names or endings; it asks for packages where the pattern `asks` is found in it.

    Any of the files `locks`, in its folder or above, tells which it gets; `{stem}` is its own name without the ending.
    """

    names: frozenset[str]
    endings: tuple[str, ...]
    asks: bytes
    locks: tuple[str, ...]


def _row(*names: str, asks: bytes, locks: tuple[str, ...], endings: tuple[str, ...] = ()) -> Unread:
    return Unread(frozenset(names), endings, asks, locks)


_BELOW = rb"[ \t\r]*(?:#[^\n]*)?\n(?:[ \t\r]*(?:#[^\n]*)?\n)*"
"""The end of a line, and lines that hold nothing."""
_IN_REQUIREMENTS = re.compile(r"requirements[^/]*\.in\Z|(?:^|/)requirements/[^/]*\.in\Z")
_REQUIREMENTS = _row(
    endings=(".in",), asks=rb"(?m)^[ \t]*[A-Za-z0-9]", locks=("{stem}.txt", "pylock.toml", "uv.lock", "poetry.lock")
)
_ROWS = (
    _row("mix.exs", asks=rb"\{\s*:\w+\s*,", locks=("mix.lock",)),
    _row("rebar.config", asks=rb"\{\s*deps\s*,\s*\[\s*[^\s\]]", locks=("rebar.lock",)),
    _row("gleam.toml", asks=rb"(?m)^\[(?:dev[-_])?dependencies\]" + _BELOW + rb"[\w\"]", locks=("manifest.toml",)),
    _row("Podfile", asks=rb"(?m)^[ \t]*pod[ \t(]", locks=("Podfile.lock",)),
    _row("Package.swift", asks=rb"\.package\s*\(", locks=("Package.resolved",)),
    _row("Cartfile", asks=rb"(?m)^[ \t]*(?:github|git|binary)[ \t]", locks=("Cartfile.resolved",)),
    _row(
        "pubspec.yaml",
        asks=rb"(?m)^(?:dev_)?dependencies:(?:[ \t]*\{|" + _BELOW + rb"[ \t]+\w)",
        locks=("pubspec.lock",),
    ),
    _row("deno.json", "deno.jsonc", asks=rb"""["'](?:npm|jsr|https?):""", locks=("deno.lock",)),
    _row("paket.dependencies", asks=rb"(?mi)^[ \t]*(?:nuget|github|gist|git|http)[ \t]", locks=("paket.lock",)),
    _row(
        "Project.toml",
        "JuliaProject.toml",
        asks=rb"(?m)^\[deps\]" + _BELOW + rb"\w",
        locks=("Manifest.toml", "JuliaManifest.toml"),
    ),
    _row("conanfile.py", asks=rb"\b(?:build_|tool_)?requires\b", locks=("conan.lock",)),
    _row(
        endings=(".cabal",),
        asks=rb"(?mi)^[ \t]*build-depends[ \t]*:",
        locks=("cabal.project.freeze", "stack.yaml.lock"),
    ),
    _row(
        endings=(".gemspec",),
        asks=rb"\.\s*add_(?:runtime_|development_)?dependency\b",
        locks=("Gemfile.lock", "gems.locked"),
    ),
    _REQUIREMENTS,
)


def unread_of(path: str) -> Unread | None:
    """What the file at `path` (with `/`) is, None where it is no manifest of this register."""
    base = path[path.rfind("/") + 1 :]
    found = _by_name().get(base) or _by_ending().get(base[base.rfind(".") :])
    return None if found is _REQUIREMENTS and _IN_REQUIREMENTS.search(path) is None else found


def locks_of(path: str, unread: Unread) -> tuple[str, ...]:
    """The names of the lock files that tell the packages of the manifest at `path`."""
    base = path[path.rfind("/") + 1 :]
    return tuple(lock.replace("{stem}", base.rpartition(".")[0]) for lock in unread.locks)


def is_locked(path: str, locks: Collection[str], files: Collection[str]) -> bool:
    """Whether one of the lock files lies in the folder of the manifest or above, as far as `files` go."""
    return any(f"{folder}{lock}" in files for folder in _folders(path) for lock in locks)


def asks(unread: Unread, data: bytes) -> bool:
    """Whether the manifest asks for any package."""
    return _compiled(unread.asks).search(data) is not None


def _folders(path: str) -> Iterator[str]:
    """The folder of a file and those above, with a slash behind them."""
    while path:
        path = path.rpartition("/")[0]
        yield f"{path}/" if path else ""


@cache
def _by_name() -> dict[str, Unread]:
    return {name: row for row in _ROWS for name in row.names}


@cache
def _by_ending() -> dict[str, Unread]:
    return {ending: row for row in _ROWS for ending in row.endings}


_compiled = cache(re.compile)
