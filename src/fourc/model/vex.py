"""VEX: what somebody says about a vulnerability in a product (https://www.cisa.gov/sbom, OpenVEX, CSAF)."""

import re
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache

from msgspec import Struct

from fourc.model.distribution import ecosystem_of
from fourc.model.purl import Purl, PurlError, distribution_at, parse_purl

_NO_IDENTITY = frozenset(("epoch", "upstream"))
"""Qualifiers that say more of a package, and not which one it is."""


class VexStatus(Enum):
    """The four words that all forms of VEX share."""

    NOT_AFFECTED = "not_affected"
    AFFECTED = "affected"
    FIXED = "fixed"
    UNDER_INVESTIGATION = "under_investigation"


class VexStatement(Struct, frozen=True):
    """One statement: the vulnerability (its id and aliases), what it is about, and what is said.

    `products` are package URLs or other ids of products, all of them where empty. Where `parts` are given, the statement is
    about these within the products. `justification` is a word of OpenVEX, `reason` what people wrote. `until` is the date
    (ISO 8601) from which it no longer counts, empty where it has none; `paths` are patterns of files, for `.trivyignore.yaml`.
    `source` is the file that it stands in, `date` when it was said. `accepted` marks what the team lets stand, affected or not.
    """

    ids: tuple[str, ...]
    status: VexStatus
    products: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    justification: str = ""
    reason: str = ""
    until: str = ""
    paths: tuple[str, ...] = ()
    source: str = ""
    date: str = ""
    accepted: bool = False

    @property
    def clears(self) -> bool:
        """Whether it says that there is nothing to do."""
        return self.accepted or self.status in {VexStatus.NOT_AFFECTED, VexStatus.FIXED}

    def counts_on(self, date: str) -> bool:
        """Whether it still counts on a day (ISO 8601); a statement counts until the day before its last."""
        return not self.until or date[:10] < self.until[:10]

    def is_about(self, path: str) -> bool:
        """Whether it is about a package that this file tells of."""
        return not self.paths or any(_pattern(one).fullmatch(path) for one in self.paths)


@lru_cache(maxsize=1024)
def _pattern(glob: str) -> re.Pattern[str]:
    """A pattern with `*`, `**` and `?` as trivy reads them; what has none of them is the path itself."""
    made = ""
    for part in re.split(r"(\*\*/|\*\*|\*|\?)", glob.removeprefix("./")):
        made += {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
    return re.compile(made)


def applies(statement: VexStatement, purl: str, ids: Iterable[str], *, within: str = "") -> bool:
    """Whether the statement is about a package with one of these ids; `within` is the image's package URL, if it is in one.

    Dates and paths are the caller's to judge. A product without a version is every version, one without qualifiers every
    build.
    """
    if not {one.upper() for one in statement.ids} & {one.upper() for one in ids}:
        return False
    if statement.parts:
        inside = not statement.products or _is_one_of(statement.products, within)
        return inside and _is_one_of(statement.parts, purl)
    return not statement.products or _is_one_of(statement.products, purl) or _is_one_of(statement.products, within)


def _is_one_of(products: Iterable[str], purl: str) -> bool:
    if not purl:
        return False
    if purl in products:
        return True
    mine = _parsed(purl)
    return mine is not None and any(_covers(other, mine) for other in map(_parsed, products) if other is not None)


def _parsed(text: str) -> Purl | None:
    try:
        return parse_purl(text)
    except PurlError:
        return None


def _covers(wide: Purl, purl: Purl) -> bool:
    if (wide.type, wide.namespace, wide.name) != (purl.type, purl.namespace, purl.name):
        return False
    if wide.version and _version(wide) != _version(purl):
        return False
    mine = dict(purl.qualifiers)
    return all(
        key in _NO_IDENTITY or mine.get(key, value) == value or (key == "distro" and _same_release(wide, purl))
        for key, value in wide.qualifiers
    )


def _same_release(wide: Purl, purl: Purl) -> bool:
    """Whether both name the same release: `debian-12` is `debian-12.4`."""
    wanted, mine = distribution_at(str(wide)), distribution_at(str(purl))
    return wanted is not None and mine is not None and ecosystem_of(wanted) == ecosystem_of(mine)


def _version(purl: Purl) -> str:
    """The version, with the epoch that some write as a qualifier."""
    epoch = dict(purl.qualifiers).get("epoch", "0")
    return purl.version if epoch == "0" or ":" in purl.version else f"{epoch}:{purl.version}"
