"""Grype's JSON report (github.com/anchore/grype)."""

from collections import defaultdict

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from fourc.collect.reports.found import Imported, aliases_of, once, packages_once, severity_of
from fourc.model.distribution import ecosystem_of, system_of
from fourc.model.package import Distribution, Listing, Package, SourcePackage
from fourc.model.purl import package_of
from fourc.model.vulnerability import Match, Vulnerability

FORM = "grype-report"


class Score(Struct, frozen=True):
    """A CVSS vector."""

    version: str = ""
    vector: str = ""


class Fix(Struct, frozen=True):
    """Which versions mend it."""

    versions: list[str] | None = None


class Epss(Struct, frozen=True):
    """How likely it is exploited."""

    epss: float = 0.0


class Exploited(Struct, frozen=True):
    """That CISA lists it."""

    dateAdded: str = ""  # noqa: N815 - grype's names, here and below


class Told(Struct, frozen=True):
    """A vulnerability."""

    id: str
    dataSource: str = ""  # noqa: N815
    severity: str = ""
    description: str = ""
    urls: list[str] | None = None
    cvss: list[Score] | None = None
    fix: Fix | None = None
    epss: list[Epss] | None = None
    knownExploited: list[Exploited] | None = None  # noqa: N815


class Upstream(Struct, frozen=True):
    """A source package."""

    name: str = ""
    version: str = ""


class Location(Struct, frozen=True):
    """A file."""

    path: str = ""


class Artifact(Struct, frozen=True):
    """A package."""

    name: str = ""
    version: str = ""
    purl: str = ""
    upstreams: list[Upstream] | None = None
    locations: list[Location] | None = None


class Row(Struct, frozen=True):
    """A package that has a vulnerability."""

    vulnerability: Told
    artifact: Artifact
    relatedVulnerabilities: list[Told] | None = None  # noqa: N815


class Image(Struct, frozen=True):
    """An image."""

    userInput: str = ""  # noqa: N815
    manifestDigest: str = ""  # noqa: N815


class Source(Struct, frozen=True):
    """What grype looked at; the target of a folder is a string."""

    type: str = ""
    target: Image | str | None = None


class Distro(Struct, frozen=True):
    """The operating system."""

    name: str | None = None
    version: str | None = None


class Report(Struct, frozen=True):
    """The report."""

    matches: list[Row]
    source: Source | None = None
    distro: Distro | None = field(default=None)


def read_grype(data: bytes) -> Imported:
    """What the report tells; raises `msgspec.DecodeError` and `RecursionError`."""
    report = msgspec.json.decode(data, type=Report)
    distribution = _distribution(report.distro)
    files: dict[str, dict[tuple[str, str, str], Package]] = defaultdict(dict)
    matches: list[Match] = []
    unidentified = 0
    for row in report.matches:
        package = _package(row.artifact, distribution)
        if package is None:
            unidentified += 1
            continue
        path = row.artifact.locations[0].path.removeprefix("/") if row.artifact.locations else ""
        files[path].setdefault(package.identity, package)
        fixed = tuple(row.vulnerability.fix.versions or ()) if row.vulnerability.fix else ()
        matches.append(Match(package, _vulnerability(row), fixed))
    listings = tuple(
        Listing(path, FORM, packages_once(packages), distribution=distribution)
        for path, packages in sorted(files.items())
    )
    target = report.source.target if report.source else None
    image = target if isinstance(target, Image) and report.source and report.source.type == "image" else Image()
    return Imported("grype", listings, once(matches), image.userInput, image.manifestDigest, unidentified)


def _distribution(distro: Distro | None) -> Distribution | None:
    if distro is None or not distro.name:
        return None
    row = system_of(distro.name)
    return Distribution(row.id if row else distro.name, distro.version or "")


def _package(artifact: Artifact, distribution: Distribution | None) -> Package | None:
    package = package_of(artifact.purl) if artifact.purl else None
    if package is None or not package.version:
        return None
    if distribution is not None:
        whole = ecosystem_of(distribution)
        if whole.partition(":")[0] == package.ecosystem:
            package = replace(package, ecosystem=whole)
    if package.source is None and artifact.upstreams:
        source = artifact.upstreams[0]
        package = replace(package, source=SourcePackage(source.name, source.version or package.version))
    return package


def _vulnerability(row: Row) -> Vulnerability:
    told = row.vulnerability
    related = row.relatedVulnerabilities or []
    scores = [*(told.cvss or ()), *(score for one in related for score in one.cvss or ())]
    best = max(scores, key=lambda score: score.version, default=None)
    summary = told.description or next((one.description for one in related if one.description), "")
    return Vulnerability(
        told.id,
        aliases_of(told.id, [one.id for one in related]),
        summary.partition("\n")[0][:1000],
        severity_of(told.severity),
        best.vector if best else "",
        max((one.epss for one in told.epss), default=None) if told.epss else None,
        min((one.dateAdded for one in told.knownExploited), default="") if told.knownExploited else "",
        urls=tuple(dict.fromkeys(filter(None, (told.dataSource, *(told.urls or ()))))),
    )
