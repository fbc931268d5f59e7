"""Which packages have known vulnerabilities, what of that the team lets stand, and what mends the rest."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from fourc.app.judgements import Judgements
from fourc.app.remedies import mend_by
from fourc.app.vulnerable import findings_of, sightings
from fourc.graph.exploits import chance_of
from fourc.model.finding import Finding, Layer
from fourc.model.gap import Gap, GapReason
from fourc.model.package import Listing, Package
from fourc.model.supply import Known, Supply, Urgency
from fourc.model.text import Text
from fourc.model.vex import VexStatement
from fourc.model.vulnerability import Match
from fourc.vulns.database import Database
from fourc.vulns.match import match
from fourc.vulns.upgrade import Upgrade
from fourc.vulns.upgrades import upgrades
from fourc.vulns.urgency import Context, urgency_of

_NO_DATA = Text(
    "the database holds no advisories of {ecosystem}: {n} package{s} of it were not judged",
    "数据库没有 {ecosystem} 的安全公告：其中 {n} 个软件包没有被检查",
)
_ADD_DATA = Text(
    "build or fetch a database that holds it: fourc db build, fourc db update",
    "请构建或获取包含它的数据库：fourc db build、fourc db update",
)


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
    files = len({listing.path for listing in listings})
    matches = list(known) if known is not None else match(database, packages) if database is not None else []
    told = [m for m in matches if not judgements.clear(m, listings, inside)]
    made = upgrades(listings, told, lambda *at: _affected(database, at, matches), read)
    findings = findings_of(told, listings, mend_by(made), layer=layer, inside=inside)
    seen = sightings(listings)
    urgency = {
        f.fingerprint: urgency_of(m, Context(dev=_only_develops(m, seen))) for f, m in zip(findings, told, strict=True)
    }
    worth = {
        f.fingerprint: chance_of([(m.vulnerability, _only_develops(m, seen))]).probability
        for f, m in zip(findings, told, strict=True)
    }
    return Vulnerable(
        tuple(matches),
        tuple(told),
        tuple(findings),
        tuple(unheld(packages, database)) if database is not None else (),
        Supply(
            len(packages),
            files,
            database.about.date if database is not None else "",
            tuple(_known(packages, database)) if database is not None else (),
            urgency,
        ),
        tuple(made),
        worth,
        frozenset(f.fingerprint for f, m in zip(findings, told, strict=True) if m.vulnerability.kev),
        judgements.statements,
    )
