"""The pattern database: what it is made of, and that it is not trusted blindly."""

from collections.abc import Callable

import pytest

from fourc.secrets.database import Database, DatabaseError, Sought, compiled, name_of

SOUGHT = (Sought(r"ghp_[a-z]{4}"), Sought("[a-z]{2}", ("(?i:corp)",)), Sought(".+"))


def test_a_rule_is_sighted_by_its_beginning_or_its_words() -> None:
    """A beginning tells where; a rule without one is looked for where one of its words stands; one without either is not."""
    database = Database(compiled(SOUGHT))
    assert database.sightings(b"x ghp_abcd CORP") == [(10, 0), (15, 1)]
    assert [known is None for known in database.beginnings] == [False, True, True]


def test_what_is_common_need_not_be_sighted() -> None:
    """Nor what is encoded; the rest is, also where all is common."""
    common = Sought("key_[a-z]{4}", common=True)
    database = Database(compiled([*SOUGHT, common]))
    text = b"ghp_abcd key_abcd " + b"YWJj" * 20
    assert {number for _, number in database.sightings(text)} == {0, 3, 4}
    assert database.sightings(text, rare=True) == [(8, 0)]
    assert Database(compiled([common])).sightings(b"key_abcd") == [(8, 0)]


def test_a_pattern_that_is_too_large_is_looked_for_by_its_words() -> None:
    """Compiling it would take the library minutes."""
    large = Sought("large(?:[ab]{3}[cd]){900}", ("large",))
    database = Database(compiled([*SOUGHT, large]))
    assert database.sightings(b"ghp_abcd large") == [(8, 0), (14, 3)]


def test_the_name_tells_rules_apart() -> None:
    """Another pattern, or another word, is another database."""
    assert len({name_of(SOUGHT), name_of(SOUGHT[:2]), name_of([Sought("ghp_[a-z]{4}", ("ghp_",)), *SOUGHT[1:]])}) == 3


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"", lambda d: d[:-20], lambda d: d[:200], lambda d: b"{}\n" + d, lambda d: d[:60] + b"\xff" + d[61:]],
)
def test_broken_bytes_are_refused(damage: Callable[[bytes], bytes]) -> None:
    """Whoever loads them makes new ones."""
    with pytest.raises(DatabaseError):
        Database(damage(compiled(SOUGHT)))
