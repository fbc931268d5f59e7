"""`scan vulns`: read the packages, ask the database, leave out what the team lets stand, and report the rest."""

import os
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.database import open_database
from fourc.app.ignoring import Own, baselines_in, new_against, own_ignores
from fourc.app.judgements import judgements_for
from fourc.app.packages import Packages, packages_below
from fourc.app.texts import text_reader
from fourc.app.uncollected import uncollected
from fourc.app.vulnerabilities import Vulnerable, vulnerable
from fourc.app.vulnerable import PAGE, RULE
from fourc.collect.content.folder import printable
from fourc.model.bill import Bill
from fourc.model.finding import Finding, Severity
from fourc.model.inventory import Inventory
from fourc.model.package import Project
from fourc.model.report import Coverage, Report, StaleIgnore, Unseen
from fourc.model.settings import NO_SETTINGS, Settings
from fourc.model.text import Text, same
from fourc.plan.changes import change_of, drafts
from fourc.plan.upgrades import in_order, stop_of
from fourc.vulns.node_rules import PENDING_UPDATE

NO_DATABASE = Unseen(
    Text("known vulnerabilities: there is no database", "已知漏洞：没有数据库"),
    same("fourc db update"),
)


class VulnScan(Struct, frozen=True):
    """What the person asked for: where, from which severity on, and what is known already (`vex`, `baselines`: files)."""

    paths: tuple[str, ...] = (".",)
    severity: Severity = Severity.INFO
    read_ignored: bool = False
    settings: Settings = NO_SETTINGS
    vex: tuple[str, ...] = ()
    baselines: tuple[str, ...] = ()

    @property
    def root(self) -> Path:
        """The folder that paths are shown relative to: the one that was named, else the current one."""
        only = Path(self.paths[0]) if len(self.paths) == 1 else Path()
        return only if only.is_dir() else Path()

    def is_whole(self, own: Own) -> bool:
        """Whether everything that the ignore file is about is looked at, so that what fits nothing is stale."""
        named = [os.path.realpath(path) for path in self.paths]
        return self.severity is Severity.INFO and named == [str(own.folder)]

    @property
    def name(self) -> str:
        """What was looked at, as people call it: the folder's name, or that of the one file that was named."""
        only = Path(self.paths[0]) if len(self.paths) == 1 else Path()
        return Path(os.path.realpath(self.root)).name or "/" if only.is_dir() else printable(only.name)


class Scanned(Struct, frozen=True):
    """The report of a run, and all packages that it saw."""

    report: Report
    bill: Bill


@uncollected()
def scan_vulns(scan: VulnScan) -> Scanned:
    """Look at the packages below the paths.

    Raises:
        UsageError: a path does not exist, or a file of ignores makes no sense.
        DatabaseError: the database is broken.
    """
    root = scan.root
    database = open_database(scan.settings)
    packages = packages_below(root, [Path(path) for path in scan.paths], read_ignored=scan.read_ignored)
    own = own_ignores(root)
    judgements = judgements_for((Path(os.path.realpath(root)), own.folder), scan.vex)
    found = vulnerable(packages.listings, database, judgements, text_reader(root))
    more: tuple[Finding, ...] = ()
    if any(listing.distribution is not None for listing in packages.listings):
        from fourc.app.pending_updates import with_updates  # noqa: PLC0415 - only SBOMs tell of a distribution

        found, more = with_updates(found, packages.listings, database)
    return scanned(scan, own, packages, found, _project(root, packages), more)


def scanned(
    scan: VulnScan,
    own: Own,
    packages: Packages,
    found: Vulnerable,
    bill: Bill,
    more: tuple[Finding, ...] = (),
    *,
    whole: bool = True,
) -> Scanned:
    """The report of what was found, and of `more`, without what the team's own ignores and baselines let stand.

    `whole` says that all packages were seen that the ignores may be about, so that what fits nothing is stale.
    """
    name = bill.project.name if bill.image else scan.name
    judged = bool(found.supply.database) and whole and scan.is_whole(own)
    kept, stale = own.apply((*found.findings, *more), lambda ignore: judged and ignore.rule == RULE)
    grave = (f for f in kept if f.severity >= scan.severity)
    reported, withheld = new_against(baselines_in(scan.baselines), grave, asked=bool(bill.image) or not whole)
    report = replace(report_of(reported, found, packages, stale, name), withheld=withheld)
    return Scanned(
        report,
        Bill(
            bill.project,
            bill.listings,
            found.matches,
            found.statements,
            bill.image,
            bill.digest,
            found.supply.database,
            _created(),
        ),
    )


def report_of(
    findings: tuple[Finding, ...], found: Vulnerable, packages: Packages, stale: tuple[StaleIgnore, ...], name: str
) -> Report:
    """The report with the upgrades in the order of what they end."""
    made = drafts(Inventory(), findings)
    changes = in_order(
        made, {f.fingerprint: found.worth[f.fingerprint] for f in findings if f.fingerprint in found.worth}
    )
    return Report(
        name=name,
        kubernetes_version="",
        findings=findings,
        gaps=(*packages.gaps, *found.gaps),
        coverage=Coverage(files=packages.files, unseen=() if found.supply.database else (NO_DATABASE,)),
        changes=changes,
        stop=stop_of(changes),
        change_of=change_of(made),
        stale=stale,
        pages={RULE: PAGE, PENDING_UPDATE.id: PENDING_UPDATE.page},
        supply=found.supply,
        exploited=found.exploited,
    )


def _project(root: Path, packages: Packages) -> Bill:
    """The whole that the packages belong to: what the topmost file calls it, else the folder."""
    listings = sorted(packages.listings, key=lambda listing: listing.path.count("/"))
    top = listings[0].path.count("/") if listings else 0
    named = next((one.project for one in listings if one.project is not None and one.path.count("/") == top), None)
    project = named or Project("", Path(os.path.realpath(root)).name or "root")
    return Bill(project, packages.listings)


def _created() -> str:
    """The time that SOURCE_DATE_EPOCH says (https://reproducible-builds.org/specs/source-date-epoch/); empty without it."""
    word = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not word.isdecimal() or len(word) > 11:
        return ""
    from datetime import UTC, datetime  # noqa: PLC0415 - most runs have none

    return datetime.fromtimestamp(int(word), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
