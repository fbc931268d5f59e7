"""What the sources of a database say, whoever published it."""

from msgspec import Struct

from fourc.model.finding import Severity


class Span(Struct, frozen=True, order=True, gc=False):
    """The versions from `low` to `high`; an empty `low` is before every version, an empty `high` after every one.

    `after` leaves `low` itself out, `through` includes `high`. A `high` that is left out is the version that mends it.
    """

    low: str = ""
    high: str = ""
    after: bool = False
    through: bool = False


class Affected(Struct, frozen=True, order=True, gc=False):
    """One package of an advisory: `ecosystem` and `name` in the spelling of `ecosystems`, `versions` are named one by one."""

    ecosystem: str
    name: str
    spans: tuple[Span, ...] = ()
    versions: tuple[str, ...] = ()


class Advisory(Struct, frozen=True, gc=False):
    """One record.

    `aliases` are other names of the same vulnerability, `covers` the CVEs that a distribution's advisory mends.
    `modified` is a time (ISO 8601), empty where nothing tells. A `withdrawn` advisory says that there was none.
    `severity` is the publisher's word, None where it gives none.
    """

    id: str
    publisher: str
    aliases: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    summary: str = ""
    severity: Severity | None = None
    cvss: str = ""
    published: str = ""
    modified: str = ""
    withdrawn: bool = False
    urls: tuple[str, ...] = ()
    affected: tuple[Affected, ...] = ()


class Scores(Struct, frozen=True):
    """EPSS scores: (year, number, score in hundred-thousandths) of CVEs, with model and date where the file names them."""

    rows: tuple[tuple[int, int, int], ...]
    model: str = ""
    date: str = ""


class Exploited(Struct, frozen=True):
    """CISA's list: the date at which each CVE was added, and the list's own date."""

    added: tuple[tuple[str, str], ...]
    date: str = ""


class Suite(Struct, frozen=True):
    """An apt suite's signed head: which release the indexes near it are of, and when it was written."""

    path: str
    ecosystem: str
    date: str


class Index(Struct, frozen=True):
    """An apt index: the newest version of each source package; `ecosystem` is empty where only the suite's head tells it."""

    path: str
    newest: tuple[tuple[str, str], ...]
    ecosystem: str = ""


class Problem(Struct, frozen=True):
    """A record, or a part of one, that cannot be understood, and why (English)."""

    path: str
    why: str


Fact = Advisory | Scores | Exploited | Suite | Index | Problem
