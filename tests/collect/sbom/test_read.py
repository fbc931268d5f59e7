"""SBOMs that syft 1.57 made of one small folder, the same in every form; and those that nobody should make."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.collect.sbom.read import MAX_BYTES, Sbom, SbomError, SbomTooLargeError, is_sbom, read_sbom
from fourc.model.package import Distribution, SourcePackage

SYFT = Path(__file__).parent / "syft"
FORMS = {
    "app.cdx.json": "cyclonedx",
    "app.cdx.xml": "cyclonedx-xml",
    "app.spdx.json": "spdx",
    "app.spdx": "spdx-tag-value",
    "app.syft.json": "syft",
}
HELD = {
    ("Debian:12", "libc6", "2.36-9+deb12u9"),
    ("Debian:12", "libssl3", "3.0.11-1~deb12u2"),
    ("Debian:12", "passwd", "1:4.13+dfsg1-1+b1"),
    ("Go", "github.com/BurntSushi/toml", "v1.2.0"),
    ("Go", "github.com/aws/aws-sdk-go-v2/service/s3", "v1.30.0"),
    ("Go", "gopkg.in/yaml.v3", "v3.0.1"),
    ("npm", "@babel/core", "7.1.0"),
    ("npm", "app", "1.0.0"),
    ("npm", "ms", "2.0.0"),
}
NEEDED = {
    ("@babel/core", "ms"),
    ("app", "@babel/core"),
    ("libssl3", "libc6"),
    ("passwd", "libc6"),
}


def read(name: str) -> Sbom:
    return read_sbom(name, (SYFT / name).read_bytes())


@pytest.mark.parametrize("name", FORMS)
def test_the_form_is_told_by_the_first_bytes_or_the_name(name: str) -> None:
    head = (SYFT / name).read_bytes()[:4096]
    assert is_sbom(name, head) == FORMS[name]


def test_a_file_called_like_one_is_one_until_all_of_it_says_otherwise() -> None:
    start = b'{"comment": "' + b"x" * 5000
    assert is_sbom("a/b.cdx.json", start) == "cyclonedx"
    assert is_sbom("a/b.spdx.json", start) == "spdx"
    assert is_sbom("a/b.json", start) is None
    found = read_sbom("b.cdx.json", start + b'", "packages": [], "spdxVersion": "SPDX-2.3"}')
    assert found.listing.form == "spdx"


@pytest.mark.parametrize("name", FORMS)
def test_every_form_lists_the_same_packages(name: str) -> None:
    found = read(name)
    packages = found.listing.packages
    assert {p.identity for p in packages} == HELD
    assert found.unidentified == 0
    assert found.gap() is None
    pairs = {(packages[at].name, packages[to].name) for at, some in enumerate(found.listing.needs) for to in some}
    assert pairs == NEEDED
    assert found.listing.project is not None
    assert found.listing.project.name == "app"


@pytest.mark.parametrize("name", FORMS)
def test_every_form_tells_the_release_the_sources_and_the_licences(name: str) -> None:
    listing = read(name).listing
    by_name = {p.name: p for p in listing.packages}
    assert listing.distribution is not None
    assert (listing.distribution.id, listing.distribution.version) == ("debian", "12")
    assert by_name["libc6"].source == SourcePackage("glibc", "2.36-9+deb12u9")
    assert by_name["libssl3"].source == SourcePackage("openssl", "3.0.11-1~deb12u2")
    assert by_name["passwd"].source == SourcePackage("shadow", "1:4.13+dfsg1-1+b1")
    assert by_name["passwd"].architecture == "amd64"
    assert by_name["ms"].licences == ("MIT",)


def test_trivys_properties_tell_the_source_and_the_place() -> None:
    found = read_sbom("trivy.cdx.json", TRIVY)
    [curl, jar] = found.listing.packages
    assert curl.identity == ("AlmaLinux:8", "openssl-libs", "1:1.1.1k-7.el8")
    assert curl.source == SourcePackage("openssl", "1:1.1.1k-7.el8")
    assert (jar.identity, jar.path) == (("Maven", "org.a:b", "1.0"), "app/b.jar")
    assert found.listing.distribution == Distribution("almalinux", "8.5")
    assert found.listing.direct == frozenset({0, 1})
    assert found.unidentified == 1


TRIVY = b"""{"bomFormat": "CycloneDX", "specVersion": "1.5",
 "metadata": {"component": {"bom-ref": "r", "type": "container", "name": "app:1"}},
 "components": [
  {"bom-ref": "os", "type": "operating-system", "name": "alma", "version": "8.5"},
  {"bom-ref": "c", "type": "library", "name": "openssl-libs", "version": "1.1.1k-7.el8",
   "purl": "pkg:rpm/alma/openssl-libs@1.1.1k-7.el8?arch=x86_64&distro=alma-8.5&epoch=1",
   "properties": [{"name": "aquasecurity:trivy:SrcName", "value": "openssl"},
    {"name": "aquasecurity:trivy:SrcVersion", "value": "1.1.1k"},
    {"name": "aquasecurity:trivy:SrcRelease", "value": "7.el8"}, {"name": "aquasecurity:trivy:SrcEpoch", "value": "1"}]},
  {"bom-ref": "l", "type": "application", "name": "Java", "components": [
   {"bom-ref": "j", "type": "library", "group": "org.a", "name": "b", "version": "1.0", "purl": "pkg:maven/org.a/b@1.0",
    "properties": [{"name": "aquasecurity:trivy:FilePath", "value": "app/b.jar"}]},
   {"bom-ref": "u", "type": "library", "name": "unknown", "version": "1"}]}],
 "dependencies": [{"ref": "r", "dependsOn": ["os", "l"]}, {"ref": "os", "dependsOn": ["c"]}, {"ref": "l", "dependsOn": ["j"]}]}"""


def test_what_has_no_package_url_is_a_gap_that_counts_it() -> None:
    gap = read_sbom("trivy.cdx.json", TRIVY).gap()
    assert gap is not None
    assert gap.reason.value == "no-data"
    assert gap.message.en.startswith("1 components of this SBOM")
    assert gap.location is not None
    assert gap.location.path == "trivy.cdx.json"


def test_what_is_listed_twice_is_one_and_needed_in_production_if_one_is() -> None:
    data = b"""{"bomFormat": "CycloneDX", "components": [
     {"bom-ref": "1", "type": "library", "name": "a", "purl": "pkg:npm/a@1", "scope": "excluded"},
     {"bom-ref": "2", "type": "library", "name": "a", "purl": "pkg:npm/a@1"},
     {"bom-ref": "3", "type": "library", "name": "b", "purl": "pkg:npm/b@1",
      "properties": [{"name": "cdx:npm:package:development", "value": "true"}]}],
     "dependencies": [{"ref": "2", "dependsOn": ["3", "2", "nobody"]}, {"ref": "3", "dependsOn": ["1"]}]}"""
    listing = read_sbom("bom.json", data).listing
    assert [(p.name, p.dev) for p in listing.packages] == [("a", False), ("b", True)]
    assert listing.needs == ((1,), (0,))


def test_a_package_without_its_release_has_that_of_the_system() -> None:
    data = b"""{"bomFormat": "CycloneDX", "components": [
     {"type": "operating-system", "name": "alpine", "version": "3.19.1"},
     {"type": "library", "name": "musl", "purl": "pkg:apk/alpine/musl@1.2-r3"}]}"""
    assert [p.ecosystem for p in read_sbom("bom.json", data).listing.packages] == ["Alpine:v3.19"]


SPDX3 = b"""{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
 {"type": "SpdxDocument", "spdxId": "urn:d", "rootElement": ["urn:r"]},
 {"type": "software_Package", "spdxId": "urn:r", "name": "app", "software_packageVersion": "2"},
 {"type": "software_Package", "spdxId": "urn:a", "name": "a", "software_packageUrl": "pkg:npm/a@1"},
 {"type": "software_Package", "spdxId": "urn:b", "name": "b",
  "externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": "pkg:npm/b@2"}]},
 {"type": "software_Package", "spdxId": "urn:c", "name": 7},
 {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:l", "simplelicensing_licenseExpression": "MIT"},
 {"type": "Relationship", "from": "urn:a", "to": ["urn:l"], "relationshipType": "hasDeclaredLicense"},
 {"type": "Relationship", "from": "urn:r", "to": ["urn:a"], "relationshipType": "dependsOn"},
 {"type": "LifecycleScopedRelationship", "from": "urn:r", "to": ["urn:b"], "relationshipType": "dependsOn", "scope": "test"}]}"""


def test_spdx_3_is_read_with_what_is_for_tests_only() -> None:
    assert is_sbom("x", SPDX3) == "spdx3"
    found = read_sbom("x.json", SPDX3)
    assert [(p.name, p.version, p.dev, p.licences) for p in found.listing.packages] == [
        ("a", "1", False, ("MIT",)),
        ("b", "2", True, ()),
    ]
    assert found.listing.direct == frozenset({0, 1})
    assert found.unidentified == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_is_no_hindrance(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    data = mark + TRIVY.decode().encode(encoding)
    assert is_sbom("x", data[:4096]) == "cyclonedx"
    assert read_sbom("x.json", data).listing == read_sbom("x.json", TRIVY).listing


def test_a_wrong_type_costs_only_the_component_that_has_it() -> None:
    data = TRIVY.replace(b'"name": "b", "version"', b'"name": ["b"], "version"')
    found = read_sbom("x.json", data)
    assert [p.name for p in found.listing.packages] == ["openssl-libs"]
    assert found.unidentified == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"bomFormat": "CycloneDX", "components": 3}',
        b'{"spdxVersion": "SPDX-2.3", "packages": {"a": 1}}',
        b'{"@graph": 3}',
        b'{"bomFormat": "CycloneDX", "components": ' + b"[" * 200_000,
        b'{"bomFormat": "CycloneDX", "x": ' + b'{"a":' * 200_000,
        b"<bom",
        b"<project/>",
        b'<!DOCTYPE bom [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><bom>&c;</bom>',
        b'<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4">' + b"<components><component>" * 500,
        b"\xff\xfe\x00",
        b"\x00" * 100,
    ],
    ids=range(16),
)
def test_what_is_no_sbom_is_refused_with_a_way_out(data: bytes) -> None:
    with pytest.raises(SbomError) as raised:
        read_sbom("bom.json" if not data.startswith(b"<") else "bom.xml", data)
    assert raised.value.hint is not None
    assert "bom." in raised.value.message.en


@pytest.mark.parametrize(
    "data",
    [
        b'{"bomFormat": "CycloneDX", "components": [' + b"{}," * 1_500_001,
        b"<bom>" + b"<a/>" * 1_500_001,
        b"SPDXVersion: SPDX-2.3" + b"\nPackageName: a" * 150_001,
        b" " * (MAX_BYTES + 1),
    ],
    ids=["json", "xml", "tags", "bytes"],
)
def test_what_is_too_large_is_refused_by_that_word(data: bytes) -> None:
    with pytest.raises(SbomTooLargeError, match="too large"):
        read_sbom("bom.json", data)


def test_a_document_type_is_refused_by_that_word() -> None:
    with pytest.raises(SbomError, match="document type"):
        read_sbom("bom.xml", b'<!DOCTYPE bom [<!ENTITY a "b">]><bom>&a;</bom>')


def test_cycles_end() -> None:
    data = b"""{"bomFormat": "CycloneDX", "metadata": {"component": {"bom-ref": "r", "name": "x"}},
     "dependencies": [{"ref": "r", "dependsOn": ["q"]}, {"ref": "q", "dependsOn": ["r", "q", "a"]},
      {"ref": "a", "dependsOn": ["q"]}],
     "components": [{"bom-ref": "a", "purl": "pkg:npm/a@1"}, {"bom-ref": "q", "name": "q", "type": "application"}]}"""
    listing = read_sbom("bom.json", data).listing
    assert listing.direct == frozenset({0})
    assert listing.needs == ()


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("package.json", b'{"name": "x"}'),
        ("pom.xml", b"<project/>"),
        ("README.md", b"# SPDX"),
        ("a.spdx", b"hello"),
        ("x.json", b"[1]"),
        ("bom.json", b"\x1f\x8b"),
        ("sbom-settings.json", b'{"format": "cyclonedx"}'),
        ("bom.xml", b"<project></project>"),
    ],
)
def test_other_files_are_none(name: str, head: bytes) -> None:
    assert is_sbom(name, head) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["components", "purl", "name", "metadata", "component", "dependencies", "ref", "dependsOn",
                         "packages", "externalRefs", "relationships", "@graph", "type", "to", "from", "artifacts"]),
        inner,
        max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON, st.sampled_from(["bomFormat", "spdxVersion", "@graph", "artifacts"]))
def test_no_shape_makes_it_fail(data: object, mark: str) -> None:
    import json  # noqa: PLC0415 - beside what it makes

    whole = {mark: "x", **data} if isinstance(data, dict) else {mark: data}
    try:
        found = read_sbom("x.json", json.dumps(whole).encode())
    except SbomError:
        return
    assert found.listing.path == "x.json"
