"""VEX documents of others: OpenVEX old and new, CSAF, and broken ones."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.model.vex import VexStatement, VexStatus, applies
from fourc.vulns.vex import VexError, vex_statements

NEW = b"""{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://openvex.dev/docs/public/vex-1", "author": "A",
 "timestamp": "2024-01-02T00:00:00Z", "version": 1, "statements": [
 {"vulnerability": {"name": "CVE-2023-2", "aliases": ["GHSA-b"]}, "status": "fixed",
  "products": [{"@id": "pkg:npm/a@1"}, {"@id": "https://x", "identifiers": {"purl": "pkg:npm/b@2"}}],
  "timestamp": "2024-02-01T00:00:00Z"},
 {"vulnerability": {"@id": "https://nvd.example/CVE-2023-1", "name": "CVE-2023-1"}, "status": "not_affected",
  "justification": "vulnerable_code_not_present", "impact_statement": "not built in",
  "products": [{"@id": "pkg:oci/app@sha256:aa", "subcomponents": [{"@id": "pkg:apk/alpine/openssl@3"}]}]}]}"""

OLD = b"""{"@context": "https://openvex.dev/ns", "@id": "x", "author": "A", "timestamp": "2023-01-02T00:00:00Z", "version": "1",
 "statements": [{"vulnerability": "CVE-2023-3", "products": ["pkg:oci/app"], "subcomponents": ["pkg:npm/c"],
 "status": "under_investigation"}]}"""

CSAF = b"""{"document": {"category": "csaf_vex", "csaf_version": "2.0", "publisher": {}, "title": "t",
  "tracking": {"id": "1", "current_release_date": "2024-03-04T00:00:00Z"}},
 "product_tree": {
  "branches": [{"category": "vendor", "name": "Red Hat", "branches": [
   {"category": "product_name", "name": "RHEL 8", "product": {"name": "RHEL 8", "product_id": "rhel8",
    "product_identification_helper": {"cpe": "cpe:/o:redhat:enterprise_linux:8"}}},
   {"category": "product_version", "name": "x", "product": {"name": "openssl", "product_id": "openssl-1",
    "product_identification_helper": {"purl": "pkg:rpm/redhat/openssl@1.1.1k-7.el8?arch=x86_64&epoch=1"}}}]}],
  "full_product_names": [{"name": "app", "product_id": "app", "product_identification_helper": {"purl": "pkg:npm/app@1.0"}},
   {"name": "unknown", "product_id": "unknown"}],
  "relationships": [{"category": "default_component_of", "product_reference": "openssl-1",
   "relates_to_product_reference": "rhel8", "full_product_name": {"name": "x", "product_id": "rhel8:openssl-1"}}],
  "product_groups": [{"group_id": "g", "product_ids": ["app", "unknown"]}]},
 "vulnerabilities": [{"cve": "CVE-2024-5", "ids": [{"system_name": "Red Hat", "text": "2222"}],
  "product_status": {"known_not_affected": ["rhel8:openssl-1", "unknown"], "fixed": ["app"]},
  "flags": [{"label": "component_not_present", "product_ids": ["rhel8:openssl-1"]}],
  "threats": [{"category": "impact", "details": "no harm", "group_ids": ["g"]}]}]}"""


def test_openvex_gives_its_statements_with_the_newest_last() -> None:
    first, last = vex_statements("a.vex.json", NEW)
    assert first == VexStatement(
        ("CVE-2023-1",),
        VexStatus.NOT_AFFECTED,
        ("pkg:oci/app@sha256:aa",),
        ("pkg:apk/alpine/openssl@3",),
        "vulnerable_code_not_present",
        "not built in",
        source="a.vex.json",
        date="2024-01-02T00:00:00Z",
    )
    assert (last.ids, last.status, last.products) == (
        ("CVE-2023-2", "GHSA-b"),
        VexStatus.FIXED,
        ("pkg:npm/a@1", "pkg:npm/b@2"),
    )


def test_openvex_before_0_2_has_plain_strings() -> None:
    [found] = vex_statements("x", OLD)
    assert (found.ids, found.products, found.parts) == (("CVE-2023-3",), ("pkg:oci/app",), ("pkg:npm/c",))
    assert applies(found, "pkg:npm/c@1", ["CVE-2023-3"], within="pkg:oci/app@sha256:bb")
    assert not applies(found, "pkg:npm/c@1", ["CVE-2023-3"])


def test_a_statement_without_products_says_nothing_of_all_packages() -> None:
    data = json.loads(NEW)
    for one in data["statements"]:
        del one["products"]
    assert vex_statements("x", json.dumps(data).encode()) == ()


def test_csaf_tells_products_by_package_url_through_relations_and_groups() -> None:
    rhel, app = sorted(vex_statements("csaf.json", CSAF), key=lambda one: one.status.value, reverse=True)
    assert (rhel.ids, rhel.status) == (("CVE-2024-5", "2222"), VexStatus.NOT_AFFECTED)
    assert (rhel.justification, rhel.date) == ("component_not_present", "2024-03-04T00:00:00Z")
    assert applies(rhel, "pkg:rpm/redhat/openssl@1:1.1.1k-7.el8?arch=x86_64&distro=rhel-8", ["CVE-2024-5"])
    assert not applies(rhel, "pkg:rpm/redhat/openssl@1:1.1.1k-8.el8?arch=x86_64&distro=rhel-8", ["CVE-2024-5"])
    assert (app.status, app.reason) == (VexStatus.FIXED, "no harm")
    assert applies(app, "pkg:npm/app@1.0", ["cve-2024-5"])
    assert not applies(app, "pkg:npm/app@1.1", ["CVE-2024-5"])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"statements": 3}',
        b'{"statements": [{"vulnerability": {"name": 3}, "status": "fixed"}]}',
        b'{"statements": [{"vulnerability": "CVE-1", "status": "harmless"}]}',
        b'{"document": [], "product_tree": {}}',
        b'{"document": {}, "product_tree": {"branches": ' + b'[{"branches": ' * 100_000,
        b'{"statements": ' + b"[" * 100_000,
        b"\xff\xff",
    ],
    ids=range(10),
)
def test_what_is_no_vex_is_refused_with_a_way_out(data: bytes) -> None:
    with pytest.raises(VexError, match=r"a\.json") as raised:
        vex_statements("a.json", data)
    assert raised.value.hint is not None


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["products", "vulnerability", "status", "branches", "cve", "fixed"]), inner, max_size=4
        )
    ),
    max_leaves=15,
)


@given(JSON, st.sampled_from(["statements", "document"]))
def test_no_shape_makes_it_fail(data: object, mark: str) -> None:
    try:
        found = vex_statements("x", json.dumps({mark: data, "vulnerabilities": data, "product_tree": data}).encode())
    except VexError:
        return
    assert all(one.source == "x" for one in found)
