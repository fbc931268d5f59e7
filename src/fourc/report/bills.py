"""What all SBOMs and reports of vulnerabilities share: each package once, under its package URL, with who needs whom."""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256

from msgspec import Struct

from fourc.model.bill import Bill
from fourc.model.distribution import ecosystem_of
from fourc.model.package import Distribution, Listing, Package
from fourc.model.purl import package_of, purl_of
from fourc.model.vex import VexStatement, applies
from fourc.model.vulnerability import Match, Vulnerability

ROOT = "fourc:root"
SYSTEM = "fourc:system"
_LINK = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x1f]+")


class Place(Struct, frozen=True, order=True):
    """Where a package was seen."""

    path: str
    line: int = 0


class Item(Struct, frozen=True):
    """A package of the bill: `ref` is its package URL, `places` are the files that tell of it."""

    ref: str
    package: Package
    places: tuple[Place, ...]
    dev: bool


class Whole(Struct, frozen=True):
    """The bill with each package once. `needs` holds what each ref needs, the root and the operating system included."""

    items: tuple[Item, ...]
    needs: Mapping[str, tuple[str, ...]]


class Names:
    """What a report calls the packages of a bill, and which statement is about a match; made once for a report."""

    def __init__(self, bill: Bill) -> None:
        self._within = root_purl(bill)
        self._distributions: dict[str, Distribution] = {}
        for listing in bill.listings:
            if listing.distribution is not None:
                self._distributions.setdefault(ecosystem_of(listing.distribution), listing.distribution)
        self._statements: dict[str, list[tuple[int, VexStatement]]] = {}
        for at, statement in enumerate(bill.statements):
            for one in {known.upper() for known in statement.ids}:
                self._statements.setdefault(one, []).append((at, statement))

    def ref(self, package: Package) -> str:
        """The package's URL with its source, by which it is known in an SBOM."""
        return purl_of(package, self._distributions.get(package.ecosystem), upstream=True)

    def purl(self, package: Package) -> str:
        """The package's URL."""
        return purl_of(package, self._distributions.get(package.ecosystem))

    def statement(self, match: Match) -> tuple[int, VexStatement | None]:
        """The last statement of the bill about the match, and its number; -1 and None where there is none."""
        if not self._statements:
            return -1, None
        ids = (match.vulnerability.id, *match.vulnerability.aliases)
        told = [one for known in {one.upper() for one in ids} for one in self._statements.get(known, ())]
        if not told:
            return -1, None
        purl = self.purl(match.package)
        for at, statement in sorted(told, key=lambda one: -one[0]):
            if applies(statement, purl, ids, within=self._within):
                return at, statement
        return -1, None


def whole_of(bill: Bill, names: Names) -> Whole:
    """The packages by their URL, in its order."""
    packages: dict[str, Package] = {}
    places: dict[str, set[Place]] = {}
    needed: dict[str, bool] = {}
    needs: dict[str, set[str]] = {ROOT: set()}
    for listing in bill.listings:
        refs = [names.ref(one) for one in listing.packages]
        for ref, package in zip(refs, listing.packages, strict=True):
            known = packages.get(ref)
            packages[ref] = package if known is None or not known.licences else known
            places.setdefault(ref, set()).add(Place(package.path or listing.path, package.line))
            needed[ref] = needed.get(ref, False) or not package.dev
        above = ROOT
        if listing.distribution is not None and listing.distribution == bill.distribution:
            above = SYSTEM
            needs[ROOT].add(SYSTEM)
        needs.setdefault(above, set()).update(refs[at] for at in _direct(listing))
        for ref, wanted in zip(refs, listing.needs, strict=False):
            needs.setdefault(ref, set()).update(refs[at] for at in wanted)
    items = tuple(
        Item(ref, package, tuple(sorted(places[ref])), not needed[ref]) for ref, package in sorted(packages.items())
    )
    if bill.distribution is not None:
        needs[ROOT].add(SYSTEM)
    ordered = {ref: tuple(sorted(wanted - {ref})) for ref, wanted in sorted(needs.items())}
    return Whole(items, ordered)


def _direct(listing: Listing) -> Iterator[int]:
    """What the project needs itself: what is said, else what nothing else needs."""
    if listing.direct is not None:
        yield from sorted(listing.direct)
        return
    wanted = {at for some in listing.needs for at in some}
    found = [at for at in range(len(listing.packages)) if at not in wanted]
    yield from found or range(len(listing.packages))


def matches_by_vulnerability(bill: Bill, names: Names) -> list[tuple[Vulnerability, VexStatement | None, list[Match]]]:
    """The matches that one statement (or none) judges alike, by vulnerability, in a fixed order."""
    found: dict[tuple[str, int], tuple[Vulnerability, VexStatement | None, list[Match]]] = {}
    for match in bill.matches:
        at, statement = names.statement(match)
        key = (match.vulnerability.id, at)
        found.setdefault(key, (match.vulnerability, statement, []))[2].append(match)
    return [found[key] for key in sorted(found)]


def image_purl(bill: Bill) -> str:
    """The package URL of the image (https://github.com/package-url/purl-spec, type oci); empty where the bill is about none."""
    if not bill.image:
        return ""
    from urllib.parse import quote  # noqa: PLC0415 - asked for images only

    name = bill.image.partition("@")[0]
    head, _, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    asked = [f"repository_url={quote(f'{head}/{last}', safe='/:')}"] if head else []
    if tag:
        asked.append(f"tag={quote(tag, safe='')}")
    made = f"pkg:oci/{quote(last.lower())}"
    if bill.digest:
        made += f"@{bill.digest}"
    return f"{made}?{'&'.join(asked)}" if asked else made


def root_purl(bill: Bill) -> str:
    """The package URL of the project, empty where it has none."""
    if bill.image:
        return image_purl(bill)
    project = bill.project
    if not project.ecosystem or not project.name:
        return ""
    made = purl_of(Package(project.ecosystem, project.name, project.version))
    return made if package_of(made) is not None else ""


def links(told: Vulnerability) -> list[str]:
    """The pages about it; what an advisory wrote in their place and is no address is left out."""
    return [url for url in told.urls if _LINK.fullmatch(url)]


def uuid_of(content: bytes) -> str:
    """A UUID (version 5, RFC 9562) that the same content always gets."""
    import uuid  # noqa: PLC0415 - a report that needs none should not load it

    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"fourc:{sha256(content).hexdigest()}"))
