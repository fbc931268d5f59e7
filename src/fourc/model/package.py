"""Packages: what a file, an image or a node holds, and how it came there."""

from msgspec import Struct


class SourcePackage(Struct, frozen=True):
    """The source package that a distribution built a package from; advisories of some name only these."""

    name: str
    version: str


class Package(Struct, frozen=True, order=True):
    """One package in one version.

    `ecosystem` and `name` are OSV's (https://ossf.github.io/osv-schema/#affectedpackage-field): `PyPI` names normalised by
    PEP 503, `Maven` as `group:artifact`, `Go` the module's path, its toolchain `stdlib`, distributions with their release
    (`Debian:12`, `Alpine:v3.19`). What OSV has no name for keeps the name that people use (`CocoaPods`). `version` is as
    the ecosystem writes it: Go modules with `v`, dpkg and rpm with the epoch where it is not 0. `line` is 1-based, 0 where
    there is none. `dev` is needed to build or test the project, not to run it. `path` is the package's own place, where
    one listing has many (`node_modules/a/package.json`).
    """

    ecosystem: str
    name: str
    version: str
    line: int = 0
    dev: bool = False
    source: SourcePackage | None = None
    architecture: str = ""
    licences: tuple[str, ...] = ()
    path: str = ""

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes two sightings the same package."""
        return (self.ecosystem, self.name, self.version)


class Distribution(Struct, frozen=True):
    """An operating system, as its `os-release` says (`id` and `version` are ID and VERSION_ID)."""

    id: str
    version: str
    name: str = ""
    codename: str = ""


class Project(Struct, frozen=True):
    """What a lock file or manifest belongs to."""

    ecosystem: str
    name: str
    version: str = ""


class Listing(Struct, frozen=True):
    """The packages that one file (or one package database) tells of.

    `form` is the id of the format (`npm-lock`). `needs[i]` are the positions in `packages` of what package `i` requires, `()`
    as a whole where the format does not tell. `direct` are the positions of what the project itself requires, None where
    nothing tells. `unresolved` are names of what the file tells of in a way from which nobody can tell a version offline: a
    dependency that allows several, or whose version a parent elsewhere decides, an archive in it that is broken; they are of
    the `ecosystem` that the format is of, empty where it has none of its own.
    """

    path: str
    form: str
    packages: tuple[Package, ...]
    needs: tuple[tuple[int, ...], ...] = ()
    direct: frozenset[int] | None = None
    project: Project | None = None
    distribution: Distribution | None = None
    unresolved: tuple[str, ...] = ()
    ecosystem: str = ""
