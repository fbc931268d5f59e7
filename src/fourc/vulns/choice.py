"""Which version to go to: the smallest that ends the most, and brings nothing new."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import compress

from msgspec import Struct

from fourc.model.vulnerability import Match
from fourc.vulns.upgrade import Jump
from fourc.vulns.versions import VersionError, compare, is_version, key

Affected = Callable[[str, str, str], frozenset[str]]
"""Ids of the vulnerabilities that a package (ecosystem, name) has in a version."""

_CANDIDATES = 200
"""Versions that are tried; a package has as many fixes only where it has as many vulnerabilities."""
_NUMBERS = re.compile(r"\d+")
_EPOCH = re.compile(r"^[1-9]\d*[:!]")
_BEFORE_RELEASE = re.compile(
    r"(?i)[-._]?(?<![a-z])(?:alpha|beta|rc|cr|pre|preview|dev|snapshot|canary|next|nightly|m(?=\d)|ea)[-._]?\d*"
    r"|(?<=\d)[ab](?=\d)"
)
_BY_DISTRIBUTION = re.compile(
    r"(?i)debian|ubuntu|alpine|alpaquita|wolfi|chainguard|minimos|echo|red hat|rocky|alma|suse|opensuse|mageia|openeuler"
    r"|photon|azure linux|alibaba|anolis|amazon|centos|fedora|oracle"
)


class Choice(Struct, frozen=True):
    """The version to go to and what that does to the matches."""

    version: str
    jump: Jump
    clears: tuple[Match, ...]
    leaves: tuple[Match, ...]
    brings: tuple[str, ...]


def choose(matches: tuple[Match, ...], affected: Affected) -> Choice | None:
    """The best version for the one package that all the matches are of, None where no version ends any.

    Fewest vulnerabilities afterwards comes first, those that it would bring counted; then a release before a preview, the
    same minor version, the same major version, the smallest version.
    """
    package = matches[0].package
    ecosystem, name, old = package.ecosystem, package.name, package.version
    unfixed = frozenset(match.vulnerability.id for match in matches if not match.fixed)
    names = tuple(_ids(match) for match in matches)
    best: tuple[int, Choice] | None = None
    for version in _ordered(ecosystem, old, _above(ecosystem, old, matches)):
        choice = judged(matches, version, affected(ecosystem, name, version), names)
        if not choice.clears:
            continue
        left = len(choice.leaves) + len(choice.brings)
        if best is None or left < best[0]:
            best = (left, choice)
        if not choice.brings and unfixed.issuperset(match.vulnerability.id for match in choice.leaves):
            break
    return best[1] if best else None


def judged(
    matches: tuple[Match, ...], version: str, remaining: frozenset[str], names: Sequence[frozenset[str]] = ()
) -> Choice:
    """What going to the version does, given the vulnerabilities that it has itself; `names` are all names of each match."""
    names = names or tuple(_ids(match) for match in matches)
    ends = [remaining.isdisjoint(each) for each in names]
    package = matches[0].package
    return Choice(
        version,
        jump(package.ecosystem, package.version, version),
        tuple(compress(matches, ends)),
        tuple(match for match, end in zip(matches, ends, strict=True) if not end),
        tuple(sorted(remaining.difference(*names))),
    )


def jump(ecosystem: str, old: str, new: str) -> Jump:
    """How far the versions are apart; below 1.0 every minor version may break (https://semver.org/#spec-item-4).

    A distribution mends what it has without changing what it does, so within the same upstream version it is a patch.
    """
    a, b = _release(old), _release(new)
    if a[0] != b[0] or _epoch(old) != _epoch(new):
        return Jump.MAJOR
    if a[1] != b[1]:
        return Jump.MAJOR if a[0] == 0 and not is_distribution(ecosystem) else Jump.MINOR
    return Jump.PATCH


def is_distribution(ecosystem: str) -> bool:
    """Whether the ecosystem is an operating system's."""
    return _BY_DISTRIBUTION.match(ecosystem) is not None


def largest(ecosystem: str, versions: Iterable[str]) -> str:
    """The version that comes last."""
    return max(versions, key=lambda one: key(ecosystem, one))


def _ids(match: Match) -> frozenset[str]:
    return frozenset((match.vulnerability.id, *match.vulnerability.aliases))


def _above(ecosystem: str, old: str, matches: tuple[Match, ...]) -> list[str]:
    """The versions in which somebody says that something is mended, above the one in use, ascending."""
    found: set[str] = set()
    for match in matches:
        found.update(match.fixed)
    try:
        above = [one for one in found if is_version(ecosystem, one) and compare(ecosystem, old, one) < 0]
        above.sort(key=lambda one: key(ecosystem, one))
    except VersionError:
        return []
    return above[:_CANDIDATES]


def _ordered(ecosystem: str, old: str, versions: list[str]) -> list[str]:
    """The versions, those that are preferred first."""
    has_previews = not is_distribution(ecosystem)
    on_preview = _BEFORE_RELEASE.search(old) is not None

    def rank(version: str) -> tuple[bool, Jump]:
        preview = has_previews and not on_preview and _BEFORE_RELEASE.search(version) is not None
        return preview, jump(ecosystem, old, version)

    return sorted(versions, key=rank)


def _epoch(version: str) -> str:
    match = _EPOCH.match(version)
    return match[0] if match else ""


@lru_cache(maxsize=4096)
def _release(version: str) -> tuple[int, int]:
    """Major and minor number: epoch and `v` before, build and revision behind do not count."""
    bare = _EPOCH.sub("", version).partition("+")[0]
    numbers = [int(number[:18]) for number in _NUMBERS.findall(bare.partition("-")[0], 0, 200)[:2]]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (numbers[0] if numbers else 0, 0)
