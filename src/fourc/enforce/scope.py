"""Where policies hold: the namespaces that were named, or all but those of Kubernetes itself."""

from fnmatch import fnmatchcase

from msgspec import Struct

from fourc.enforce.vap import SYSTEM
from fourc.patch.yaml.node import Json

_ALL = ("*",)


class Scope(Struct, frozen=True):
    """The `namespaces` (none: all) without the `excluded`; in both `*` stands for anything, as in Gatekeeper's match."""

    namespaces: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it is no namespace at all."""
        return self.excluded == _ALL

    def match(self) -> dict[str, Json]:
        """The fields of a Gatekeeper constraint's `spec.match`."""
        named: dict[str, Json] = {"namespaces": [*self.namespaces]} if self.namespaces else {}
        return named | ({"excludedNamespaces": [*self.excluded]} if self.excluded else {})

    def without(self, other: "Scope") -> "Scope":
        """What is left of it beside another policy, at least: where no scope says that, the two have some in common."""
        if self.namespaces:
            left = tuple(n for n in self.namespaces if not other.holds(n))
            return Scope(left, self.excluded) if left else Scope(excluded=_ALL)
        if other.namespaces:
            return self if other.excluded else Scope(excluded=tuple(sorted({*self.excluded, *other.namespaces})))
        left = tuple(n for n in other.excluded if n != "kube-*" and not _in(n, self.excluded))
        return Scope(left, self.excluded) if left else Scope(excluded=_ALL)

    def holds(self, namespace: str) -> bool:
        """Whether the namespace is in it."""
        return _in(namespace, self.namespaces or _ALL) and not _in(namespace, self.excluded)


def scope_of(namespaces: frozenset[str]) -> Scope:
    """The scope of what was asked for."""
    return Scope(tuple(sorted(namespaces))) if namespaces else Scope(excluded=SYSTEM)


def _in(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
