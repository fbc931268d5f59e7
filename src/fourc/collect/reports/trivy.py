"""Trivy's JSON report (https://trivy.dev/latest/docs/configuration/reporting/#json), schema 2."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from fourc.collect.reports.found import Imported, aliases_of, once, severity_of
from fourc.model.distribution import ecosystem_of, system_of
from fourc.model.package import Distribution, Listing, Package, SourcePackage
from fourc.model.purl import package_of
from fourc.model.vulnerability import Match, Vulnerability

FORM = "trivy-report"
_ECOSYSTEMS = {
    kind: ecosystem
    for ecosystem, kinds in {
        "npm": "npm yarn pnpm bun node-pkg javascript",
        "PyPI": "pip pipenv poetry uv pylock python-pkg",
        "Go": "gomod gobinary",
        "crates.io": "cargo rustbinary",
        "Maven": "pom jar gradle sbt",
        "RubyGems": "bundler gemspec",
        "Packagist": "composer composer-vendor",
        "NuGet": "nuget dotnet-core packages-props",
        "Hex": "hex",
        "Pub": "pub",
        "SwiftURL": "swift",
        "CocoaPods": "cocoapods",
        "ConanCenter": "conan",
        "conda": "conda-pkg conda-environment",
        "Julia": "julia",
        "Bitnami": "bitnami",
        "Kubernetes": "kubernetes",
    }.items()
    for kind in kinds.split()
}
"""By trivy's word for where packages come from; reports before 0.47 have no package URLs."""


class Identifier(Struct, frozen=True):
    """Names of a package."""

    PURL: str = ""


class Place(Struct, frozen=True):
    """Lines of a file."""

    StartLine: int = 0


class Installed(Struct, frozen=True):
    """A package."""

    ID: str = ""
    Name: str = ""
    Version: str = ""
    Release: str = ""
    Epoch: int = 0
    Arch: str = ""
    SrcName: str = ""
    SrcVersion: str = ""
    SrcRelease: str = ""
    SrcEpoch: int = 0
    Identifier: "Identifier | None" = None
    Licenses: list[str] | None = None
    Relationship: str = ""
    DependsOn: list[str] | None = None
    Dev: bool = False
    FilePath: str = ""
    Locations: list[Place] | None = None


class Score(Struct, frozen=True):
    """CVSS vectors that one source gives."""

    V2Vector: str = ""
    V3Vector: str = ""
    V40Vector: str = ""


class Told(Struct, frozen=True):
    """A package that has a vulnerability."""

    VulnerabilityID: str
    PkgName: str = ""
    InstalledVersion: str = ""
    VendorIDs: list[str] | None = None
    PkgID: str = ""
    PkgPath: str = ""
    PkgIdentifier: Identifier | None = None
    FixedVersion: str = ""
    Severity: str = ""
    CVSS: dict[str, Score] | None = None
    Title: str = ""
    Description: str = ""
    PrimaryURL: str = ""
    References: list[str] | None = None
    PublishedDate: str = ""
    LastModifiedDate: str = ""


class Result(Struct, frozen=True):
    """What was found in one file, or among the packages of the operating system."""

    Target: str = ""
    Class: str = ""
    Type: str = ""
    Packages: list[Installed] | None = None
    Vulnerabilities: list[Told] | None = None


class System(Struct, frozen=True):
    """The operating system."""

    Family: str = ""
    Name: str = ""


class Metadata(Struct, frozen=True):
    """What was looked at."""

    OS: System | None = None
    RepoDigests: list[str] | None = None


class Report(Struct, frozen=True):
    """The report."""

    ArtifactName: str = ""
    ArtifactType: str = ""
    Metadata: "Metadata | None" = None
    Results: list[Result] | None = None


def read_trivy(data: bytes) -> Imported:
    """What the report tells; raises `msgspec.DecodeError` and `RecursionError`."""
    report = msgspec.json.decode(data, type=Report)
    distribution = _distribution(report.Metadata.OS if report.Metadata else None)
    listings: list[Listing] = []
    matches: list[Match] = []
    unidentified = 0
    for result in report.Results or ():
        system = distribution if result.Class == "os-pkgs" else None
        reader = _Result(result, system)
        listing = reader.listing()
        matches.extend(reader.matches)
        unidentified += reader.unidentified
        if listing.packages:
            listings.append(listing)
    image = report.ArtifactName if report.ArtifactType == "container_image" else ""
    digests = (report.Metadata.RepoDigests or []) if report.Metadata else []
    digest = digests[0].partition("@")[2] if image and digests else ""
    return Imported("trivy", tuple(listings), once(matches), image, digest, unidentified)


def _distribution(system: System | None) -> Distribution | None:
    if system is None or not system.Family:
        return None
    row = system_of(system.Family)
    return Distribution(row.id if row else system.Family, system.Name)


class _Result:
    """The packages of one result while it is read."""

    def __init__(self, result: Result, distribution: Distribution | None) -> None:
        self._result = result
        self._distribution = distribution
        self._packages: dict[tuple[str, str, str], Package] = {}
        self._ids: dict[str, tuple[str, str, str]] = {}
        self.matches: list[Match] = []
        self.unidentified = 0

    def listing(self) -> Listing:
        installed = self._result.Packages or []
        for one in installed:
            package = self._package(one)
            if package is not None:
                self._ids.setdefault(one.ID, package.identity)
                self._packages.setdefault(package.identity, package)
        for told in self._result.Vulnerabilities or ():
            self._match(told)
        order = {identity: index for index, identity in enumerate(self._packages)}
        needs: list[set[int]] = [set() for _ in order]
        direct: set[int] = set()
        for one in installed:
            at = order.get(self._ids.get(one.ID, ("", "", "")))
            if at is not None:
                needs[at].update(order[self._ids[ref]] for ref in one.DependsOn or () if ref in self._ids)
                direct.update([at] if one.Relationship == "direct" else ())
        told_direct = any(one.Relationship in {"direct", "indirect"} for one in installed)
        return Listing(
            self._result.Target,
            FORM,
            tuple(self._packages.values()),
            tuple(tuple(sorted(one)) for one in needs) if any(needs) else (),
            frozenset(direct) if told_direct else None,
            distribution=self._distribution,
        )

    def _package(self, one: Installed) -> Package | None:
        package = self._named(one.Identifier, one.Name, _version(one.Epoch, one.Version, one.Release))
        if package is None:
            self.unidentified += one.Relationship != "root"
            return None
        source = package.source
        if source is None and one.SrcName:
            version = _version(one.SrcEpoch, one.SrcVersion, one.SrcRelease)
            source = SourcePackage(one.SrcName, version or package.version)
        line = one.Locations[0].StartLine if one.Locations else 0
        return replace(
            package,
            line=line,
            dev=one.Dev,
            source=source,
            architecture=package.architecture or one.Arch,
            licences=tuple(one.Licenses or ()),
            path=one.FilePath,
        )

    def _match(self, told: Told) -> None:
        identity = self._ids.get(told.PkgID)
        package = self._packages[identity] if identity else None
        if package is None:
            package = self._named(told.PkgIdentifier, told.PkgName, told.InstalledVersion)
        if package is None:
            self.unidentified += 1
            return
        package = self._packages.setdefault(package.identity, package)
        fixed = tuple(filter(None, (one.strip() for one in told.FixedVersion.split(","))))
        self.matches.append(Match(package, _vulnerability(told), fixed))

    def _named(self, identifier: Identifier | None, name: str, version: str) -> Package | None:
        package = package_of(identifier.PURL) if identifier and identifier.PURL else None
        if package is None or not package.version:
            ecosystem = _ECOSYSTEMS.get(self._result.Type, "")
            if self._distribution is not None:
                ecosystem = ecosystem_of(self._distribution)
            if not ecosystem or not name or not version:
                return None
            if ecosystem == "Go" and version[:1].isdecimal() and name != "stdlib":
                version = f"v{version}"
            return Package(ecosystem, name, version.removeprefix("v") if name == "stdlib" else version)
        if self._distribution is not None:
            return replace(package, ecosystem=ecosystem_of(self._distribution))
        return package


def _version(epoch: int, version: str, release: str) -> str:
    whole = f"{version}-{release}" if version and release else version
    return f"{epoch}:{whole}" if epoch and whole else whole


def _vulnerability(told: Told) -> Vulnerability:
    return Vulnerability(
        told.VulnerabilityID,
        aliases_of(told.VulnerabilityID, told.VendorIDs or []),
        (told.Title or told.Description.partition("\n")[0])[:1000],
        severity_of(told.Severity),
        _vector(told.CVSS or {}),
        published=told.PublishedDate[:10],
        modified=told.LastModifiedDate[:10],
        urls=tuple(dict.fromkeys(filter(None, (told.PrimaryURL, *(told.References or ()))))),
    )


def _vector(scores: Mapping[str, Score]) -> str:
    """The newest version's vector; NVD's first, then by the sources' names."""
    ordered = [scores[name] for name in sorted(scores, key=lambda name: (name != "nvd", name))]
    for pick in (lambda s: s.V40Vector, lambda s: s.V3Vector, lambda s: s.V2Vector):
        found = next(filter(None, map(pick, ordered)), "")
        if found:
            return found
    return ""
