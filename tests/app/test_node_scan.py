"""`scan node`: what waits on a node and whether it must be rebooted; what cannot be told is a gap."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.collect.system.rpm_files import ndb, package
from tests.collect.system.test_apk import INSTALLED
from tests.collect.system.test_apk_index import INDEX, signed
from tests.collect.system.test_apt_lists import PACKAGES, RELEASE
from tests.collect.system.test_updateinfo import UPDATES

from fourc.app.node_scan import NodeScan, scan_node
from fourc.errors import UsageError
from fourc.model.finding import Severity
from fourc.model.gap import GapReason
from fourc.model.report import Report

STATUS = b"""Package: openssl
Status: hold ok installed
Architecture: amd64
Version: 3.0.11-1~deb12u2

Package: curl
Status: install ok installed
Architecture: amd64
Version: 7.88.1-10+deb12u12

Package: nano
Status: deinstall ok config-files
Architecture: amd64
Version: 1
"""
LIST = "var/lib/apt/lists/deb.debian.org_debian-security_dists_bookworm-security_"
DEBIAN = {
    "etc/os-release": b"ID=debian\nVERSION_ID=12\n",
    "etc/hostname": b"node-1\n",
    "var/lib/dpkg/status": STATUS,
    f"{LIST}InRelease": RELEASE,
    f"{LIST}main_binary-amd64_Packages": PACKAGES,
}
ALMA = {
    "etc/os-release": b'ID="almalinux"\nVERSION_ID="9.3"\n',
    "var/lib/rpm/Packages.db": ndb(
        (
            package("openssl", "3.0.7", "25.el9", epoch=1, arch="x86_64"),
            package("nodejs", "18.1", "1", epoch=1, arch="x86_64"),
        )
    ),
    "var/cache/dnf/baseos-1/repodata/updateinfo.xml": UPDATES,
}
ALPINE = {
    "etc/alpine-release": b"3.19.1\n",
    "lib/apk/db/installed": INSTALLED,
    "var/cache/apk/APKINDEX.066df28d.tar.gz": signed(INDEX),
}


def scanned(root: Path, files: dict[str, bytes], severity: Severity = Severity.INFO) -> Report:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return scan_node(NodeScan(str(root), severity))


def messages(report: Report) -> list[str]:
    return [finding.message.en for finding in report.findings]


def gaps(report: Report) -> list[tuple[GapReason, str]]:
    return [(gap.reason, gap.location.path if gap.location else "") for gap in report.gaps]


def test_a_debian_node_tells_what_its_security_suite_offers(tmp_path: Path) -> None:
    report = scanned(tmp_path, DEBIAN)
    assert report.name == "node-1"
    assert messages(report) == [
        "openssl 3.0.11-1~deb12u2 is installed, the security update 3.0.17-1~deb12u3 is not; the package is held back"
    ]
    assert [unseen.what.en for unseen in report.coverage.unseen] == [
        "updates published after 2026-11-21: the node's metadata is of that day"
    ]
    assert gaps(report) == []


def test_an_rpm_node_tells_what_its_advisories_bring_with_their_severity(tmp_path: Path) -> None:
    report = scanned(tmp_path, ALMA)
    # the module of the advisory is not the one that nodejs was installed from
    assert [(f.subject.name, f.severity, f.references) for f in report.findings] == [
        ("openssl", Severity.HIGH, ("cve:CVE-2023-9999", "cve:CVE-2024-0001"))
    ]
    assert gaps(report) == []


def test_an_alpine_node_tells_what_its_index_has(tmp_path: Path) -> None:
    assert [(f.subject.name, f.severity) for f in scanned(tmp_path, ALPINE).findings] == [
        ("libcrypto3", Severity.MEDIUM)
    ]


@pytest.mark.parametrize(
    ("files", "place"),
    [(DEBIAN, "var/lib/apt/lists"), (ALMA, "var/cache/dnf"), (ALPINE, "var/cache/apk")],
)
def test_without_metadata_nothing_is_clean(tmp_path: Path, files: dict[str, bytes], place: str) -> None:
    report = scanned(tmp_path, {path: data for path, data in files.items() if not path.startswith(("var/cache", LIST))})
    assert gaps(report) == [(GapReason.NO_DATA, place)]
    assert report.gaps[0].named
    assert "on the node: " in report.gaps[0].remedy.en


def test_an_empty_database_of_another_distributions_tools_asks_for_nothing(tmp_path: Path) -> None:
    report = scanned(tmp_path, DEBIAN | {"var/lib/rpm/Packages.db": ndb(())})
    assert [finding.subject.name for finding in report.findings] == ["openssl"]
    assert gaps(report) == []


def test_a_newer_kernel_waits_for_a_reboot(tmp_path: Path) -> None:
    kernel = {
        "proc/sys/kernel/osrelease": b"6.1.0-18-amd64\n",
        "boot/vmlinuz-6.1.0-18-amd64": b"",
        "boot/vmlinuz-6.1.0-37-amd64": b"",
        "run/reboot-required": b"",
    }
    report = scanned(tmp_path, DEBIAN | kernel)
    assert [f.message.en for f in report.findings if f.rule == "reboot-needed"] == [
        "kernel 6.1.0-18-amd64 runs, the newer 6.1.0-37-amd64 is installed: reboot the node"
    ]


def test_a_kernel_of_the_same_name_may_be_built_anew(tmp_path: Path) -> None:
    status = (
        b"Package: linux-image-6.1.0-18-amd64\nStatus: install ok installed\nArchitecture: amd64\nVersion: 6.1.90-1\n"
    )
    version = b"Linux version 6.1.0-18-amd64 (x) #1 SMP Debian 6.1.76-1 (2024-02-01)\n"
    report = scanned(tmp_path, DEBIAN | {"var/lib/dpkg/status": status, "proc/version": version})
    assert messages(report) == ["kernel 6.1.76-1 runs, the newer 6.1.90-1 is installed: reboot the node"]


def test_what_runs_is_said_to_be_unseen_where_no_proc_is(tmp_path: Path) -> None:
    report = scanned(tmp_path, DEBIAN | {"boot/vmlinuz-6.1.0-37-amd64": b""})
    assert [unseen.remedy.en for unseen in report.coverage.unseen if "kernel" in unseen.what.en] == [
        "compare `uname -r` on the node with 6.1.0-37-amd64"
    ]


def test_findings_below_the_severity_asked_for_are_left_out(tmp_path: Path) -> None:
    assert scanned(tmp_path, ALPINE, Severity.HIGH).findings == ()


@pytest.mark.parametrize("data", [STATUS, ALMA["var/lib/rpm/Packages.db"], INSTALLED])
def test_a_copied_database_says_what_is_installed_and_that_it_knows_no_updates(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "copied").write_bytes(data)
    report = scan_node(NodeScan(str(tmp_path / "copied")))
    assert (report.findings, gaps(report)) == ((), [(GapReason.NO_DATA, "copied")])


def test_a_file_that_is_no_database_is_malformed_and_an_empty_folder_has_no_data(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"hello")
    (tmp_path / "root").mkdir()
    assert gaps(scan_node(NodeScan(str(tmp_path / "other")))) == [(GapReason.MALFORMED, "other")]
    assert gaps(scan_node(NodeScan(str(tmp_path / "root")))) == [(GapReason.NO_DATA, ".")]


def test_a_root_that_is_not_there_is_a_usage_error_and_a_pipe_a_gap(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        scan_node(NodeScan(str(tmp_path / "none")))
    os.mkfifo(tmp_path / "pipe")
    assert [reason for reason, _ in gaps(scan_node(NodeScan(str(tmp_path / "pipe"))))] == [GapReason.UNSUPPORTED]


def test_nothing_outside_the_root_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    scanned(outside, DEBIAN)
    root = tmp_path / "root"
    (root / "var" / "lib").mkdir(parents=True)
    (root / "var" / "lib" / "dpkg").symlink_to(outside / "var" / "lib" / "dpkg")
    (root / "etc").symlink_to("../outside/etc")
    report = scan_node(NodeScan(str(root)))
    assert (report.findings, gaps(report)) == ((), [(GapReason.NO_DATA, ".")])


def test_two_runs_say_the_same(tmp_path: Path) -> None:
    assert scanned(tmp_path, DEBIAN) == scanned(tmp_path, DEBIAN)


HOSTILE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (900 << 20, 900 << 20))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
from fourc.app.node_scan import NodeScan, scan_node
report = scan_node(NodeScan(sys.argv[1]))
own = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]  # else it counts the forking parent's, too
peak = (int(own[0].split()[1]) if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024
assert peak < 600, peak
print(*[f"{gap.reason.value} {gap.location.path}" for gap in report.gaps], sep="\\n")
"""


def hostile(root: Path) -> list[str]:
    """The gaps of a run of its own, within 20 seconds of computing and 600 MB."""
    run = subprocess.run([sys.executable, "-c", HOSTILE, str(root)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.split("\n")[:-1] if run.stdout.strip() else []


def test_a_line_of_200_megabytes_is_a_gap(tmp_path: Path) -> None:
    scanned(tmp_path, DEBIAN)
    with (tmp_path / "var/lib/dpkg/status").open("r+b") as status:
        status.truncate(200_000_000)
    assert hostile(tmp_path) == ["too-large var/lib/dpkg/status"]


def test_a_database_of_more_packages_than_any_machine_has_is_a_gap(tmp_path: Path) -> None:
    scanned(tmp_path, DEBIAN)
    (tmp_path / "var/lib/dpkg/status").write_bytes(b"Package: a\nVersion: 1\n\n" * 201_000)
    assert hostile(tmp_path) == ["malformed var/lib/dpkg/status"]


def test_a_bomb_among_the_lists_is_a_gap(tmp_path: Path) -> None:
    import lzma  # noqa: PLC0415 - only this test packs a bomb

    scanned(tmp_path, DEBIAN)
    (tmp_path / f"{LIST}main_binary-amd64_Packages").unlink()
    bomb = tmp_path / f"{LIST}main_binary-amd64_Packages.xz"
    packer = lzma.LZMACompressor(preset=0)
    with bomb.open("wb") as file:
        for _ in range(17):
            file.write(packer.compress(bytes(10_000_000)))
        file.write(packer.flush())
    assert hostile(tmp_path) == [f"malformed {LIST}main_binary-amd64_Packages.xz"]


def test_advisories_without_an_end_are_a_gap(tmp_path: Path) -> None:
    scanned(tmp_path, ALMA)
    path = "var/cache/dnf/baseos-1/repodata/updateinfo.xml"
    (tmp_path / path).write_bytes(b"<updates>" + b"<update type='security'><package name='openssl' " * 1_000_000)
    assert hostile(tmp_path) == [f"malformed {path}"]


def test_texts_made_to_be_read_again_and_again_are_read_once(tmp_path: Path) -> None:
    blank = b" " * 300_000
    packages = b"<package name='openssl' version='9' release='1' epoch='9' arch='x86_64'/>" * 20_000
    scanned(
        tmp_path,
        ALMA
        | {
            "etc/os-release": b"A=" + blank + b"x\nID=almalinux\n",
            "etc/zypp/locks": b"\n" * 300_000 + b"x",
            "etc/dnf/plugins/versionlock.list": b"-" * 300_000,
            "proc/version": blank,
            f"{LIST}InRelease": blank,
            "var/cache/dnf/baseos-1/repodata/updateinfo.xml": b"<updates><update type='security'><id>A</id><pkglist>"
            + packages
            + b"</pkglist></update></updates>",
        },
    )
    assert hostile(tmp_path) == []


def test_many_small_bombs_are_as_bounded_as_one(tmp_path: Path) -> None:
    import gzip  # noqa: PLC0415 - only this test packs so many

    bomb = gzip.compress(b"<updates>" + bytes(150_000_000), 1)
    scanned(tmp_path, ALMA | {f"var/cache/dnf/r{i}/repodata/updateinfo.xml.gz": bomb for i in range(5)})
    # without advisories each by itself is no fault
    assert hostile(tmp_path) == [f"malformed var/cache/dnf/r{i}/repodata/updateinfo.xml.gz" for i in (3, 4)]


def test_a_list_of_one_package_again_and_again_is_a_gap(tmp_path: Path) -> None:
    path = f"{LIST}main_binary-amd64_Packages"
    scanned(tmp_path, DEBIAN | {path: b"Package: openssl\nVersion: 9\n\n" * 201_000})
    assert hostile(tmp_path) == [f"malformed {path}"]


@pytest.mark.slow
def test_apt_itself_would_upgrade_the_same(tmp_path: Path) -> None:
    if not shutil.which("mmdebstrap") or os.geteuid() != 0:
        pytest.skip("needs mmdebstrap, and root for chroot")
    mirror = "http://deb.debian.org/debian"
    old = f"deb {mirror} bookworm main"
    root = tmp_path / "root"
    build = ["mmdebstrap", "--variant=apt", "--mode=root", "--include=openssl,curl,python3", "bookworm", str(root), old]
    if subprocess.run(build, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs a mirror of Debian")
    (root / "etc/apt/sources.list").write_text(f"{old}\ndeb {mirror}-security bookworm-security main\n")
    subprocess.run(["chroot", str(root), "apt-get", "update"], check=True, capture_output=True)
    listed = subprocess.run(
        ["chroot", str(root), "apt-get", "-s", "upgrade"], check=True, capture_output=True, text=True
    )
    expected = {
        line.split()[1] for line in listed.stdout.splitlines() if line.startswith("Inst ") and "Security" in line
    }
    report = scan_node(NodeScan(str(root)))
    assert {f.subject.name for f in report.findings if f.rule == "pending-security-update"} == expected
