"""What dpkg's database says is what dpkg-query lists."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.collect.packages.form import PackagesError
from fourc.collect.system.dpkg import read_status, read_status_folder
from fourc.model.package import Distribution, SourcePackage

STATUS = b"""Package: openssl
Status: install ok installed
Priority: optional
Architecture: amd64
Multi-Arch: foreign
Version: 3.0.11-1~deb12u2
Description: Secure Sockets Layer toolkit
 Version: 9 in a description is none

Package: libc6
Status: hold ok installed
Architecture: i386
Source: glibc (2.36-9)
Version: 2.36-9+deb12u4

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1.0

Package: never
Status: purge ok not-installed
Architecture: amd64

Package: waiting
Status: install ok triggers-pending
Architecture: all
Source: wait
Version: 2:1-1
"""
BOOKWORM = Distribution("debian", "12")


def test_removed_packages_are_left_out_and_held_ones_are_not() -> None:
    told = read_status("var/lib/dpkg/status", STATUS, BOOKWORM)
    assert [(p.name, p.version, p.architecture) for p in told.listing.packages] == [
        ("openssl", "3.0.11-1~deb12u2", "amd64"),
        ("libc6", "2.36-9+deb12u4", "i386"),
        ("waiting", "2:1-1", "all"),
    ]
    assert [told.listing.packages[at].name for at in told.held] == ["libc6"]
    assert {p.ecosystem for p in told.listing.packages} == {"Debian:12"}


def test_the_source_is_the_packages_own_where_it_says_nothing_else() -> None:
    packages = read_status("status", STATUS).listing.packages
    assert [p.source for p in packages] == [
        SourcePackage("openssl", "3.0.11-1~deb12u2"),
        SourcePackage("glibc", "2.36-9"),
        SourcePackage("wait", "2:1-1"),
    ]


def test_a_package_is_found_again_at_its_line() -> None:
    lines = STATUS.decode().split("\n")
    packages = read_status("status", STATUS).listing.packages
    assert [lines[p.line - 1] for p in packages] == ["Package: openssl", "Package: libc6", "Package: waiting"]


def test_distroless_images_have_a_file_for_each_package_and_sums_beside_it() -> None:
    files = {
        "var/lib/dpkg/status.d/base": b"Package: base-files\nVersion: 12.4+deb12u5\nArchitecture: amd64\n",
        "var/lib/dpkg/status.d/base.md5sums": b"Package: not-one\nVersion: 1\n",
        "var/lib/dpkg/status.d/tzdata": b"Package: tzdata\nSource: tz\nVersion: 2024a-0+deb12u1\n",
    }
    told = read_status_folder("var/lib/dpkg/status.d", ["tzdata", "base", "base.md5sums"], files.get, BOOKWORM)
    assert [(p.name, p.path) for p in told.listing.packages] == [
        ("base-files", "var/lib/dpkg/status.d/base"),
        ("tzdata", "var/lib/dpkg/status.d/tzdata"),
    ]


@pytest.mark.parametrize(
    "data", [b"Package: a\nStatus: install ok installed\n\n", b"Status: install ok installed\nVersion: 1\n"]
)
def test_a_package_without_name_or_version_makes_the_database_broken(data: bytes) -> None:
    with pytest.raises(PackagesError, match="without a name or a version"):
        read_status("status", data)


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="needs dpkg-query")
def test_this_machines_own_database_is_read_as_dpkg_reads_it() -> None:
    form = "${db:Status-Status}|${Package}|${Version}|${Architecture}|${source:Package}|${source:Version}\n"
    listed = subprocess.run(["dpkg-query", "-W", "-f", form], capture_output=True, text=True, check=True).stdout
    expected = {tuple(line.split("|")[1:]) for line in listed.splitlines() if line.startswith("installed|")}
    path = Path("/var/lib/dpkg/status")
    if not path.exists():
        pytest.skip("needs dpkg's database")
    told = read_status("status", path.read_bytes())
    assert {
        (p.name, p.version, p.architecture, p.source.name, p.source.version) for p in told.listing.packages if p.source
    } == expected


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_in_another_way(data: bytes) -> None:
    for text in (data, b"Package: a\nVersion: 1\n" + data):
        try:
            told = read_status("status", text)
        except PackagesError:
            continue
        assert all(p.name and p.version for p in told.listing.packages)
