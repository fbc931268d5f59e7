"""An open database: read-only, checked, asked by name."""

import sqlite3
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import msgspec
import zstandard

from fourc.text import Text
from fourc.vulns.advisories.ecosystems import split
from fourc.vulns.database import rows
from fourc.vulns.database.file import check, failed, newer

_TOO_LARGE = 64 << 20
_entries = msgspec.msgpack.Decoder(tuple[rows.Entry, ...])
_details = msgspec.msgpack.Decoder(dict[str, rows.Detail])
_about = msgspec.msgpack.Decoder(rows.About)
_exploited = msgspec.msgpack.Decoder(dict[str, str])
_offered = msgspec.msgpack.Decoder(rows.Offered)
_FOREIGN = Text("this is no database of fourc", "这不是 fourc 的数据库")


class Database:
    """A database of advisories; `about` is what it says of itself, `digest` the SHA-256 that ends the file (hex).

    `dictionary` is what zstd has learnt of the rows of packages.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, digest: str) -> None:
        self.path = path
        self.digest = digest
        self._connection = connection
        self._plain = zstandard.ZstdDecompressor()
        self._blocks: dict[int, dict[str, rows.Detail]] = {}
        self._scores: dict[int, bytes] = {}
        try:
            facts = dict(connection.execute("SELECT name, data FROM fact WHERE name IN ('about', 'dictionary')"))
            self.about = _about.decode(facts.get("about", b""))
        except (sqlite3.Error, msgspec.DecodeError) as error:
            raise failed(_FOREIGN, path) from error
        if self.about.schema != rows.SCHEMA:
            raise newer(path)
        self.dictionary: bytes = facts.get("dictionary") or b""
        self._trained = (
            zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(self.dictionary))
            if self.dictionary
            else self._plain
        )
        self._held = frozenset(one.ecosystem for one in self.about.coverage)

    @classmethod
    def open(cls, path: Path, public_key: bytes | None = None) -> "Database":
        """Open a database after every byte of it was checked.

        `public_key` (32 bytes of an Ed25519 key) asks for its owner's signature too. Raises `DatabaseError`.
        """
        digest = check(path, public_key)
        try:
            connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)
        except sqlite3.Error as error:
            raise failed(_FOREIGN, path) from error
        try:
            return cls(path, connection, digest)
        except BaseException:
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

    def entries(self, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[rows.Entry, ...]]:
        """The vulnerabilities of packages (base name of the ecosystem, name as `named` has it), of those that have any."""
        found: dict[tuple[str, str], tuple[rows.Entry, ...]] = {}
        ask = self._connection.cursor()
        for at in dict.fromkeys(names):
            row = ask.execute("SELECT data FROM package WHERE ecosystem = ? AND name = ?", at).fetchone()
            if row is not None:
                found[at] = _entries.decode(self._unpacked(row[0], self._trained))
        return found

    def detail(self, scope: str, identifier: str) -> rows.Detail:
        """What a vulnerability is; `scope` is the distribution whose it is, empty for all others."""
        block = rows.block_of(scope, identifier, self.about.blocks)
        if block not in self._blocks:
            row = self._connection.execute("SELECT data FROM detail WHERE block = ?", (block,)).fetchone()
            self._blocks[block] = _details.decode(self._unpacked(row[0], self._plain)) if row else {}
        return self._blocks[block][f"{scope}/{identifier}"]

    def epss(self, cve: str) -> float | None:
        """The chance that a CVE is exploited within 30 days, None where nobody has computed it."""
        _, year, number = (*cve.split("-", 2), "", "")[:3]
        if not cve.startswith("CVE-") or not (year.isdecimal() and number.isdecimal()) or len(year + number) > 16:
            return None
        block = rows.score_block(int(year), int(number))
        if block not in self._scores:
            row = self._connection.execute("SELECT data FROM score WHERE block = ?", (block,)).fetchone()
            self._scores[block] = self._unpacked(row[0], self._plain) if row else b""
        data, at = self._scores[block], int(number) % rows.SCORES
        value = int.from_bytes(data[at :: rows.SCORES], "little")
        return (value - 1) / 100_000 if value else None

    @cached_property
    def exploited(self) -> dict[str, str]:
        """The day on which CISA listed each CVE that is exploited."""
        row = self._connection.execute("SELECT data FROM fact WHERE name = 'exploited'").fetchone()
        return _exploited.decode(self._unpacked(row[0], self._plain)) if row else {}

    def offered(self, ecosystem: str) -> rows.Offered | None:
        """What the security suite of a release offers (`Debian:12`), None where none was read."""
        base, release = split(ecosystem)
        row = self._connection.execute(
            "SELECT data FROM offered WHERE ecosystem = ?", (f"{base}:{release}",)
        ).fetchone()
        return _offered.decode(self._unpacked(row[0], self._plain)) if row else None

    @staticmethod
    def _unpacked(data: bytes, decompressor: zstandard.ZstdDecompressor) -> bytes:
        if data[:1] == rows.PLAIN:
            return data[1:]
        return decompressor.decompress(data[1:], max_output_size=_TOO_LARGE)
