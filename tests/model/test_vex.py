"""To which packages a VEX statement applies."""

import pytest

from fourc.model.vex import VexStatement, VexStatus, applies

IMAGE = "pkg:oci/app@sha256:aa?repository_url=registry.example/app"
PURL = "pkg:deb/debian/libssl3@1:3.0-1?arch=amd64&distro=debian-12.4"


def said(*products: str, parts: tuple[str, ...] = (), ids: tuple[str, ...] = ("CVE-2024-1",)) -> VexStatement:
    return VexStatement(ids, VexStatus.NOT_AFFECTED, products, parts)


@pytest.mark.parametrize(
    ("statement", "holds"),
    [
        (said(), True),
        (said(PURL), True),
        (said("pkg:deb/debian/libssl3"), True),
        (said("pkg:deb/debian/libssl3@1:3.0-1"), True),
        (said("pkg:deb/debian/libssl3@3.0-1?epoch=1"), True),
        (said("pkg:deb/debian/libssl3@1:3.0-1?distro=debian-12"), True),
        (said("pkg:deb/debian/libssl3@1:3.0-1?distro=debian-11"), False),
        (said("pkg:deb/debian/libssl3@1:3.0-1?arch=arm64"), False),
        (said("pkg:deb/debian/libssl3@2"), False),
        (said("pkg:deb/debian/openssl"), False),
        (said("https://example.com/product"), False),
        (said(IMAGE), True),
        (said("pkg:oci/app"), True),
        (said("pkg:oci/other"), False),
        (said("pkg:oci/app", parts=("pkg:deb/debian/libssl3",)), True),
        (said("pkg:oci/other", parts=("pkg:deb/debian/libssl3",)), False),
        (said("pkg:oci/app", parts=("pkg:deb/debian/curl",)), False),
        (said(parts=("pkg:deb/debian/libssl3",)), True),
        (said(PURL, ids=("CVE-2024-2",)), False),
        (said(PURL, ids=("ghsa-xxxx",)), True),
    ],
)
def test_it_applies_to_what_its_products_cover(statement: VexStatement, holds: bool) -> None:
    assert applies(statement, PURL, ("CVE-2024-1", "GHSA-xxxx"), within=IMAGE) is holds


def test_parts_of_an_image_are_not_cleared_elsewhere() -> None:
    statement = said("pkg:oci/app", parts=("pkg:deb/debian/libssl3",))
    assert not applies(statement, PURL, ("CVE-2024-1",))


def test_a_statement_counts_until_the_day_it_names() -> None:
    statement = VexStatement(("CVE-1",), VexStatus.AFFECTED, until="2027-01-31", accepted=True)
    assert [statement.counts_on(day) for day in ("2027-01-30", "2027-01-31", "2027-02-01")] == [True, False, False]
    assert VexStatement(("CVE-1",), VexStatus.FIXED).counts_on("2999-01-01")


@pytest.mark.parametrize(
    ("pattern", "path", "holds"),
    [
        ("go.mod", "go.mod", True),
        ("go.mod", "a/go.mod", False),
        ("**/go.mod", "go.mod", True),
        ("**/go.mod", "a/b/go.mod", True),
        ("a/*.lock", "a/b.lock", True),
        ("a/*.lock", "a/b/c.lock", False),
        ("a/**", "a/b/c.lock", True),
        ("./a?.txt", "ab.txt", True),
        ("a.b", "axb", False),
    ],
)
def test_paths_are_patterns(pattern: str, path: str, holds: bool) -> None:
    assert VexStatement(("CVE-1",), VexStatus.AFFECTED, paths=(pattern,)).is_about(path) is holds


def test_what_is_accepted_or_not_affected_or_fixed_clears() -> None:
    assert [VexStatement(("a",), status).clears for status in VexStatus] == [True, False, True, False]
    assert VexStatement(("a",), VexStatus.AFFECTED, accepted=True).clears
