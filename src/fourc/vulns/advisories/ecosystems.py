"""Ecosystems in one spelling: base and release told apart, package names as advisories are looked up by.

The names are OSV's (https://ossf.github.io/osv-schema/#defined-ecosystems).
"""

import re
from functools import lru_cache

_CANONICAL = {
    name.lower(): name
    for name in (
        *("AlmaLinux", "Alpaquita", "Alpine", "Android", "Azure Linux", "BellSoft Hardened Containers", "Bioconductor"),
        *(
            "Bitnami",
            "Chainguard",
            "CleanStart",
            "CocoaPods",
            "ConanCenter",
            "CRAN",
            "crates.io",
            "Debian",
            "Echo",
            "GHC",
        ),
        *(
            "GitHub Actions",
            "Go",
            "Hackage",
            "Hex",
            "Julia",
            "Kubernetes",
            "Linux",
            "Mageia",
            "Maven",
            "MinimOS",
            "npm",
        ),
        *("NuGet", "opam", "openEuler", "openSUSE", "OSS-Fuzz", "Packagist", "Photon OS", "Pub", "PyPI", "Red Hat"),
        *("Rocky Linux", "Root", "RubyGems", "SUSE", "SwiftURL", "Ubuntu", "VSCode", "Wolfi"),
    )
}
DISTRIBUTIONS = frozenset(
    {
        *(
            "AlmaLinux",
            "Alpaquita",
            "Alpine",
            "Azure Linux",
            "BellSoft Hardened Containers",
            "Chainguard",
            "CleanStart",
        ),
        *(
            "Debian",
            "Echo",
            "Mageia",
            "MinimOS",
            "openEuler",
            "openSUSE",
            "Photon OS",
            "Red Hat",
            "Rocky Linux",
            "SUSE",
        ),
        *("Ubuntu", "Wolfi"),
    }
)
"""Their versions are a packager's, and an advisory of theirs says nothing about packages from elsewhere."""
_BINARY = frozenset({"AlmaLinux", "Red Hat", "Rocky Linux"})
_LOWER = frozenset({"Bitnami", "ConanCenter", "GitHub Actions", "Hex", "NuGet", "Packagist", "VSCode"})
_SEPARATORS = re.compile(r"[-_.]+")
_SCHEME = re.compile(r"^[a-z+]+://")
_ENTERPRISE = re.compile(r"^enterprise_linux(?:_\w+)?:(\d+)(?:\.\d+)?(?:::.*)?$|^(\d+)(?:\.\d+)?$")
_MAJOR = frozenset({"AlmaLinux", "Debian", "Rocky Linux"})
_MINOR = frozenset({"Alpine", "Alpaquita"})
_NUMBERS = re.compile(r"^v?(\d+)(?:\.(\d+))?(?:[._-].*)?$")


@lru_cache(maxsize=1024)
def split(ecosystem: str) -> tuple[str, str]:
    """Base and release: `Debian:12.5` is ("Debian", "12"), `alpine:3.19.1` ("Alpine", "v3.19"), `npm` ("npm", "").

    `Ubuntu:22.04:LTS` is 22.04; what only subscribers get (`Ubuntu:Pro:...`) is a release of its own. Red Hat's products are
    told by CPE: `enterprise_linux:9::appstream` is 9, others stay as they are.
    """
    base, _, release = ecosystem.partition(":")
    base = _CANONICAL.get(base.strip().lower(), base.strip())
    release = release.strip()
    if not release or base not in DISTRIBUTIONS:
        return base, ""
    if base == "Ubuntu":
        release = release.removesuffix(":LTS")
    elif base == "Red Hat":
        found = _ENTERPRISE.match(release)
        release = (found[1] or found[2]) if found else release
    elif base in _MAJOR and (found := _NUMBERS.match(release)):
        release = found[1]
    elif base in _MINOR and (found := _NUMBERS.match(release)) and found[2]:
        release = f"v{found[1]}.{found[2]}"
    return base, release


def joined(ecosystem: str) -> str:
    """The ecosystem in its one spelling, with its release."""
    base, release = split(ecosystem)
    return f"{base}:{release}" if release else base


def named(base: str, name: str) -> str:
    """The name under which a package's advisories are kept."""
    if base == "PyPI":
        return _SEPARATORS.sub("-", name).lower()
    if base == "SwiftURL":
        return _SCHEME.sub("", name.lower()).removesuffix("/").removesuffix(".git")
    return name.lower() if base in _LOWER else name


def by_source(base: str) -> bool:
    """Whether a distribution's advisories name source packages (Red Hat and what is built from it name the binary ones)."""
    return base in DISTRIBUTIONS and base not in _BINARY
