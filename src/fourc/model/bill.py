"""What one run knows of packages, for reports that list them all."""

from collections.abc import Iterator

from msgspec import Struct

from fourc.model.package import Distribution, Listing, Package, Project
from fourc.model.vex import VexStatement
from fourc.model.vulnerability import Match


class Bill(Struct, frozen=True):
    """All packages that were found, with what is known of them.

    `project` is what the whole is about, `image` its reference where it is an image (then `digest` is its own), `matches`
    are the vulnerabilities that count and those that `statements` set aside. `data_date` is the date (ISO 8601) of the newest
    data that the matches come from, empty where there is none. `created` is the time (ISO 8601, UTC) for formats that ask for
    one; who builds the bill takes it from SOURCE_DATE_EPOCH, and leaves it empty where that is not set: nothing reads a clock.
    """

    project: Project
    listings: tuple[Listing, ...]
    matches: tuple[Match, ...] = ()
    statements: tuple[VexStatement, ...] = ()
    image: str = ""
    digest: str = ""
    data_date: str = ""
    created: str = ""

    @property
    def distribution(self) -> Distribution | None:
        """The operating system, where a listing tells of one."""
        return next((one.distribution for one in self.listings if one.distribution is not None), None)

    def packages(self) -> Iterator[tuple[Listing, int, Package]]:
        """Every package with its listing and its position there."""
        for listing in self.listings:
            for index, package in enumerate(listing.packages):
                yield listing, index, package
