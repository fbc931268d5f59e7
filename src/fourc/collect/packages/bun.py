"""`bun.lock` (https://bun.com/docs/pm/lockfile) and its binary predecessor `bun.lockb`."""

import re
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from fourc.collect.packages.bun_binary import Entry, Kind, entries_of
from fourc.collect.packages.decoding import json_of, within
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.lines import lines_of_keys
from fourc.collect.packages.package_json import ECOSYSTEM, is_folder, split_at
from fourc.collect.packages.values import text, texts
from fourc.model.package import Listing, Project

_KEY = re.compile(rb'^[ \t]*"([^"\\\n]+)"\s*:\s*\["', re.MULTILINE)
_COMMENTS = re.compile(rb'("(?:[^"\\\n]|\\.)*+"?)|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_COMMAS = re.compile(rb'("(?:[^"\\\n]|\\.)*+"?)|,(?=\s*[}\]])')
_RUN = ("dependencies", "optionalDependencies", "peerDependencies")


class _Lock(Struct):
    workspaces: dict[str, dict[str, object]] = {}
    packages: dict[str, list[object]] = {}


def read_text(given: Given) -> Listing:
    """All packages of `bun.lock`; workspaces, links and folders are the project itself.

    `dev` is what only `devDependencies` lead to.
    """
    lock = json_of(Given(given.path, _strict(within(given))), _Lock)
    lines = lines_of_keys(given, _KEY)
    found = Found(given.path, ECOSYSTEM)
    places: dict[str, int] = {}
    needs: dict[str, list[str]] = {}
    folders: list[str] = []
    for key, entry in lock.packages.items():
        identity = text(entry[0]) if entry else ""
        facts = next((each for each in entry if isinstance(each, dict)), {})
        needs[key] = [name for field in _RUN for name in texts(facts.get(field))]
        name, version = split_at(identity)
        if is_folder(version):
            folders.append(key)
        elif name and version and not version.startswith("root:"):
            places[key] = found.add(name, version, line=lines.get(key, 0))
    for key, place in places.items():
        found.need(place, _nearest(key, needs[key], places))
    run: set[int] = set()
    dev: set[int] = set()
    for path, member in lock.workspaces.items():
        inside = text(member.get("name")) if path else ""
        run.update(_nearest(inside, [name for field in _RUN for name in texts(member.get(field))], places))
        dev.update(_nearest(inside, texts(member.get("devDependencies")), places))
    for key in folders:
        run.update(_nearest(key, needs[key], places))
    found.tell_dev(run, dev)
    root = lock.workspaces.get("", {})
    return found.listing(run | dev, Project(ECOSYSTEM, text(root.get("name")), text(root.get("version"))), needs=True)


def read_binary(given: Given) -> Listing:
    """All packages of `bun.lockb`, as `read_text`."""
    found = Found(given.path, ECOSYSTEM)
    entries = entries_of(given)
    places: dict[int, int] = {
        position: found.add(entry.name, entry.version)
        for position, entry in enumerate(entries)
        if entry.kind is Kind.FOREIGN and entry.name and entry.version
    }
    run: set[int] = set()
    dev: set[int] = set()
    for position, entry in enumerate(entries):
        place = places.get(position)
        if place is not None:
            found.need(place, _placed(entry, places, dev=False))
        elif entry.kind is Kind.OWN:
            run.update(_placed(entry, places, dev=False))
            dev.update(_placed(entry, places, dev=True))
    found.tell_dev(run, dev)
    return found.listing(run | dev, Project(ECOSYSTEM, entries[0].name if entries else ""), needs=True)


def _placed(entry: Entry, places: dict[int, int], *, dev: bool) -> Iterator[int]:
    for position, only_dev in entry.needs:
        if only_dev is dev and position in places:
            yield places[position]


def _nearest(key: str, names: Iterable[str], places: dict[str, int]) -> Iterator[int]:
    """What each name means inside the package at `key`: `a/b/name`, else `a/name`, else `name`."""
    parts = _parts(key)
    for name in names:
        for depth in range(len(parts), -1, -1):
            place = places.get("/".join((*parts[:depth], name)))
            if place is not None:
                yield place
                break


def _parts(key: str) -> list[str]:
    """The names of which a key is made; a scope belongs to the name after it."""
    parts: list[str] = []
    for part in key.split("/") if key else ():
        if parts and parts[-1].startswith("@") and "/" not in parts[-1]:
            parts[-1] += f"/{part}"
        else:
            parts.append(part)
    return parts


def _strict(data: bytes) -> bytes:
    """The same data without comments and trailing commas."""
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        without = _COMMENTS.sub(lambda match: match[1] or b" ", data)
        return _COMMAS.sub(lambda match: match[1] or b"", without)
    return data
