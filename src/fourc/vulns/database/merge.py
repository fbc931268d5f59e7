"""Advisories of many sources as vulnerabilities: the same id once, all names of one vulnerability together.

**The same id twice** is two revisions of one record: of each package the newest dated one counts; copies without a date, or
of the same date, are united with it. Packages that only an older one names stay. The newest says whether it is withdrawn,
and a withdrawn one is left out.

**Names.** An advisory that names one CVE is that CVE. One that names none is the CVE of those which it names, or which name
it, as long as that is one. One that names several CVEs (GO-2022-0536, most of a distribution's) is no alias of any of them and
joins none: else a chain of aliases would make one vulnerability of two. It stays a vulnerability of its own, and where
all its CVEs are found for the same package anyway, only its name is told with them (`match`).

**A distribution's advisories** are about its own packages and versions, and so are merged among themselves; what they do not
say (a summary, how bad it is) is taken from the advisories of the same CVE.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from fourc.model.finding import Severity
from fourc.vulns.advisories.ecosystems import DISTRIBUTIONS, split
from fourc.vulns.advisories.record import Advisory, Affected
from fourc.vulns.advisories.severity import of_vector

CVE = re.compile(r"^CVE-\d{4}-\d{4,19}$")
_KNOWN = ("GHSA-", "RUSTSEC-", "GO-", "PYSEC-", "MAL-", "OSV-", "BIT-")
_LITTLE_KNOWN = ("NSWG-", "RETIRE-", "FOP-", "RUBYSEC-", "OSVDB-")


class Cluster(Struct, frozen=True):
    """One vulnerability: its best known id, all other names, and the records that tell of it, the best known first.

    `scope` is the distribution (base name) whose advisories these are, empty for all others.
    """

    scope: str
    id: str
    aliases: tuple[str, ...]
    records: tuple[Advisory, ...]


def one_of_each(advisories: Iterable[Advisory]) -> list[Advisory]:
    """Each id once, without those that were withdrawn, in the order of their ids."""
    ordered = sorted(
        advisories, key=lambda one: (one.id, one.modified, one.publisher, one.summary, one.affected, one.aliases)
    )
    merged = (_revised(list(copies)) for _, copies in groupby(ordered, key=lambda one: one.id))
    return [one for one in merged if not one.withdrawn]


def _revised(copies: list[Advisory]) -> Advisory:
    newest = copies[-1]
    if len(copies) == 1:
        return newest
    parts: dict[tuple[str, str], tuple[str, Affected]] = {}
    for copy in copies:  # ascending by date: those without one come first
        if copy.withdrawn:
            continue
        for part in copy.affected:
            at = (part.ecosystem, part.name)
            date, before = parts.get(at, ("", None))
            parts[at] = (
                copy.modified,
                part if before is None or date not in {"", copy.modified} else _united(before, part),
            )
    return replace(
        newest,
        aliases=tuple(sorted({name for copy in copies for name in copy.aliases})),
        covers=tuple(sorted({name for copy in copies for name in copy.covers})),
        summary=newest.summary or next((copy.summary for copy in reversed(copies) if copy.summary), ""),
        severity=next((copy.severity for copy in reversed(copies) if copy.severity is not None), None),
        cvss=next((copy.cvss for copy in reversed(copies) if copy.cvss), ""),
        published=next((copy.published for copy in reversed(copies) if copy.published), ""),
        withdrawn=newest.withdrawn,
        affected=tuple(part for _, part in parts.values()),
    )


def _united(one: Affected, other: Affected) -> Affected:
    return replace(
        one,
        spans=tuple(dict.fromkeys((*one.spans, *other.spans))),
        versions=tuple(dict.fromkeys((*one.versions, *other.versions))),
    )


def rank(identifier: str) -> tuple[int, str]:
    """How well an id is known: GitHub's best, then the ecosystem's own, lists that number by place, and CVE's last."""
    if CVE.match(identifier):
        return len(_KNOWN) + 2, identifier
    if identifier.startswith(_LITTLE_KNOWN):
        return len(_KNOWN) + 1, identifier
    return next((at for at, prefix in enumerate(_KNOWN) if identifier.startswith(prefix)), len(_KNOWN)), identifier


def clusters(advisories: list[Advisory]) -> list[Cluster]:
    """The vulnerabilities, in the order of scope and id."""
    by_scope: defaultdict[str, list[Advisory]] = defaultdict(list)
    for one in advisories:
        for scope in sorted({scope_of(part.ecosystem) for part in one.affected}):
            by_scope[scope].append(one)
    found: list[Cluster] = []
    for scope, records in sorted(by_scope.items()):
        groups: defaultdict[str, list[Advisory]] = defaultdict(list)
        for one, identity in zip(records, _identities(records, scope), strict=True):
            groups[identity].append(one)
        for members in groups.values():
            members.sort(key=lambda one: rank(one.id))
            first = members[0].id
            names = {name for one in members for name in _names(one, scope)} - {first}
            found.append(Cluster(scope, first, tuple(sorted(names)), tuple(members)))
    return sorted(found, key=lambda one: (one.scope, one.id))


def scope_of(ecosystem: str) -> str:
    """The distribution whose own vulnerabilities these are, empty for what all others share."""
    base = split(ecosystem)[0]
    return base if base in DISTRIBUTIONS else ""


def _names(one: Advisory, scope: str) -> tuple[str, ...]:
    return (one.id, *one.aliases, *(one.covers if scope else ()))


class _Names:
    """Sets of names that mean the same, each under its first."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def head(self, name: str) -> str:
        """The first name of the set that a name is in."""
        while (above := self._above.setdefault(name, name)) != name:
            self._above[name] = self._above[above]
            name = above
        return name

    def join(self, one: str, other: str) -> None:
        """Make one set of the sets of two names."""
        first, second = sorted((self.head(one), self.head(other)))
        self._above[second] = first


def _identities(records: list[Advisory], scope: str) -> list[str]:
    """The name by which records of one vulnerability find each other."""
    cves = [{name for name in _names(one, scope) if CVE.match(name)} for one in records]
    joined = _Names()
    for one, named in zip(records, cves, strict=True):
        if len(named) <= 1 and not CVE.match(one.id):
            for alias in one.aliases:
                if not CVE.match(alias):
                    joined.join(one.id, alias)
    reached: defaultdict[str, set[str]] = defaultdict(set)
    for one, named in zip(records, cves, strict=True):
        if len(named) == 1:
            for name in (one.id, *one.aliases):
                if not CVE.match(name):
                    reached[joined.head(name)] |= named
    return [
        _identity(one, named, joined.head(one.id), reached.get(joined.head(one.id), set()))
        for one, named in zip(records, cves, strict=True)
    ]


def _identity(one: Advisory, named: set[str], joined: str, reached: set[str]) -> str:
    if len(named) == 1:
        return next(iter(named))
    if named or len(reached) > 1:
        return one.id
    return next(iter(reached), joined)


def severity_of(records: Iterable[Advisory]) -> tuple[Severity | None, str]:
    """How bad it is by the first that says so, and the vector of the first that has one."""
    given = list(records)
    cvss = next((one.cvss for one in given if one.cvss), "")
    word = next((one.severity for one in given if one.severity is not None), None)
    return (word if word is not None else of_vector(cvss) if cvss else None), cvss
