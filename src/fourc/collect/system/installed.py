"""What a package database of an operating system tells."""

from collections.abc import Mapping

from msgspec import Struct, field

from fourc.collect.packages.form import PackagesError
from fourc.model.package import Listing
from fourc.model.text import Text

MOST = 200_000
_MANY = Text("more than {limit} packages", "软件包超过 {limit} 个")
_HINT = Text("no machine has so many: the database is broken", "没有机器会有这么多：数据库已损坏")


class Installed(Struct, frozen=True):
    """The packages of one database, with what a listing has no place for.

    `held` are the positions of packages that are not to be upgraded, `modules` says of positions which module and stream
    (`nodejs:18`) they come from.
    """

    listing: Listing
    held: frozenset[int] = frozenset()
    modules: Mapping[int, str] = field(default_factory=dict)


def checked(count: int) -> None:
    """Do nothing, as long as a database may have so many packages.

    Raises:
        PackagesError: it has more.
    """
    if count > MOST:
        raise PackagesError(_MANY.of(limit=MOST), hint=_HINT)
