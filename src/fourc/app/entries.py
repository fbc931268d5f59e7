"""Vulnerable packages as ways into what runs them: one for each workload, or folder, and change that ends it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from fourc.app.programs import workloads_of
from fourc.app.vulnerabilities import Vulnerable
from fourc.app.vulnerable import references_of
from fourc.graph.chance import chance_of
from fourc.graph.exploits import Program, foothold_said
from fourc.graph.footholds import Foothold
from fourc.model.finding import Finding
from fourc.model.inventory import Inventory
from fourc.model.package import Package
from fourc.model.subject import Ref
from fourc.model.vulnerability import Match, Vulnerability

if TYPE_CHECKING:
    from fourc.app.planned_images import SeenImage


class Entries(Struct, frozen=True):
    """The ways into workloads, and into code of which no workload was recognised."""

    footholds: tuple[Foothold, ...] = ()
    programs: tuple[Program, ...] = ()


class _Way(Struct):
    """What one change ends at one place."""

    findings: list[Finding]
    matches: list[Match]


def entries_of(
    found: Vulnerable | None,
    inventory: Inventory,
    kept: Mapping[str, Finding],
    images: "Sequence[SeenImage]" = (),
) -> Entries:
    """The ways in by the findings that are kept, in code and in images; what no change ends leads in all the same."""
    by_place: dict[Ref | str, dict[str, _Way]] = defaultdict(dict)
    places: dict[str, tuple[Ref | str, ...]] = {}
    pairs = zip(found.findings, found.told, strict=True) if found is not None else ()
    for finding, match in pairs:
        if finding.fingerprint not in kept:
            continue
        for path in dict.fromkeys(place.path for place in (finding.location, *finding.places) if place is not None):
            if path not in places:
                places[path] = workloads_of(path, inventory) or (path.rpartition("/")[0],)
            for place in places[path]:
                _lead(by_place[place], finding, match)
    footholds = [
        f for place, ways in by_place.items() if isinstance(place, Ref) for f in _footholds(place, str(place), ways)
    ]
    programs = [
        Program(place, tuple(_footholds(Ref("Folder", None, place), place or ".", ways)))
        for place, ways in by_place.items()
        if isinstance(place, str)
    ]
    return Entries((*footholds, *_into(images, kept)), tuple(programs))


def _into(images: "Sequence[SeenImage]", kept: Mapping[str, Finding]) -> Iterator[Foothold]:
    """The ways into the workloads that run images."""
    for image in images:
        ways: dict[str, _Way] = {}
        for finding, match in _told(image):
            if finding.fingerprint in kept:
                _lead(ways, finding, match)
        for workload in dict.fromkeys(use.workload.meta.ref for use in image.uses):
            yield from _footholds(workload, image.name, ways)


def _told(image: "SeenImage") -> Iterator[tuple[Finding, Match]]:
    """What is vulnerable in an image; a security update of which nobody says what it mends counts by its severity."""
    yield from zip(image.found.findings, image.found.told, strict=True)
    for finding in image.updates:
        unknown = Vulnerability(finding.rule, severity=finding.severity)
        yield finding, Match(Package("", finding.subject.name, ""), unknown)


def _lead(ways: dict[str, _Way], finding: Finding, match: Match) -> None:
    """Add what was found to the way of the change that ends it."""
    way = ways.setdefault(_change(finding), _Way([], []))
    way.findings.append(finding)
    way.matches.append(match)


def _change(finding: Finding) -> str:
    """What tells the changes apart that end findings; empty for what nothing ends."""
    return "" if finding.remedy is None else f"{finding.remedy.kind}/{finding.remedy.owner}"


def _footholds(place: Ref, said: str, ways: dict[str, _Way]) -> Iterator[Foothold]:
    for change, way in ways.items():
        first = max(zip(way.findings, way.matches, strict=True), key=lambda pair: pair[0].severity)[1]
        yield Foothold(
            place,
            references_of(first.vulnerability)[0],
            foothold_said(said, way.findings),
            chance_of([(m.vulnerability, m.package.dev) for m in way.matches]),
            tuple(way.findings) if change else (),
        )
