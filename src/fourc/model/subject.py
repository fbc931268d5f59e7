"""Names of Kubernetes objects."""

from msgspec import Struct


class Ref(Struct, frozen=True, order=True):
    """One top-level object; `namespace` is None for cluster-scoped kinds."""

    kind: str
    namespace: str | None
    name: str

    def __str__(self) -> str:
        """`kind/name` or `namespace/name` as people write it."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


class PackageId(Struct, frozen=True, order=True):
    """What a package's name alone does not tell: its version, and its package URL (https://github.com/package-url).

    `direct` is whether the project itself asks for it, None where nothing tells; `via` leads from what it asks for to the
    package, both with their versions; `dev` is needed to build or test only.
    """

    version: str
    purl: str
    direct: bool | None = None
    dev: bool = False
    via: tuple[str, ...] = ()
