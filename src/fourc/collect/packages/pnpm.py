"""`pnpm-lock.yaml` of all versions (https://github.com/pnpm/spec/tree/master/lockfile)."""

import re
from collections.abc import Iterator

from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.lines import lines_of_keys
from fourc.collect.packages.package_json import ECOSYSTEM, manifest_beside, split_at
from fourc.collect.packages.values import Table, table, word
from fourc.collect.packages.yaml_tree import yaml_of
from fourc.model.package import Listing

_KEY = re.compile(rb"^  ['\"]?([^ '\"\n][^'\"\n]*?)['\"]?:(?: \{\})?\r?$", re.MULTILINE)
_RUN = ("dependencies", "optionalDependencies")
_DEV = ("devDependencies",)
_VERSION = re.compile(r"\d+\.\d+\.\d+[0-9A-Za-z.+-]*")


def read_lock(given: Given) -> Listing:
    """All packages; importers, links and folders are the project itself.

    `dev` is pnpm's own mark (up to 8), or what only `devDependencies` lead to.
    """
    documents = yaml_of(given)
    # since pnpm 11 a document of the package manager's own dependencies may stand before the project's
    lock = documents[-1] if documents else {}
    packages = table(lock.get("packages"))
    snapshots = table(lock.get("snapshots")) or packages
    flat = word(lock.get("lockfileVersion")).startswith("5")
    lines = lines_of_keys(given, _KEY)
    found = Found(given.path, ECOSYSTEM)
    places: dict[str, int] = {}
    folders: list[str] = []
    for path in snapshots:
        facts = table(packages.get(path, packages.get(path.partition("(")[0])))
        name, version = _named(path, facts, flat=flat)
        if "directory" in table(facts.get("resolution")):
            folders.append(path)
        elif name and version:
            line = lines.get(path.partition("(")[0]) or lines.get(path, 0)
            places[path] = found.add(name, version, line=line, dev=facts.get("dev") == "true")
    for path, place in places.items():
        found.need(place, _led_to(table(snapshots[path]), _RUN, places))
    run: set[int] = set()
    dev: set[int] = set()
    for importer in table(lock.get("importers")).values() or [lock]:
        run.update(_led_to(table(importer), _RUN, places))
        dev.update(_led_to(table(importer), _DEV, places))
    for path in folders:
        run.update(_led_to(table(snapshots[path]), _RUN, places))
    if "snapshots" in lock or not any("dev" in table(facts) for facts in packages.values()):
        found.tell_dev(run, dev)
    manifest = manifest_beside(given)
    return found.listing(run | dev, manifest.project if manifest else None, needs=True)


def _led_to(who: Table, fields: tuple[str, ...], places: dict[str, int]) -> Iterator[int]:
    """The packages to which these fields lead: `version`, or a whole path (another name, a file, a tarball)."""
    for field in fields:
        for name, value in table(who.get(field)).items():
            asked = word(value.get("version")) if isinstance(value, dict) else word(value)
            for path in (f"/{name}/{asked}", f"/{name}@{asked}", f"{name}@{asked}", asked, f"/{asked}"):
                if (place := places.get(path)) is not None:
                    yield place
                    break


def _named(path: str, facts: Table, *, flat: bool) -> tuple[str, str]:
    """Name and version of `/name/1.2.3_peers` (5), `/name@1.2.3(peers)` (6), `name@1.2.3(peers)` (9) or of the facts."""
    name, version = word(facts.get("name")), word(facts.get("version"))
    if name and version:
        return name, version
    bare = path.partition("(")[0]
    if flat:
        parts = bare.split("/")
        scoped = len(parts) > 3 and parts[-3].startswith("@")
        own = "/".join(parts[-3:-1] if scoped else parts[-2:-1])
        # a peer's scope may follow: `/a/1.0.0_@b+c@2.0.0`, with `+` for `/`
        asked = parts[-1].partition("_")[0]
    else:
        host, slash, rest = bare.partition("/")
        # `/name@1`, or behind the host of another registry
        own, asked = split_at(rest if slash and "@" not in host and (not host or "." in host) else bare)
    given_version = _VERSION.fullmatch(asked)
    return name or own, version or (asked if given_version or "://" in asked else "")
