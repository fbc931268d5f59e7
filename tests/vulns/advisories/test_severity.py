"""Scores of the CVSS specifications' own examples (https://www.first.org/cvss/v3-1/examples, https://www.first.org/cvss/v2/guide)."""

import pytest

from fourc.model.finding import Severity
from fourc.vulns.advisories.severity import base_score, newest, of_vector, of_word


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),
        ("CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 7.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5),
        ("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8),
        ("AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0),
        ("AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2),
    ],
)
def test_base_scores_are_the_specifications(vector: str, score: float) -> None:
    assert base_score(vector) == score


def test_version_4_is_rated_about_as_3_1_would() -> None:
    assert of_vector("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N") is Severity.CRITICAL
    assert of_vector("CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N") is Severity.LOW


@pytest.mark.parametrize(
    "text", ["", "high", "CVSS:3.1/AV:N", "CVSS:9.9/AV:N", "CVSS:3.1/AV:Q/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N"]
)
def test_what_is_no_vector_has_no_score(text: str) -> None:
    assert base_score(text) is None


def test_the_newest_version_of_cvss_is_taken() -> None:
    old, new = "AV:N/AC:L/Au:N/C:C/I:C/A:C", "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N"
    assert newest([old, new, "nonsense"]) == new
    assert newest(["nonsense"]) == ""


def test_words_of_all_publishers_are_known() -> None:
    words = {
        "CRITICAL": Severity.CRITICAL,
        "Important": Severity.HIGH,
        "moderate": Severity.MEDIUM,
        "unimportant": Severity.LOW,
    }
    assert {word: of_word(word) for word in words} == words
    assert of_word("not yet assigned") is None
