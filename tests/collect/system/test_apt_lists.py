"""Of what apt has fetched the security suites count, whatever they are packed by and called."""

import bz2
import gzip
import lzma
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from fourc.collect.system.apt_lists import security_lists
from fourc.collect.system.offers import Source
from fourc.collect.system.tree import Files
from fourc.collect.system.unpacking import unpacked
from fourc.model.gap import GapReason
from fourc.model.update import Offered

ADVISORIES = Path(os.environ.get("FOURC_ADVISORIES", Path(__file__).parents[4] / "shared" / "data" / "advisories"))
LISTS = "var/lib/apt/lists/"
PACKAGES = b"""Package: openssl
Source: openssl
Version: 3.0.17-1~deb12u3
Architecture: amd64
Description: Package: none

Package: curl
Version: 7.88.1-10+deb12u12
Architecture: amd64

Package: openssl
Version: 3.0.16-1~deb12u1
Architecture: amd64
"""
RELEASE = b"""Origin: Debian
Label: Debian-Security
Suite: oldstable-security
Codename: bookworm-security
Date: Sat, 21 Nov 2026 00:53:02 UTC
SHA256:
"""
MAIN = RELEASE.replace(b"Debian-Security", b"Debian").replace(b"-security", b"")
EXPECTED = (Offered("openssl", "3.0.17-1~deb12u3", "amd64"), Offered("openssl", "3.0.16-1~deb12u1", "amd64"))


def lz4(data: bytes) -> bytes:
    frame = pytest.importorskip("lz4.frame", reason="needs the package lz4")
    packed: bytes = frame.compress(data)
    return packed


@pytest.mark.parametrize(
    ("ending", "pack"),
    [
        ("", bytes),
        (".gz", gzip.compress),
        (".xz", lzma.compress),
        (".bz2", bz2.compress),
        (".lz4", lz4),
        (".zst", zstandard.compress),
    ],
)
def test_a_list_is_read_however_it_is_packed(ending: str, pack: Callable[[bytes], bytes]) -> None:
    prefix = f"{LISTS}deb.debian.org_debian-security_dists_bookworm-security_"
    path = f"{prefix}main_binary-amd64_Packages{ending}"
    offers = security_lists(Files({f"{prefix}InRelease": RELEASE, path: pack(PACKAGES)}), {b"openssl"})
    assert offers.offered == EXPECTED
    assert offers.sources == (Source(path, "2026-11-21"),)
    assert offers.gaps == ()


@pytest.mark.parametrize(
    ("suite", "release", "is_security"),
    [
        ("deb.debian.org_debian-security_dists_bookworm-security", RELEASE, True),
        ("mirror.example_debian_dists_bookworm", MAIN, False),
        # the label decides, not the name of a mirror
        ("security-mirror.example_debian_dists_bookworm", MAIN, False),
        ("mirror.example_x_dists_bookworm-security", RELEASE, True),
        (
            "archive.ubuntu.com_ubuntu_dists_jammy-security",
            b"Origin: Ubuntu\nSuite: jammy-security\nCodename: jammy\n",
            True,
        ),
        (
            "archive.ubuntu.com_ubuntu_dists_jammy-updates",
            b"Origin: Ubuntu\nSuite: jammy-updates\nCodename: jammy\n",
            False,
        ),
        ("esm.ubuntu.com_apps_ubuntu_dists_jammy-apps-security", b"Suite: jammy-apps-security\n", True),
        ("security.debian.org_dists_buster_updates", b"Label: Debian-Security\nSuite: oldstable\n", True),
        ("security.debian.org_debian-security_dists_bookworm-security", None, True),
        ("deb.debian.org_debian_dists_bookworm", None, False),
    ],
)
def test_the_release_file_says_whether_a_suite_is_for_security(
    suite: str, release: bytes | None, is_security: bool
) -> None:
    files = {f"{LISTS}{suite}_main_binary-amd64_Packages": PACKAGES}
    if release is not None:
        files[f"{LISTS}{suite}_InRelease"] = release
    assert bool(security_lists(Files(files), {b"curl"}).offered) is is_security


def test_a_broken_list_is_a_gap_and_the_others_are_read() -> None:
    names = [
        f"{LISTS}security.debian.org_dists_bookworm-security_{c}_binary-amd64_Packages" for c in ("contrib", "main")
    ]
    files = {f"{names[0]}.xz": lzma.compress(PACKAGES)[:-20], names[1]: PACKAGES}
    offers = security_lists(Files(files), {b"curl"})
    assert [offer.name for offer in offers.offered] == ["curl"]
    assert [(g.reason, g.location.path if g.location else "") for g in offers.gaps] == [
        (GapReason.MALFORMED, f"{names[0]}.xz")
    ]


def test_the_index_of_debian_itself_offers_what_it_lists() -> None:
    archive = ADVISORIES / "distro-debian-bookworm-security.tar.zst"
    if not archive.exists():
        pytest.skip(f"needs {archive.name} in {ADVISORIES}")
    import tarfile  # noqa: PLC0415 - as below
    from io import BytesIO  # noqa: PLC0415 - only this test opens an archive

    prefix = f"{LISTS}deb.debian.org_debian-security_dists_bookworm-security_"
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=BytesIO(unpacked(archive.read_bytes()))) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            name = member.name.rpartition("/")[2]
            if content is not None and name in {"InRelease", "Packages"}:
                shown = name if name == "InRelease" else "main_binary-amd64_Packages"
                files[prefix + shown] = content.read()
    text = files[f"{prefix}main_binary-amd64_Packages"].decode()
    expected = set()
    for stanza in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in stanza.split("\n") if ": " in line and line[0] != " ")
        expected.add((fields["Package"], fields["Version"], fields["Architecture"]))
    offers = security_lists(Files(files), {name.encode() for name, _, _ in expected})
    assert {(o.name, o.version, o.architecture) for o in offers.offered} == expected
    assert [source.date for source in offers.sources] == ["2026-11-21"]
