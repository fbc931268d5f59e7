"""Every publisher's format says which versions are affected, as the publisher means it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.model.finding import Severity
from fourc.model.package import Package
from fourc.vulns.advisories.read import read
from fourc.vulns.advisories.record import Advisory, Problem
from fourc.vulns.database import Database
from fourc.vulns.database.build import build
from fourc.vulns.match import match

RUSTSEC = """```toml
[advisory]
id = "RUSTSEC-2026-0001"
package = "left-pad"
date = "2026-01-02"
aliases = ["CVE-2026-1000"]
cvss = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
%s
[versions]
patched = ["^0.4.9", ">= 1.2.0"]
unaffected = ["< 0.3.0"]
```

# It pads too much

Text.
"""
RUBYSEC = """---
gem: left-pad
cve: 2026-1000
ghsa: aaaa-bbbb-cccc
title: It pads too much
date: 2026-01-02
cvss_v3: 9.8
unaffected_versions:
  - "< 1.0"
patched_versions:
  - "~> 1.2.5"
  - ">= 1.3.1"
"""
PHP = """title: It pads too much
link: https://github.com/x/y/security/advisories/GHSA-2222-3333-4444
cve: CVE-2026-1000
branches:
    1.x:
        time: 2026-01-02 06:38:47
        versions: ['>=1.0.0', '<1.4.2']
    2.x:
        time: ~
        versions: ['>=2.0.0', '<=2.1.0']
reference: composer://Left/Pad
"""
ALPINE_YAML = """---
distroversion: v3.19
reponame: main
urlprefix: http://dl-cdn.alpinelinux.org/alpine
packages:
  - pkg:
      name: openssl
      secfixes:
        3.1.4-r5:
          - CVE-2026-1000 XSA-1
        3.1.4-r1:
          - CVE-2026-2000
        0:
          - CVE-2026-3000
        3.0.0-r0:
  - pkg:
      name: nothing
"""
ALPINE_JSON = """{"distroversion": "v3.19", "urlprefix": "https://x", "packages": [{"pkg": {"name": "openssl",
 "secfixes": {"3.1.4-r5": ["CVE-2026-1000"], "0": ["CVE-2026-3000"]}}}]}"""
DEBIAN = """{"openssl": {"CVE-2026-1000": {"description": "Bad. Very.", "scope": "remote", "releases": {
  "bookworm": {"status": "resolved", "fixed_version": "3.0.15-1~deb12u1", "urgency": "high", "repositories": {}},
  "trixie": {"status": "open", "urgency": "low"},
  "sid": {"status": "open"}, "bullseye": {"status": "resolved", "fixed_version": "0"}}}}}"""
NSWG = """{"id": 7, "title": "Bad", "module_name": "left-pad", "publish_date": "2017-03-13", "cves": ["CVE-2026-1000"],
  "vulnerable_versions": "<0.9.3 || >=1.0.0 <1.2.0 || 3.x", "patched_versions": "", "references": null}"""
CORE = """{"cve": ["CVE-2026-1000"], "vulnerable": "18.x || 20.x", "patched": "^18.19.1 || ^20.11.1", "severity": "high"}"""
RETIRE = """{"jquery-ui": {"npmname": "jquery-ui", "vulnerabilities": [
  {"atOrAbove": "1.2.0", "below": "1.9.0", "severity": "medium", "excludes": ["1.8.5"],
  "identifiers": {"summary": "XSS", "CVE": ["CVE-2026-1000"], "githubID": "GHSA-2222-3333-4444"}, "info": []}],
  "extractors": {}}, "retire-example": {"vulnerabilities": [{"below": "0.0.2"}]}}"""
LIST = """[{"id": "A-1", "modified": "2026-01-01T00:00:00Z", "affected": [
  {"package": {"ecosystem": "npm", "name": "a"}, "ranges": [{"events": [{"introduced": "0"}, {"fixed": "2"}]}]}]}]"""

CASES = [
    ("a.md", RUSTSEC % "", "crates.io", "left-pad", ["0.3.0", "0.4.8", "0.5.0", "1.1.9"], ["0.2.9", "0.4.9", "1.2.0"]),
    ("a.yml", RUBYSEC, "RubyGems", "left-pad", ["1.0", "1.2.4", "1.3.0"], ["0.9", "1.2.5", "1.2.9", "1.3.1", "2"]),
    ("a.yaml", PHP, "Packagist", "left/pad", ["1.0.0", "1.4.1", "2.0.0", "2.1.0"], ["0.9", "1.4.2", "2.1.1"]),
    ("a.yaml", ALPINE_YAML, "Alpine:v3.19", "openssl", ["3.1.4-r0", "3.1.4-r4"], ["3.1.4-r5"]),
    ("a.json", ALPINE_JSON, "Alpine:v3.19", "openssl", ["3.1.4-r0", "3.1.4-r4"], ["3.1.4-r5"]),
    ("a.json", DEBIAN, "Debian:12", "openssl", ["3.0.14-1"], ["3.0.15-1~deb12u1"]),
    ("a.json", DEBIAN, "Debian:13", "openssl", ["9"], []),
    ("a.json", DEBIAN, "Debian:11", "openssl", [], ["1"]),
    ("a.json", NSWG, "npm", "left-pad", ["0.9.2", "1.0.0", "3.0.0", "3.9.9"], ["0.9.3", "1.2.0", "4.0.0"]),
    ("9.json", CORE, "npm", "node", ["18.19.0", "20.0.0"], ["18.19.1", "18.20.0", "19.0.0", "20.11.1", "21.0.0"]),
    ("jsrepository.json", RETIRE, "npm", "jquery-ui", ["1.2.0", "1.8.4", "1.8.9"], ["1.1.0", "1.8.5", "1.9.0"]),
    ("a.json", LIST, "npm", "a", ["1.9.9"], ["2.0.0"]),
]


@pytest.mark.parametrize(("name", "text", "ecosystem", "package", "affected", "others"), CASES)
def test_affected_versions_are_those_that_the_publisher_means(
    tmp_path: Path, name: str, text: str, ecosystem: str, package: str, affected: list[str], others: list[str]
) -> None:
    built = build([(name, text.encode())], tmp_path / "a.db")
    assert built.gaps == ()
    base = Database.open(built.path)
    hit = [version for version in (*affected, *others) if match(base, [Package(ecosystem, package, version)])]
    assert hit == affected


def advisory(name: str, text: str) -> Advisory:
    """The one advisory of a file."""
    (only,) = read(name, text.encode())
    assert isinstance(only, Advisory)
    return only


def test_names_dates_and_severity_are_told() -> None:
    rust = advisory("a.md", RUSTSEC % "")
    assert (rust.id, rust.aliases, rust.summary) == ("RUSTSEC-2026-0001", ("CVE-2026-1000",), "It pads too much")
    ruby = advisory("a.yml", RUBYSEC)
    assert (ruby.id, ruby.aliases, ruby.severity) == ("GHSA-aaaa-bbbb-cccc", ("CVE-2026-1000",), Severity.CRITICAL)
    php = advisory("a.yaml", PHP)
    assert (php.id, php.aliases, php.published) == ("GHSA-2222-3333-4444", ("CVE-2026-1000",), "2026-01-02")
    debian = advisory("a.json", DEBIAN)
    assert (debian.id, debian.aliases, debian.summary) == ("DEBIAN-CVE-2026-1000", ("CVE-2026-1000",), "Bad.")
    assert advisory("9.json", CORE).id == "NSWG-CORE-9"
    assert advisory("jsrepository.json", RETIRE).id == "GHSA-2222-3333-4444"


def test_a_crate_that_nobody_maintains_is_only_information() -> None:
    assert advisory("a.md", RUSTSEC % 'informational = "unmaintained"').severity is Severity.INFO
    assert advisory("a.md", RUSTSEC % 'informational = "unsound"').severity is None


def test_a_withdrawn_advisory_of_rustsec_says_so() -> None:
    assert advisory("a.md", RUSTSEC % 'withdrawn = "2026-02-01"').withdrawn


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("package.json", b'{"name": "x", "dependencies": {}}'),
        ("list.json", b"[1, 2, null]"),
        ("text.json", b'"text"'),
        ("README.md", b"# Read me\n```toml\nid = 1\n```"),
        ("config.yaml", b"a: 1\n"),
        ("empty.yaml", b""),
        ("table.csv", b"a,b\n1,2\n"),
        ("notes.txt", b"CVE-2026-1000"),
    ],
)
def test_what_is_no_advisory_says_nothing(name: str, data: bytes) -> None:
    assert list(read(name, data)) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", b"{"),
        ("a.json", b'{"id": "A-1", "affected": [7]}'),
        ("a.json", b'{"id": "A-1", "affected": ' + b"[" * 200_000),
        ("a.json", b"\xff\xfe{\x00"),
        ("a.json", b'{"id": 7, "module_name": 1}'),
        ("a.yaml", b"a: &x [*x, *x]"),
        ("a.yaml", b"[" * 100_000),
        ("a.yaml", b"gem: x\ntitle: y\npatched_versions: {a: b}\n"),
        ("a.yaml", b"reference: composer://x\nbranches: []\n"),
        ("a.md", b"```toml\n[advisory\n```"),
        ("a.md", b"```toml\n[advisory]\nid = 1\n```"),
    ],
)
def test_a_broken_file_is_told_with_its_path(name: str, data: bytes) -> None:
    (only,) = read(name, data)
    assert isinstance(only, Problem)
    assert only.path == name
    assert only.why


NAMES = st.sampled_from(["a.json", "a.yaml", "a.yml", "a.md", "a.csv", "InRelease", "x_Packages", "jsrepository.json"])
TEXTS = [RUSTSEC % "", RUBYSEC, PHP, ALPINE_YAML, ALPINE_JSON, DEBIAN, NSWG, CORE, RETIRE, LIST]


@given(NAMES, st.sampled_from(TEXTS), st.integers(0, 700), st.binary(max_size=6), st.integers(0, 12))
def test_no_file_however_damaged_stops_the_build(name: str, text: str, at: int, put: bytes, drop: int) -> None:
    data = text.encode()
    for fact in read(name, data[:at] + put + data[at + drop :]):
        assert not isinstance(fact, Problem) or fact.path == name
