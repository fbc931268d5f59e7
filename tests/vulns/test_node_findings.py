"""Findings about a node say what is installed, what is offered, and the command that brings it."""

import pytest

from fourc.model.finding import Confidence, Finding, Severity
from fourc.model.package import Package
from fourc.model.remedy import NoFix
from fourc.model.update import Offered
from fourc.vulns.node_findings import Machine, asked_finding, kernel_finding, update_finding
from fourc.vulns.node_rules import NODE_RULES
from fourc.vulns.pending import Pending, Standing


def finding(
    ecosystem: str, manager: str, *, held: bool = False, severity: Severity | None = None, security: bool = True
) -> Finding:
    package = Package(ecosystem, "openssl", "1:1-1", 7, architecture="x86_64")
    offered = Offered("openssl", "1:2-1~x", "x86_64", security=security)
    found = Pending(Standing(package, held), offered, severity, ("cve:CVE-2024-1",), ("A-1", "A-2", "A-3", "A-4"))
    return update_finding(found, manager, "db", Machine("n1"))


def command(found: Finding) -> str:
    assert isinstance(found.fix, NoFix)
    return found.fix.why.en.removeprefix("on the node: ")


@pytest.mark.parametrize(
    ("ecosystem", "manager", "held", "expected"),
    [
        ("Debian:12", "dpkg", False, "apt-get install --only-upgrade 'openssl=1:2-1~x'"),
        ("Debian:12", "dpkg", True, "apt-mark unhold openssl && apt-get install --only-upgrade 'openssl=1:2-1~x'"),
        ("AlmaLinux:9", "rpm", False, "dnf upgrade 'openssl-2-1~x.x86_64'"),
        ("AlmaLinux:9", "rpm", True, "dnf versionlock delete openssl && dnf upgrade 'openssl-2-1~x.x86_64'"),
        ("CentOS:7", "rpm", False, "yum update 'openssl-2-1~x.x86_64'"),
        ("CentOS:7", "rpm", True, "yum versionlock delete openssl && yum update 'openssl-2-1~x.x86_64'"),
        ("Alibaba Cloud Linux:3", "rpm", False, "dnf upgrade 'openssl-2-1~x.x86_64'"),
        ("openSUSE:Leap 15.5", "rpm", False, "zypper install 'openssl=1:2-1~x'"),
        ("openSUSE:Leap 15.5", "rpm", True, "zypper removelock openssl && zypper install 'openssl=1:2-1~x'"),
        ("Photon OS:5.0", "rpm", False, "tdnf update 'openssl-2-1~x.x86_64'"),
        ("Alpine:v3.19", "apk", False, "apk add --upgrade openssl"),
    ],
)
def test_the_command_is_the_distributions_own(ecosystem: str, manager: str, held: bool, expected: str) -> None:
    assert command(finding(ecosystem, manager, held=held)) == expected


def test_the_message_tells_both_versions_the_advisories_and_the_hold() -> None:
    found = finding("AlmaLinux:9", "rpm", held=True)
    assert found.message.en == (
        "openssl 1:1-1 is installed, the security update 1:2-1~x is not (A-1, A-2, A-3 +1); the package is held back"
    )
    assert found.references == ("cve:CVE-2024-1",)
    assert (found.subject.kind, found.subject.name) == ("Package", "openssl")
    assert found.location is not None
    assert (found.location.path, found.location.line) == ("db", 7)


def test_the_advisory_rates_it_else_the_rule_does() -> None:
    assert finding("AlmaLinux:9", "rpm", severity=Severity.LOW).severity is Severity.LOW
    assert finding("Debian:12", "dpkg").severity is Severity.HIGH


def test_an_update_that_may_not_be_for_security_says_so() -> None:
    found = finding("Alpine:v3.19", "apk", security=False)
    assert (found.severity, found.confidence) == (Severity.MEDIUM, Confidence.MEDIUM)
    assert "whether for security it does not tell" in found.message.en


def test_names_from_a_database_cannot_add_to_a_command() -> None:
    package = Package("Debian:12", "a;rm -rf x", "1", architecture="all")
    found = Pending(Standing(package, held=True), Offered("a;rm -rf x", "$(x)"), None, (), ())
    assert command(update_finding(found, "dpkg", "db", Machine("n1"))) == (
        "apt-mark unhold 'a;rm -rf x' && apt-get install --only-upgrade 'a;rm -rf x=$(x)'"
    )


def test_a_reboot_is_about_the_node() -> None:
    kernel = kernel_finding("n1", "6.1.0-18-amd64", "6.1.0-37-amd64")
    asked = asked_finding("n1", ("a", "b", "c", "d", "e", "f"))
    assert [(f.rule, f.subject.kind, f.subject.name) for f in (kernel, asked)] == [("reboot-needed", "Node", "n1")] * 2
    assert kernel.message.en == "kernel 6.1.0-18-amd64 runs, the newer 6.1.0-37-amd64 is installed: reboot the node"
    assert asked.message.en == "the system asks for a reboot, for a, b, c, d, e, ..."
    assert asked_finding("n1", ()).message.en == "the system asks for a reboot"


def test_every_rule_has_a_page_in_both_languages_with_the_same_sections() -> None:
    for rule in NODE_RULES:
        assert rule.page.en.count("\n## ") == rule.page.zh.count("\n## ") == 4
