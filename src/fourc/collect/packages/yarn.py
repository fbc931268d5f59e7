"""`yarn.lock`: of yarn 1, and of yarn 2 and later, which looks like YAML and is written as strictly."""

import posixpath
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from fourc.collect.packages.decoding import lines_of
from fourc.collect.packages.errors import malformed
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.limits import NEAR_FILES
from fourc.collect.packages.package_json import ECOSYSTEM, Manifest, alias, is_folder, manifest_beside, split_at
from fourc.model.package import Listing
from fourc.text import Text

_KEYS = re.compile(r'"([^"]*)"|([^\s",][^",]*)')
_NEEDED = frozenset({"dependencies", "optionalDependencies"})
_LITERAL = re.compile(r"[\w./@-]+")


class _Block(Struct):
    """One entry: the ranges that lead to it, and what it says."""

    line: int
    keys: list[str]
    version: str = ""
    resolution: str = ""
    needs: list[tuple[str, str]] = []

    @property
    def range(self) -> str:
        """What is asked for, without the name."""
        return split_at(self.resolution or self.keys[0])[1]

    @property
    def name(self) -> str:
        """The package's own name: behind an alias the other one."""
        if self.resolution:
            return split_at(self.resolution)[0]
        name, asked = split_at(self.keys[0])
        return (alias(asked) or (name, ""))[0]


def read_lock(given: Given) -> Listing:
    """All packages; workspaces, links and folders are the project itself, patched packages what they patch.

    `dev` is what only `devDependencies` lead to, where the manifests of all members are at hand.
    """
    blocks = [block for block in _blocks(given) if block.keys[0] != "__metadata"]
    found = Found(given.path, ECOSYSTEM)
    by_key: dict[str, int] = {}
    folders: list[_Block] = []
    placed: list[tuple[int, _Block]] = []
    for block in blocks:
        if is_folder(block.range):
            folders.append(block)
        elif block.version:
            place = found.add(block.name, block.version, line=block.line)
            placed.append((place, block))
            by_key.update((key.partition("::locator=")[0], place) for key in block.keys)
    for place, block in placed:
        found.need(place, _led_to(block.needs, by_key))
    run: set[int] = set()
    dev: set[int] = set()
    manifests, whole = _manifests(given, folders)
    for manifest in manifests:
        run.update(_led_to(manifest.run.items(), by_key))
        dev.update(_led_to(manifest.dev.items(), by_key))
    asked = run | dev
    for block in folders:
        needed = set(_led_to(block.needs, by_key))
        asked |= needed
        if not block.range.startswith("workspace:"):
            run |= needed
    if whole:
        found.tell_dev(run, dev)
    elif not any(block.resolution for block in blocks):
        asked.update(found.roots())
    root = manifests[0].project if manifests else None
    return found.listing(asked if asked or manifests else None, root, needs=True)


def _led_to(asked: Iterable[tuple[str, str]], by_key: dict[str, int]) -> Iterator[int]:
    """The packages that these names and ranges lead to."""
    for name, wanted in asked:
        for key in (f"{name}@{wanted}", f"{name}@npm:{wanted}", f"{name}@{wanted.removeprefix('npm:')}"):
            if (place := by_key.get(key)) is not None:
                yield place
                break


def _manifests(given: Given, folders: list[_Block]) -> tuple[list[Manifest], bool]:
    """The manifests of the project and its members, the project's first, and whether these are all."""
    members = [block.range[len("workspace:") :] for block in folders if block.range.startswith("workspace:")]
    root = manifest_beside(given)
    if root is None:
        return [], False
    whole = True
    if not members and root.has_members:
        listed = root.workspaces
        paths = listed.get("packages") if isinstance(listed, dict) else listed
        globs = [path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []
        members = [path for path in globs if _LITERAL.fullmatch(path)]
        whole = len(members) == len(globs)
    manifests = [root]
    for member in members[:NEAR_FILES]:
        if member != ".":
            manifest = manifest_beside(given, posixpath.join(member, "package.json"))
            whole = whole and manifest is not None
            manifests += [] if manifest is None else [manifest]
    return manifests, whole and len(members) <= NEAR_FILES


def _blocks(given: Given) -> Iterator[_Block]:  # noqa: C901 - one loop over all lines, which calls would slow down
    """The entries, by their lines: keys at the margin, fields by two columns, what they hold by four."""
    block: _Block | None = None
    within = ""
    explicit: list[str] = []
    for number, line in lines_of(given):
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            if line.startswith("? "):
                explicit = _keys(line[2:])
                continue
            keys = explicit if line.startswith(":") else _keys(line.rstrip().removesuffix(":"))
            if not keys or not line.rstrip().endswith(":"):
                raise malformed(given.path, Text("line {line}", "第 {line} 行").of(line=number))
            if block is not None:
                yield block
            block, within, explicit = _Block(number, keys, needs=[]), "", []
        elif block is not None:
            name, _, value = line.strip().partition(" ")
            name, value = name.rstrip(":").strip('"'), value.strip().strip('"')
            if line[:4].strip():
                within = name
                block.version = value if name == "version" else block.version
                block.resolution = value if name == "resolution" else block.resolution
            elif within in _NEEDED and name and value:
                block.needs.append((name, value))
    if block is not None:
        yield block


def _keys(text: str) -> list[str]:
    """The ranges before the colon: each quoted by itself (yarn 1) or all of them together."""
    keys = [quoted or bare for quoted, bare in _KEYS.findall(text)]
    if len(keys) == 1:
        keys = keys[0].split(", ")
    return [key for key in keys if key]
