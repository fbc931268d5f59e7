"""Versions as bytes that sort, remembered: advisories name the same ones over and over."""

import re
from functools import lru_cache

from fourc.vulns.versions import key

GO_RELEASES = frozenset({"stdlib", "toolchain"})
"""Go itself, under the names that its advisories give it."""
_GO_RELEASE = re.compile(r"^(?:go|v)?(\d+)\.(\d+)(?:\.(\d+))?(?:-?(alpha|beta|rc)\.?(\d+))?(?:[ +].*)?$")


@lru_cache(maxsize=1 << 18)
def key_of(base: str, version: str) -> bytes:
    """The key of a version in an ecosystem (base name). Raises VersionError where its versions have no order."""
    return key(base, version)


def spelled(base: str, name: str, version: str) -> str:
    """The version as its ecosystem's order has it: Go's own releases (`go1.21rc2`) are no SemVer."""
    if base == "Go" and name in GO_RELEASES and (found := _GO_RELEASE.match(version)):
        major, minor, patch, stage, number = found.groups()
        return f"{major}.{minor}.{patch or 0}" + (f"-{stage}.{number}" if stage else "")
    return version
