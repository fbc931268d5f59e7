"""What a reader has found so far: each package once, who needs whom, and what follows for `dev` and `direct`."""

from collections.abc import Iterable

from msgspec.structs import replace

from fourc.collect.packages.errors import too_large
from fourc.collect.packages.form import PackagesError
from fourc.collect.packages.limits import NEEDS, PACKAGES, UNRESOLVED
from fourc.model.package import Listing, Package, Project
from fourc.text import Text

NOTHING = -1
"""The position of a package that is none: without a name or version, or not in the file."""
_NONE: frozenset[int] = frozenset()
_MANY = Text("it has more than {limit} packages", "软件包超过 {limit} 个")
_TANGLED = Text("it has more than {limit} dependencies", "依赖关系超过 {limit} 条")


class Found:
    """Packages in the order of the file; the same name and version again is the same package.

    Positions may be `NOTHING` wherever they are taken. `direct` are those that the project itself requires.
    """

    def __init__(self, path: str, ecosystem: str) -> None:
        self.direct: set[int] = set()
        self._path = path
        self._ecosystem = ecosystem
        self._packages: list[Package] = []
        self._places: dict[tuple[str, str, str], int] = {}
        self._by_name: dict[str, list[int]] = {}
        self._needs: dict[int, set[int]] = {}
        self._edges = 0
        self._unresolved: dict[str, None] = {}

    def add(
        self,
        name: str,
        version: str,
        line: int = 0,
        *,
        dev: bool = False,
        direct: bool = False,
        ecosystem: str = "",
        licences: tuple[str, ...] = (),
        path: str = "",
    ) -> int:
        """The position of the package; one that is met again is for development only if it is so everywhere."""
        if not name or not version:
            return NOTHING
        kind = ecosystem or self._ecosystem
        key = (kind, name, version)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self._packages)
            if place >= PACKAGES:
                raise too_many(self._path)
            self._packages.append(Package(kind, name, version, line, dev, licences=licences, path=path))
            self._by_name.setdefault(name, []).append(place)
        elif self._packages[place].dev and not dev:
            self._packages[place] = replace(self._packages[place], dev=False)
        if direct:
            self.direct.add(place)
        return place

    def leave_open(self, name: str) -> None:
        """The file tells of this, but not in a way from which its version can be told offline."""
        if name and len(self._unresolved) < UNRESOLVED:
            self._unresolved[name] = None

    def ask(self, name: str, version: str, line: int = 0, *, dev: bool = False, ecosystem: str = "") -> None:
        """A manifest asks for this: in the one version that it allows, or else (`version` is empty) it is left open."""
        if version:
            self.add(name, version, line, dev=dev, direct=True, ecosystem=ecosystem)
        else:
            self.leave_open(name)

    def need(self, place: int, needed: Iterable[int]) -> None:
        """The package at `place` requires those at `needed`."""
        if place == NOTHING:
            return
        known = self._needs.setdefault(place, set())
        before = len(known)
        known.update(needed)
        known -= {place, NOTHING}
        self._edges += len(known) - before
        if self._edges > NEEDS:
            raise too_large(self._path, _TANGLED.of(limit=NEEDS))

    def versions_of(self, name: str) -> list[int]:
        """Positions of all packages of this name."""
        return self._by_name.get(name, [])

    def name_of(self, place: int) -> str:
        """The name of the package at this position."""
        return self._packages[place].name

    def place_of(self, name: str, version: str) -> int | None:
        """The position of the package, None where it is not among those found."""
        return self._places.get((self._ecosystem, name, version))

    def roots(self) -> set[int]:
        """Those that no other package needs."""
        return set(range(len(self._packages))).difference(*self._needs.values())

    def tell_dev(self, run: Iterable[int], dev: Iterable[int]) -> None:
        """What only `dev` reaches is for development; what nothing reaches is taken to run."""
        for place in self._reached(dev) - self._reached(run):
            self._packages[place] = replace(self._packages[place], dev=True)

    def listing(
        self, direct: Iterable[int] | None = None, project: Project | None = None, *, needs: bool = False
    ) -> Listing:
        """The facts, which the register gives the form's id.

        `direct` is None, and `needs` false, where the format does not tell of them. What has a version is not open.
        """
        return Listing(
            self._path,
            "",
            tuple(self._packages),
            tuple(tuple(sorted(self._needs.get(at, _NONE))) for at in range(len(self._packages))) if needs else (),
            None if direct is None else frozenset(direct) - {NOTHING},
            project if project is not None and project.name else None,
            unresolved=tuple(name for name in self._unresolved if name not in self._by_name),
            ecosystem=self._ecosystem,
        )

    def _reached(self, starts: Iterable[int]) -> set[int]:
        """All packages that these need, with themselves."""
        seen = set(starts) - {NOTHING}
        waiting = list(seen)
        while waiting:
            fresh = self._needs.get(waiting.pop(), _NONE) - seen
            seen |= fresh
            waiting += fresh
        return seen


def too_many(path: str) -> PackagesError:
    """The error that a file names more packages than any real one."""
    return too_large(path, _MANY.of(limit=PACKAGES))
