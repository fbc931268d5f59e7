"""Advisories of rpm repositories: security ones for what is installed, read as XML only where they matter."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collect.system.test_rooted import below

from fourc.collect.packages.form import PackagesError
from fourc.collect.system.offers import Source
from fourc.collect.system.rpm_caches import cached_updates
from fourc.collect.system.updateinfo import offered_by
from fourc.model.finding import Severity
from fourc.model.gap import GapReason
from fourc.model.update import Offered

UPDATES = b"""<?xml version="1.0" encoding="UTF-8"?>
<updates>
  <update from="packager@example.org" status="final" type="security" version="2.0">
    <id>ALSA-2024:1234</id>
    <title>Important: openssl &amp; friends security update</title>
    <issued date="2024-03-05 00:00:00"/>
    <updated date="2024-03-06 00:00:00"/>
    <severity>Important</severity>
    <references>
      <reference href="https://example.org/CVE-2024-0001" id="CVE-2024-0001" title="CVE-2024-0001" type="cve"/>
      <reference href="https://example.org/CVE-2023-9999" id="CVE-2023-9999" type="cve"/>
      <reference href="https://example.org/1" id="2250001" type="bugzilla" title="no CVE-number here"/>
    </references>
    <pkglist>
      <collection short="almalinux-9-baseos">
        <name>almalinux-9-baseos</name>
        <package name="openssl" version="3.0.7" release="27.el9" epoch="1" arch="x86_64" src="openssl-3.0.7-27.el9.src.rpm">
          <filename>openssl-3.0.7-27.el9.x86_64.rpm</filename>
        </package>
        <package name="openssl-libs" version="3.0.7" release="27.el9" epoch="1" arch="x86_64"/>
      </collection>
    </pkglist>
  </update>
  <update type="bugfix"><id>ALBA-2024:1</id>
    <pkglist><collection><package name="openssl" version="9" release="1" epoch="9" arch="x86_64"/></collection></pkglist>
  </update>
  <update type='security'><id>ALSA-2024:2</id><severity>moderate</severity>
    <pkglist><collection short='x'>
      <module name='nodejs' stream='18' version='9' context='rhel9' arch='x86_64'/>
      <package arch='x86_64' epoch='1' name='nodejs' release='2.module' src='x' version='18.20.0'/>
    </collection><collection><package name='plain' version='2' release='1' epoch='0' arch='noarch'/></collection></pkglist>
  </update>
</updates>
"""
CVES = ("cve:CVE-2023-9999", "cve:CVE-2024-0001")
OPENSSL = Offered("openssl", "1:3.0.7-27.el9", "x86_64", Severity.HIGH, CVES, "ALSA-2024:1234")
NODE = Offered("nodejs", "1:18.20.0-2.module", "x86_64", Severity.MEDIUM, (), "ALSA-2024:2", "nodejs:18")
PLAIN = Offered("plain", "2-1", "noarch", Severity.MEDIUM, (), "ALSA-2024:2")


def read(data: bytes, *names: str) -> list[Offered]:
    return list(offered_by(data, {name.encode() for name in names}, lambda name, _version, _arch: name in names))


def test_security_advisories_tell_versions_severity_cves_and_modules() -> None:
    assert read(UPDATES, "openssl", "nodejs", "plain") == [OPENSSL, NODE, PLAIN]


def test_what_is_not_installed_is_passed_over() -> None:
    assert read(UPDATES, "plain") == [PLAIN]
    assert read(UPDATES, "bash") == []


def test_only_what_is_newer_counts() -> None:
    asked: list[tuple[str, str, str]] = []

    def is_newer(*update: str) -> bool:
        asked.append((update[0], update[1], update[2]))
        return False

    assert list(offered_by(UPDATES, {b"openssl"}, is_newer)) == []
    assert asked == [("openssl", "1:3.0.7-27.el9", "x86_64")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<html>login</html>", "no list of updates"),
        (UPDATES[:900], "ends within an advisory"),
        (UPDATES.replace(b"</pkglist>", b""), "ends within an advisory"),
        (UPDATES.replace(b"</references>", b""), "no XML that is read here"),
        (UPDATES.replace(b"<id>ALSA-2024:1234", b'<!DOCTYPE a [<!ENTITY b "c">]><id>'), "no XML that is read here"),
        (UPDATES.replace(b"<severity>Important", b"<severity>&undefined;"), "no XML that is read here"),
    ],
)
def test_what_is_broken_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(PackagesError, match=why):
        read(data, "openssl")


@given(st.integers(0, len(UPDATES) - 1), st.binary(max_size=6))
def test_damage_is_refused_or_read(at: int, change: bytes) -> None:
    data = UPDATES[:at] + change + UPDATES[at + len(change) :]
    try:
        found = read(data, "openssl", "nodejs", "plain")
    except PackagesError:
        return
    assert {offer.name for offer in found} <= {"openssl", "nodejs", "plain"}


def test_a_repository_of_createrepo_is_read_where_dnf_yum_and_zypper_keep_theirs(tmp_path: Path) -> None:
    if not shutil.which("createrepo_c"):
        pytest.skip("needs createrepo_c")
    made = tmp_path / "made"
    made.mkdir()
    subprocess.run(["createrepo_c", "--revision", "1732579200", str(made)], check=True, capture_output=True)
    (tmp_path / "updateinfo.xml").write_bytes(UPDATES)
    add = ["modifyrepo_c", str(tmp_path / "updateinfo.xml"), str(made / "repodata")]
    subprocess.run(add, check=True, capture_output=True)
    for place in (
        "var/cache/dnf/baseos-1/repodata",
        "var/cache/zypp/raw/oss/repodata",
        "var/cache/yum/x86_64/7/updates",
    ):
        root = tmp_path / place.split("/")[2]
        shutil.copytree(made / "repodata", root / place)
        with below(root) as tree:
            offers = cached_updates(tree, {b"openssl"}, lambda *_: True)
        assert [offer.name for offer in offers.offered] == ["openssl"]
        (source,) = offers.sources
        assert source == Source(f"{place}/{source.path.rpartition('/')[2]}", "2024-11-26")
        assert "updateinfo.xml" in source.path


def index(href: str) -> str:
    return f'<repomd><revision>7</revision><data type="updateinfo"><location href="{href}"/></data></repomd>'


def test_advisories_that_are_named_and_absent_are_a_gap(tmp_path: Path) -> None:
    folder = tmp_path / "var/cache/dnf/x/repodata"
    folder.mkdir(parents=True)
    (folder / "repomd.xml").write_text(index("repodata/updateinfo.xml.gz"))
    with below(tmp_path) as tree:
        offers = cached_updates(tree, {b"openssl"}, lambda *_: True)
    assert [(g.reason, g.location.path if g.location else "") for g in offers.gaps] == [
        (GapReason.NO_DATA, "var/cache/dnf/x/repodata/updateinfo.xml.gz")
    ]


def test_an_index_leads_nowhere_but_beside_itself(tmp_path: Path) -> None:
    folder = tmp_path / "root/var/cache/dnf/x/repodata"
    folder.mkdir(parents=True)
    (folder / "repomd.xml").write_text(index("../../../../../../outside.xml"))
    (folder / "outside.xml").write_bytes(UPDATES)
    (tmp_path / "outside.xml").write_bytes(UPDATES.replace(b"openssl", b"elsewhere"))
    with below(tmp_path / "root") as tree:
        offers = cached_updates(tree, {b"openssl", b"elsewhere"}, lambda *_: True)
    assert [offer.name for offer in offers.offered] == ["openssl"]


def test_a_repository_without_advisories_is_no_source(tmp_path: Path) -> None:
    folder = tmp_path / "var/cache/dnf/centos/repodata"
    folder.mkdir(parents=True)
    (folder / "repomd.xml").write_text(
        "<repomd><data type='primary'><location href='repodata/p.xml.gz'/></data></repomd>"
    )
    with below(tmp_path) as tree:
        offers = cached_updates(tree, {b"openssl"}, lambda *_: True)
    assert (offers.sources, offers.gaps) == ((), ())


def test_an_index_with_entities_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "var/cache/dnf/x/repodata"
    folder.mkdir(parents=True)
    bomb = (
        '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><repomd><revision>&b;</revision></repomd>'
    )
    (folder / "repomd.xml").write_text(bomb)
    with below(tmp_path) as tree:
        offers = cached_updates(tree, {b"openssl"}, lambda *_: True)
    assert [(g.reason, "document type" in g.message.en) for g in offers.gaps] == [(GapReason.MALFORMED, True)]
