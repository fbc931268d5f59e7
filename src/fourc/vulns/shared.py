"""Packages whose version is written once for several of them go to one version, and so in one change."""

from msgspec import Struct
from msgspec.structs import replace

from fourc.model.package import Listing, Package
from fourc.model.vulnerability import Match
from fourc.vulns.choice import Affected, Choice, is_distribution, judged, largest
from fourc.vulns.commands import governs
from fourc.vulns.declared_in import Write
from fourc.vulns.upgrade import Move

_Spot = tuple[str, int, int]
"""A path and where in the file a version stands."""


class Planned(Struct, frozen=True):
    """A move in the listing that it is for; `owner` is the position of the direct dependency that it comes with."""

    listing: Listing
    package: Package
    matches: tuple[Match, ...]
    move: Move
    owner: int


def move_of(package: Package, choice: Choice, via: tuple[Package, ...]) -> Move:
    """The move to the version that was chosen."""
    return Move(
        package.ecosystem,
        package.name,
        package.version,
        choice.version,
        choice.jump,
        choice.clears,
        choice.leaves,
        choice.brings,
        via,
        package.dev,
    )


def together(groups: list[list[Planned]], affected: Affected, write: Write) -> list[list[Planned]]:
    """The groups, joined where an edit of one is an edit of another; what shares a spot goes to the largest of its versions."""
    spots: dict[_Spot, list[tuple[int, int]]] = {}
    for number, group in enumerate(groups):
        for index, planned in enumerate(group):
            for spot in _spots(planned, write):
                spots.setdefault(spot, []).append((number, index))
    group_of = list(range(len(groups)))
    equal: dict[tuple[int, int], tuple[int, int]] = {}
    for sharers in spots.values():
        for other in sharers[1:]:
            _join(group_of, sharers[0][0], other[0])
            equal[_last(equal, other)] = _last(equal, sharers[0])
    versions: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place in {place for sharers in spots.values() for place in sharers}:
        versions.setdefault(_last(equal, place), []).append(place)
    for places in versions.values():
        if len(places) > 1:
            _level(groups, places, affected)
    joined: dict[int, list[Planned]] = {}
    for number, group in enumerate(groups):
        joined.setdefault(_root(group_of, number), []).extend(group)
    return list(joined.values())


def _spots(planned: Planned, write: Write) -> list[_Spot]:
    """Where the version would be changed, empty where no edit can change it."""
    if governs(planned.listing.form) or is_distribution(planned.package.ecosystem):
        return []
    written = write(planned.listing.form, planned.listing.path, planned.package, planned.move.new)
    return [(file.path, edit.start, edit.end) for file in written.files for edit in file.edits]


def _level(groups: list[list[Planned]], places: list[tuple[int, int]], affected: Affected) -> None:
    """Brings all that share a spot to the largest version that one of them needs."""
    all_of = [groups[number][index] for number, index in places]
    version = largest(all_of[0].package.ecosystem, [planned.move.new for planned in all_of])
    for (number, index), planned in zip(places, all_of, strict=True):
        if planned.move.new != version:
            package = planned.package
            remaining = affected(package.ecosystem, package.name, version)
            choice = judged(planned.matches, version, remaining)
            groups[number][index] = replace(planned, move=move_of(package, choice, planned.move.via))


def _root(parents: list[int], at: int) -> int:
    while parents[at] != at:
        parents[at] = parents[parents[at]]
        at = parents[at]
    return at


def _join(parents: list[int], a: int, b: int) -> None:
    """The later group becomes part of the earlier one."""
    first, second = sorted((_root(parents, a), _root(parents, b)))
    parents[second] = first


def _last(equal: dict[tuple[int, int], tuple[int, int]], place: tuple[int, int]) -> tuple[int, int]:
    while (following := equal.get(place, place)) != place:
        place = following
    return place
