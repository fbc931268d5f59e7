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


class DatabaseFacts(Struct, frozen=True):
    """One database: its file, SHA-256 (hex), day, and what is in it."""

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
