"""Which packages are in which vulnerability's range."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from fourc.model.finding import Severity
from fourc.model.package import Package
from fourc.model.vulnerability import Match, Vulnerability
from fourc.vulns.advisories.ecosystems import DISTRIBUTIONS, by_source, named, split
from fourc.vulns.advisories.ordering import GO_RELEASES, key_of, spelled
from fourc.vulns.database import Database
from fourc.vulns.database.rows import AFTER, THROUGH, Entry
from fourc.vulns.versions import VersionError

_At = tuple[str, str]


def match(database: Database, packages: Iterable[Package]) -> list[Match]:
    """One match for each package and vulnerability, in the packages' order, then by id.

    A package of a distribution is looked up by its source package where the advisories name these. An advisory of several
    CVEs is told on its own only where not all of them are found for the package anyway.
    """
    known: dict[tuple[str, str], Vulnerability] = {}
    found: list[Match] = []
    for package in packages:
        at, release, version = _asked(package)
        hits = _hits(at, database.entries(*at), release, version)
        if hits:
            scope = at[0] if at[0] in DISTRIBUTIONS else ""
            matches = [
                Match(package, _vulnerability(database, known, scope, identifier), fixed)
                for identifier, fixed in sorted(hits.items())
            ]
            found += _distinct(matches)
    return found


def _asked(package: Package) -> tuple[_At, str, str]:
    """Under which name the package's advisories are, of which release, and which version they speak of."""
    base, release = split(package.ecosystem)
    source = package.source if by_source(base) else None
    name = named(base, source.name if source else package.name)
    return (base, name), release, spelled(base, name, source.version if source else package.version)


def _hits(asked: _At, row: Sequence[Entry], release: str, version: str) -> dict[str, tuple[str, ...]]:
    """The vulnerabilities whose ranges hold the version, each with the versions that end it."""
    if not row:
        return {}
    base, name = asked
    try:
        at = key_of(base, version)
    except VersionError:
        at = version.encode("utf-8", "surrogatepass")
    mine = [entry for entry in row if not entry.release or entry.release == release] if release else row
    hit = {entry.id for entry in mine if _holds(entry, at)}
    if not hit:
        return {}
    touched: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in mine:
        if entry.id in hit:
            touched[entry.id].append(entry)
    return {identifier: _fixed(base, name, entries, at) for identifier, entries in touched.items()}


def _holds(entry: Entry, at: bytes) -> bool:
    for bits, low, high, _ in entry.spans:
        if at < low or (high and at > high):
            continue
        if bits & AFTER and at == low:
            continue
        if not high or at != high or bits & THROUGH:
            return True
    return at in entry.versions


def _fixed(base: str, name: str, entries: Sequence[Entry], at: bytes) -> tuple[str, ...]:
    """The versions above the package's that end a range and are in no other, ascending, as its ecosystem writes them."""
    ends = {high: text for entry in entries for _, _, high, text in entry.spans if text and high > at}
    mark = "v" if base == "Go" and name not in GO_RELEASES else ""
    return tuple(
        mark + ends[end].removeprefix(mark) for end in sorted(ends) if not any(_holds(entry, end) for entry in entries)
    )


def _vulnerability(
    database: Database, known: dict[tuple[str, str], Vulnerability], scope: str, identifier: str
) -> Vulnerability:
    if (scope, identifier) not in known:
        detail = database.detail(scope, identifier)
        cves = [name for name in (detail.id, *detail.aliases) if name.startswith("CVE-")]
        scores = [score for name in cves if (score := database.epss(name)) is not None]
        listed = [database.exploited[name] for name in cves if name in database.exploited]
        known[scope, identifier] = Vulnerability(
            detail.id,
            detail.aliases,
            detail.summary,
            Severity(detail.severity),
            detail.cvss,
            max(scores, default=None),
            min(listed, default=""),
            detail.published,
            detail.modified,
            detail.urls,
        )
    return known[scope, identifier]


def _distinct(matches: list[Match]) -> list[Match]:
    """The matches of a package without advisories all of whose CVEs are told one by one; these then carry its name."""
    cves = [
        frozenset(name for name in (one.vulnerability.id, *one.vulnerability.aliases) if name.startswith("CVE-"))
        for one in matches
    ]
    single = {next(iter(names)): at for at, names in enumerate(cves) if len(names) == 1}
    also: defaultdict[int, set[str]] = defaultdict(set)
    told: set[int] = set()
    for at, names in enumerate(cves):
        if len(names) > 1 and names <= single.keys():
            told.add(at)
            for name in names:
                also[single[name]].add(matches[at].vulnerability.id)  # its other names are of one CVE or another
    kept: list[Match] = []
    for at, one in enumerate(matches):
        if at in also:
            old = one.vulnerability
            aliases = tuple(sorted({*old.aliases, *also[at]} - {old.id}))
            kept.append(replace(one, vulnerability=replace(old, aliases=aliases)))
        elif at not in told:
            kept.append(one)
    return kept
