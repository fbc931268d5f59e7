"""Hard-coded secrets as part of the plan: found beside the manifests, told where no check of these tells the same."""

from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.ignoring import Own
from fourc.model.finding import Finding, Layer
from fourc.model.gap import Gap


class Leaks(Struct, frozen=True):
    """The secrets below some paths, and what could not be looked into."""

    findings: Sequence[Finding] = ()
    gaps: tuple[Gap, ...] = ()


def leaks_below(paths: tuple[str, ...], own: Own, *, read_ignored: bool) -> Leaks:
    """The secrets in the files, without those that the team's own lists let stand; our ignores are not applied yet.

    A gap here makes no run incomplete that was asked for a plan: manifests tell of what they need themselves.
    """
    from fourc.app.code_secrets import with_edits  # noqa: PLC0415 - what a thousand rules need is loaded in the worker
    from fourc.app.secret_scan import SecretScan, search  # noqa: PLC0415 - the same

    scan = SecretScan(tuple(map(str, map(Path, paths))), read_ignored=read_ignored, own=own)
    found = search(scan)
    return Leaks(
        with_edits(found.secrets.findings, scan.root, found.ignores.team.by_id),
        tuple(replace(gap, named=False) for gap in found.gaps),
    )


def beside(findings: Sequence[Finding], leaks: Leaks) -> list[Finding]:
    """The secrets that no finding about a manifest tells of already: it can say more, and mend it."""
    told: dict[str, list[range]] = {}
    for finding in findings:
        if finding.layer is Layer.CODE and finding.location is not None:
            place = finding.location
            told.setdefault(place.path, []).append(range(place.line, place.end_line + 1))
    return [leak for leak in leaks.findings if not _is_told(leak, told)]


def _is_told(leak: Finding, told: dict[str, list[range]]) -> bool:
    places = [place for place in (leak.location, *leak.places) if place is not None]
    return all(any(place.line in lines for lines in told.get(place.path, ())) for place in places)


def new_gaps(known: Collection[Gap], leaks: Leaks) -> list[Gap]:
    """The gaps of the search for secrets that reading the manifests has not told of."""
    paths = {gap.location.path for gap in known if gap.location is not None}
    return [gap for gap in leaks.gaps if gap.location is None or gap.location.path not in paths]
