"""Lock files of Python: poetry, pdm, uv, pipenv, and `pylock.toml` (PEP 751)."""

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from fourc.collect.packages.decoding import json_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.lines import keys_with_lines
from fourc.collect.packages.pypi import ARCHIVES, ECOSYSTEM, called, names_of, normalised, sounds_like_dev
from fourc.collect.packages.python_project import Asking, pipfile_beside, project_beside
from fourc.collect.packages.toml_tables import header_lines, tables_of
from fourc.collect.packages.values import Table, items, table, text, words
from fourc.model.package import Listing, Project

_PIPFILE_KEY = re.compile(rb'^ {4,8}"([^"\\\n]+)": \{', re.MULTILINE)
_GROUP_MARKER = re.compile(r"""['"]([^'"]+)['"]\s+in\s+dependency_groups""")
_FILES = frozenset({"files", "wheels", "sdist", "hashes", "archive"})
_OWN_SOURCES = frozenset({"directory", "editable", "virtual"})


class _Entry(Struct, frozen=True):
    """A `[[package]]` of a lock file, with its position among the packages found (None: the project's own)."""

    facts: Table
    place: int | None


def read_poetry(given: Given) -> Listing:
    """`poetry.lock` of all versions: categories (before 1.5), groups (since 2.1), or what `pyproject.toml` tells."""
    asking = project_beside(given)
    found, entries = _entries(given, "package", _poetry_dev)
    for entry in entries:
        if entry.place is not None:
            found.need(entry.place, called(found, map(normalised, table(entry.facts.get("dependencies")))))
    told = any("groups" in entry.facts or "category" in entry.facts for entry in entries)
    return _told(found, asking, tell=not told)


def _poetry_dev(facts: Table) -> bool:
    groups = words(facts.get("groups")) or words([facts.get("category")])
    return bool(groups) and "main" not in groups


def read_pdm(given: Given) -> Listing:
    """`pdm.lock`: groups (since 2.8), or what `pyproject.toml` tells."""
    asking = project_beside(given)
    known = asking.dev_groups if asking else frozenset()

    def dev(facts: Table) -> bool:
        groups = words(facts.get("groups"))
        return bool(groups) and all(group in known or sounds_like_dev(group) for group in groups)

    found, entries = _entries(given, "package", dev)
    for entry in entries:
        if entry.place is not None:
            found.need(entry.place, called(found, names_of(words(entry.facts.get("dependencies")))))
    return _told(found, asking, tell=not any("groups" in entry.facts for entry in entries))


def read_uv(given: Given) -> Listing:
    """`uv.lock`: members of the workspace are the project, and say themselves what is for development."""
    found, entries = _entries(given, "package", lambda _: False)
    run: set[int] = set()
    dev: set[int] = set()
    project: Project | None = None
    for entry in entries[1:]:
        needed = set(_linked(found, entry.facts.get("dependencies")))
        for group in table(entry.facts.get("optional-dependencies")).values():
            needed.update(_linked(found, group))
        if entry.place is not None:
            found.need(entry.place, needed)
            continue
        run |= needed
        for field in ("dev-dependencies", "dependency-groups"):
            for group in table(entry.facts.get(field)).values():
                dev.update(_linked(found, group))
        source = table(entry.facts.get("source"))
        if project is None or "." in (source.get("editable"), source.get("virtual")):
            project = Project(ECOSYSTEM, text(entry.facts.get("name")), text(entry.facts.get("version")))
    for group in table(table(entries[0].facts.get("manifest")).get("dependency-groups")).values():
        dev.update(_linked(found, group))
    found.tell_dev(run, dev)
    return found.listing(run | dev if project else None, project, needs=True)


def read_pylock(given: Given) -> Listing:
    """`pylock.toml` (https://packaging.python.org/specifications/pylock-toml/): groups stand in markers."""
    asking = project_beside(given)

    def dev(facts: Table) -> bool:
        groups = _GROUP_MARKER.findall(text(facts.get("marker")))
        return bool(groups) and "default" not in groups

    found, entries = _entries(given, "packages", dev)
    for entry in entries:
        if entry.place is not None:
            found.need(entry.place, _linked(found, entry.facts.get("dependencies")))
    graph = any("dependencies" in entry.facts for entry in entries)
    return _told(found, asking, tell=graph and asking is not None, graph=graph)


def read_pipfile(given: Given) -> Listing:
    """`Pipfile.lock`: `develop` is for development, other categories are by their names."""
    lock = json_of(given, dict[str, dict[str, object]])
    found = Found(given.path, ECOSYSTEM)
    lines = keys_with_lines(given, _PIPFILE_KEY)
    for category, packages in lock.items():
        if category == "_meta":
            continue
        next((line for key, line in lines if key == category), 0)
        dev = category == "develop" or sounds_like_dev(category)
        for name, facts in packages.items():
            line = next((line for key, line in lines if key == name), 0)
            version = text(table(facts).get("version")).lstrip("=")
            if version:
                found.add(normalised(name), version, line=line, dev=dev)
    asked = pipfile_beside(given)
    direct = None if asked is None else called(found, (each.name for each in asked))
    return found.listing(direct)


def _entries(given: Given, key: str, dev: Callable[[Table], bool]) -> tuple[Found, list[_Entry]]:
    """The packages of a lock file in TOML, each with its table; the first entry is the file's own table."""
    tables = tables_of(given, _FILES)
    found = Found(given.path, ECOSYSTEM)
    lines = header_lines(given, key)
    entries = [_Entry(tables, None)]
    for position, each in enumerate(items(tables.get(key))):
        facts = table(each)
        package, version = text(facts.get("name")), text(facts.get("version"))
        place = None
        if package and version and not _own(facts):
            line = lines[position] if position < len(lines) else 0
            place = found.add(normalised(package), version, line=line, dev=dev(facts))
        entries.append(_Entry(facts, place))
    return found, entries


def _own(facts: Table) -> bool:
    """It lies in a folder of the repository."""
    source = table(facts.get("source"))
    if source.get("type") == "directory" or not _OWN_SOURCES.isdisjoint(source):
        return True
    return "directory" in facts or ("path" in facts and not text(facts.get("path")).endswith(ARCHIVES))


def _linked(found: Found, dependencies: object) -> Iterator[int]:
    """The packages of `{ name = ..., version = ... }` entries; without a version all of this name."""
    for each in items(dependencies):
        facts = table(each)
        name, version = normalised(text(facts.get("name"))), text(facts.get("version"))
        place = found.place_of(name, version) if version else None
        yield from found.versions_of(name) if place is None else (place,)


def _told(found: Found, asking: Asking | None, *, tell: bool, graph: bool = True) -> Listing:
    """With what the project asks for; `tell` where only that says what is for development."""
    if asking is None:
        return found.listing(needs=graph)
    run = called(found, asking.names(dev=False))
    dev = called(found, asking.names(dev=True))
    if tell:
        found.tell_dev(run, dev)
    return found.listing(run | dev, asking.project, needs=graph)
