"""What a file system's own files say of it, for nodes and for images."""

from tests.collect.system.rpm_files import ndb, package

from fourc.collect.system.databases import is_wanted, read_alone, read_system
from fourc.collect.system.tree import Files
from fourc.model.gap import GapReason

OS = {"etc/os-release": b'ID="almalinux"\nVERSION_ID="9.3"\n'}
RPMS = ndb((package("bash"),))


def test_a_database_is_read_under_the_distribution_that_the_root_says() -> None:
    system = read_system(Files(OS | {"usr/lib/sysimage/rpm/Packages.db": RPMS}))
    assert [(d.listing.path, p.ecosystem, p.name) for d in system.databases for p in d.listing.packages] == [
        ("usr/lib/sysimage/rpm/Packages.db", "AlmaLinux:9", "bash")
    ]


def test_the_same_database_under_two_names_is_read_once() -> None:
    both = {"usr/lib/sysimage/rpm/Packages.db": RPMS, "var/lib/rpm/Packages.db": RPMS}
    assert [d.listing.path for d in read_system(Files(OS | both)).databases] == ["usr/lib/sysimage/rpm/Packages.db"]


def test_a_broken_database_is_a_gap_and_hides_no_other() -> None:
    files = {"var/lib/rpm/Packages": b"x" * 600, "var/lib/dpkg/status.d/a": b"Package: a\nVersion: 1\n"}
    system = read_system(Files(files))
    assert [(g.reason, g.location.path if g.location else "") for g in system.gaps] == [
        (GapReason.MALFORMED, "var/lib/rpm/Packages")
    ]
    assert [p.name for d in system.databases for p in d.listing.packages] == ["a"]


def test_every_file_that_is_read_is_one_that_an_image_is_asked_to_keep() -> None:
    asked: list[str] = []

    class Watched(Files):
        def read(self, path: str) -> bytes | None:
            asked.append(path)
            return super().read(path)

    read_system(Watched({"var/lib/dpkg/status.d/a": b"Package: a\nVersion: 1\n", "var/lib/rpm/rpmdb.sqlite": b"x"}))
    assert "var/lib/rpm/rpmdb.sqlite-wal" in asked
    assert [path for path in asked if not is_wanted(path)] == []


def test_a_database_alone_is_told_by_its_bytes() -> None:
    for data, form in (
        (b"Package: a\nVersion: 1\n", "dpkg"),
        (b"C:Q1x=\nP:a\nV:1\n", "apk"),
        (ndb((package("a"),)), "rpm"),
    ):
        listing = read_alone("db", Files({}), data).listing
        assert (listing.form, [p.name for p in listing.packages]) == (form, ["a"])
