"""What lies in archives, databases and notebooks is read at any depth; what is not read is a gap; nothing takes long."""

import bz2
import gzip
import io
import json
import lzma
import sqlite3
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.collect.content.repositories import told

from fourc.collect.content.blob import Blob
from fourc.collect.content.inside import LIMITS, inside, inside_file
from fourc.model.gap import Gap

SMALL = replace(
    LIMITS, depth=3, members=20, member_bytes=100_000, total_bytes=300_000, free_bytes=300_000, directory_bytes=5000
)
Members = dict[str, bytes]


def zipped(members: Members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members: Members, *more: tarfile.TarInfo, how: str = "") -> bytes:
    """A tar file, and its headers without content."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{how}", format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in more:
            archive.addfile(info)
    return out.getvalue()


def texts(shown: str, data: bytes, log: bytes = b"") -> dict[str, bytes]:
    """The texts in a file by their shown names."""
    return {part.shown: part.data for part in inside(Blob(shown, data), SMALL, log=log) if isinstance(part, Blob)}


def gaps(shown: str, data: bytes) -> list[tuple[str, str]]:
    """Reason and path of each gap about a file's inside."""
    return told(part for part in inside(Blob(shown, data), SMALL) if isinstance(part, Gap))


def test_a_text_is_itself() -> None:
    blob = Blob("a.txt", b"PK is no archive", lines_from=3)
    assert list(inside(blob)) == [blob]


@pytest.mark.parametrize(
    "packed",
    [zipped, tarred, *(lambda members, how=how: tarred(members, how=how) for how in ("gz", "bz2", "xz"))],
)
def test_members_are_read_by_what_they_are_not_by_the_name_of_the_archive(packed: Callable[[Members], bytes]) -> None:
    inner = zipped({"deep.txt": b"deep"})
    found = texts(
        "lib.dat", packed({"a/b.txt": b"text", "in.jar": inner, "x.sql.gz": gzip.compress(b"sql"), "empty": b""})
    )
    assert found == {
        "lib.dat!a/b.txt": b"text",
        "lib.dat!in.jar!deep.txt": b"deep",
        "lib.dat!x.sql.gz!x.sql": b"sql",
        "lib.dat!empty": b"",
    }


def test_what_lies_in_a_git_blob_has_its_id_and_a_notebook_its_added_lines() -> None:
    added = (range(3, 4),)
    (member,) = inside(Blob("a.zip", zipped({"x": b"1"}), object_id="1" * 40, added=added))
    assert member == Blob("a.zip!x", b"1", object_id="1" * 40)
    parts = [*inside(Blob("n.ipynb", json.dumps(NOTEBOOK, indent=1).encode(), object_id="2" * 40, added=added))]
    assert {(part.object_id, part.added) for part in parts if isinstance(part, Blob)} == {("2" * 40, added)}


def test_a_part_of_a_file_is_no_container() -> None:
    hunk = Blob("n.ipynb", b'"source": [', lines_from=7, added=(range(7, 8),))
    assert list(inside(hunk)) == [hunk]


def test_a_packed_file_is_named_by_its_name_and_may_have_several_streams() -> None:
    assert texts("log.1.gz", gzip.compress(b"one ") + gzip.compress(b"two") + bytes(600)) == {
        "log.1.gz!log.1": b"one two"
    }
    assert texts("a.xz", lzma.compress(b"x")) == {"a.xz!a": b"x"}
    assert texts("d/a.tbz", bz2.compress(b"y")) == {"d/a.tbz!a.tar": b"y"}


def test_names_that_lead_out_are_shown_without_that() -> None:
    members = {"/etc/passwd": b"1", "../../up": b"2", "c:\\win\\x": b"3", "..": b"4"}
    names = {"a!etc/passwd", "a!up", "a!c:/win/x", "a!content"}
    assert texts("a", zipped(members)).keys() == names
    assert texts("a", tarred(members)).keys() == names


def link(kind: bytes) -> tarfile.TarInfo:
    """A member that is no file."""
    info = tarfile.TarInfo("special")
    info.type = kind
    info.linkname = "/etc/shadow"
    return info


def test_links_and_devices_are_no_content() -> None:
    special = [
        link(kind) for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)
    ]
    assert texts("a.tar", tarred({"x": b"1"}, *special)) == {"a.tar!x": b"1"}
    linked = zipfile.ZipInfo("l")
    linked.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(linked, "/etc/shadow")
    assert list(inside(Blob("a.zip", out.getvalue()))) == []


def encrypted() -> bytes:
    """A zip whose member says that it is encrypted."""
    data = bytearray(zipped({"x": b"secret"}))
    for magic, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(magic) + at] |= 1
    return bytes(data)


def unknown_method() -> bytes:
    """A zip whose member is packed in a way that nobody knows."""
    data = bytearray(zipped({"x": b"secret"}))
    for magic, at in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        data[data.index(magic) + at] = 93
    return bytes(data)


def nested(depth: int) -> bytes:
    """Zips in zips."""
    data = b"deep"
    for _ in range(depth):
        data = zipped({"z": data})
    return data


def broken_middle() -> bytes:
    """A zip of which one member's content is wrong."""
    data = bytearray(zipped({"x": b"secret" * 50}, zipfile.ZIP_STORED))
    data[data.index(b"secret") + 3] ^= 255
    return bytes(data)


def endless_header() -> bytes:
    """A packed tar whose extended header would be read into memory at once."""
    info = tarfile.TarInfo("x")
    info.type = tarfile.XHDTYPE
    info.size = 4 << 30
    return info.tobuf(tarfile.USTAR_FORMAT) + bytes(2 << 20)


def hole() -> bytes:
    """A tar whose member has 8 GB, says its header."""
    info = tarfile.TarInfo("x")
    info.size = (1 << 33) - 1
    return info.tobuf() + b"data" + bytes(1020)


@pytest.mark.parametrize(
    ("data", "gap"),
    [
        (encrypted(), ("unsupported", "a!x")),
        (unknown_method(), ("unsupported", "a!x")),
        (broken_middle(), ("malformed", "a!x")),
        (b"PK\3\4 and nothing else", ("malformed", "a")),
        (zipped({"x": b"1" * 50})[:-30], ("malformed", "a")),
        (zipped({"x": bytes(200_000)}), ("too-large", "a!x")),
        (zipped({f"{n}": bytes(90_000) for n in range(5)}), ("too-large", "a")),
        (zipped({f"{n}": b"" for n in range(21)}), ("too-large", "a")),
        (zipped({"n" * 6000: b""}), ("too-large", "a")),
        (nested(4), ("too-large", "a!z!z!z")),
        (gzip.compress(bytes(1 << 24)), ("too-large", "a!a")),
        (bz2.compress(bytes(1 << 24)), ("too-large", "a!a")),
        (lzma.compress(bytes(1 << 24)), ("too-large", "a!a")),
        (gzip.compress(b"x" * 5000)[:-12], ("malformed", "a")),
        (gzip.compress(b"x" * 5000)[:14] + b"\xff" * 20, ("malformed", "a")),
        (tarred({"x": b"1" * 5000})[:2000], ("malformed", "a")),
        (endless_header(), ("too-large", "a")),
        (gzip.compress(endless_header()), ("too-large", "a")),
        (b"\x28\xb5\x2f\xfd....", ("unsupported", "a")),
        (b"7z\xbc\xaf\x27\x1c....", ("unsupported", "a")),
        (b"SQLite format 3\0" + b"\xff" * 3000, ("malformed", "a")),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_is_hostile_or_cannot_be_read_is_one_gap_that_says_so(data: bytes, gap: tuple[str, str]) -> None:
    assert gaps("a", data) == [gap]


def test_of_many_gaps_the_first_are_told_and_the_others_counted() -> None:
    bad = {f"{number:03}.7z": b"7z\xbc\xaf\x27\x1c" for number in range(15)}
    found = [p for p in inside(Blob("a.zip", zipped(bad)), replace(SMALL, gaps=3)) if isinstance(p, Gap)]
    assert [gap.location.path for gap in found if gap.location] == [
        "a.zip!000.7z",
        "a.zip!001.7z",
        "a.zip!002.7z",
        "a.zip",
    ]
    assert found[-1].message.en == "12 more of its files could not be read"


def test_a_member_that_says_that_it_is_huge_is_not_waited_for() -> None:
    assert gaps("a", hole()) == [("too-large", "a!x"), ("malformed", "a")]


def test_members_before_the_broken_one_are_read() -> None:
    data = tarred({"first": b"1", "second": b"2" * 5000}, how="")
    assert texts("a.tar", data[:2500]) == {"a.tar!first": b"1"}


def test_a_large_archive_is_read_from_its_file(tmp_path: Path) -> None:
    for name, data in (("a.zip", zipped({"x": b"1"})), ("a.tgz", tarred({"x": b"1"}, how="gz")), ("a.txt", b"text")):
        (tmp_path / name).write_bytes(data)

    def found(name: str) -> list[str] | None:
        with (tmp_path / name).open("rb") as source:
            parts = inside_file(name, source)
            return None if parts is None else [part.shown for part in parts if isinstance(part, Blob)]

    assert (found("a.zip"), found("a.tgz"), found("a.txt")) == (["a.zip!x"], ["a.tgz!x"], None)


@settings(max_examples=150)
@given(st.data())
def test_no_damage_is_more_than_a_gap(data: st.DataObject) -> None:
    """Whatever bytes are changed, it ends without an error."""
    kinds = [
        zipped({"a": b"x" * 300, "b": b"y"}),
        tarred({"a": b"x" * 300}, how="gz"),
        tarred({"a": b"x" * 300}),
        database(),
    ]
    damaged = bytearray(data.draw(st.sampled_from(kinds)))
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    for part in inside(Blob("a", bytes(damaged[: data.draw(st.integers(1, len(damaged)))])), SMALL):
        assert isinstance(part, Blob | Gap)


def database(*statements: str) -> bytes:
    """A database after these statements."""
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE users (name TEXT, password TEXT, age INT, photo BLOB)")
        connection.execute(
            "INSERT INTO users VALUES ('bob', 'hunter2', 7, x'00ff'), ('eve', NULL, 8, CAST('txt' AS BLOB))"
        )
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return connection.serialize()


USERS = b"name: bob\npassword: hunter2\nname: eve\nphoto: txt\n"


def test_the_texts_of_every_table_are_lines_with_their_columns() -> None:
    more = (
        'CREATE TABLE "a ""b" (k TEXT)',
        'INSERT INTO "a ""b" VALUES (\'v\')',
        "CREATE VIEW seen AS SELECT * FROM users",
    )
    assert texts("x.db", database(*more)) == {"x.db!users": USERS, 'x.db!a "b': b"k: v\n"}


def test_a_schema_that_wants_to_run_something_does_not() -> None:
    """A generated column and a virtual table would call functions of the schema's choice."""
    data = database(
        "CREATE TABLE g (a TEXT, b TEXT GENERATED ALWAYS AS (hex(a)) VIRTUAL)",
        "INSERT INTO g (a) VALUES ('v')",
        "CREATE VIRTUAL TABLE f USING fts5(body)",
    )
    found = texts("x.db", data)
    assert (found["x.db!users"], found["x.db!g"]) == (USERS, b"a: v\n")
    assert "x.db!f" not in found
    assert gaps("x.db", data) == []


def test_what_is_only_in_the_write_ahead_log_is_read(tmp_path: Path) -> None:
    file = tmp_path / "x.db"
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (a TEXT)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("INSERT INTO t VALUES ('new')")
        data, log = file.read_bytes(), (tmp_path / "x.db-wal").read_bytes()
    finally:
        connection.close()
    assert texts("x.db", data) == {}
    assert texts("x.db", data, log) == {"x.db!t": b"a: new\n"}
    lying = bytearray(log)
    struct.pack_into(">L", lying, 32 + 4, 0xFFFFFFFF)  # a database of 16 TB
    assert texts("x.db", data, bytes(lying)) == {}


def test_a_large_table_comes_in_parts_that_count_on() -> None:
    rows = "INSERT INTO users SELECT 'n', printf('%.*c', 600000, 'x'), 1, NULL FROM (VALUES (1), (2), (3), (4))"
    parts = [part for part in inside(Blob("x.db", database(rows))) if isinstance(part, Blob)]
    assert [(part.shown, part.lines_from) for part in parts] == [("x.db!users", 1), ("x.db!users", 9)]


NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": ["hi\n", "there"]},
                {"output_type": "display_data", "data": {"image/png": "QUtJQQ==", "text/html": "<b>\n</b>"}},
                {"output_type": "error", "ename": "E", "evalue": "bad", "traceback": ["one", "two"]},
            ],
            "source": ["a = 1\n", 'key = "k"\n'],
        },
        {"cell_type": "markdown", "source": "-----BEGIN\nEND"},
    ],
    "metadata": {"token": "in metadata"},
}


def test_a_notebook_is_its_cells_with_the_lines_of_the_file_and_the_rest_without_pictures() -> None:
    text = json.dumps(NOTEBOOK, indent=1)
    rows = text.split("\n")
    parts = [part for part in inside(Blob("n.ipynb", text.encode())) if isinstance(part, Blob)]
    assert {part.shown: part.data for part in parts[:-1]} == {
        "n.ipynb!cell 1 output 1": b"hi\nthere",
        "n.ipynb!cell 1 output 2 text/html": b"<b>\n</b>",
        "n.ipynb!cell 1 output 3 evalue": b"bad",
        "n.ipynb!cell 1 output 3 traceback": b"one\ntwo",
        "n.ipynb!cell 1": b'a = 1\nkey = "k"\n',
        "n.ipynb!cell 2": b"-----BEGIN\nEND",
    }
    for part in parts[:-1]:
        for number, line in enumerate(part.data.decode().split("\n"), 1):
            assert json.dumps(line)[1:-1] in rows[part.line(number) - 1]
    rest = parts[-1].data.decode()
    assert json.loads(rest)["metadata"] == {"token": "in metadata"}
    assert "QUtJQQ" not in rest
    assert [len(row) for row in rest.split("\n")] == [len(row) for row in rows]


@pytest.mark.parametrize("text", ["{", '{"cells": [}', "[" * 500, '{"a": "\xff"}', '{"a": "x'])
def test_a_notebook_that_is_no_json_is_read_as_text_and_said_so(text: str) -> None:
    data = text.encode("latin-1")
    assert texts("n.ipynb", data) == {"n.ipynb": data}
    assert gaps("n.ipynb", data) == [("malformed", "n.ipynb")]
