"""Which order an ecosystem has, by OSV's names (https://ossf.github.io/osv-schema/#defined-ecosystems) and others."""

import re
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import NamedTuple, cast

from fourc.errors import FourcError
from fourc.text import Text
from fourc.vulns.versions.encoding import number

_SAID = 60
"""So many characters of a name are said back."""

_LONGEST = 100
"""An ecosystem's name is shorter; its release decides nothing, and orders are remembered by both."""


class VersionError(FourcError):
    """Versions of this ecosystem have no order."""


class Order(NamedTuple):
    """One order: the key of a version, still as text, and whether the ecosystem's own tools accept it."""

    key: Callable[[str], str]
    valid: Callable[[str], bool]


_PYTHON = ("pep440", "key", "valid")
_MAVEN = ("maven", "key", "valid")
_NUMBERED_BUILDS = ("semver", "with_build", "valid")
_SEMVER = ("semver", "key", "valid")
_TAGS = ("semver", "tags", "valid_tag")
_APK = ("apk", "key", "valid")
_DPKG = ("dpkg", "key", "valid")
_RPM = ("rpm", "key", "valid")

_ORDERS: dict[str, tuple[str, str, str]] = {
    "bitnami": _TAGS,
    "crates.io": _SEMVER,
    "github actions": _TAGS,
    "hex": _SEMVER,
    "kubernetes": _SEMVER,
    "linux": _TAGS,
    "npm": _SEMVER,
    "swifturl": _SEMVER,
    "vscode": _SEMVER,
    "cocoapods": ("rubygems", "cocoapods", "valid_cocoapods"),
    "conda": ("conda", "key", "valid"),
    "go": ("semver", "go", "valid_go"),
    "nuget": ("semver", "nuget", "valid_nuget"),
    "pub": _NUMBERED_BUILDS,
    "julia": _NUMBERED_BUILDS,
    "pypi": _PYTHON,
    "maven": _MAVEN,
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
    "opam": _DPKG,
    "alpine": _APK,
    "wolfi": _APK,
    "chainguard": _APK,
    "alpaquita": _APK,
    "bellsoft": _APK,
    "bellsoft hardened containers": _APK,
    "cleanstart": _APK,
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

_REBUILT = {"docker hardened images", "echo", "root", "tuxcare"}
"""Vendors that rebuild others' packages: whose stands after the colon."""

_root_build = re.compile(r"(.*)[.+]root\.io\.([0-9]+)", re.DOTALL).fullmatch


def _after_builds_of_root(key: Callable[[str], str]) -> Callable[[str], str]:
    """Root's n-th rebuild of a version (`1.0.0.root.io.n`, `1.0.0+root.io.n`) comes right after it."""

    def rebuilt(version: str) -> str:
        build = _root_build(version)
        return key(version) if build is None else key(build[1]) + number(build[2])

    return rebuilt


def order_of(ecosystem: str) -> Order:
    """The order of an ecosystem, with or without its release.

    Raises:
        VersionError: it has none that fourc knows.
    """
    return _order(ecosystem if len(ecosystem) < _LONGEST else ecosystem[:_LONGEST])


@lru_cache(maxsize=1024)
def _order(ecosystem: str) -> Order:
    name, _, inner = ecosystem.strip().lower().partition(":")
    vendor = name if name in _REBUILT else ""
    if vendor and inner.partition(":")[0] in _ORDERS:
        name = inner.partition(":")[0]
    row = _NUMBERED_BUILDS if vendor == "echo" and name == "npm" else _ORDERS.get(name)
    if row is None:
        said = ecosystem[:_SAID]
        raise VersionError(
            Text(
                en=f"versions of the ecosystem {said!r} cannot be put in order",
                zh=f"无法为生态系统 {said!r} 的版本排序",
            ),
            hint=Text(
                en="Use a name from https://ossf.github.io/osv-schema/, as npm or Debian:12; compare commits by eye",
                zh="请使用 https://ossf.github.io/osv-schema/ 中的名称，例如 npm 或 Debian:12；提交和标签请人工比较",
            ),
        )
    module = import_module(f"fourc.vulns.versions.{row[0]}")
    key = cast("Callable[[str], str]", getattr(module, row[1]))
    return Order(
        _after_builds_of_root(key) if vendor == "root" else key, cast("Callable[[str], bool]", getattr(module, row[2]))
    )
