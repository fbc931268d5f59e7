"""Which packages have known vulnerabilities, what of that the team lets stand, and what mends the rest."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.judgements import Judgements
from fourc.app.vulnerable import Sightings, Telling, sightings
from fourc.graph.chance import chance_of
from fourc.model.finding import Finding, Layer
from fourc.model.gap import Gap, GapReason
from fourc.model.package import Listing, Package
from fourc.model.supply import Known, Supply
from fourc.model.text import Text
from fourc.model.vex import VexStatement
from fourc.model.vulnerability import Match
from fourc.vulns.database import Database
from fourc.vulns.match import Affects, match
from fourc.vulns.upgrade import Upgrade
from fourc.vulns.urgency import Context, urgency
from fourc.vulns.versions import compare

_NO_DATA = Text(
    "the database holds no advisories of {ecosystem}: {n} package{s} of it {were} not judged",
    "数据库没有 {ecosystem} 的安全公告：其中 {n} 个软件包没有被检查",
)
_ONLY_UPDATES = Text(
    "the database holds no advisories of {ecosystem}, only which security updates there were on {date}: {n} package{s} of it"
    " {were} compared with these, known updates only",
    "数据库没有 {ecosystem} 的安全公告，只有截至 {date} 的安全更新列表：其中 {n} 个软件包仅与已知更新作了比较",
)
_ADD_DATA = Text(
    "build or fetch a database that holds it: fourc db build, fourc db update",
    "请构建或获取包含它的数据库：fourc db build、fourc db update",
)


_ROUNDS, _TRIED = 4, 20
"""How often a version is replaced by one that mends what it would bring, and how many are tried each time."""


class Vulnerable(Struct, frozen=True):
    """What is known of some packages.

    `matches` are all, `told` those that no statement clears, in the order of `findings`; `worth` is by fingerprint how likely
    each is used within a year where it can be reached.
    """

    matches: tuple[Match, ...] = ()
    told: tuple[Match, ...] = ()
    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()
    supply: Supply = Supply(0, 0)
    upgrades: tuple[Upgrade, ...] = ()
    worth: Mapping[str, float] = {}
    exploited: frozenset[str] = frozenset()
    statements: tuple[VexStatement, ...] = ()


def vulnerable(
    listings: Sequence[Listing],
    database: Database | None,
    judgements: Judgements,
    read: Callable[[str], str | None],
    *,
    layer: Layer = Layer.CODE,
    inside: str = "",
    known: Sequence[Match] | None = None,
) -> Vulnerable:
    """What the database says of the packages; `known` are matches that somebody else found, `inside` is the image."""
    packages = unique_packages(listings)
    matches = list(known) if known is not None else match(database, packages) if database is not None else []
    told = [m for m in matches if not judgements.clear(m, listings, inside)]
    made, findings, seen = [], [], sightings(listings)
    if told:
        from fourc.app.remedies import mend_by  # noqa: PLC0415 - what mends is loaded when something is to be mended

        made = _upgrades(listings, told, _Affected(database, told), read)
        telling = Telling(seen, mend_by(made), layer=layer, inside=inside)
        findings = [telling.finding(each) for each in told]
    by_fingerprint = {f.fingerprint: _everywhere(m, seen) for f, m in zip(findings, told, strict=True)}
    supply = Supply(
        len(packages),
        len({listing.path for listing in listings}),
        database.about.date if database is not None else "",
        tuple(_known(packages, database)) if database is not None else (),
        {f: urgency(m, Context()) for f, m in by_fingerprint.items()},
        by_fingerprint,
        len(matches) - len(told),
    )
    return Vulnerable(
        tuple(matches),
        tuple(told),
        tuple(findings),
        tuple(unheld(packages, database)) if database is not None else (),
        supply,
        tuple(made),
        {f: chance_of([(m.vulnerability, m.package.dev)]).probability for f, m in by_fingerprint.items()},
        frozenset(f for f, m in by_fingerprint.items() if m.vulnerability.kev),
        judgements.statements,
    )


def _upgrades(
    listings: Sequence[Listing], told: Sequence[Match], affected: "_Affected", read: Callable[[str], str | None]
) -> list[Upgrade]:
    """The upgrades that leave nothing which another upgrade of the same package would end.

    Where a version brings vulnerabilities that the one in use has not, what mends these is tried, too; so it is with versions
    that were not taken because of what they bring.
    """
    from fourc.vulns.upgrades import upgrades  # noqa: PLC0415 - loaded when something is to be mended

    made = upgrades(listings, told, affected, read)
    further: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for _ in range(_ROUNDS):
        known = sum(map(len, further.values()))
        for move in (move for upgrade in made for move in upgrade.moves):
            tried = [move.new] if move.brings else []
            tried += list(dict.fromkeys(fix for left in move.leaves for fix in left.fixed))[:_TRIED]
            found = (each for version in tried for each in affected.matches(move.ecosystem, move.name, version))
            further[move.ecosystem, move.name, move.old].update(fix for each in found for fix in each.fixed)
        if sum(map(len, further.values())) == known:
            break
        more = [
            replace(m, fixed=tuple(dict.fromkeys((*m.fixed, *sorted(further[key])))))
            if m.fixed and (key := (m.package.ecosystem, m.package.name, m.package.version)) in further
            else m
            for m in told
        ]
        made = upgrades(listings, more, affected, read)
    return made


def _everywhere(found: Match, seen: Sightings) -> Match:
    """The match of a package that is only for development where it is that in every file."""
    dev = all(sighting.package.dev for sighting in seen[found.package.identity])
    return found if found.package.dev == dev else replace(found, package=replace(found.package, dev=dev))


class _Affected:
    """The ids of what a package has in another version than its own: asked of the database, else told by the matches."""

    def __init__(self, database: Database | None, matches: Sequence[Match]) -> None:
        self._database = database
        self._affects = Affects(database) if database is not None else None
        self._sources = {(m.package.ecosystem, m.package.name): m.package.source for m in matches}
        self._ends: dict[tuple[str, str], list[Match]] = defaultdict(list)
        for each in matches:
            self._ends[each.package.ecosystem, each.package.name].append(each)

    def __call__(self, ecosystem: str, name: str, version: str) -> frozenset[str]:
        if self._affects is not None:
            source = self._sources.get((ecosystem, name))
            return self._affects(Package(ecosystem, name, version, source=source and replace(source, version=version)))
        left = (m for m in self._ends[ecosystem, name] if not any(_reached(m, fix, version) for fix in m.fixed))
        return frozenset(m.vulnerability.id for m in left)

    def matches(self, ecosystem: str, name: str, version: str) -> list[Match]:
        """What the database says of a package in a version."""
        if self._database is None:
            return []
        source = self._sources.get((ecosystem, name))
        asked = Package(ecosystem, name, version, source=source and replace(source, version=version))
        return match(self._database, [asked])


def _reached(found: Match, fix: str, version: str) -> bool:
    return compare(found.package.ecosystem, version, fix) >= 0


def unique_packages(listings: Sequence[Listing]) -> list[Package]:
    """Every package once, as it was seen first, in the order of the listings."""
    found: dict[tuple[str, str, str], Package] = {}
    for listing in listings:
        for package in listing.packages:
            found.setdefault(package.identity, package)
    return list(found.values())


def unheld(packages: Sequence[Package], database: Database) -> Iterator[Gap]:
    """One gap for each ecosystem, with its release, of which the database knows nothing."""
    for ecosystem, count in sorted(Counter(package.ecosystem for package in packages).items()):
        if not database.holds(ecosystem):
            suite = database.offered(ecosystem)
            said, date = (_NO_DATA, "") if suite is None else (_ONLY_UPDATES, suite.date or "-")
            one = count == 1
            message = said.of(
                ecosystem=ecosystem, date=date, n=count, s="" if one else "s", were="was" if one else "were"
            )
            yield Gap(GapReason.NO_DATA, message, _ADD_DATA, subject=ecosystem, named=False)


def _known(packages: Sequence[Package], database: Database) -> Iterator[Known]:
    """How much the database holds of every ecosystem among the packages."""
    held = {one.ecosystem: one for one in database.about.coverage}
    for ecosystem, count in sorted(Counter(package.ecosystem for package in packages).items()):
        base = ecosystem.partition(":")[0]
        mine = [held[name] for name in dict.fromkeys((ecosystem, base)) if name in held]
        yield Known(
            ecosystem, count, sum(one.vulnerabilities for one in mine), max((one.newest for one in mine), default="")
        )
