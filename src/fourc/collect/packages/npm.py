"""npm's lock files of all versions (https://docs.npmjs.com/cli/configuring-npm/package-lock-json)."""

import re
from collections.abc import Iterator

from msgspec import Struct

from fourc.collect.packages.decoding import json_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import NOTHING, Found
from fourc.collect.packages.lines import keys_with_lines, lines_of_keys
from fourc.collect.packages.package_json import ECOSYSTEM, alias, is_folder, licences_of, manifest_beside
from fourc.model.package import Listing, Project

_FOLDER = "node_modules/"
_PATH_KEY = re.compile(rb'"((?:[^"\\\n]*/)?node_modules/[^"\\\n]+)"\s*:\s*\{')
_NAME_KEY = re.compile(rb'"([^"\\\n]+)"\s*:\s*\{')


class _Entry(Struct):
    """What lies in one folder (lock files 2 and 3)."""

    name: str = ""
    version: str = ""
    link: bool = False
    dev: bool = False
    license: object = None
    dependencies: dict[str, str] | None = None
    optionalDependencies: dict[str, str] | None = None  # noqa: N815 - npm's name
    peerDependencies: dict[str, str] | None = None  # noqa: N815 - npm's name
    devDependencies: dict[str, str] | None = None  # noqa: N815 - npm's name

    def needs(self) -> Iterator[str]:
        """Names that it requires to run."""
        yield from self.dependencies or ()
        yield from self.optionalDependencies or ()
        yield from self.peerDependencies or ()


class _Old(Struct):
    """A package and those nested in its folder (lock file 1)."""

    version: str = ""
    dev: bool = False
    requires: dict[str, str] | bool = False
    dependencies: "dict[str, _Old] | None" = None


class _Lock(Struct):
    name: str = ""
    version: str = ""
    packages: dict[str, _Entry] | None = None
    dependencies: dict[str, _Old] = {}


class _Older(Struct):
    """A file whose folders are listed has no use for the packages by name, which only repeat them."""

    packages: dict[str, _Entry] | None = None
    name: str = ""
    version: str = ""


def read_lock(given: Given) -> Listing:
    """All packages of `package-lock.json` or `npm-shrinkwrap.json`; workspaces and links are the project itself.

    `dev` is npm's own mark.
    """
    new = json_of(given, _Older)
    if new.packages is not None:
        return _by_folder(given, new.packages, new)
    old = json_of(given, _Lock)
    return _by_name(given, old)


def _by_folder(given: Given, folders: dict[str, _Entry], lock: _Older) -> Listing:
    found = Found(given.path, ECOSYSTEM)
    lines = lines_of_keys(given, _PATH_KEY)
    places: dict[str, int] = {}
    members: list[tuple[str, _Entry]] = []
    for folder, entry in folders.items():
        at = folder.rfind(_FOLDER)
        if at < 0:
            members.append((folder, entry))
        elif entry.version and not entry.link:
            name = entry.name or folder[at + len(_FOLDER) :]
            licences = licences_of(entry.license)
            places[folder] = found.add(name, entry.version, line=lines.get(folder, 0), dev=entry.dev, licences=licences)
    for folder, place in places.items():
        found.need(place, (_nearest(folder, name, places) for name in folders[folder].needs()))
    for folder, entry in members:
        asked = (*entry.needs(), *(entry.devDependencies or ()))
        found.direct.update(_nearest(folder, name, places) for name in asked)
    root = folders.get("", _Entry())
    project = Project(ECOSYSTEM, root.name or lock.name, root.version or lock.version)
    return found.listing(found.direct if members else None, project, needs=True)


def _nearest(folder: str, name: str, places: dict[str, int]) -> int:
    """What `require(name)` finds from a folder: the nearest `node_modules` upwards."""
    while True:
        place = places.get(f"{folder}/{_FOLDER}{name}" if folder else _FOLDER + name, NOTHING)
        if place != NOTHING or not folder:
            return place
        at = folder.rfind("/" + _FOLDER)
        if at < 0:
            at = 0 if folder.startswith(_FOLDER) else max(folder.rfind("/"), 0)
        folder = folder[:at]


def _by_name(given: Given, lock: _Lock) -> Listing:
    found = Found(given.path, ECOSYSTEM)
    keys = keys_with_lines(given, _NAME_KEY)
    scopes: list[tuple[_Old, tuple[dict[str, int], ...], int]] = []
    top: dict[str, int] = {}
    waiting: list[tuple[str, _Old, dict[str, int], tuple[dict[str, int], ...]]] = [
        (name, entry, top, (top,)) for name, entry in reversed(lock.dependencies.items())
    ]
    while waiting:
        name, entry, scope, chain = waiting.pop()
        line = next((line for key, line in keys if key == name), 0)
        own: dict[str, int] = {}
        inner = (own, *chain)
        if (what := _named(name, entry.version)) is not None:
            place = scope[name] = found.add(*what, line=line, dev=entry.dev)
            scopes.append((entry, inner, place))
        waiting += [(each, nested, own, inner) for each, nested in reversed((entry.dependencies or {}).items())]
    for entry, chain, place in scopes:
        if isinstance(entry.requires, dict):
            found.need(place, (next((s[name] for s in chain if name in s), NOTHING) for name in entry.requires))
    manifest = manifest_beside(given)
    direct = None
    if manifest is not None:
        direct = {top[name] for name in (*manifest.run, *manifest.dev) if name in top}
    return found.listing(direct, Project(ECOSYSTEM, lock.name, lock.version), needs=True)


def _named(name: str, version: str) -> tuple[str, str] | None:
    """Name and version of an entry of lock file 1, None for a folder of the project."""
    return None if not version or is_folder(version) else alias(version) or (name, version)
