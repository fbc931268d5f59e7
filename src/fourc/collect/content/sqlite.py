"""Texts in an SQLite file: rows as lines `column: value`, read from a copy in memory that cannot run anything.

A schema can be hostile: only plain tables are read, by name and column, with an authorizer that allows nothing else.
"""

import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from fourc.collect.content.blob import Blob
from fourc.collect.content.inside import Allowance
from fourc.collect.gaps import file_gap
from fourc.collect.limits import MIB
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

_VALUE_BYTES = MIB
_TEXT_BYTES = MIB
_TABLES = 1000
_STEPS = 100_000
_SECONDS = 10.0
_PAGE_SIZE = slice(16, 18)
_VERSIONS = slice(18, 20)
_ROLLBACK = b"\1\1"
_WAL_HEADER = 32
_FRAME_HEADER = 24
_WAL_MAGICS = frozenset({0x377F0682, 0x377F0683})
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})

_BAD = Text("the database is broken: {why}", "数据库已损坏：{why}")
_REPAIR = Text("dump it with sqlite3 and scan the text", "请用 sqlite3 导出后扫描文本")
_MANY = Text("more than {limit} tables; the rest was not read", "超过 {limit} 个表；其余没有读取")
_LARGE = Text("values of more than {limit} MB were not read", "超过 {limit} MB 的值没有读取")


def tables(shown: str, data: bytes, allowance: Allowance, wal: bytes = b"") -> Iterator[Blob | Gap]:
    """The texts of every table, about a megabyte at a time; `wal` is what lies beside the file as `-wal`."""
    try:
        with opened(data, wal) as database:
            yield from _tables(shown, database, allowance)
    except (sqlite3.Error, sqlite3.Warning, OverflowError, MemoryError) as error:
        yield file_gap(GapReason.MALFORMED, shown, _BAD.of(why=str(error)), _REPAIR)


@contextmanager
def opened(data: bytes, wal: bytes = b"") -> Iterator[sqlite3.Connection]:
    """A copy of the file in memory, with what its write-ahead log holds; only plain columns can be read, as bytes.

    Raises:
        sqlite3.Error, sqlite3.Warning, OverflowError, MemoryError: the file is broken.
    """
    page = int.from_bytes(data[_PAGE_SIZE], "big")
    page = 65536 if page == 1 else page
    whole = bytearray(data)
    if page >= 512:
        _apply(whole, wal, page)
    whole[_VERSIONS] = _ROLLBACK  # in memory there is no log beside it
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(whole)
        del whole
        _harden(database)
        yield database


def _apply(data: bytearray, wal: bytes, page: int) -> None:
    """Write the committed pages of a write-ahead log over the file's (https://www.sqlite.org/fileformat.html, 4)."""
    if len(wal) < _WAL_HEADER or struct.unpack_from(">L", wal)[0] not in _WAL_MAGICS:
        return
    salt = wal[16:24]
    waiting: list[tuple[int, int]] = []
    for at in range(_WAL_HEADER, len(wal) - _FRAME_HEADER - page + 1, _FRAME_HEADER + page):
        number, committed = struct.unpack_from(">LL", wal, at)
        if wal[at + 8 : at + 16] != salt or not number:
            break  # what is left of an earlier log
        waiting.append((number, at + _FRAME_HEADER))
        if not committed:
            continue
        if committed * page > len(data) + len(wal):
            return  # no honest log makes it larger than all there is
        data.extend(bytes(max(0, committed * page - len(data))))
        for its, start in waiting:
            if its <= committed:
                data[(its - 1) * page : its * page] = wal[start : start + page]
        del data[committed * page :]
        waiting.clear()


def _harden(database: sqlite3.Connection) -> None:
    database.text_factory = bytes
    database.execute("PRAGMA trusted_schema=OFF")
    database.execute("PRAGMA cell_size_check=ON")
    database.execute("PRAGMA query_only=ON")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 64 * MIB)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    deadline = time.monotonic() + _SECONDS
    database.set_progress_handler(lambda: int(time.monotonic() > deadline), _STEPS)
    database.set_authorizer(_allowed)


def _allowed(action: int, what: str | None, *_: str | None) -> int:
    columns = action == sqlite3.SQLITE_PRAGMA and what == "table_info"
    return sqlite3.SQLITE_OK if columns or action in _ALLOWED else sqlite3.SQLITE_DENY


def _tables(shown: str, database: sqlite3.Connection, allowance: Allowance) -> Iterator[Blob | Gap]:
    listing = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY rowid"
    names = [_name(row[0]) for row in database.execute(listing).fetchmany(_TABLES + 1)]
    if len(names) > _TABLES:
        yield file_gap(GapReason.TOO_LARGE, shown, _MANY.of(limit=_TABLES), _REPAIR)
    for name in names[:_TABLES]:
        allowance.member()
        place = f"{shown}!{name}"
        try:
            yield from _texts(place, database, name, allowance)
        except (sqlite3.Error, sqlite3.Warning) as error:
            yield file_gap(GapReason.MALFORMED, place, _BAD.of(why=str(error)), _REPAIR)


def _texts(shown: str, database: sqlite3.Connection, name: str, allowance: Allowance) -> Iterator[Blob | Gap]:
    # without those that are computed, by functions of the schema's choice
    columns = [row[1] for row in database.execute(f"PRAGMA main.table_info({_quoted(name)})")]
    selected = ", ".join(_quoted(_name(column)) for column in columns)
    rows = database.execute(f"SELECT {selected} FROM main.{_quoted(name)}")  # noqa: S608 - no name can be a parameter
    text = bytearray()
    line = 1
    left_out = False
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            if not isinstance(value, bytes) or not value:
                continue
            allowance.spend(len(value))
            if len(value) > _VALUE_BYTES:
                left_out = True
            elif _is_text(value):
                text += column + b": " + value + b"\n"
        if len(text) > _TEXT_BYTES:
            yield Blob(shown, bytes(text), lines_from=line)
            line += text.count(b"\n")
            text.clear()
    if text:
        yield Blob(shown, bytes(text), lines_from=line)
    if left_out:
        yield file_gap(GapReason.TOO_LARGE, shown, _LARGE.of(limit=_VALUE_BYTES // MIB), _REPAIR)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in value


def _name(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
