"""What a database of known vulnerabilities says of itself."""

from msgspec import Struct


class Origin(Struct, frozen=True):
    """A publisher: how many of its records are in, and the day of the newest (empty where they are not dated)."""

    name: str
    records: int
    newest: str = ""


class Held(Struct, frozen=True):
    """An ecosystem, with its release: how many vulnerabilities of it are held, and the day of the newest."""

    ecosystem: str
    vulnerabilities: int
    newest: str = ""


class Delta(Struct, frozen=True):
    """A file that makes the database out of an older one, with that one's digest (hex)."""

    file: str
    old: str
    size: int


class Updated(Struct, frozen=True):
    """What came of an update: from which source (without a login), how, and how many bytes were fetched for it."""

    source: str
    way: str
    fetched: int = 0


class DatabaseFacts(Struct, frozen=True):
    """One database: its file, SHA-256 (hex), day, and what is in it; and what a command has just done with it."""

    file: str
    digest: str
    date: str
    size: int
    vulnerabilities: int
    packages: int
    origins: tuple[Origin, ...]
    held: tuple[Held, ...]
    scores: int = 0
    scores_model: str = ""
    scores_date: str = ""
    exploited: int = 0
    exploited_date: str = ""
    deltas: tuple[Delta, ...] = ()
    updated: Updated | None = None

    @property
    def newest(self) -> str:
        """The day of the newest record of any source; empty where none is dated."""
        return max((*(one.newest for one in self.origins), self.scores_date, self.exploited_date))
