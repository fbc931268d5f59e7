"""Distributions in OSV's words and back."""

import pytest

from fourc.model.distribution import SYSTEMS, distribution_of, ecosystem_of, system_of
from fourc.model.package import Distribution

NAMES = [
    (Distribution("debian", "12.4"), "Debian:12"),
    (Distribution("debian", "", codename="trixie"), "Debian:13"),
    (Distribution("debian", ""), "Debian"),
    (Distribution("debian", "trixie/sid"), "Debian:13"),
    (Distribution("debian", "", codename="sid"), "Debian"),
    (Distribution("ubuntu", "22.04"), "Ubuntu:22.04:LTS"),
    (Distribution("ubuntu", "23.04"), "Ubuntu:23.04"),
    (Distribution("ubuntu", "24.10"), "Ubuntu:24.10"),
    (Distribution("alpine", "3.19.1"), "Alpine:v3.19"),
    (Distribution("alpine", "3.20_alpha20231219"), "Alpine:edge"),
    (Distribution("wolfi", "20230201"), "Wolfi"),
    (Distribution("chainguard", "20230214"), "Chainguard"),
    (Distribution("almalinux", "8.10"), "AlmaLinux:8"),
    (Distribution("rocky", "9.3"), "Rocky Linux:9"),
    (Distribution("rhel", "8.7"), "Red Hat:enterprise_linux:8"),
    (Distribution("opensuse-leap", "15.5"), "openSUSE:Leap 15.5"),
    (Distribution("opensuse-tumbleweed", "20240101"), "openSUSE:Tumbleweed"),
    (Distribution("sles", "15.5"), "SUSE:Linux Enterprise Server 15 SP5"),
    (Distribution("sles", "15-SP4"), "SUSE:Linux Enterprise Server 15 SP4"),
    (Distribution("sles", "16.0"), "SUSE:Linux Enterprise Server 16.0"),
    (Distribution("sle-micro", "5.3"), "SUSE:Linux Enterprise Micro 5.3"),
    (Distribution("photon", "3.0"), "Photon OS:3.0"),
    (Distribution("mageia", "9"), "Mageia:9"),
    (Distribution("openEuler", "22.03", "openEuler 22.03 (LTS-SP3)"), "openEuler:22.03-LTS-SP3"),
    (Distribution("azurelinux", "3.0"), "Azure Linux:3"),
    (Distribution("centos", "7"), "CentOS:7"),
    (Distribution("ol", "8.9"), "Oracle Linux:8"),
    (Distribution("amzn", "2023"), "Amazon Linux:2023"),
    (Distribution("amzn", "2 (Karoo)"), "Amazon Linux:2"),
    (Distribution("alinux", "3"), "Alibaba Cloud Linux:3"),
    (Distribution("anolis", "8.8"), "Anolis OS:8"),
    (Distribution("gentoo", ""), "gentoo"),
    (Distribution("void", "1"), "void:1"),
]


@pytest.mark.parametrize(("distribution", "name"), NAMES, ids=lambda v: v if isinstance(v, str) else v.id)
def test_a_distribution_is_called_as_osv_calls_it(distribution: Distribution, name: str) -> None:
    assert ecosystem_of(distribution) == name


@pytest.mark.parametrize("name", [n for d, n in NAMES if system_of(d.id) and d.version and n != "Alpine:edge"])
def test_a_distribution_of_a_name_has_the_same_name(name: str) -> None:
    found = distribution_of(name)
    assert found is not None
    assert ecosystem_of(found) == name or found.id == "openEuler"


@pytest.mark.parametrize(
    ("name", "distribution"),
    [
        ("Debian:12", Distribution("debian", "12", codename="bookworm")),
        ("Ubuntu:Pro:18.04:LTS", Distribution("ubuntu", "18.04", codename="bionic")),
        ("Ubuntu:22.04", Distribution("ubuntu", "22.04", codename="jammy")),
        ("Red Hat:enterprise_linux:8::baseos", Distribution("rhel", "8")),
        ("SUSE:Linux Enterprise Module for Basesystem 15 SP5", Distribution("sles", "15.5")),
        ("openSUSE:Tumbleweed", Distribution("opensuse-tumbleweed", "")),
    ],
)
def test_osv_names_are_read_with_what_stands_around_the_release(name: str, distribution: Distribution) -> None:
    assert distribution_of(name) == distribution


@pytest.mark.parametrize("name", ["npm", "PyPI", "Go", "crates.io", "", "debian"])
def test_what_is_no_distribution_has_none(name: str) -> None:
    assert distribution_of(name) is None


def test_no_two_distributions_share_an_id() -> None:
    ids = [row.id for row in SYSTEMS]
    assert sorted(set(ids)) == sorted(ids)
    assert all(system_of(row.id) is row for row in SYSTEMS)
