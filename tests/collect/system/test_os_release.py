"""The distribution is what the files of a root say, in the order in which systemd and the distributions have them."""

import pytest

from fourc.collect.system.os_release import distribution_of
from fourc.model.distribution import ecosystem_of

SLES = (
    b'NAME="SLES"\nVERSION="15-SP5"\nVERSION_ID="15.5"\nPRETTY_NAME="SUSE Linux Enterprise Server 15 SP5"\nID="sles"\n'
)
OPEN_EULER = b'ID="openEuler"\nVERSION_ID="22.03"\nPRETTY_NAME="openEuler 22.03 (LTS-SP3)"\n'


@pytest.mark.parametrize(
    ("path", "data", "ecosystem"),
    [
        ("etc/os-release", b'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n', "Debian:12"),
        ("usr/lib/os-release", b"ID=alpine\nVERSION_ID=3.19.1\n", "Alpine:v3.19"),
        ("etc/os-release", b"ID=alpine\nVERSION_ID=3.20.0_alpha20240329\n", "Alpine:edge"),
        ("etc/os-release", b'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\n', "Ubuntu:22.04:LTS"),
        ("etc/os-release", b'ID=ubuntu\nVERSION_ID="23.10"\n', "Ubuntu:23.10"),
        ("etc/os-release", b"ID='almalinux'\r\nVERSION_ID=\"8.9\"\r\n", "AlmaLinux:8"),
        ("etc/os-release", b'ID="rhel"\nVERSION_ID="9.4"\n', "Red Hat:enterprise_linux:9"),
        ("etc/os-release", b'ID="alinux"\nVERSION_ID="3"\n', "Alibaba Cloud Linux:3"),
        ("etc/os-release", b'ID="anolis"\nVERSION_ID="8.8"\n', "Anolis OS:8"),
        ("etc/os-release", SLES, "SUSE:Linux Enterprise Server 15 SP5"),
        ("etc/os-release", OPEN_EULER, "openEuler:22.03-LTS-SP3"),
        ("etc/os-release", b"ID=wolfi\nVERSION_ID=20230201\n", "Wolfi"),
        ("etc/debian_version", b"11.9\n", "Debian:11"),
        ("etc/debian_version", b"trixie/sid\n", "Debian:13"),
        ("etc/alpine-release", b"3.10.2\n", "Alpine:v3.10"),
        ("etc/redhat-release", b"CentOS Linux release 7.9.2009 (Core)\n", "CentOS:7"),
        ("etc/redhat-release", b"Rocky Linux release 9.3 (Blue Onyx)\n", "Rocky Linux:9"),
        ("etc/redhat-release", b"Alibaba Cloud Linux release 3 (Soaring Falcon)\n", "Alibaba Cloud Linux:3"),
    ],
)
def test_each_file_tells_the_distribution_that_osv_names(path: str, data: bytes, ecosystem: str) -> None:
    distribution = distribution_of({path: data}.get)
    assert distribution is not None
    assert ecosystem_of(distribution) == ecosystem


def test_the_file_in_etc_overrules_all_others() -> None:
    files = {
        "etc/os-release": b"ID=debian\nVERSION_ID=12\n",
        "usr/lib/os-release": b"ID=ubuntu\nVERSION_ID=22.04\n",
        "etc/redhat-release": b"CentOS release 6.10\n",
    }
    distribution = distribution_of(files.get)
    assert distribution is not None
    assert distribution.id == "debian"


def test_debian_without_a_version_is_dated_by_its_other_file() -> None:
    distribution = distribution_of({"etc/os-release": b"ID=debian\n", "etc/debian_version": b"12.5\n"}.get)
    assert distribution is not None
    assert ecosystem_of(distribution) == "Debian:12"


@pytest.mark.parametrize("data", [b"", b"\0\xff\xfe", b"ID=\n", b"ID", b"=debian\n"])
def test_what_says_nothing_is_no_distribution(data: bytes) -> None:
    assert distribution_of({"etc/os-release": data, "etc/redhat-release": data, "etc/debian_version": data}.get) is None
