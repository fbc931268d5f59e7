"""rpm databases of all three formats hold what rpm itself lists."""

import sqlite3
import subprocess
from pathlib import Path
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collect.system.rpm_files import QUERY, bdb, header, installed_root, ndb, package, rpm

from fourc.collect.packages.form import PackagesError
from fourc.collect.system.rpm import read_rpm
from fourc.collect.system.rpm_header import read_header
from fourc.model.package import Distribution, Package, SourcePackage

BASH = package("bash", "5.1.8", "6.el9", arch="x86_64", source="bash-5.1.8-6.el9.src.rpm", license="GPLv3+")
NODE = package(
    "nodejs", "18.19.1", "1.module+el9", epoch=1, arch="x86_64", modularity="nodejs:18:9030020240301:rhel9:x86_64"
)
KEY = package("gpg-pubkey", "8483c65d", "5ccc5b19")
LARGE = header({1000: "big", 1001: "1", 1002: "2", 1004: "x" * 40_000})
HEADERS = (BASH, NODE, KEY, LARGE)
ALMA = Distribution("almalinux", "9.3")


def names_of(data: bytes) -> list[tuple[str, str]]:
    return sorted((p.name, p.version) for p in read_rpm("db", data, ALMA).listing.packages)


EXPECTED = [("bash", "5.1.8-6.el9"), ("big", "1-2"), ("nodejs", "1:18.19.1-1.module+el9")]


def test_a_header_gives_the_package_as_osv_names_it() -> None:
    read = read_header(BASH, "AlmaLinux:9")
    assert read is not None
    assert read.package == Package(
        "AlmaLinux:9",
        "bash",
        "5.1.8-6.el9",
        source=SourcePackage("bash", "5.1.8-6.el9"),
        architecture="x86_64",
        licences=("GPLv3+",),
    )


def test_keys_are_no_packages_and_modules_are_told() -> None:
    told = read_rpm("Packages.db", ndb(HEADERS), ALMA)
    assert [p.name for p in told.listing.packages] == ["bash", "nodejs", "big"]
    assert told.modules == {1: "nodejs:18"}


def test_the_newer_format_of_rpm_is_read() -> None:
    assert names_of(ndb(HEADERS)) == EXPECTED


def test_what_berkeley_db_wrote_is_read_in_pages_and_off_them(tmp_path: Path) -> None:
    assert names_of(bdb(HEADERS, tmp_path)) == EXPECTED


def sqlite_of(headers: tuple[bytes, ...], path: Path) -> bytes:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
        database.executemany("INSERT INTO Packages (blob) VALUES (?)", [(its,) for its in headers])
    database.close()
    return path.read_bytes()


def test_an_sqlite_database_is_read(tmp_path: Path) -> None:
    assert names_of(sqlite_of(HEADERS, tmp_path / "rpmdb.sqlite")) == EXPECTED


def test_what_only_the_log_beside_the_database_holds_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "rpmdb.sqlite"
    sqlite_of((BASH,), path)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("INSERT INTO Packages (blob) VALUES (?)", (NODE,))
    data, wal = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    database.close()
    assert [p.name for p in read_rpm("rpmdb.sqlite", data, ALMA, wal).listing.packages] == ["bash", "nodejs"]


def test_rpm_lists_the_same(tmp_path: Path) -> None:
    root = installed_root(tmp_path, [("one", "1.2", "3.el9", 0), ("two", "2.0~rc1", "1.el9_2", 4)])
    listed = subprocess.run([*rpm(root), "-qa", "--qf", QUERY], check=True, capture_output=True, text=True).stdout
    folder = root / "var" / "lib" / "rpm"
    data, wal = (folder / "rpmdb.sqlite").read_bytes(), (folder / "rpmdb.sqlite-wal").read_bytes()
    told = read_rpm("rpmdb.sqlite", data, ALMA, wal)
    assert {
        f"{p.name}|{p.version}|{p.architecture}"
        f"|{p.source.name}-{p.source.version.rpartition(':')[2]}.src.rpm|{p.licences[0]}"
        for p in told.listing.packages
        if p.source
    } == set(listed.splitlines())


@pytest.mark.parametrize(
    ("headers", "distribution"),
    [
        ((BASH, package("almalinux-release", "8.9", "1.el8")), Distribution("almalinux", "8.9")),
        ((BASH, package("redhat-release-server", "7.9", "1")), Distribution("rhel", "7.9")),
        (
            (package("a", vendor="OpenAnolis"), package("b", vendor="OpenAnolis"), package("c")),
            Distribution("anolis", ""),
        ),
        ((BASH,), None),
    ],
)
def test_a_database_alone_says_by_its_packages_where_it_is_from(
    headers: tuple[bytes, ...], distribution: Distribution | None
) -> None:
    assert read_rpm("Packages.db", ndb(headers)).listing.distribution == distribution


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        pack(">II", 0, 0),
        pack(">II", 0xFFFFFFFF, 0xFFFFFFFF),
        pack(">II", 2, 0xFFFFFFFF) + bytes(32),
        BASH[:-10],
        header({1000: "nameless-version"}),
        pack(">II", 1, 4) + pack(">IIII", 1000, 6, 0xFFFFFFF0, 1) + b"abcd",
    ],
)
def test_headers_that_lie_are_broken(blob: bytes) -> None:
    with pytest.raises(PackagesError, match="header of a package is broken"):
        read_header(blob, "AlmaLinux:9")


def test_slots_that_share_their_bytes_are_broken() -> None:
    data = bytearray(ndb((LARGE,)))
    data[48:4096] = data[32:48] * ((4096 - 48) // 16)
    with pytest.raises(PackagesError, match="overlap"):
        read_rpm("Packages.db", bytes(data))


def test_overflow_pages_in_a_circle_are_broken(tmp_path: Path) -> None:
    data = bytearray(bdb((LARGE,), tmp_path))
    chain = [at for at in range(0, len(data), 4096) if data[at + 25] == 7]
    data[chain[1] + 16 : chain[1] + 20] = pack("<I", chain[0] // 4096)
    with pytest.raises(PackagesError, match="circle"):
        read_rpm("Packages", bytes(data))


@pytest.mark.parametrize("data", [b"", b"RpmP", b"SQLite format 3\0", b"SQLite format 3\0" + bytes(4096), b"x" * 600])
def test_what_is_no_database_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(PackagesError):
        read_rpm("Packages", data)


@given(st.data())
def test_damaged_databases_are_broken_or_read_never_more(data: st.DataObject) -> None:
    whole = bytearray(ndb(HEADERS[:3]))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, 160) | st.integers(4096, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        told = read_rpm("Packages.db", bytes(whole), ALMA)
    except PackagesError:
        return
    assert all(p.name and p.version for p in told.listing.packages)


def test_damaged_hash_files_are_broken_or_read_never_more(tmp_path: Path) -> None:
    whole = bdb(HEADERS, tmp_path)

    @given(st.lists(st.tuples(st.integers(12, len(whole) - 1), st.integers(0, 255)), min_size=1, max_size=8))
    def damaged(changes: list[tuple[int, int]]) -> None:
        data = bytearray(whole)
        for at, value in changes:
            data[at] = value
        try:
            told = read_rpm("Packages", bytes(data), ALMA)
        except PackagesError:
            return
        assert all(p.name and p.version for p in told.listing.packages)

    damaged()
