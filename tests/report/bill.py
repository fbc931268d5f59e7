"""A bill of packages as a run makes it: a project with two lock files, and an image."""

from fourc.model.bill import Bill
from fourc.model.finding import Severity
from fourc.model.package import Distribution, Listing, Package, Project, SourcePackage
from fourc.model.vex import VexStatement, VexStatus
from fourc.model.vulnerability import Match, Vulnerability

BABEL = Package("npm", "@babel/core", "7.1.0", line=7, licences=("MIT",))
MS = Package("npm", "ms", "2.0.0", licences=("MIT OR apache-2.0",))
MOCHA = Package("npm", "mocha", "5.0.0", dev=True, licences=("Some words of our own", "MIT"))
LOG4J = Package("Maven", "org.apache.logging.log4j:log4j-core", "2.14.1", licences=("Apache-2.0",))
SSL = Package("Debian:12", "libssl3", "1:3.0.11-1", source=SourcePackage("openssl", "1:3.0.11-1"), architecture="amd64")
BOOKWORM = Distribution("debian", "12.4", "Debian GNU/Linux 12 (bookworm)")

NPM = Listing(
    "web/package-lock.json",
    "npm-lock",
    (BABEL, MS, MOCHA),
    ((1,), (), ()),
    frozenset({0, 2}),
    Project("npm", "web", "1.0.0"),
)
POM = Listing("pom.xml", "maven", (LOG4J,))
DPKG = Listing("var/lib/dpkg/status", "dpkg", (SSL,), distribution=BOOKWORM)

SHELL = Vulnerability(
    "CVE-2021-44228",
    ("GHSA-jfh8-c2jp-5v3q",),
    "Remote code execution in Log4j",
    Severity.CRITICAL,
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
    0.97,
    "2021-12-10",
    "2021-12-10",
    "2024-05-01T10:00:00Z",
    ("https://nvd.nist.gov/vuln/detail/CVE-2021-44228",),
)
SLOW = Vulnerability("GHSA-w9mr-4mfr-499f", ("CVE-2017-20162",), "ms takes long", Severity.LOW)
LEAK = Vulnerability("CVE-2024-0001", (), "openssl leaks", Severity.HIGH)

NOT_US = VexStatement(
    ("CVE-2017-20162",),
    VexStatus.NOT_AFFECTED,
    ("pkg:npm/ms",),
    justification="vulnerable_code_not_in_execute_path",
    reason="we never parse input",
)
LATER = VexStatement(("CVE-2021-44228",), VexStatus.AFFECTED, reason="gone next week", accepted=True)

PROJECT = Bill(
    Project("npm", "shop", "2.0.0"),
    (NPM, POM),
    (Match(LOG4J, SHELL, ("2.15.0",)), Match(MS, SLOW)),
    (NOT_US,),
    data_date="2026-01-02",
)
IMAGE = Bill(
    Project("", "shop"),
    (DPKG, NPM),
    (Match(SSL, LEAK, ("1:3.0.11-2",)), Match(MS, SLOW)),
    (NOT_US, LATER),
    image="registry.example.com:5000/team/shop:1",
    digest="sha256:" + "a" * 64,
    created="2026-02-03T04:05:06Z",
)
BARE = Bill(Project("", ""), ())
