"""Julia: `Manifest.toml`, read by lines, for it is written by a program and may be large."""

import re
from collections.abc import Iterator

from fourc.collect.packages.decoding import lines_of, told_beside
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import NOTHING, Found, too_many
from fourc.collect.packages.limits import PACKAGES
from fourc.model.package import Listing, Project

ECOSYSTEM = "Julia"
_NAME = re.compile(r'"([^"]{1,200})"')


class _Entry:
    """One `[[deps.Name]]`."""

    def __init__(self, name: str, line: int) -> None:
        self.name = name
        self.line = line
        self.told: dict[str, str] = {}
        self.needs: list[str] = []

    def tell(self, inner: str, key: str, value: str) -> None:
        """Note a line of the entry, or of its table `inner`."""
        if inner == "deps":
            self.needs.append(key)
        elif not inner and key == "deps":
            self.needs += _NAME.findall(value)
        elif not inner:
            self.told[key] = value.strip('"')


def _pairs(given: Given) -> Iterator[tuple[int, str, str, str]]:
    """Line, table, key and value of each line of a simple TOML file; a table's own line has no key."""
    table = ""
    for number, line in lines_of(given):
        text = line.strip()
        if text.startswith("["):
            table = text
            yield number, table, "", ""
            continue
        key, equals, value = text.partition("=")
        if equals and not text.startswith("#"):
            yield number, table, key.strip(), value.strip()


def _entries(given: Given) -> tuple[str, list[_Entry]]:
    """Julia's version, and the packages; both where they stand in the file."""
    julia = ""
    entries: list[_Entry] = []
    inner = ""  # a table of the package that was begun last, as `[deps.Name.deps]`
    for number, table, key, value in _pairs(given):
        if not key:
            if table.startswith("[["):
                if len(entries) >= PACKAGES:
                    raise too_many(given.path)
                entries.append(_Entry(table.strip("[]").removeprefix("deps."), number))
            inner = "" if table.startswith("[[") else table.strip("[]").rpartition(".")[2]
        elif not entries:
            julia = value.strip('"') if key == "julia_version" else julia
        else:
            entries[-1].tell(inner, key, value)
    return julia, entries


def _project(given: Given) -> tuple[Project | None, set[str] | None]:
    """The project and its direct dependencies as `Project.toml` beside says, if there is one."""
    for name in ("JuliaProject.toml", "Project.toml"):
        told = told_beside(given, name, _described)
        if told is not None:
            return told
    return None, None


def _described(given: Given) -> tuple[Project | None, set[str]]:
    told: dict[str, str] = {}
    wanted: set[str] = set()
    for _, table, key, value in _pairs(given):
        if table == "[deps]" and key:
            wanted.add(key)
        elif not table:
            told[key] = value.strip('"')
    name = told.get("name", "")
    return Project(ECOSYSTEM, name, told.get("version", "")) if name else None, wanted


def read_manifest(given: Given) -> Listing:
    """`Manifest.toml`, formats 1 and 2 (https://pkgdocs.julialang.org/v1/toml-files/#Manifest.toml).

    A package of the standard library without a version has Julia's own, where the file says which.
    """
    julia, entries = _entries(given)
    project, wanted = _project(given)
    found = Found(given.path, ECOSYSTEM)
    at: dict[str, int] = {}
    for entry in entries:
        if "uuid" in entry.told:
            local = "path" in entry.told or "repo-url" in entry.told
            version = entry.told.get("version") or ("" if local else julia)
            at[entry.name] = found.add(entry.name, version, entry.line, direct=entry.name in (wanted or ()))
    for entry in entries:
        found.need(at.get(entry.name, NOTHING), (at.get(needed, NOTHING) for needed in entry.needs))
    return found.listing(found.direct if wanted is not None else None, needs=True, project=project)
