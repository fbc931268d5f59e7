"""Packages as part of the plan: read beside the manifests, matched with the database or with what other scanners reported."""

import os
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.database import open_database
from fourc.app.ignoring import Own
from fourc.app.imported import imported_from
from fourc.app.judgements import judgements_for
from fourc.app.packages import packages_below
from fourc.app.request import Request, folder_of
from fourc.app.texts import text_reader
from fourc.app.vulnerabilities import Vulnerable, vulnerable
from fourc.model.gap import Gap


class Supplied(Struct, frozen=True):
    """What is known of the packages, and what could not be read."""

    vulnerable: Vulnerable
    gaps: tuple[Gap, ...] = ()

    def new_gaps(self, known: Iterable[Gap]) -> list[Gap]:
        """The gaps about files of which nobody has told yet; none makes a plan incomplete, which asks for manifests."""
        paths = {gap.location.path for gap in known if gap.location is not None}
        return [replace(g, named=False) for g in self.gaps if g.location is None or g.location.path not in paths]


def supplied_below(request: Request, paths: tuple[str, ...], own: Own) -> Supplied:
    """The packages below the paths with what is known of them; reports that were imported count instead of a database.

    Raises:
        DatabaseError: the database is broken.
        ReportError: a report cannot be understood.
    """
    root = folder_of(request)
    judgements = judgements_for((Path(os.path.realpath(root)), own.folder), request.vex)
    packages = packages_below(root, [Path(path) for path in paths], read_ignored=request.read_ignored)
    if request.imported:
        listings, matches = imported_from(request.imported, packages.listings)
        return Supplied(vulnerable(listings, None, judgements, text_reader(root), known=matches), packages.gaps)
    database = open_database(request.settings)
    found = vulnerable(packages.listings, database, judgements, text_reader(root))
    return Supplied(found, (*packages.gaps, *found.gaps))
