"""Pending updates: what is installed against what the node's own repositories offer."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from fourc.model.finding import Severity
from fourc.model.package import Package
from fourc.model.update import Offered
from fourc.vulns.versions import compare

_ANY = frozenset({"all", "noarch", ""})


class Standing(Struct, frozen=True):
    """A package as it stands on a node: `held` is not to be upgraded, `module` the module and stream that it came from."""

    package: Package
    held: bool = False
    module: str = ""


class Pending(Struct, frozen=True):
    """A package with the newest version that is offered, and all that the advisories between say.

    `severity` is the worst one, None where nobody tells one.
    """

    standing: Standing
    offered: Offered
    severity: Severity | None
    references: tuple[str, ...]
    advisories: tuple[str, ...]


class Updates:
    """What would be an update of one of the packages; versions are in `ecosystem`'s order.

    Of several versions of a package (kernels) the newest one counts: the others wait to be removed.
    """

    def __init__(self, ecosystem: str, standing: Iterable[Standing]) -> None:
        self._ecosystem = ecosystem
        self._newest: dict[tuple[str, str], Standing] = {}
        self._by_name: dict[str, list[Standing]] = {}
        self._compared: dict[tuple[str, str], bool] = {}
        for its in standing:
            key = (its.package.name, its.package.architecture)
            known = self._newest.get(key)
            if known is None or self._after(its.package.version, known.package.version):
                self._newest[key] = its
        for its in self._newest.values():
            self._by_name.setdefault(its.package.name, []).append(its)

    @property
    def names(self) -> frozenset[bytes]:
        """The names of the packages, as files have them."""
        return frozenset(name.encode() for name in self._by_name)

    def is_newer(self, name: str, version: str, architecture: str) -> bool:
        """Whether the version is newer than one of the installed packages of this name, and fit for its architecture."""
        return any(
            _fits(its.package.architecture, architecture) and self._after(version, its.package.version)
            for its in self._by_name.get(name, ())
        )

    def pending(self, offered: Iterable[Offered]) -> tuple[Pending, ...]:
        """Each package for which something newer is offered, once, in the order of their names."""
        better: dict[tuple[str, str], list[Offered]] = {}
        for one in offered:
            for its in self._by_name.get(one.name, ()):
                package = its.package
                fits = _fits(package.architecture, one.architecture) and its.module == one.module
                if fits and self._after(one.version, package.version):
                    better.setdefault((package.name, package.architecture), []).append(one)
        return tuple(self._pending(self._newest[key], better[key]) for key in sorted(better))

    def _pending(self, standing: Standing, better: list[Offered]) -> Pending:
        newest = better[0]
        for one in better[1:]:
            if self._after(one.version, newest.version):
                newest = one
        return Pending(
            standing,
            newest,
            max((one.severity for one in better if one.severity is not None), default=None),
            tuple(sorted({reference for one in better for reference in one.references})),
            tuple(sorted({one.advisory for one in better if one.advisory})),
        )

    def _after(self, a: str, b: str) -> bool:
        if a == b:
            return False
        known = self._compared.get((a, b))
        if known is None:
            known = self._compared[a, b] = compare(self._ecosystem, a, b) > 0
        return known


def _fits(installed: str, offered: str) -> bool:
    return installed == offered or installed in _ANY or offered in _ANY


# dpkg, rpm and apk each have one order, whatever the distribution is called
ORDERS: Mapping[str, str] = {"dpkg": "Debian", "rpm": "Fedora", "apk": "Alpine"}
