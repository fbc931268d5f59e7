"""Whether the kernel that runs is the newest one of its kind that is installed."""

import re
from collections.abc import Iterable

from fourc.vulns.versions import compare

# `5.14.0-427.el9.x86_64` and `6.1.0-18-amd64` both sort as rpm sorts: numbers as numbers, before them no word
_ORDER = "Fedora"
_WORD = re.compile(r"[a-z]+")
# words that tell of the distribution's release or the machine, not of another build of the kernel
_RELEASE_WORDS = frozenset({"el", "fc", "an", "al", "amzn", "azl", "ph", "oe", "deb", "bpo", "x", "i"})


def newer_kernel(running: str, installed: Iterable[str]) -> str | None:
    """The newest installed kernel of the kind that runs (cloud, real-time, ...), None where none is newer."""
    kind = _kind(running)
    newest = running
    for release in installed:
        if _kind(release) == kind and compare(_ORDER, release, newest) > 0:
            newest = release
    return newest if newest != running else None


def _kind(release: str) -> frozenset[str]:
    return frozenset(_WORD.findall(release.lower())) - _RELEASE_WORDS
