"""Paket, another package manager of .NET: `paket.lock`."""

import re

from fourc.collect.packages.decoding import lines_of, told_beside
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import NOTHING, Found
from fourc.model.package import Listing

_ENTRY = re.compile(r"^(?P<indent> {4}| {6})(?P<name>[^\s()]{1,200})(?: \((?P<version>[^()]{1,200})\))?")
_EXACT = re.compile(r"[0-9][\w.+-]*")
_DEV = re.compile(r"(?i)test|build|dev|analy|doc")
_WANTED = re.compile(r"^\s*nuget\s+(\S{1,200})", re.IGNORECASE)


def _named(given: Given) -> set[str]:
    matches = (_WANTED.match(line) for _, line in lines_of(given))
    return {match[1].lower() for match in matches if match is not None}


def _wanted(given: Given) -> set[str] | None:
    """What `paket.dependencies` beside asks for, if there is one."""
    return told_beside(given, "paket.dependencies", _named)


def read_lock(given: Given) -> Listing:
    """`paket.lock` (https://fsprojects.github.io/Paket/lock-file.html): packages of NuGet; a group is told by its name.

    Files from GitHub and by HTTP are no packages.
    """
    wanted = _wanted(given)
    found = Found(given.path, "NuGet")
    section = group = ""
    at: dict[str, int] = {}
    needs: list[tuple[int, str, str]] = []
    position = NOTHING
    for number, line in lines_of(given):
        if line and not line[0].isspace():
            section, _, rest = line.partition(" ")
            group = rest.strip() if section == "GROUP" else group
            continue
        match = _ENTRY.match(line) if section == "NUGET" else None
        if match is None:
            continue
        low = match["name"].lower()
        if match["indent"] == "    ":
            version = match["version"] or ""
            dev = bool(_DEV.search(group))
            exact = version if _EXACT.fullmatch(version) else ""
            position = found.add(match["name"], exact, number, dev=dev, direct=low in (wanted or ()))
            at[f"{group}/{low}"] = position
        else:
            needs.append((position, group, low))
    for holder, inside, needed in needs:
        found.need(holder, (at.get(f"{inside}/{needed}", NOTHING),))
    return found.listing(found.direct if wanted is not None else None, needs=True)
