"""`scan image`: what is in images, what of it has known vulnerabilities, which secrets they hold, and how they would start."""

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.database import open_database
from fourc.app.ignoring import own_ignores
from fourc.app.judgements import Judgements, judgements_for
from fourc.app.layer_secrets import Looker
from fourc.app.opened_image import (
    ROOT,
    ROOT_PAGE,
    Asking,
    Progress,
    facts_of,
    identity_of,
    image_findings,
    read_image,
    split_alias,
)
from fourc.app.packages import Packages
from fourc.app.pending_updates import REBUILD, with_updates
from fourc.app.vuln_scan import Scanned, VulnScan, scanned
from fourc.app.vulnerabilities import Vulnerable, unheld, unique_packages, vulnerable
from fourc.collect.image.errors import ImageError
from fourc.graph.odds import ODDS
from fourc.model.bill import Bill
from fourc.model.finding import Confidence, Finding, Layer, Severity
from fourc.model.gap import Gap, GapReason
from fourc.model.image_facts import ImageFacts
from fourc.model.image_reference import image_reference
from fourc.model.inspected import Inspected
from fourc.model.package import Listing, Project
from fourc.model.remedy import ByHand
from fourc.model.report import Report
from fourc.model.supply import Known, Supply, Urgency, When
from fourc.model.text import Text, same
from fourc.model.vulnerability import Match
from fourc.vulns.database import Database

log = logging.getLogger(__name__)

_LEAKED = Text("everyone who can pull the image can read it", "能拉取该镜像的人都能读到它")
_FAILED = Text("{image}: reading it failed: {kind}", "{image}：读取失败：{kind}")
_REPORT = Text("please report it with the image that causes it", "请附上引发问题的镜像反馈给我们")
_SAID = Text("{image}: {why}", "{image}：{why}")
_ALSO = Text("{message}; also in {images}", "{message}；同样存在于 {images}")


class ImageScan(Struct, frozen=True):
    """What the person asked for: which image, and how it is got at."""

    image: str
    vulns: VulnScan
    asking: Asking = Asking()
    bare: bool = False
    """Without a database, also where there is one."""


class Looked(Struct, frozen=True):
    """What one image holds: `found` by the database, `updates` by a security suite, and its secrets and how it starts."""

    facts: ImageFacts
    listings: tuple[Listing, ...]
    found: Vulnerable
    updates: tuple[Finding, ...]
    others: tuple[Finding, ...]
    gaps: tuple[Gap, ...]


class Look:
    """Looks into images, one after the other, with one database and one set of rules."""

    def __init__(self, vulns: VulnScan, asking: Asking, *, bare: bool = False) -> None:
        """Open what it goes by.

        Raises:
            DatabaseError: the database is broken.
            UsageError: a file of ignores makes no sense.
        """
        self.database: Database | None = None if bare else open_database(vulns.settings)
        self.own = own_ignores(Path())
        self._judgements: Judgements = judgements_for((Path.cwd(), self.own.folder), vulns.vex)
        self.looker = Looker(self.own, vulns.baselines)
        self._asking = asking
        self._names: set[str] = set()

    def image(self, named: str, progress: Progress = lambda _: None) -> Looked:
        """Look into an image.

        Raises:
            ImageError: there is none, it may not be read, or it is broken.
        """
        opened = read_image(named, self._asking, self.looker, progress)
        facts, listings = facts_of(opened), opened.held.listings
        inside = self._inside(split_alias(named)[0])
        found = vulnerable(
            listings, self.database, self._judgements, lambda _: None, layer=Layer.CONTAINER, inside=inside
        )
        found = _rebuilt(found)
        found, updates = with_updates(found, listings, self.database, inside=inside)
        others = (*image_findings(facts, inside), *opened.secrets.findings)
        found = _with_secrets(found, opened.secrets.findings)
        return Looked(facts, listings, found, updates, others, (*opened.held.gaps, *opened.secrets.gaps))

    def _inside(self, name: str) -> str:
        """What findings in it are known by: its tag is no part of that, unless another tag of it was looked into before."""
        identity = identity_of(name)
        inside = identity if identity not in self._names else name
        self._names.add(identity)
        return inside

    def gap_or_image(self, named: str, progress: Progress = lambda _: None) -> Looked | Gap:
        """The same, or why it cannot be looked into."""
        try:
            return self.image(named, progress)
        except ImageError as error:
            name = split_alias(named)[0]
            said = error.message if name in error.message.en else _SAID.of(image=name, why=error.message)
            return Gap(error.reason, said, error.remedy, None, name)
        except Exception as error:
            log.debug("reading the image %s failed", named, exc_info=True)
            said = _FAILED.of(image=named, kind=type(error).__name__)
            return Gap(GapReason.UNSUPPORTED, said, _REPORT, None, named)

    def pages(self, findings: Iterable[Finding]) -> dict[str, Text]:
        """What there is to say of the rules that findings in images have."""
        rules = {finding.rule for finding in findings if finding.subject.kind == "Image"} - {ROOT}
        if not rules:
            return {ROOT: ROOT_PAGE}
        from fourc.secrets.providers import secret_page  # noqa: PLC0415 - most images hold no secret

        by_id = self.looker.ignores.team.by_id
        return {ROOT: ROOT_PAGE, **{rule: secret_page(by_id[rule]) for rule in sorted(rules) if rule in by_id}}


def _rebuilt(found: Vulnerable) -> Vulnerable:
    """What is known with the way that packages of the operating system take into an image: by its base, or its Dockerfile."""
    commands = {
        (match.package.identity, match.vulnerability.id): upgrade.command
        for upgrade in found.upgrades
        if upgrade.kind == "distribution" and upgrade.command
        for match in upgrade.clears
    }

    def mended(finding: Finding, match: Match) -> Finding:
        command = commands.get((match.package.identity, match.vulnerability.id))
        if command is None or not isinstance(finding.fix, ByHand):
            return finding
        return replace(finding, fix=replace(finding.fix, why=REBUILD.of(command=command)))

    pairs = zip(found.findings, found.told, strict=True)
    return replace(found, findings=tuple(mended(finding, match) for finding, match in pairs)) if commands else found


def _with_secrets(found: Vulnerable, secrets: Sequence[Finding]) -> Vulnerable:
    """What is known, with how likely each secret is used, and when it is to be replaced."""
    if not secrets:
        return found
    worth, urgency = dict(found.worth), dict(found.supply.urgency)
    for secret in secrets:
        if secret.severity > Severity.LOW:
            sure = secret.confidence is not Confidence.LOW
            worth[secret.fingerprint] = ODDS["use-leaked-secret" if sure else "use-leaked-secret-unsure"].probability
            now = sure and secret.severity >= Severity.HIGH
            urgency[secret.fingerprint] = Urgency(When.NOW if now else When.THIS_SPRINT, _LEAKED, _LEAKED)
    return replace(found, worth=worth, supply=replace(found.supply, urgency=urgency))


def scan_image(scan: ImageScan, progress: Progress = lambda _: None) -> Scanned:
    """Look into an image.

    Raises:
        ImageError: there is none, it may not be read, or it is broken.
        DatabaseError: the database is broken.
        UsageError: a file of ignores makes no sense.
    """
    look = Look(scan.vulns, scan.asking, bare=scan.bare)
    seen = look.image(scan.image, progress)
    facts = seen.facts
    bill = Bill(Project("", facts.name), seen.listings, image=facts.name, digest=facts.digest)
    more = (*seen.updates, *seen.others)
    done = scanned(scan.vulns, look.own, Packages(seen.listings, seen.gaps), seen.found, bill, more, whole=False)
    return replace(done, report=_with_pages(replace(done.report, image=facts), look))


def inspect_image(scan: ImageScan, progress: Progress = lambda _: None) -> Inspected:
    """Look at an image without asking a database.

    Raises:
        ImageError: there is none, it may not be read, or it is broken.
        UsageError: a file of ignores makes no sense.
    """
    seen = Look(scan.vulns, scan.asking, bare=True).image(scan.image, progress)
    secrets = [finding for finding in seen.others if finding.rule != ROOT]
    return Inspected(seen.facts, len(unique_packages(seen.listings)), len(secrets), seen.gaps)


def scan_images(
    images: Sequence[str], scan: VulnScan, asking: Asking, name: str, progress: Progress = lambda _: None
) -> Scanned:
    """Look into several images in one report; what cannot be had is a gap.

    Raises:
        DatabaseError: the database is broken.
        UsageError: a file of ignores makes no sense.
    """
    look = Look(scan, asking)
    seen: list[Looked] = []
    gaps: list[Gap] = []
    for image in images:
        looked = look.gap_or_image(image, progress)
        if isinstance(looked, Gap):
            gaps.append(looked)
        else:
            seen.append(looked)
    listings = tuple(_in(listing, one.facts.name) for one in seen for listing in one.listings)
    found = joined([one.found for one in seen], listings, look.database)
    findings = {f.fingerprint: one.facts.name for one in seen for f in (*one.found.findings, *one.updates)}
    found = replace(found, findings=tuple(replace(f, image=findings[f.fingerprint]) for f in found.findings))
    more = once(replace(f, image=one.facts.name) for one in seen for f in (*one.updates, *one.others))
    gaps += (_of(gap, one.facts.name) for one in seen for gap in one.gaps)
    bill = Bill(Project("", name), listings)
    done = scanned(scan, look.own, Packages(listings, tuple(gaps)), found, bill, more, whole=False)
    return replace(done, report=_with_pages(replace(done.report, images=tuple(one.facts for one in seen)), look))


def _with_pages(report: Report, look: Look) -> Report:
    return replace(report, pages={**report.pages, **look.pages(report.findings)})


def _in(listing: Listing, image: str) -> Listing:
    return replace(listing, path=f"{image}!{listing.path}")


def _of(gap: Gap, image: str) -> Gap:
    return replace(gap, message=_SAID.of(image=image, why=gap.message))


def joined(found: Sequence[Vulnerable], listings: Sequence[Listing], database: Database | None) -> Vulnerable:
    """What is known of the packages of several images together."""
    known: dict[str, Known] = {}
    for one in (known for each in found for known in each.supply.known):
        before = known.get(one.ecosystem)
        known[one.ecosystem] = replace(one, packages=one.packages + before.packages) if before else one
    packages = unique_packages(listings)
    supply = Supply(
        len(packages),
        len({listing.path for listing in listings}),
        database.about.date if database is not None else "",
        tuple(known[ecosystem] for ecosystem in sorted(known)),
        {fingerprint: urgency for one in found for fingerprint, urgency in one.supply.urgency.items()},
        {fingerprint: match for one in found for fingerprint, match in one.supply.matches.items()},
    )
    return Vulnerable(
        tuple(match for one in found for match in one.matches),
        tuple(match for one in found for match in one.told),
        tuple(finding for one in found for finding in one.findings),
        tuple(unheld(packages, database)) if database is not None else (),
        supply,
        tuple(upgrade for one in found for upgrade in one.upgrades),
        {fingerprint: worth for one in found for fingerprint, worth in one.worth.items()},
        frozenset().union(*(one.exploited for one in found)),
        found[0].statements if found else (),
    )


def once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each secret once, which may be in several images; it says in which others."""
    by_id: dict[str, list[Finding]] = {}
    for finding in findings:
        by_id.setdefault(finding.fingerprint, []).append(finding)
    made = []
    for first, *others in by_id.values():
        images = [f.image for f in others if f.image != first.image]
        message = _ALSO.of(message=first.message, images=same(", ".join(dict.fromkeys(images)))) if images else None
        made.append(replace(first, message=message) if message else first)
    return tuple(made)


def reference_of(image: str) -> str:
    """The whole name of an image as a manifest writes it, so that it cannot be taken for a path; empty where it is none."""
    reference = image_reference(image)
    return "" if reference is None else str(reference)
