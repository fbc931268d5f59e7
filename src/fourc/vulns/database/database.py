"""An open database: read-only, checked, asked by name."""

import sqlite3
from functools import cached_property
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import msgspec
import zstandard

from fourc.text import Text
from fourc.vulns.advisories.ecosystems import split
from fourc.vulns.database import rows
from fourc.vulns.database.file import DatabaseError, check, failed, newer

T = TypeVar("T")
_ROW_BYTES = 64 << 20
_entries = msgspec.msgpack.Decoder(tuple[rows.Entry, ...])
_block = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])
_detail = msgspec.msgpack.Decoder(rows.Detail)
_about = msgspec.msgpack.Decoder(rows.About)
_exploited = msgspec.msgpack.Decoder(dict[str, str])
_offered = msgspec.msgpack.Decoder(rows.Offered)
_FOREIGN = Text("this is no database of fourc", "这不是 fourc 的数据库")


class Database:
    """A database of advisories; `about` is what it says of itself, `digest` the SHA-256 that ends the file (hex).

    `dictionaries` are what zstd has learnt of the rows of packages, and of details.
    The seal says that the file is as somebody built it, not that fourc did: whatever is asked may raise `DatabaseError`.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, digest: str) -> None:
        self.path = path
        self.digest = digest
        self._connection = connection
        self._ask = connection.cursor()  # one for all questions: a new one for each costs as much as the answer
        self._plain = zstandard.ZstdDecompressor()
        self._blocks: dict[int, dict[str, msgspec.Raw]] = {}
        self._scores: dict[int, bytes] = {}
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            # a view or a trigger of that name could be anything
            objects = set(connection.execute("SELECT type, name FROM sqlite_master"))
            facts = dict(connection.execute("SELECT name, data FROM fact WHERE name <> 'exploited'"))
            self.about = _about.decode(facts.get("about", b""))
            if objects != {("table", name) for name in rows.NAMES}:
                raise self._foreign()
            if self.about.schema > rows.SCHEMA:
                raise newer(path)
            self.dictionaries: tuple[bytes, bytes] = (
                facts.get("package dictionary") or b"",
                facts.get("detail dictionary") or b"",
            )
            self._by_package, self._by_detail = (
                zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(data)) if data else self._plain
                for data in self.dictionaries
            )
        except (sqlite3.Error, msgspec.DecodeError, zstandard.ZstdError, TypeError, ValueError) as error:
            raise self._foreign() from error
        self._held = frozenset(one.ecosystem for one in self.about.coverage)

    @classmethod
    def open(cls, path: Path, public_key: bytes | None = None) -> "Database":
        """Open a database after every byte of it was checked.

        `public_key` (32 bytes of an Ed25519 key) asks for its owner's signature too.

        Raises:
            DatabaseError: the file is none, is damaged, newer than this fourc, or not signed by whom it should be.
        """
        digest = check(path, public_key)
        try:
            connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)
        except sqlite3.Error as error:
            raise failed(_FOREIGN, path) from error
        try:
            return cls(path, connection, digest)
        except DatabaseError:
            connection.close()
            raise

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()

    def ecosystems(self) -> tuple[str, ...]:
        """The base names of the ecosystems that are held, in order."""
        return tuple(sorted({split(name)[0] for name in self._held}))

    def holds(self, ecosystem: str) -> bool:
        """Whether anything is known of an ecosystem; of a distribution, whether of this release."""
        base, release = split(ecosystem)
        if not release:
            return any(split(name)[0] == base for name in self._held)
        return base in self._held or f"{base}:{release}" in self._held

    def entries(self, base: str, name: str) -> tuple[rows.Entry, ...]:
        """The vulnerabilities of a package: base name of its ecosystem, its name as `named` has it."""
        data = self._row("SELECT data FROM package WHERE ecosystem = ? AND name = ?", (base, name), self._by_package)
        return () if data is None else self._decoded(_entries, data)

    def detail(self, scope: str, identifier: str) -> rows.Detail:
        """What a vulnerability is; `scope` is the distribution whose it is, empty for all others."""
        block = rows.block_of(scope, identifier, self.about.blocks)
        if block not in self._blocks:
            data = self._row("SELECT data FROM detail WHERE block = ?", (block,), self._by_detail)
            self._blocks[block] = self._decoded(_block, data or b"\x80")
        return self._decoded(_detail, self._blocks[block].get(f"{scope}/{identifier}", b""))

    def epss(self, cve: str) -> float | None:
        """The chance that a CVE is exploited within 30 days, None where nobody has computed it."""
        _, year, number = (*cve.split("-", 2), "", "")[:3]
        if not cve.startswith("CVE-") or not (year.isdecimal() and number.isdecimal()) or len(year + number) > 16:
            return None
        block = rows.score_block(int(year), int(number))
        if block not in self._scores:
            self._scores[block] = self._row("SELECT data FROM score WHERE block = ?", (block,), self._plain) or b""
        value = int.from_bytes(self._scores[block][int(number) % rows.SCORES :: rows.SCORES], "little")
        return (value - 1) / 100_000 if value else None

    @cached_property
    def exploited(self) -> dict[str, str]:
        """The day on which CISA listed each CVE that is exploited."""
        data = self._row("SELECT data FROM fact WHERE name = 'exploited'", (), self._plain)
        return self._decoded(_exploited, data or b"\x80")

    def offered(self, ecosystem: str) -> rows.Offered | None:
        """What the security suite of a release offers (`Debian:12`), None where none was read."""
        base, release = split(ecosystem)
        data = self._row("SELECT data FROM offered WHERE ecosystem = ?", (f"{base}:{release}",), self._plain)
        return None if data is None else self._decoded(_offered, data)

    def _row(self, query: str, values: tuple[object, ...], decompressor: zstandard.ZstdDecompressor) -> bytes | None:
        """The one row's bytes, unpacked."""
        try:
            row = self._ask.execute(query, values).fetchone()
            if row is None:
                return None
            data: bytes = row[0]
            body = data[1:]
            if data[0] == rows.PLAIN[0]:
                return body
            if zstandard.frame_content_size(body) > _ROW_BYTES:
                raise self._foreign()
            return decompressor.decompress(body, max_output_size=_ROW_BYTES)
        except (sqlite3.Error, zstandard.ZstdError, TypeError, IndexError, UnicodeError) as error:
            raise self._foreign() from error

    def _decoded(self, decoder: msgspec.msgpack.Decoder[T], data: bytes | msgspec.Raw) -> T:
        try:
            return decoder.decode(data)
        except (msgspec.DecodeError, RecursionError) as error:
            raise self._foreign() from error

    def _foreign(self) -> DatabaseError:
        return failed(_FOREIGN, self.path)
