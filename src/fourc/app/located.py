"""Where findings stand in the files, and which of their edits cannot be made there."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.request import Request, asked_for
from fourc.collect.locate import Locator
from fourc.collect.manifests.collected import Collected
from fourc.collect.workers import spread
from fourc.fix.by_hand import GENERATED, is_generated, refused
from fourc.fix.kustomize import Kustomizations
from fourc.fix.rewrite import can_be_listed, is_sure, propose
from fourc.model.finding import Finding
from fourc.model.location import Location

_HEAD_BYTES = 2048
_MANY = 2000
"""Findings from which on workers save more time than they cost."""


class _Sight(Struct, frozen=True):
    """Where a finding stands, where else its object was seen, and whether its edit can surely be made."""

    location: Location
    places: tuple[Location, ...]
    sure: bool


def with_places(
    found: Sequence[Finding],
    request: Request,
    root: Path,
    collected: Collected,
    locator: Locator,
    read: Callable[[str], str | None],
) -> list[Finding]:
    """The findings that were asked for, with their places, and without edits that cannot be made."""
    located: list[Finding] = []
    kustomizations = Kustomizations(read)
    kept = sorted((f for f in found if asked_for(f, request)), key=lambda f: f.origin.path)
    groups = [[*group] for _, group in groupby(kept, key=lambda f: f.origin.path)]
    for group, sights in zip(groups, _sights(groups, collected, locator), strict=True):
        seen = [replace(f, location=s.location, places=s.places) for f, s in zip(group, sights, strict=True)]
        pairs = sorted(zip(seen, sights, strict=True), key=lambda pair: _place(pair[0]))
        mine = [*_unique([f for f, _ in pairs])]
        asked = [
            f
            for f, (_, sight) in zip(mine, pairs, strict=True)
            if not (sight.sure and can_be_listed(f, kustomizations))
        ]
        if asked:
            proposal = propose(asked, read, trees=locator.tree, kustomizations=kustomizations)
            whys = {r.finding.fingerprint: r.why for r in proposal.refused}
            mine = [refused(f, whys[f.fingerprint]) if f.fingerprint in whys else f for f in mine]
        if mine[0].origin.editable and is_generated(_head(root / mine[0].origin.path)):
            mine = [refused(f, GENERATED) for f in mine]
        located += [f.below(request.below) for f in mine] if request.below else mine
    return located


def _sights(groups: Sequence[Sequence[Finding]], collected: Collected, locator: Locator) -> Iterator[list[_Sight]]:
    """Of the findings of every file where they stand; of very many, workers look up a part."""

    def look_up(group: Sequence[Finding]) -> list[_Sight]:
        sights: dict[int, _Sight] = {}
        for i in sorted(range(len(group)), key=lambda i: group[i].origin.document):  # so that each is read once
            f = group[i]
            sights[i] = _Sight(
                locator.locate(f.origin, f.at),
                tuple(locator.locate(o, f.at) for o in collected.sights.get((f.subject, f.origin.path), ())),
                is_sure(f, locator.outline),
            )
        return [sights[i] for i in range(len(group))]

    sizes = [len(group) for group in groups]
    return spread(look_up, groups, sizes) if sum(sizes) >= _MANY else map(look_up, groups)


def _head(path: Path) -> str:
    """The first characters of a file, as far as they are UTF-8; enough for what its first lines say of it."""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES).decode(errors="ignore")
    except OSError:
        return ""  # it is gone: whoever edits it says so


def _place(found: Finding) -> tuple[str, int, int, str, str]:
    place = found.location
    assert place is not None  # noqa: S101 - every finding was located just before
    return (place.path, place.line, place.column, found.rule, found.detail)


def _unique(found: Sequence[Finding]) -> Iterator[Finding]:
    """Findings whose fingerprints would be equal (copies of an object in one file) are told apart by a number."""
    seen: dict[str, int] = {}
    for finding in found:
        name = finding.fingerprint
        count = seen[name] = seen.get(name, 0) + 1
        yield finding if count == 1 else replace(finding, detail=f"{finding.detail}#{count}")
