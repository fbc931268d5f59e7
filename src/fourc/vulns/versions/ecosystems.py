"""Which order an ecosystem has, by OSV's names (https://ossf.github.io/osv-schema/#defined-ecosystems) and those beside them."""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple, cast

from fourc.errors import FourcError
from fourc.text import Text

_SAID = 60
"""So many characters of a name are said back."""


class VersionError(FourcError):
    """Versions of this ecosystem have no order."""


class Order(NamedTuple):
    """One order: the key of a version, still as text, and whether the ecosystem's own tools accept it."""

    key: Callable[[str], str]
    valid: Callable[[str], bool]


_SEMVER = ("semver", "key", "valid")
_APK = ("apk", "key", "valid")
_DPKG = ("dpkg", "key", "valid")
_RPM = ("rpm", "key", "valid")

_ORDERS: dict[str, tuple[str, str, str]] = {
    "bitnami": _SEMVER,
    "crates.io": _SEMVER,
    "github actions": _SEMVER,
    "hex": _SEMVER,
    "kubernetes": _SEMVER,
    "linux": _SEMVER,
    "npm": _SEMVER,
    "swifturl": _SEMVER,
    "vscode": _SEMVER,
    "cocoapods": _SEMVER,
    "go": ("semver", "go", "valid_go"),
    "nuget": ("semver", "nuget", "valid_nuget"),
    "pub": ("semver", "with_build", "valid"),
    "julia": ("semver", "with_build", "valid"),
    "pypi": ("pep440", "key", "valid"),
    "maven": ("maven", "key", "valid"),
    "rubygems": ("rubygems", "key", "valid"),
    "packagist": ("php", "key", "valid"),
    "conancenter": ("conan", "key", "valid"),
    "cran": ("sequences", "key", "valid_r"),
    "bioconductor": ("sequences", "key", "valid_r"),
    "hackage": ("sequences", "key", "valid_haskell"),
    "ghc": ("sequences", "key", "valid_haskell"),
    "android": ("natural", "key", "valid"),
    "homebrew": ("natural", "key", "valid"),
    "debian": _DPKG,
    "ubuntu": _DPKG,
    "echo": _DPKG,
    "docker hardened images": _DPKG,
    "opam": _DPKG,
    "alpine": _APK,
    "wolfi": _APK,
    "chainguard": _APK,
    "alpaquita": _APK,
    "bellsoft": _APK,
    "bellsoft hardened containers": _APK,
    "minimos": _APK,
    "red hat": _RPM,
    "rocky linux": _RPM,
    "almalinux": _RPM,
    "suse": _RPM,
    "opensuse": _RPM,
    "mageia": _RPM,
    "photon os": _RPM,
    "openeuler": _RPM,
    "azure linux": _RPM,
    "cbl-mariner": _RPM,
    "alibaba cloud linux": _RPM,
    "anolis os": _RPM,
    "amazon linux": _RPM,
    "centos": _RPM,
    "fedora": _RPM,
    "oracle linux": _RPM,
}

_BUILT_FROM = {"echo", "root", "tuxcare"}
"""Vendors that rebuild others' packages: the ecosystem meant stands after the colon."""


@lru_cache(maxsize=1024)
def order_of(ecosystem: str) -> Order:
    """The order of an ecosystem, with or without its release.

    Raises:
        VersionError: it has none that fourc knows.
    """
    name, _, inner = ecosystem.strip().lower().partition(":")
    if name in _BUILT_FROM and inner.partition(":")[0] in _ORDERS:
        name = inner.partition(":")[0]
    row = _ORDERS.get(name)
    if row is None:
        said = ecosystem[:_SAID]
        raise VersionError(
            Text(
                en=f"versions of the ecosystem {said!r} cannot be put in order",
                zh=f"无法为生态系统 {said!r} 的版本排序",
            ),
            hint=Text(
                en="Use an ecosystem's name from https://ossf.github.io/osv-schema/, such as npm, PyPI or Debian:12; compare commits and tags by eye",
                zh="请使用 https://ossf.github.io/osv-schema/ 中的生态系统名称，例如 npm、PyPI 或 Debian:12；提交和标签请人工比较",
            ),
        )
    module = import_module(f"fourc.vulns.versions.{row[0]}")
    return Order(
        cast("Callable[[str], str]", getattr(module, row[1])), cast("Callable[[str], bool]", getattr(module, row[2]))
    )
