"""FriendsOfPHP's advisories (https://github.com/FriendsOfPHP/security-advisories#contributing)."""

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from fourc.vulns.advisories.ecosystems import named
from fourc.vulns.advisories.osv import summary_of
from fourc.vulns.advisories.ranges import RangeError, conditions, of_conditions
from fourc.vulns.advisories.record import Advisory, Affected, Fact, Problem, Span

_ECOSYSTEM = "Packagist"
_GHSA = re.compile(r"GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}")
_CVE = re.compile(r"^CVE-\d{4}-\d{4,}$")
_REFERENCE = "composer://"


class _Branch(Struct, frozen=True):
    versions: list[str]
    time: str | None = None


class FriendsOfPhp(Struct, frozen=True):
    """The fields that count; all scalars are text."""

    reference: str
    branches: dict[str, _Branch]
    title: str | None = None
    link: str | None = None
    cve: str | None = None


def read(path: str, document: object) -> Iterator[Fact]:
    """The advisory of one file: each branch names the versions of it that are affected."""
    spans: list[Span] = []
    try:
        record = msgspec.convert(document, FriendsOfPhp)
        for branch in record.branches.values():
            group = [condition for text in branch.versions for condition in conditions(text)]
            if span := of_conditions(_ECOSYSTEM, group):
                spans.append(span)
    except (msgspec.ValidationError, RangeError) as error:
        yield Problem(path, str(error)[:200])
        return
    package = record.reference.removeprefix(_REFERENCE)
    if package == record.reference:
        yield Problem(path, f"no package of Composer: {package[:80]!r}")
        return
    stem = path.rpartition("/")[2].rpartition(".")[0]
    found = _GHSA.search(record.link or "")
    names = list(dict.fromkeys(name for name in (found and found[0], record.cve) if name))
    names = [name for name in names if _CVE.match(name) or _GHSA.match(name)] or [f"FOP-{package}-{stem}"]
    times = sorted(branch.time[:10] for branch in record.branches.values() if branch.time)
    yield Advisory(
        id=names[0],
        publisher="FriendsOfPHP",
        aliases=tuple(sorted(names[1:])),
        summary=summary_of(record.title or "", ""),
        published=times[0] if times and re.match(r"\d{4}-\d\d-\d\d$", times[0]) else "",
        urls=(record.link,) if record.link else (),
        affected=(Affected(_ECOSYSTEM, named(_ECOSYSTEM, package), tuple(dict.fromkeys(spans))),),
    )
