"""The packages of one file while it is read: each once, at the place where it was first seen."""

from collections.abc import Iterable

from msgspec.structs import replace

from fourc.collect.packages.form import PackagesError
from fourc.model.package import Listing, Package, Project
from fourc.text import Text

PACKAGES = 100_000  # the largest real lock files have a tenth of it
NEEDS = 2_000_000

_MANY = Text("{path} names more than {limit} packages", "{path} 列出的包超过 {limit} 个")
_TANGLED = Text("{path} names more than {limit} dependencies", "{path} 列出的依赖关系超过 {limit} 条")
_SPLIT = Text(
    "check whether it is a real lock file; if so, scan it in parts", "请确认它是真正的锁文件；如果是，请分开扫描"
)


def too_many(path: str) -> PackagesError:
    """The error that a file names more packages than any real one."""
    return PackagesError(_MANY.of(path=path, limit=PACKAGES), hint=_SPLIT)


class Found:
    """Packages in the order of the file. A package that is seen again is the same one, and `dev` only if it always was."""

    def __init__(self, path: str, ecosystem: str) -> None:
        self.path = path
        self.ecosystem = ecosystem
        self._packages: list[Package] = []
        self._at: dict[tuple[str, str, str], int] = {}
        self._needs: dict[int, dict[int, None]] = {}
        self._edges = 0
        self._direct: set[int] = set()

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
        """Note a package and give its position; what has no name or version is none (-1)."""
        if not name or not version:
            return -1
        ecosystem = ecosystem or self.ecosystem
        at = self._at.get((ecosystem, name, version))
        if at is None:
            at = len(self._packages)
            if at >= PACKAGES:
                raise too_many(self.path)
            self._at[ecosystem, name, version] = at
            self._packages.append(Package(ecosystem, name, version, line, dev=dev, licences=licences, path=path))
        elif self._packages[at].dev and not dev:
            self._packages[at] = replace(self._packages[at], dev=False)
        if direct:
            self._direct.add(at)
        return at

    def mark(self, at: int) -> None:
        """Note that the project itself requires the package at `at`, which may be none (-1)."""
        if at >= 0:
            self._direct.add(at)

    def need(self, at: int, needed: int) -> None:
        """Note that the package at `at` requires the one at `needed`; either may be none (-1)."""
        if at < 0 or needed < 0 or at == needed:
            return
        known = self._needs.setdefault(at, {})
        if needed not in known:
            known[needed] = None
            self._edges += 1
            if self._edges > NEEDS:
                raise PackagesError(_TANGLED.of(path=self.path, limit=NEEDS), hint=_SPLIT)

    def listing(
        self,
        form: str,
        *,
        needs: bool = False,
        direct: bool = False,
        dev_by_needs: bool = False,
        project: Project | None = None,
    ) -> Listing:
        """All of them; `needs` and `direct` say whether the format tells of these.

        `dev_by_needs`: where the format marks only direct packages, what nothing but these leads to is `dev` like them.
        """
        packages = self._packages
        if dev_by_needs:
            inner = {needed for others in self._needs.values() for needed in others}
            used = self._reached(at for at, package in enumerate(packages) if not package.dev and at not in inner)
            used |= self._reached(at for at in self._direct if not packages[at].dev)
            packages = [replace(package, dev=at not in used) for at, package in enumerate(packages)]
        return Listing(
            self.path,
            form,
            tuple(packages),
            needs=tuple(tuple(self._needs.get(at, ())) for at in range(len(packages))) if needs else (),
            direct=frozenset(self._direct) if direct else None,
            project=project,
        )

    def _reached(self, starts: Iterable[int]) -> set[int]:
        left = list(starts)
        reached = set(left)
        while left:
            for needed in self._needs.get(left.pop(), ()):
                if needed not in reached:
                    reached.add(needed)
                    left.append(needed)
        return reached
