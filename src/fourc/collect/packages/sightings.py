"""What a reader has found so far: each package once, who needs whom, and what follows for `dev` and `direct`."""

from collections.abc import Iterable

from fourc.collect.packages.form import Given, PackagesError
from fourc.model.package import Listing, Package, Project
from fourc.text import Text

_PACKAGES, _EDGES = 100_000, 2_000_000
"""Ten times what the largest real lock files have."""
_NONE: frozenset[int] = frozenset()
_MANY = Text("{path} names more packages than any real project has.", "{path} 列出的包多于任何真实项目。")
_MANY_HINT = Text("Check whether it is a real lock file, else leave it out.", "请确认它是真正的锁文件，否则请排除。")


class Sightings:
    """Packages in the order of the file; the same name and version again is the same package."""

    def __init__(self, given: Given, ecosystem: str) -> None:
        self._path = given.path
        self._ecosystem = ecosystem
        self._packages: list[Package] = []
        self._places: dict[tuple[str, str, str], int] = {}
        self._needs: dict[int, set[int]] = {}
        self._edges = 0
        self._by_name: dict[str, list[int]] = {}

    def add(
        self,
        name: str,
        version: str,
        *,
        line: int = 0,
        dev: bool = False,
        licences: tuple[str, ...] = (),
        path: str = "",
        ecosystem: str = "",
    ) -> int:
        """The position of the package; one that is met again is for development only if it is so everywhere."""
        kind = ecosystem or self._ecosystem
        key = (kind, name, version)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self._packages)
            if place >= _PACKAGES:
                raise self._too_many()
            self._packages.append(Package(kind, name, version, line, dev, licences=licences, path=path))
            self._by_name.setdefault(name, []).append(place)
        elif self._packages[place].dev and not dev:
            self._set_dev(place, dev=False)
        return place

    def need(self, by: int, what: Iterable[int]) -> None:
        """Package `by` requires the packages `what`."""
        needed = self._needs.setdefault(by, set())
        before = len(needed)
        needed.update(what)
        self._edges += len(needed) - before
        if self._edges > _EDGES:
            raise self._too_many()

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
        needed = {each for by, what in self._needs.items() for each in what if each != by}
        return set(range(len(self._packages))) - needed

    def reached(self, roots: Iterable[int]) -> set[int]:
        """All packages that these need, with themselves."""
        seen = set(roots)
        waiting = list(seen)
        while waiting:
            fresh = self._needs.get(waiting.pop(), _NONE) - seen
            seen |= fresh
            waiting += fresh
        return seen

    def tell_dev(self, run: Iterable[int], dev: Iterable[int]) -> None:
        """What only `dev` reaches is for development; what nothing reaches is taken to run."""
        for place in self.reached(dev) - self.reached(run):
            self._set_dev(place, dev=True)

    def listing(
        self, direct: Iterable[int] | None = None, project: Project | None = None, *, graph: bool = True
    ) -> Listing:
        """The facts, which the register gives the form's id; `graph`: the format tells who needs whom."""
        return Listing(
            self._path,
            "",
            tuple(self._packages),
            tuple(tuple(sorted(self._needs.get(at, _NONE))) for at in range(len(self._packages))) if graph else (),
            None if direct is None else frozenset(direct),
            project if project is not None and project.name else None,
        )

    def _too_many(self) -> PackagesError:
        return PackagesError(_MANY.of(path=self._path), hint=_MANY_HINT)

    def _set_dev(self, place: int, *, dev: bool) -> None:
        old = self._packages[place]
        self._packages[place] = Package(
            old.ecosystem, old.name, old.version, old.line, dev, licences=old.licences, path=old.path
        )
