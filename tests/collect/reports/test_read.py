"""Reports of trivy and grype, as their documentation shows them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.collect.reports.read import ReportError, read_report
from fourc.model.finding import Severity
from fourc.model.package import Distribution, Package, SourcePackage
from fourc.model.vulnerability import Vulnerability

TRIVY = b"""{"SchemaVersion": 2, "ArtifactName": "registry.example/app:1", "ArtifactType": "container_image",
 "Metadata": {"OS": {"Family": "debian", "Name": "12.4"}, "RepoDigests": ["registry.example/app@sha256:aa"]},
 "Results": [
 {"Target": "registry.example/app:1 (debian 12.4)", "Class": "os-pkgs", "Type": "debian",
  "Packages": [{"ID": "libssl3@3.0.11-1", "Name": "libssl3", "Identifier": {
    "PURL": "pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12.4&epoch=1"}, "Version": "3.0.11", "Release": "1",
    "Epoch": 1, "Arch": "amd64", "SrcName": "openssl", "SrcVersion": "3.0.11", "SrcRelease": "1", "SrcEpoch": 1,
    "Licenses": ["Apache-2.0"]}],
  "Vulnerabilities": [{"VulnerabilityID": "CVE-2024-1", "VendorIDs": ["DSA-5-1"], "PkgID": "libssl3@3.0.11-1",
    "PkgName": "libssl3", "InstalledVersion": "1:3.0.11-1", "FixedVersion": "1:3.0.11-2", "Severity": "HIGH",
    "PrimaryURL": "https://avd.example/CVE-2024-1", "References": ["https://a.example"], "Title": "openssl: leaks",
    "CVSS": {"redhat": {"V3Vector": "CVSS:3.1/R"}, "nvd": {"V2Vector": "AV:N", "V3Vector": "CVSS:3.1/N", "V3Score": 7.5}},
    "PublishedDate": "2024-01-02T03:04:05Z", "LastModifiedDate": "2024-02-02T03:04:05.5Z"}]},
 {"Target": "app/package-lock.json", "Class": "lang-pkgs", "Type": "npm", "Packages": [
   {"ID": "app@1", "Name": "app", "Relationship": "root", "DependsOn": ["@a/b@1.0.0"]},
   {"ID": "@a/b@1.0.0", "Name": "@a/b", "Version": "1.0.0", "Relationship": "direct", "DependsOn": ["ms@2.0.0"],
    "Identifier": {"PURL": "pkg:npm/%40a/b@1.0.0"}, "Locations": [{"StartLine": 12, "EndLine": 20}]},
   {"ID": "ms@2.0.0", "Name": "ms", "Version": "2.0.0", "Relationship": "indirect", "Dev": true}],
  "Vulnerabilities": [{"VulnerabilityID": "GHSA-1", "PkgID": "ms@2.0.0", "PkgName": "ms", "InstalledVersion": "2.0.0",
    "FixedVersion": "2.0.1, 3.0.0", "Severity": "UNKNOWN", "Description": "first line\\nsecond"}]},
 {"Target": "Dockerfile", "Class": "config", "Type": "dockerfile"}]}"""

OLD_TRIVY = b"""{"SchemaVersion": 2, "ArtifactName": ".", "ArtifactType": "filesystem", "Results": [
 {"Target": "go.mod", "Class": "lang-pkgs", "Type": "gomod", "Vulnerabilities": [
  {"VulnerabilityID": "CVE-2020-1", "PkgName": "golang.org/x/net", "InstalledVersion": "0.1.0", "Severity": "CRITICAL"},
  {"VulnerabilityID": "CVE-2020-2", "PkgName": "golang.org/x/net", "InstalledVersion": "0.1.0", "Severity": "LOW"}]},
 {"Target": "x", "Class": "lang-pkgs", "Type": "something-new", "Vulnerabilities": [
  {"VulnerabilityID": "CVE-2020-3", "PkgName": "x", "InstalledVersion": "1"}]}]}"""

GRYPE = b"""{"matches": [
 {"vulnerability": {"id": "GHSA-1", "dataSource": "https://github.com/advisories/GHSA-1", "severity": "Critical",
   "urls": ["https://b.example"], "cvss": [{"version": "3.1", "vector": "CVSS:3.1/N", "metrics": {"baseScore": 9.8}}],
   "fix": {"versions": ["2.15.0"], "state": "fixed"}, "epss": [{"cve": "CVE-2021-1", "epss": 0.97, "percentile": 0.99}],
   "knownExploited": [{"cve": "CVE-2021-1", "dateAdded": "2021-12-10"}]},
  "relatedVulnerabilities": [{"id": "CVE-2021-1", "description": "Log4j\\nlooks up", "severity": "Critical"}],
  "matchDetails": [{"type": "exact-direct-match"}],
  "artifact": {"id": "1", "name": "log4j-core", "version": "2.14.1", "type": "java-archive",
   "locations": [{"path": "/app/log4j.jar"}], "purl": "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}},
 {"vulnerability": {"id": "CVE-2022-2", "severity": "Negligible", "fix": {"versions": [], "state": "wont-fix"}},
  "artifact": {"name": "musl", "version": "1.2-r3", "type": "apk", "purl": "pkg:apk/alpine/musl-utils@1.2-r3",
   "upstreams": [{"name": "musl"}], "locations": [{"path": "/lib/apk/db/installed"}]}},
 {"vulnerability": {"id": "CVE-2022-3"}, "artifact": {"name": "x", "version": "1", "type": "binary", "purl": ""}}],
 "source": {"type": "image", "target": {"userInput": "app:1", "manifestDigest": "sha256:bb"}},
 "distro": {"name": "alpine", "version": "3.19.1", "idLike": []}, "descriptor": {"name": "grype", "version": "0.80.0"}}"""


def test_trivys_packages_are_told_with_source_place_and_who_needs_whom() -> None:
    found = read_report("trivy.json", TRIVY)
    system, npm = found.listings
    ssl = Package(
        "Debian:12",
        "libssl3",
        "1:3.0.11-1",
        source=SourcePackage("openssl", "1:3.0.11-1"),
        architecture="amd64",
        licences=("Apache-2.0",),
    )
    assert system.packages == (ssl,)
    assert system.distribution == Distribution("debian", "12.4")
    assert [(p.name, p.line, p.dev) for p in npm.packages] == [("@a/b", 12, False), ("ms", 0, True)]
    assert (npm.path, npm.needs) == ("app/package-lock.json", ((1,), ()))
    assert npm.direct == frozenset({0})
    assert (found.scanner, found.image, found.digest) == ("trivy", "registry.example/app:1", "sha256:aa")
    assert found.unidentified == 0


def test_trivys_vulnerabilities_are_told_with_nvds_newest_vector() -> None:
    leak, slow = read_report("trivy.json", TRIVY).matches
    assert leak.package.name == "libssl3"
    assert leak.fixed == ("1:3.0.11-2",)
    assert leak.vulnerability == Vulnerability(
        "CVE-2024-1",
        ("DSA-5-1",),
        "openssl: leaks",
        Severity.HIGH,
        "CVSS:3.1/N",
        published="2024-01-02",
        modified="2024-02-02",
        urls=("https://avd.example/CVE-2024-1", "https://a.example"),
    )
    assert (slow.package.identity, slow.fixed) == (("npm", "ms", "2.0.0"), ("2.0.1", "3.0.0"))
    assert (slow.vulnerability.severity, slow.vulnerability.summary) == (Severity.MEDIUM, "first line")


def test_a_report_without_package_urls_is_read_by_where_the_packages_come_from() -> None:
    found = read_report("old.json", OLD_TRIVY, "trivy")
    [listing] = found.listings
    assert [p.identity for p in listing.packages] == [("Go", "golang.org/x/net", "v0.1.0")]
    assert [(m.vulnerability.id, m.vulnerability.severity) for m in found.matches] == [
        ("CVE-2020-1", Severity.CRITICAL),
        ("CVE-2020-2", Severity.LOW),
    ]
    assert (found.image, found.unidentified) == ("", 1)


def test_grypes_matches_are_told_with_exploitation_and_the_systems_release() -> None:
    found = read_report("grype.json", GRYPE)
    shell, musl = found.matches
    assert shell.package.identity == ("Maven", "org.apache.logging.log4j:log4j-core", "2.14.1")
    assert shell.fixed == ("2.15.0",)
    assert shell.vulnerability == Vulnerability(
        "GHSA-1",
        ("CVE-2021-1",),
        "Log4j",
        Severity.CRITICAL,
        "CVSS:3.1/N",
        0.97,
        "2021-12-10",
        urls=("https://github.com/advisories/GHSA-1", "https://b.example"),
    )
    assert musl.package.identity == ("Alpine:v3.19", "musl-utils", "1.2-r3")
    assert musl.package.source == SourcePackage("musl", "1.2-r3")
    assert (musl.fixed, musl.vulnerability.severity) == ((), Severity.INFO)
    assert [one.path for one in found.listings] == ["app/log4j.jar", "lib/apk/db/installed"]
    assert (found.scanner, found.image, found.digest, found.unidentified) == ("grype", "app:1", "sha256:bb", 1)


@pytest.mark.parametrize(
    ("data", "scanner"),
    [
        (b"", ""),
        (b"{}", ""),
        (b"[]", ""),
        (b'{"matches": 3}', ""),
        (b'{"Results": [{"Vulnerabilities": [{"VulnerabilityID": 3}]}]}', ""),
        (GRYPE, "trivy-old"),
        (b'{"Results": ' + b"[" * 100_000, ""),
        (b'{"matches": [{"vulnerability": {}, "artifact": {}}]}', "grype"),
        (b"\xff", "trivy"),
    ],
    ids=range(9),
)
def test_what_is_no_report_is_refused_with_a_way_out(data: bytes, scanner: str) -> None:
    if scanner == "trivy-old":
        data, scanner = data[:-1], ""
    with pytest.raises(ReportError, match=r"a\.json") as raised:
        read_report("a.json", data, scanner)
    assert raised.value.hint is not None


@pytest.mark.parametrize("start", [b'{"Results": [{"Vulnerabilities": [', b'{"matches": ['])
def test_what_is_too_large_is_refused_by_that_word(start: bytes) -> None:
    with pytest.raises(ReportError, match="more than 1,500,000 parts"):
        read_report("a.json", start + b"{}," * 1_500_001)


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Packages", "Vulnerabilities", "Identifier", "VulnerabilityID", "vulnerability", "artifact", "id"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(JSON, st.sampled_from(["Results", "matches"]))
def test_no_shape_makes_it_fail(data: object, mark: str) -> None:
    try:
        found = read_report("x", json.dumps({mark: data}).encode())
    except ReportError:
        return
    assert found.scanner in {"trivy", "grype"}
