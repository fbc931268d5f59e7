"""From vulnerable packages to the few upgrades that clear them.

The unit is what a team does in one go: one direct dependency with all that it pulls, one toolchain, the packages of one operating
system, one property that several packages take their version from.
"""

import posixpath
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby

from msgspec.structs import replace

from fourc.model.package import Listing
from fourc.model.remedy import Bump
from fourc.model.text import Text
from fourc.model.vulnerability import Match
from fourc.patch.text import TextEdit
from fourc.vulns.choice import Affected, choose, is_distribution
from fourc.vulns.commands import Asked, Near, command_of, governs
from fourc.vulns.commands.system import system_command
from fourc.vulns.declared_in import Read, Write, Written, change
from fourc.vulns.shared import Planned, move_of, together
from fourc.vulns.upgrade import FileEdits, Move, Upgrade
from fourc.vulns.ways import Ways

_TOOLCHAINS = frozenset((("Go", "stdlib"), ("Go", "toolchain")))
_NOT_HERE = Text("the version of {name} cannot be changed in this file", "无法在该文件中修改 {name} 的版本")
_RAISE = Text(
    "take {name} {new} where it is asked for, then build or lock again",
    "在引用它的地方改用 {name} {new}，然后重新构建或重新生成锁文件",
)


def upgrades(listings: Iterable[Listing], matches: Iterable[Match], affected: Affected, read: Read) -> list[Upgrade]:
    """The upgrades that clear what can be cleared, in the order of the listings; what has no fix is in none.

    `affected` tells the ids of the vulnerabilities of a package in any version, so that none is chosen which has others.
    """
    asked, text = cache(affected), cache(read)
    write: Write = cache(lambda form, path, package, version: change(form, path, package, version, text))
    by_package: dict[tuple[str, str, str], list[Match]] = {}
    for match in matches:
        by_package.setdefault(match.package.identity, []).append(match)
    groups: list[list[Planned]] = []
    for listing in listings:
        planned = sorted(_planned(listing, by_package, asked), key=_group_key)
        groups += [list(group) for _, group in groupby(planned, _group_key)]
    return [_upgrade(group, text, write) for group in together(groups, asked, write)]


def _group_key(planned: Planned) -> tuple[bool, int]:
    """Packages of an operating system belong together, others to the direct dependency that they come with."""
    return (True, 0) if is_distribution(planned.package.ecosystem) else (False, planned.owner)


def _planned(
    listing: Listing, by_package: dict[tuple[str, str, str], list[Match]], affected: Affected
) -> Iterator[Planned]:
    """One move for each package of the listing that a version mends."""
    ways: Ways | None = None
    seen: set[tuple[tuple[str, str, str], str]] = set()
    for at, package in enumerate(listing.packages):
        found = tuple(by_package.get(package.identity, ()))
        if not found or (package.identity, package.path) in seen:
            continue
        seen.add((package.identity, package.path))
        choice = choose(found, affected)
        if choice is None:
            continue
        ways = Ways(listing) if ways is None else ways
        yield Planned(listing, package, found, move_of(package, choice, ways.via(at)), ways.owner(at))


def _upgrade(group: list[Planned], read: Read, write: Write) -> Upgrade:
    """The change that makes all the moves of a group."""
    first = group[0].listing
    moves = tuple(sorted(dict.fromkeys(planned.move for planned in group), key=_leading))
    paths = tuple(dict.fromkeys(planned.listing.path for planned in group))
    base = Upgrade(_kind(moves), paths, first.form, first.path, moves, folder=posixpath.dirname(first.path))
    if base.kind == "distribution":
        release = first.distribution.version if first.distribution else ""
        names = [move.name for move in moves]
        return replace(base, command=system_command(moves[0].ecosystem, names, release))
    written = _written(group, write)
    near = Near(first.path, read)
    command = command_of(first.form, _asked(group), near, edited=bool(written.files))
    if written.files:
        after = command.line if command else ""
        return replace(base, manifest=written.files[0].path, edits=written.files, command=after)
    refused = written.refused
    if command is not None and (refused is None or refused.reason != "replaced"):
        return replace(base, command=command.line, certain=command.certain, exact=command.exact)
    if refused is None:
        first_move = moves[0]
        return replace(
            base,
            refused=_NOT_HERE.of(name=first_move.name),
            hint=_RAISE.of(name=first_move.name, new=first_move.new),
        )
    return replace(base, command=refused.command, refused=refused.message, hint=refused.hint)


def _written(group: list[Planned], write: Write) -> Written:
    """All edits of the group, none if one of them cannot be made."""
    files: dict[str, tuple[dict[TextEdit, None], dict[Bump, None]]] = {}
    for planned in group:
        if governs(planned.listing.form):
            return Written()
        written = write(planned.listing.form, planned.listing.path, planned.package, planned.move.new)
        if not written.files:
            return written
        for file in written.files:
            edits, bumps = files.setdefault(file.path, ({}, {}))
            edits.update(dict.fromkeys(file.edits))
            bumps.update(dict.fromkeys(file.bumps))
    return Written(tuple(FileEdits(path, tuple(edits), tuple(bumps)) for path, (edits, bumps) in files.items()))


def _asked(group: list[Planned]) -> list[Asked]:
    return [
        Asked(
            planned.move.name,
            planned.move.old,
            planned.move.new,
            planned.move.jump,
            planned.move.dev,
            planned.move.via[0].name if planned.move.via else "",
        )
        for planned in group
    ]


def _leading(move: Move) -> tuple[bool, int, str, str]:
    """What the change is named after comes first: what the project asks for itself, then what clears the most."""
    return bool(move.via), -len(move.clears), move.name, move.old


def _kind(moves: tuple[Move, ...]) -> str:
    if is_distribution(moves[0].ecosystem):
        return "distribution"
    if (moves[0].ecosystem, moves[0].name) in _TOOLCHAINS:
        return "toolchain"
    return "shared" if sum(not move.via for move in moves) > 1 else "dependency"
