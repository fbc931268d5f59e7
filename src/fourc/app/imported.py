"""Packages and vulnerabilities from reports that other scanners made."""

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from fourc.collect.named_file import Hints, named_file
from fourc.collect.reports.read import read_report
from fourc.model.package import Listing
from fourc.model.text import Text
from fourc.model.vulnerability import Match
from fourc.vulns.versions import VersionError, compare, is_version, key

_MOST_BYTES = 512 << 20
_IN_JSON = Text("name a report in JSON", "请指定 JSON 格式的报告")
_HINTS = Hints(
    special=_IN_JSON,
    unread=_IN_JSON,
    large=Text("report on one image or repository at a time", "请一次只报告一个镜像或仓库"),
)


def imported_from(files: Sequence[str], here: Sequence[Listing] = ()) -> tuple[tuple[Listing, ...], tuple[Match, ...]]:
    """What the reports tell together; what two of them tell of a package is one match.

    `here` is what the files of the folder tell: a report names them, but neither their format nor who asks for what.

    Raises:
        UsageError: a file cannot be read.
        ReportError: it is no report of trivy or grype.
    """
    found = [read_report(file, named_file(file, _MOST_BYTES, _HINTS)) for file in files]
    matches = {(m.package.identity, m.vulnerability.id): m for each in reversed(found) for m in reversed(each.matches)}
    known = {listing.path: listing for listing in here}
    wanted = {match.package.identity for match in matches.values()}
    listings = tuple(
        listing if each.image else _same_file(listing, known, wanted) for each in found for listing in each.listings
    )
    ours = {p.identity: p for listing in reversed(listings) for p in listing.packages}
    judged = (replace(m, package=ours.get(m.package.identity, m.package)) for m in reversed(matches.values()))
    return listings, tuple(replace(m, fixed=_above(m)) for m in judged)


def _same_file(listing: Listing, here: Mapping[str, Listing], wanted: Collection[tuple[str, str, str]]) -> Listing:
    """What the file tells itself, where it still holds everything that the report finds in it."""
    own = here.get(listing.path.lstrip("/"))
    told = {package.identity for package in listing.packages}.intersection(wanted)
    return own if own is not None and told.issubset(p.identity for p in own.packages) else listing


def _above(match: Match) -> tuple[str, ...]:
    """The versions that mend it and come after the one in use, ascending: a report names those of every release line."""
    ecosystem, used = match.package.ecosystem, match.package.version
    try:
        above = [one for one in match.fixed if is_version(ecosystem, one) and compare(ecosystem, used, one) < 0]
        return tuple(sorted(above, key=lambda one: key(ecosystem, one)))
    except VersionError:
        return ()
