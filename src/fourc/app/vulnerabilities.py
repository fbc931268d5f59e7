"""Which packages have known vulnerabilities, what of that the team lets stand, and what mends the rest."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from fourc.app.vulnerable import Mend, findings_of
from fourc.model.bill import Judgement
from fourc.model.finding import Finding, Layer
from fourc.model.gap import Gap, GapReason
from fourc.model.package import Listing, Package
from fourc.model.supply import Known, Supply
from fourc.model.text import Text
from fourc.model.vulnerability import Match
from fourc.vulns.database import Database
from fourc.vulns.match import match

_NO_DATA = Text(
    "the database holds no advisories of {ecosystem}: {n} package{s} of it were not judged",
    "数据库没有 {ecosystem} 的安全公告：其中 {n} 个软件包没有被检查",
)
_ADD_DATA = Text(
    "build or fetch a database that holds it: fourc db build, fourc db update",
    "请构建或获取包含它的数据库：fourc db build、fourc db update",
)


class Vulnerable(Struct, frozen=True):
    """The matches of some packages; `judged` are what somebody said of them, `kept` those that count."""

    matches: tuple[Match, ...] = ()
    judged: tuple[Judgement, ...] = ()
    gaps: tuple[Gap, ...] = ()


def unique_packages(listings: Sequence[Listing]) -> list[Package]:
    """Every package once, as it was seen first."""
    return list({package.identity: package for listing in reversed(listings) for package in listing.packages}.values())


def base_of(ecosystem: str) -> str:
    """The ecosystem's name without its release."""
    return ecosystem.partition(":")[0]


def unheld(packages: Sequence[Package], database: Database) -> Iterator[Gap]:
    """One gap for each ecosystem, with its release, of which the database knows nothing."""
    for ecosystem, count in sorted(Counter(package.ecosystem for package in packages).items()):
        if not database.holds(ecosystem):
            message = _NO_DATA.of(ecosystem=ecosystem, n=count, s="" if count == 1 else "s")
            yield Gap(GapReason.NO_DATA, message, _ADD_DATA, subject=ecosystem, named=False)
