"""`package.json`: what a JavaScript project asks for, and what an installed package says of itself."""

import re

from msgspec import Struct

from fourc.collect.packages.decoding import json_of, told_beside
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.lines import lines_of_keys
from fourc.collect.packages.values import text, texts
from fourc.model.package import Listing, Project

ECOSYSTEM = "npm"
_EXACT = re.compile(r"=?\s*v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)")
_REPOSITORY = re.compile(r"git(?:\+\w+)?:|git@|(?:github|gitlab|bitbucket|gist):|[\w-][\w.-]*/[\w.-]+\Z")
_KEY = re.compile(rb'"((?:@[^"/\\\n]+/)?[^"/\\\n]+)"\s*:\s*"')


class Manifest(Struct, rename="camel"):
    """The fields of `package.json` that tell of packages; the values are as people (or PHP) wrote them, so unchecked."""

    name: object = ""
    version: object = ""
    license: object = None
    licenses: object = None
    dependencies: object = None
    dev_dependencies: object = None
    optional_dependencies: object = None
    peer_dependencies: object = None
    workspaces: object = None

    @property
    def project(self) -> Project:
        """The project, as it names itself."""
        return Project(ECOSYSTEM, text(self.name), text(self.version))

    @property
    def run(self) -> dict[str, str]:
        """Asked for to run: names and the ranges of versions."""
        return texts(self.peer_dependencies) | texts(self.optional_dependencies) | texts(self.dependencies)

    @property
    def dev(self) -> dict[str, str]:
        """Asked for to build or test only."""
        run = self.run
        return {name: asked for name, asked in texts(self.dev_dependencies).items() if name not in run}

    @property
    def has_members(self) -> bool:
        """Other projects in the same repository share the lock file."""
        return bool(self.workspaces)


def licences_of(*values: object) -> tuple[str, ...]:
    """Licences in any of npm's spellings: an expression, `{"type": ...}`, or a list of both."""
    names: list[str] = []
    for value in values:
        for one in value if isinstance(value, list) else [value]:
            name = text(one.get("type") or one.get("name")) if isinstance(one, dict) else text(one)
            if name and name not in names:
                names.append(name)
    return tuple(names)


def manifest_beside(given: Given, path: str = "package.json") -> Manifest | None:
    """The manifest at `path` near the file, None where there is none."""
    return told_beside(given, path, lambda near: json_of(near, Manifest))


def alias(asked: str) -> tuple[str, str] | None:
    """Name and range of what `npm:name@range` really asks for, None where it is no alias."""
    if not asked.startswith("npm:"):
        return None
    name, wanted = split_at(asked[4:])
    return (name, wanted) if name and wanted else None


def split_at(text: str) -> tuple[str, str]:
    """`@scope/name@1.2.3` as name and the rest, the rest empty where there is none."""
    at = text.find("@", 1)
    return (text, "") if at < 0 else (text[:at], text[at + 1 :])


def is_folder(asked: str) -> bool:
    """It asks for a folder, which is the project's own and no package of others.

    Paths: https://docs.npmjs.com/cli/configuring-npm/package-json#local-paths
    """
    if asked.startswith(("link:", "portal:", "workspace:")):
        return True
    return asked.startswith(("file:", "./", "../", "~/", "/")) and not asked.partition("::")[0].endswith(
        (".tgz", ".tar.gz", ".tar")
    )


def _is_repository(asked: str) -> bool:
    place = asked.partition("#")[0]
    return place.endswith(".git") or _REPOSITORY.match(place) is not None


def exact(asked: str) -> str:
    """The one version that a range allows, empty where it allows several."""
    match = _EXACT.fullmatch(asked.strip())
    return match[1] if match else ""


def read_manifest(given: Given) -> Listing:
    """The exact pins of a manifest: without a lock file they are the versions in use, and ranges are left open.

    What lies in a folder or a repository of git (https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies) is not.
    """
    manifest = json_of(given, Manifest)
    found = Found(given.path, ECOSYSTEM)
    lines = lines_of_keys(given, _KEY)
    for asked, dev in ((manifest.run, False), (manifest.dev, True)):
        for key, wanted in asked.items():
            name, version = alias(wanted) or (key, wanted)
            if not is_folder(version) and not _is_repository(version):
                found.ask(name, exact(version), lines.get(key, 0), dev=dev)
    return found.listing(found.direct, manifest.project)


def read_installed(given: Given) -> Listing:
    """The package that a folder of `node_modules` holds."""
    manifest = json_of(given, Manifest)
    found = Found(given.path, ECOSYSTEM)
    name, version = text(manifest.name), text(manifest.version)
    if name and version:
        lines = lines_of_keys(given, re.compile(rb'"(version)"\s*:'))
        found.add(
            name,
            version,
            line=lines.get("version", 0),
            licences=licences_of(manifest.license, manifest.licenses),
            path=given.path,
        )
    return found.listing()
