"""What the rows of the database hold, and how they are packed: MessagePack, then zstd where that is smaller.

Tables: `package` has one row for each package that any advisory names, `detail` the vulnerabilities in blocks, `score` the
EPSS scores in blocks, `offered` what apt's security suites offer, `fact` the rest. Rows are keyed by names and by hashes
of names, never by position: one more advisory changes the few rows that it is about, so two databases differ in few rows.
"""

from collections.abc import Callable
from zlib import crc32

import msgspec
from msgspec import Struct

from fourc.model.database import Held, Origin

SCHEMA = 1
TABLES = """
CREATE TABLE fact (name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE package (ecosystem TEXT NOT NULL, name TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (ecosystem, name))
  WITHOUT ROWID;
CREATE TABLE detail (block INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE score (block INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE offered (ecosystem TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
"""
NAMES = ("fact", "package", "detail", "score", "offered")
AFTER, THROUGH = 1, 2
"""Bits of a packed span: without its low end, with its high end."""
SCORES = 1024
"""So many CVE numbers are one block of scores."""

PackedSpan = tuple[int, bytes, bytes, str]
"""Bits, keys of both ends (empty: none), and the version that mends it (empty: nobody says)."""


class Entry(Struct, frozen=True, array_like=True, gc=False):
    """One vulnerability of a package in one release (empty: of all), `versions` are keys of versions named one by one."""

    id: str
    release: str
    spans: tuple[PackedSpan, ...] = ()
    versions: tuple[bytes, ...] = ()


class Detail(Struct, frozen=True, array_like=True, gc=False):
    """A vulnerability without what changes daily; `aliases` are all its other names."""

    id: str
    aliases: tuple[str, ...]
    summary: str
    severity: int
    cvss: str
    published: str
    modified: str
    urls: tuple[str, ...]


class About(Struct, frozen=True):
    """The database of itself. `date` is the day of the newest thing in it (or SOURCE_DATE_EPOCH's, where that was set)."""

    schema: int
    date: str
    blocks: int
    vulnerabilities: int
    packages: int
    sources: tuple[Origin, ...]
    coverage: tuple[Held, ...]
    epss_scores: int = 0
    epss_model: str = ""
    epss_date: str = ""
    kev_entries: int = 0
    kev_date: str = ""


class Offered(Struct, frozen=True):
    """What an apt suite offers: the newest version of each source package, and the suite's date."""

    date: str
    newest: dict[str, str]


encode = msgspec.msgpack.Encoder().encode
PLAIN, PACKED = b"\x00", b"\x01"


def block_of(scope: str, identifier: str, blocks: int) -> int:
    """In which block a vulnerability's details are."""
    return crc32(f"{scope}/{identifier}".encode()) % blocks


def score_block(year: int, number: int) -> int:
    """In which block a CVE's score is."""
    return (year << 32) | (number // SCORES)


def packed(data: bytes, compress: Callable[[bytes], bytes]) -> bytes:
    """A row's bytes."""
    small = compress(data)
    return PACKED + small if len(small) < len(data) else PLAIN + data
