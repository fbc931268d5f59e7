"""Patterns that are compiled when they are first used."""

import re

import pytest

from fourc.secrets.late import late


def test_a_late_pattern_says_what_the_pattern_says() -> None:
    """With its flags, over characters and bytes, however often it is asked."""
    word = late("[a-z]+", re.IGNORECASE)
    assert [word.sub("-", "Ab 1") for _ in range(2)] == ["- 1", "- 1"]
    assert [match.span() for match in late(rb"\d").finditer(b"a1b2")] == [(1, 2), (3, 4)]


def test_it_is_compiled_when_it_is_asked() -> None:
    """One that is no pattern is told then, not before."""
    broken = late("(")
    with pytest.raises(re.error):
        broken.search("")
