"""Composer's lock file, manifest and list of what is installed (https://getcomposer.org/doc/04-schema.md)."""

import posixpath
import re
from itertools import islice

from msgspec import Struct

from fourc.collect.packages.decoding import json_of, told_beside
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.limits import NEAR_FILES
from fourc.collect.packages.lines import keys_with_lines, lines_of_keys
from fourc.collect.packages.package_json import licences_of
from fourc.collect.packages.values import items, table, text, texts, words
from fourc.model.package import Listing, Project

ECOSYSTEM = "Packagist"
_NAME = re.compile(rb'^ {4,12}"name":\s*"([^"\\\n]+)"', re.MULTILINE)
_KEY = re.compile(rb'"([^"\\\n/]+\\?/[^"\\\n]+)"\s*:\s*"')
_SPACE = 256
"""Bytes of white space that may stand before a list."""
_EXACT = re.compile(r"=?\s*v?(\d+\.\d+(?:\.\d+){0,2}(?:-?(?:alpha|beta|b|a|RC|rc|patch|pl|p)\.?\d*)?)")


class _Entry(Struct):
    """A package; the fields of which wrong types are seen are unchecked."""

    name: str = ""
    version: str = ""
    license: object = None
    require: object = None


class _Lock(Struct, rename={"dev": "packages-dev"}):
    packages: list[_Entry] = []
    dev: list[_Entry] | None = None


class _Manifest(Struct, rename={"require_dev": "require-dev"}):
    name: object = ""
    version: object = ""
    require: object = None
    require_dev: object = None
    repositories: object = None


class _Installed(Struct, rename={"dev_names": "dev-package-names"}):
    packages: list[_Entry] = []
    dev_names: object = None


def read_lock(given: Given) -> Listing:
    """The packages of `composer.lock`; `packages-dev` are `dev`, and `composer.json` beside tells which are direct."""
    lock = json_of(given, _Lock)
    found = Found(given.path, ECOSYSTEM)
    _add(given, found, [(entry, False) for entry in lock.packages] + [(entry, True) for entry in lock.dev or ()])
    manifest = _manifest_in(given, "")
    if manifest is None:
        return found.listing(needs=True)
    asked = {*texts(manifest.require), *texts(manifest.require_dev)}
    direct = {place for name in asked for place in found.versions_of(name.lower())}
    return found.listing(direct, _project(manifest), needs=True)


def read_installed(given: Given) -> Listing:
    """The packages of `vendor/composer/installed.json`: a list (Composer 1), or an object that holds it (2)."""
    found = Found(given.path, ECOSYSTEM)
    if given.data[:_SPACE].lstrip().startswith(b"["):
        installed = _Installed(json_of(given, list[_Entry]))
    else:
        installed = json_of(given, _Installed)
    dev = set(words(installed.dev_names))
    _add(given, found, [(entry, entry.name in dev) for entry in installed.packages])
    return found.listing(needs=True)


def read_manifest(given: Given) -> Listing:
    """The exact pins of `composer.json`; ranges are left open, PHP and its extensions are no packages."""
    manifest = json_of(given, _Manifest)
    found = Found(given.path, ECOSYSTEM)
    lines = {name.replace("\\/", "/"): line for name, line in lines_of_keys(given, _KEY).items()}
    own = _own(given, manifest)
    for asked, dev in ((manifest.require, False), (manifest.require_dev, True)):
        for name, wanted in texts(asked).items():
            match = _EXACT.fullmatch(wanted.strip())
            if "/" in name and name.lower() not in own:
                found.ask(name.lower(), match[1] if match is not None else "", lines.get(name, 0), dev=dev)
    return found.listing(found.direct, _project(manifest))


def _own(given: Given, manifest: _Manifest) -> set[str]:
    """What lies in folders of the repository (https://getcomposer.org/doc/05-repositories.md#path)."""
    told = manifest.repositories
    tables = [table(each) for each in (told.values() if isinstance(told, dict) else items(told))]
    folders = [text(each.get("url")) for each in tables if each.get("type") == "path"]
    asked = [name.rpartition("/")[2] for name in (*texts(manifest.require), *texts(manifest.require_dev))]
    # a folder is most often called as its package
    places = (url.replace("*", name) for url in folders for name in (asked if "*" in url else [""]))
    near = [_manifest_in(given, place) for place in islice(places, NEAR_FILES)]
    return {text(each.name).lower() for each in near if each is not None}


def _manifest_in(given: Given, folder: str) -> _Manifest | None:
    return told_beside(given, posixpath.join(folder, "composer.json"), lambda near: json_of(near, _Manifest))


def _add(given: Given, found: Found, entries: list[tuple[_Entry, bool]]) -> None:
    """Packages as Packagist names them: lower case, versions without `v`."""
    keys = keys_with_lines(given, _NAME)
    placed: list[tuple[int, _Entry]] = []
    for entry, dev in entries:
        written = entry.name.replace("/", "\\/")
        line = next((line for key, line in keys if key in (entry.name, written)), 0)
        if entry.name and entry.version:
            version = entry.version.removeprefix("v") if entry.version[1:2].isdigit() else entry.version
            licences = licences_of(entry.license)
            placed.append((found.add(entry.name.lower(), version, line=line, dev=dev, licences=licences), entry))
    for place, entry in placed:
        names = (name.lower() for name in table(entry.require) if "/" in name)
        found.need(place, (each for name in names for each in found.versions_of(name)))


def _project(manifest: _Manifest) -> Project:
    return Project(ECOSYSTEM, text(manifest.name), text(manifest.version))
