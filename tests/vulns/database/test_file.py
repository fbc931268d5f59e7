"""A database is believed only where every byte is as it was built."""

import hashlib
import json
import os
import sqlite3
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.vulns.osv import record

from fourc.model.package import Package
from fourc.vulns.database import Database, DatabaseError, rows
from fourc.vulns.database.build import build
from fourc.vulns.database.file import seal
from fourc.vulns.match import match

KEY = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A small database."""
    return build([("a.json", json.dumps(record()).encode())], tmp_path / "fourc.db").path


def refused(path: Path, public_key: bytes | None = None) -> str:
    """What is said of a file that is not opened."""
    with pytest.raises(DatabaseError) as caught:
        Database.open(path, public_key)
    assert caught.value.hint is not None
    return caught.value.message.en.removeprefix(f"{path}: ")


def test_a_bit_that_differs_anywhere_is_found(made: Path) -> None:
    whole = made.read_bytes()
    step = max(1, len(whole) // 97)
    for at in (*range(0, len(whole), step), *range(len(whole) - 130, len(whole))):
        made.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert "damaged" in (said := refused(made)) or "no database" in said, at
    made.write_bytes(whole)
    assert Database.open(made).about.vulnerabilities == 1


@pytest.mark.parametrize("left", [0, 1, 50, 120, 4096, -1, -32, -120, -4096])
def test_a_torn_file_is_refused(made: Path, left: int) -> None:
    made.write_bytes(made.read_bytes()[:left])
    assert "damaged" in (said := refused(made)) or "no database" in said


def test_more_bytes_behind_the_end_are_refused(made: Path) -> None:
    made.write_bytes(made.read_bytes() + b"x")
    assert refused(made) == "this is no database of fourc, or its end is missing"


def test_somebody_elses_sqlite_file_is_refused_sealed_or_not(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE fact (name TEXT, data BLOB)")
    connection.commit()
    connection.close()
    image = path.read_bytes()
    assert refused(path) == "this is no database of fourc, or its end is missing"
    path.write_bytes(image + seal(image, None))
    assert refused(path) == "this is no database of fourc"


def test_views_in_place_of_tables_are_refused(made: Path) -> None:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(made.read_bytes()[: -(88 + 32)])
    connection.execute("DROP TABLE package")
    connection.execute(
        "CREATE VIEW package AS WITH RECURSIVE t(data) AS (SELECT 1 UNION ALL SELECT 1 FROM t) SELECT * FROM t"
    )
    connection.commit()
    image = connection.serialize()
    made.write_bytes(image + seal(image, None))
    assert refused(made) == "this is no database of fourc"


def test_rows_that_are_no_rows_are_an_error_with_a_hint(made: Path) -> None:
    for table, data in (
        ("package", rows.PLAIN + b"\xc1"),
        ("package", rows.PACKED + b"(\xb5/\xfd"),
        ("detail", b"\x00\x80"),
    ):
        connection = sqlite3.connect(":memory:")
        connection.deserialize(made.read_bytes()[: -(88 + 32)])
        connection.execute(f"UPDATE {table} SET data = ?", (data,))  # noqa: S608 - names of our own
        connection.commit()
        image = connection.serialize()
        path = made.with_name(f"{table}.db")
        path.write_bytes(image + seal(image, None))
        with pytest.raises(DatabaseError, match="no database of fourc"):
            match(Database.open(path), [Package("npm", "left-pad", "1.0.0")])


def test_a_newer_schema_asks_for_a_newer_fourc(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "SCHEMA", rows.SCHEMA + 1)
    newer = build([("a.json", json.dumps(record()).encode())], made).path
    monkeypatch.undo()
    with pytest.raises(DatabaseError, match="newer fourc") as caught:
        Database.open(newer)
    assert caught.value.hint is not None
    assert caught.value.hint.en == "upgrade fourc"


@pytest.mark.parametrize("kind", ["absent", "folder", "pipe", "text"])
def test_what_is_no_file_of_this_kind_is_an_error(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.db"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "text":
        path.write_text("hello" * 1000)
    assert refused(path)


def test_a_signature_is_its_owners_and_nobody_elses(tmp_path: Path) -> None:
    given = [("a.json", json.dumps(record()).encode())]
    signed = build(given, tmp_path / "signed.db", sign_key=KEY).path
    plain = build(given, tmp_path / "plain.db").path
    assert Database.open(signed, PUBLIC).about == Database.open(plain).about
    assert refused(signed, OTHER) == "the signature is of another key"
    assert refused(plain, PUBLIC) == "nobody signed this database"
    assert refused(signed, b"short") == "the key is not one of Ed25519 (32 bytes)"


def test_a_signature_does_not_vouch_for_another_image(tmp_path: Path) -> None:
    signed = build([("a.json", json.dumps(record()).encode())], tmp_path / "a.db", sign_key=KEY).path.read_bytes()
    other = build([("a.json", json.dumps(record(name="x")).encode())], tmp_path / "b.db").path
    image = other.read_bytes()[: -(88 + 32)]
    forged = bytearray(seal(image, None))
    forged[24:88] = signed[-96:-32]
    forged[88:] = hashlib.sha256(image + bytes(forged[:88])).digest()
    other.write_bytes(image + bytes(forged))
    assert Database.open(other).about.packages == 1
    assert refused(other, PUBLIC) == "the signature is of another key"


def test_nothing_lies_beside_the_database_and_reading_writes_nothing(made: Path) -> None:
    made.chmod(0o444)
    base = Database.open(made)
    match(base, [Package("npm", "left-pad", "1.0.0")])
    base.close()
    assert [path.name for path in made.parent.iterdir()] == ["fourc.db"]


def test_where_it_cannot_be_written_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(DatabaseError, match="cannot be written"):
        build([("a.json", json.dumps(record("GHSA-0001")).encode())], tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
