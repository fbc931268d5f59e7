"""Semantic Versioning 2 (https://semver.org), and the orders that are it with a difference: NuGet, Pub, Julia.

Read as leniently as OSV reads it: `v` in front, one or two numbers. What stands where numbers do and is none is a
pre-release, so text without any number sorts as a pre-release of 0; numbers beyond the third (NuGet: the fourth) end the
pre-release, so 1.2.3.4 is a pre-release of 1.2.3, as in OSV's own comparison.
"""

import re

from fourc.vulns.versions.encoding import number, text

PRERELEASE = "\1"
RELEASE = "\2"

_IDENTIFIERS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_NUMBER = "(0|[1-9][0-9]{0,17})"
_usual = re.compile(rf"v?{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_IDENTIFIERS}))?(?:\+[0-9A-Za-z.-]*)?").fullmatch
_numbers = re.compile(r"[vV=]?\s*([0-9.]*)").match
_strict = re.compile(
    rf"[vV]?(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){{0,2}}(?:-{_IDENTIFIERS})?(?:\+{_IDENTIFIERS})?"
).fullmatch
_nuget = re.compile(rf"[0-9]+(?:\.[0-9]+){{0,3}}(?:-{_IDENTIFIERS})?(?:\+{_IDENTIFIERS})?").fullmatch
_tag = re.compile(rf"[vV]?[0-9]+(?:\.[0-9]+)*(?:-{_IDENTIFIERS})?(?:\+{_IDENTIFIERS})?").fullmatch
_toolchain = re.compile(r"go([0-9]+(?:\.[0-9]+)*)(?:(rc|beta|alpha)([0-9]+))?").fullmatch


def identifiers(dotted: str) -> str:
    """Dotted identifiers: numbers before words, fewer before more."""
    key = ""
    for identifier in dotted.split("."):
        key += "\3" + number(identifier) if identifier.isdigit() and identifier.isascii() else "\4" + text(identifier)
    return key + "\1"


def _split(version: str, most: int) -> tuple[str, str, str]:
    """The key of the numbers, the pre-release (without its hyphen) and the build of whatever text this is."""
    head = _numbers(version)
    assert head is not None  # noqa: S101 - the pattern matches the empty text too
    rest, _, build = version[head.end() :].partition("+")
    numbers = [part for part in head[1].split(".") if part]
    if extra := numbers[most:]:
        rest = ".".join([rest, *extra])
        del numbers[most:]
    while len(numbers) > 3 and not numbers[-1].strip("0"):
        numbers.pop()
    numbers += ["0"] * (3 - len(numbers))
    return "".join(map(number, numbers)), rest.removeprefix("-"), build


def _of(release: str, prerelease: str) -> str:
    return release + PRERELEASE + identifiers(prerelease) if prerelease else release + RELEASE


def _key(version: str, most: int) -> str:
    usual = _usual(version)
    if usual is None:
        release, prerelease, _ = _split(version.strip(), most)
        return _of(release, prerelease)
    major, minor, patch, prerelease = usual.groups()
    release = f"{chr(48 + len(major))}{major}{chr(48 + len(minor))}{minor}{chr(48 + len(patch))}{patch}"
    return release + PRERELEASE + identifiers(prerelease) if prerelease else release + RELEASE


def key(version: str) -> str:
    """SemVer 2: builds do not count."""
    return _key(version, 3)


def nuget(version: str) -> str:
    """NuGet: four numbers, words in either case alike (https://learn.microsoft.com/nuget/concepts/package-versioning)."""
    return _key(version.lower(), 4)


def tags(version: str) -> str:
    """What is tagged like SemVer but with as many numbers as its project likes (Linux 2.6.32.27): they all count."""
    return _key(version, len(version))


def with_build(version: str) -> str:
    """Pub (package pub_semver) and Julia (VersionNumber): builds count, like pre-releases, and come after none."""
    release, prerelease, build = _split(version.strip(), 3)
    return _of(release, prerelease) + ("\2" + identifiers(build) if build else "")


def go(version: str) -> str:
    """Go modules; a toolchain's `go1.22rc1` is what the Go vulnerability database calls 1.22.0-rc.1."""
    if version.startswith("go") and (toolchain := _toolchain(version)) is not None:
        version = f"{toolchain[1]}-{toolchain[2]}.{toolchain[3]}" if toolchain[2] else toolchain[1]
    return key(version)


def valid(version: str) -> bool:
    """What SemVer accepts, with a `v` in front or with fewer numbers."""
    return _strict(version.strip()) is not None


def valid_nuget(version: str) -> bool:
    """What NuGet accepts: one to four numbers."""
    return _nuget(version.strip()) is not None


def valid_tag(version: str) -> bool:
    """Numbers, with what SemVer allows around them."""
    return _tag(version.strip()) is not None


def valid_go(version: str) -> bool:
    """What the go command accepts, or a toolchain's name."""
    return valid(version) or _toolchain(version) is not None
