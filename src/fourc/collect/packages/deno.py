"""`deno.lock` (https://docs.deno.com/runtime/fundamentals/modules/#integrity-checking-and-lock-files): its packages of npm."""

import re

from msgspec import Struct

from fourc.collect.packages.decoding import json_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import NOTHING, Found
from fourc.collect.packages.lines import lines_of_keys
from fourc.collect.packages.package_json import ECOSYSTEM, split_at
from fourc.collect.packages.values import Table, items, table, text, words
from fourc.model.package import Listing

_KEY = re.compile(rb'^[ \t]*"((?:@[^"/\\\n]+/)?[^"/\\\n]+@[^"\\\n]+)"\s*:\s*\{', re.MULTILINE)
_NPM = "npm:"


class _Lock(Struct):
    """All versions: `npm` stands in `packages` in version 3, and has `packages` and `specifiers` of its own in version 2."""

    specifiers: object = None
    npm: object = None
    jsr: object = None
    packages: object = None
    workspace: object = None


def read_lock(given: Given) -> Listing:
    """The packages of npm; those of jsr have no advisories, and other modules are files.

    Direct is what the project's own code or settings ask for, and not only packages of jsr. Nothing tells what is for
    development.
    """
    lock = json_of(given, _Lock)
    inner = table(lock.packages)
    npm = table(lock.npm) or table(inner.get("npm"))
    entries = table(npm.get("packages")) or npm
    lines = lines_of_keys(given, _KEY)
    found = Found(given.path, ECOSYSTEM)
    places: dict[str, int] = {}
    for key in entries:
        name, version = split_at(key)
        # the peers with which it was resolved follow: `vite@8.3.1_esbuild@0.28.2`
        places[key] = found.add(name, version.partition("_")[0], lines.get(key, 0))
    for key, entry in entries.items():
        needed = (*_named(table(entry).get("dependencies")), *_named(table(entry).get("optionalDependencies")))
        found.need(places[key], (place for each in needed for place in _meant(each, places, found)))
    specifiers = table(lock.specifiers) or table(inner.get("specifiers")) or table(npm.get("specifiers"))
    for asked in _asked(specifiers, table(lock.jsr) or table(inner.get("jsr")), table(lock.workspace)):
        chosen = text(specifiers.get(asked)).removeprefix(_NPM)
        name = split_at(asked.removeprefix(_NPM))[0]
        found.direct.update(_meant(f"{name}@{chosen}", places, found) or _meant(chosen, places, found))
    return found.listing(found.direct, needs=True)


def _named(dependencies: object) -> list[str]:
    """`name@version`, or `name` where there is only one: the values of a mapping (up to version 3) or the items of a list."""
    named = [text(value) for value in table(dependencies).values()] or words(items(dependencies))
    return [each.partition(f"@{_NPM}")[2] or each for each in named]


def _meant(written: str, places: dict[str, int], found: Found) -> list[int]:
    place = places.get(written, NOTHING)
    return [place] if place != NOTHING else found.versions_of(written)


def _asked(specifiers: Table, jsr: Table, workspace: Table) -> list[str]:
    """The keys of `specifiers` that are the project's own."""
    others = {each for package in jsr.values() for each in words(table(package).get("dependencies"))}
    own: set[str] = set()
    for member in (workspace, *table(workspace.get("members")).values()):
        own.update(words(table(member).get("dependencies")))
        own.update(words(table(table(member).get("packageJson")).get("dependencies")))
    return [each for each in specifiers if not each.startswith("jsr:") and (each in own or each not in others)]
