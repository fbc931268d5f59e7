"""Conan's order (https://docs.conan.io/2/tutorial/versioning/versions.html): any number of parts, pre-releases, builds.

Conan compares a number with a word as text, which is no order (2 < 10 < 1a < 2); here the number in front of a word counts first.
"""

import re

from fourc.vulns.versions.encoding import number, text

_part = re.compile("([0-9]*)(.*)", re.DOTALL).match
_WORD, _END_BEFORE, _END, _BUILD = "\x7f\1\2\3"
_valid = re.compile(r"[a-z0-9_][a-z0-9_+.-]*").fullmatch


def _parts(dotted: str) -> str:
    parts = dotted.split(".")
    while parts and not parts[-1].strip("0"):
        parts.pop()
    key = ""
    for part in parts:
        match = _part(part)
        assert match is not None  # noqa: S101 - the pattern matches the empty text too
        key += (number(match[1]) + text(match[2])) if match[1] else _WORD + text(part)
    return key


def key(version: str) -> str:
    """Zeros at the end do not count, a pre-release comes before, a build after."""
    version = version.strip().lower()
    rest, plus, build = version.rpartition("+")
    main, _, prerelease = (rest if plus else version).partition("-")
    build = build if plus else ""
    key = _parts(main) + (_END_BEFORE + _parts(prerelease) + _END if prerelease else _END)
    return key + (_BUILD + _parts(build) + _END if build else "")


def valid(version: str) -> bool:
    """What Conan allows in a version."""
    return _valid(version.strip()) is not None
