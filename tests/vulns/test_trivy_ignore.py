"""Trivy's ignore files count as they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.errors import UsageError
from fourc.model.vex import VexStatement, VexStatus
from fourc.vulns.trivy_ignore import trivyignore, trivyignore_yaml


def ignored(known: str, **more: object) -> VexStatement:
    return VexStatement((known,), VexStatus.AFFECTED, source=".trivyignore", accepted=True, **more)  # type: ignore[arg-type]


def test_ids_stand_one_a_line_with_their_reason_above_or_behind_and_their_end() -> None:
    text = "# we never parse it\nCVE-2018-1\n\nCVE-2019-2 exp:2027-01-31\n  GHSA-x   # because\n#\nAVD-1 exp:2027-01-31 # b\n"
    assert trivyignore(".trivyignore", text) == (
        ignored("CVE-2018-1", reason="we never parse it"),
        ignored("CVE-2019-2", until="2027-01-31"),
        ignored("GHSA-x", reason="because"),
        ignored("AVD-1", until="2027-01-31", reason="b"),
    )


def test_one_reason_holds_for_all_that_follow_it_without_an_empty_line() -> None:
    assert [one.reason for one in trivyignore("x", "# both\nCVE-1\nCVE-2\n\nCVE-3")] == ["both", "both", ""]


def test_a_date_that_is_none_is_told_with_its_line() -> None:
    with pytest.raises(UsageError, match=r"\.trivyignore:2: tomorrow is no date"):
        trivyignore(".trivyignore", "CVE-1\nCVE-2 exp:tomorrow")


def test_the_yaml_form_has_paths_packages_and_a_statement() -> None:
    data = b"""
vulnerabilities:
  - id: CVE-2022-40897
    paths:
      - "usr/local/lib/python3.9/**"
    statement: Accept the risk
  - id: CVE-2023-2650
  - id: CVE-2023-3446
    expired_at: 2023-09-01
  - id: CVE-2023-29491
    purls: ["pkg:deb/debian/libncursesw6"]
    expired_at: "2027-01-31"
misconfigurations:
  - id: AVD-DS-0001
"""
    assert trivyignore_yaml(".trivyignore", data) == (
        ignored("CVE-2022-40897", paths=("usr/local/lib/python3.9/**",), reason="Accept the risk"),
        ignored("CVE-2023-2650"),
        ignored("CVE-2023-3446", until="2023-09-01"),
        ignored("CVE-2023-29491", products=("pkg:deb/debian/libncursesw6",), until="2027-01-31"),
    )


def test_tags_make_nothing() -> None:
    data = b"vulnerabilities: [!!python/object/apply:os.system {id: !!python/name:os.system CVE-1}]"
    assert trivyignore_yaml(".trivyignore", data) == (ignored("CVE-1"),)


def test_an_empty_file_ignores_nothing() -> None:
    assert trivyignore("x", "") == ()
    assert trivyignore_yaml("x", b"") == ()


@pytest.mark.parametrize(
    "data",
    [
        b"- a",
        b"vulnerabilities: 3",
        b"vulnerabilities: [{id: [3]}]",
        b"vulnerabilities: [{id: CVE-1, expired_at: soon}]",
        b"a: [",
        b"[" * 5000,
        b"\xff\xfe\xff",
        b"#" * (1024 * 1024 + 1),
    ],
    ids=range(8),
)
def test_what_trivy_would_not_read_is_refused_with_a_way_out(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"a\.yaml cannot be read") as raised:
        trivyignore_yaml("a.yaml", data)
    assert raised.value.hint is not None


@given(st.text(max_size=40), st.binary(max_size=40))
def test_no_text_makes_it_fail(text: str, data: bytes) -> None:
    for made in (text.encode(), data):
        try:
            found = (*trivyignore("x", text), *trivyignore_yaml("x", made))
        except UsageError:
            continue
        assert all(one.accepted for one in found)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000])
def test_what_nests_deeper_than_any_list_is_refused_and_ends_nothing(text: str) -> None:
    with pytest.raises(UsageError, match="nests more than 100 deep"):
        trivyignore_yaml(".trivyignore.yaml", text.encode())
