"""`Cargo.lock` (https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html), `Cargo.toml`, cargo-auditable."""

import re
import zlib
from functools import cache

from msgspec import Struct

from fourc.collect.packages.decoding import json_of, told_beside, told_upwards, toml_of
from fourc.collect.packages.executable import executable_of
from fourc.collect.packages.form import Given, PackagesError
from fourc.collect.packages.found import Found
from fourc.collect.packages.limits import NEAR_FILES
from fourc.collect.packages.lines import LineSearch
from fourc.collect.packages.toml_tables import header_lines, tables_of
from fourc.collect.packages.values import Table, items, table, text, words
from fourc.model.package import Listing, Project

ECOSYSTEM = "crates.io"
_EXACT = re.compile(r"=\s*(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)")
_RUN_TABLES = ("dependencies",)
_DEV_TABLES = ("dev-dependencies", "dev_dependencies", "build-dependencies", "build_dependencies")
_LITERAL = re.compile(r"[\w./-]+")
_SECTIONS = (".dep-v0", "rust-deps-v0")
_LONGEST = 8 << 20
"""Bytes of a binary's list of crates; the largest known have some tens of thousands."""


def read_lock(given: Given) -> Listing:
    """The crates of all versions of the lock file; those without a source are the workspace itself.

    `dev` is what only `dev-dependencies` and `build-dependencies` of the manifests at hand lead to.
    """
    tables = tables_of(given, frozenset({"checksum", "metadata"}))
    lines = header_lines(given, "package")
    found = Found(given.path, ECOSYSTEM)
    by_name: dict[str, list[tuple[str, str, int | None]]] = {}
    entries: list[tuple[Table, int | None]] = []
    # cargo of 2017 and before wrote the project as `[root]`
    packages = [*items(tables.get("package")), *([tables["root"]] if "root" in tables else [])]
    for position, each in enumerate(packages):
        facts = table(each)
        name, version, source = (text(facts.get(key)) for key in ("name", "version", "source"))
        place = None
        if name and version and source:
            place = found.add(name, version, line=lines[position] if position < len(lines) else 0)
        by_name.setdefault(name, []).append((version, source, place))
        entries.append((facts, place))
    members: list[tuple[Table, set[int]]] = []
    for facts, place in entries:
        needed = {each for word in words(facts.get("dependencies")) for each in _meant(word, by_name)}
        if place is None:
            members.append((facts, needed))
        else:
            found.need(place, needed)
    run, dev, project = _asked(given, found, members)
    found.tell_dev(run, dev)
    return found.listing(run | dev, project, needs=True)


def _meant(written: str, by_name: dict[str, list[tuple[str, str, int | None]]]) -> list[int]:
    """The crates that `name`, `name version` or `name version (source)` means."""
    name, _, rest = written.partition(" ")
    version, _, source = rest.partition(" ")
    source = source.strip("()")
    return [
        place
        for known, origin, place in by_name.get(name, ())
        if place is not None and version in ("", known) and source in ("", origin)
    ]


def _asked(
    given: Given, found: Found, members: list[tuple[Table, set[int]]]
) -> tuple[set[int], set[int], Project | None]:
    """What the members need to run and only to develop, by their manifests; without a manifest all is to run."""
    manifests = {text(table(each.get("package")).get("name")): each for each in _manifests(given)}
    run: set[int] = set()
    dev: set[int] = set()
    project: Project | None = None
    for facts, needed in members:
        name = text(facts.get("name"))
        manifest = manifests.get(name)
        if project is None or (manifest is not None and next(iter(manifests)) == name):
            project = Project(ECOSYSTEM, name, text(facts.get("version")))
        for_run = None if manifest is None else _names(manifest, _RUN_TABLES)
        for place in needed:
            if for_run is None or found.name_of(place) in for_run:
                run.add(place)
            else:
                dev.add(place)
    return run, dev, project


def _manifests(given: Given) -> list[Table]:
    """The manifest beside the lock file, and those of the members that it names without wildcards."""
    root = told_beside(given, "Cargo.toml", toml_of)
    if root is None:
        return []
    paths = [path for path in words(table(root.get("workspace")).get("members")) if _LITERAL.fullmatch(path)]
    paths += [text(table(each).get("path")) for _, each in _dependencies(root, (*_RUN_TABLES, *_DEV_TABLES))]
    found = [told_beside(given, f"{path}/Cargo.toml", toml_of) for path in dict.fromkeys(paths) if path]
    return [root, *(each for each in found[:NEAR_FILES] if each is not None)]


def _dependencies(manifest: Table, kinds: tuple[str, ...]) -> list[tuple[str, object]]:
    """Names and values in these tables, those for some platforms (`target`) and of the workspace too."""
    homes = [manifest, *(table(each) for each in table(manifest.get("target")).values())]
    if "dependencies" in kinds:
        homes.append(table(manifest.get("workspace")))
    return [pair for home in homes for kind in kinds for pair in table(home.get(kind)).items()]


def _names(manifest: Table, kinds: tuple[str, ...]) -> set[str]:
    """The crates' own names: `package` where the dependency was renamed."""
    return {text(table(value).get("package")) or key for key, value in _dependencies(manifest, kinds)}


def read_manifest(given: Given) -> Listing:
    """The exact pins (`=1.2.3`) of `Cargo.toml`; ranges are left open, of which a bare `1.2.3` is one.

    A crate in a folder is the project's own. What the workspace's manifest says has no line here.
    """
    manifest = toml_of(given)
    found = Found(given.path, ECOSYSTEM)
    lines = LineSearch(given)
    shared = cache(lambda: _shared(given))
    for kinds, dev in ((_RUN_TABLES, False), (_DEV_TABLES, True)):
        for key, value in _dependencies(manifest, kinds):
            inherits = table(value).get("workspace") is True
            asked = shared().get(key) if inherits else value
            facts = table(asked)
            if "path" in facts or (inherits and "workspace" in manifest):
                continue
            version = text(asked) or text(facts.get("version"))
            match = _EXACT.fullmatch(version.strip())
            name = text(facts.get("package")) or key
            if match is not None or "git" not in facts:
                line = 0 if inherits else lines.line_of(version)
                found.ask(name, match[1] if match is not None else "", line, dev=dev)
    package = table(manifest.get("package"))
    project = Project(ECOSYSTEM, text(package.get("name")), text(package.get("version")))
    return found.listing(found.direct, project)


def _shared(given: Given) -> Table:
    """The dependencies that members inherit from the nearest workspace above."""
    manifests = told_upwards(given, "Cargo.toml", toml_of, start=1)
    workspace = next((table(each["workspace"]) for each in manifests if "workspace" in each), {})
    return table(workspace.get("dependencies"))


class _Crate(Struct):
    """A crate that was built in (https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md)."""

    name: str
    version: str
    source: str = ""
    kind: str = "runtime"
    dependencies: list[int] = []
    root: bool = False


class _Crates(Struct):
    packages: list[_Crate]


def read_binary(given: Given) -> Listing:
    """The crates of a program that cargo-auditable built; other programs have none."""
    found = Found(given.path, ECOSYSTEM)
    program = executable_of(given.data)
    section = None if program is None else program.section(*_SECTIONS)
    if section is None:
        return found.listing(needs=True)
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(given.data[section.offset : section.offset + min(section.size, _LONGEST)], _LONGEST)
        crates = json_of(Given(given.path, data), _Crates).packages
    except (zlib.error, PackagesError):
        return found.listing(needs=True)
    places = {
        position: found.add(crate.name, crate.version, dev=crate.kind == "build")
        for position, crate in enumerate(crates)
        if crate.source != "local" and not crate.root
    }
    project: Project | None = None
    for position, crate in enumerate(crates):
        needed = [places[each] for each in crate.dependencies if each in places]
        if position in places:
            found.need(places[position], needed)
            continue
        found.direct.update(needed)
        if crate.root:
            project = Project(ECOSYSTEM, crate.name, crate.version)
    return found.listing(found.direct, project, needs=True)
