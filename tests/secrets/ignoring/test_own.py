"""Our own ignore file: what an entry hides, and how the file is read and written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourc.errors import UsageError
from fourc.model.finding import Finding
from fourc.model.location import Location
from fourc.secrets.finding import finding_of, redacted
from fourc.secrets.ignoring.fingerprints import Fingerprinter
from fourc.secrets.ignoring.own import Ignore, fits, ignore_file, judged, stale, with_ignore
from fourc.secrets.rule import Kind, Rule, Token

SALT = b"0123456789abcdef"
TODAY = date(2026, 11, 26)
RULE = Rule("pw", "", Kind.PASSWORD, Token("x", ()))
ONE = Ignore("0" * 16, "because", "pw")


def secret(value: str, *paths: str) -> Finding:
    """A secret in these files."""
    places = [Location(path, 3, 1, 3, 9) for path in paths]
    return finding_of(RULE, value, places, Fingerprinter(SALT).of)


def hidden_by(entry: Ignore, found: Finding, prefix: str = "") -> list[str]:
    """The paths that are still reported."""
    kept = judged([found], [entry], TODAY, prefix).kept
    return [p.path for f in kept for p in (f.location, *f.places) if p]


def entry_for(found: Finding, **fields: object) -> Ignore:
    """An entry for the finding."""
    return Ignore(found.fingerprint, "because", "pw", **fields)  # type: ignore[arg-type]


def test_an_entry_hides_its_secret_in_every_file_and_no_other_secret() -> None:
    one, other = secret("hunter2", "a", "b"), secret("hunter3", "a")
    assert hidden_by(entry_for(one), one) == []
    assert hidden_by(entry_for(one), other) == ["a"]


def test_an_entry_for_some_files_leaves_the_other_places() -> None:
    found = secret("hunter2", "tests/a.env", "app/b.env", "app/c.env")
    assert hidden_by(entry_for(found, path="tests/**"), found) == ["app/b.env", "app/c.env"]
    assert hidden_by(entry_for(found, path="lib/**"), found) == ["tests/a.env", "app/b.env", "app/c.env"]
    assert hidden_by(entry_for(found, path="x/tests/**"), found, prefix="x/") == ["app/b.env", "app/c.env"]


def test_an_entry_counts_on_its_last_day_and_not_after_it() -> None:
    found = secret("hunter2", "a")
    assert hidden_by(entry_for(found, until=TODAY), found) == []
    assert hidden_by(entry_for(found, until=date(2026, 11, 25)), found) == ["a"]


def test_what_hides_nothing_is_stale_with_its_reason() -> None:
    found = secret("hunter2", "a")
    used, ended, unused = (
        entry_for(found),
        Ignore("1" * 16, "was a test", until=date(2026, 1, 1)),
        Ignore("2" * 16, "gone"),
    )
    entries = [used, ended, unused]
    seen = judged([found], entries, TODAY)
    told = [(s.fingerprint, s.reason, s.why.en) for s in stale(entries, seen.used, TODAY, lambda _: True)]
    assert told == [
        ("1" * 16, "was a test", "it ended on 2026-01-01 and hides nothing any more"),
        ("2" * 16, "gone", "nothing fits it any more"),
    ]
    part = list(stale(entries, seen.used, TODAY, lambda _: False))
    assert [s.fingerprint for s in part] == ["1" * 16], "a part of the files cannot tell that something is gone"


reasons = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
entries = st.builds(
    Ignore,
    st.text("0123456789abcdef", min_size=16, max_size=16),
    reasons,
    st.sampled_from(["", "pw", 'a "b"']),
    st.sampled_from(["**", "tests/**", "ä/*.env"]),
    st.none() | st.dates(),
)


@given(st.lists(entries, max_size=6))
def test_what_is_written_is_read_again_and_the_last_word_on_a_finding_counts(written: list[Ignore]) -> None:
    text = ""
    for entry in written:
        text = with_ignore(text, SALT, entry)
    last = {entry.fingerprint: entry for entry in written}
    read = ignore_file(text) if text else ignore_file("")
    assert sorted(map(repr, read.ignores)) == sorted(map(repr, last.values()))
    assert read.salt == (SALT if written else None)


def test_comments_order_and_other_entries_stay_as_people_wrote_them() -> None:
    before = (
        f'# ours\nsalt = "{SALT.hex()}"\n\n# team A\n[[ignore]]\nfingerprint = "{"1" * 16}"\nreason = "one"   # long ago\n'
        f'\n# team B\n[[ignore]]\nfingerprint = "{"2" * 16}"\nreason = "two"\n'
    )
    after = with_ignore(before, b"x" * 16, Ignore("1" * 16, "anew"))
    new = f'[[ignore]]\nfingerprint = "{"1" * 16}"\npath = "**"\nreason = "anew"\n'
    assert after == before.replace(f'[[ignore]]\nfingerprint = "{"1" * 16}"\nreason = "one"   # long ago\n', new)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[[ignore]]\nfingerprint = "1111111111111111"', "1111111111111111: it has no reason"),
        ('[[ignore]]\nfingerprint = "1111111111111111"\nreason = " "', "1111111111111111: it has no reason"),
        ('[[ignore]]\nreason = "x"', "[[ignore]]: an entry has no fingerprint"),
        ('[[ignore]]\nfingerprint = "zz"\nreason = "x"', "[[ignore]]: an entry has no fingerprint"),
        (
            '[[ignore]]\nfingerprint = "1111111111111111"\nreason = "x"\nuntil = "soon"',
            "until must be a date such as 2027-01-31",
        ),
        (
            '[[ignore]]\nfingerprint = "1111111111111111"\nreason = "x"\nuntil = 3',
            "until must be a date such as 2027-01-31",
        ),
        ('salt = "short"', "salt: it must be 32 hex digits"),
        ("[[ignore", ".fourc/ignore.toml: "),
        ("ignore = 3", "ignore: it must be tables: [[ignore]]"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_and_the_entry_is_named(toml: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        ignore_file(toml)
    assert said in error.value.message.en
    assert error.value.hint is not None


def test_a_date_may_be_a_text_or_a_time() -> None:
    row = '[[ignore]]\nfingerprint = "1111111111111111"\nreason = "x"\nuntil = '
    assert {
        ignore_file(row + until).ignores[0].until for until in ('"2027-01-31"', "2027-01-31", "2027-01-31T10:00:00Z")
    } == {date(2027, 1, 31)}


@pytest.mark.parametrize(
    ("glob", "fitting", "other"),
    [
        ("**", ["a", "a/b"], []),
        ("tests/**", ["tests/a", "tests/a/b"], ["tests", "x/tests/a"]),
        ("**/tests/**", ["tests/a", "x/tests/a/b"], ["tests"]),
        ("*.env", ["a.env", ".env"], ["x/a.env", "aXenv"]),
        ("**/*.env", ["a.env", "x/a.env"], ["a.envs"]),
        ("a?c", ["abc"], ["a/c", "ac"]),
        ("a[1].txt", ["a[1].txt"], ["a1.txt"]),
    ],
)
def test_a_glob_fits_as_people_expect(glob: str, fitting: list[str], other: list[str]) -> None:
    assert [p for p in (*fitting, *other) if fits(p, glob)] == fitting


@given(st.text())
def test_no_more_than_four_characters_and_a_quarter_of_a_secret_are_ever_told(value: str) -> None:
    shown = redacted(value).removesuffix("…")
    assert value.startswith(shown)
    assert len(shown) <= min(4, len(value) / 4)


def test_a_finding_tells_nothing_else_of_its_secret() -> None:
    found = secret("abcdefghijkl", "a")
    assert "abcd" not in repr(found)
    assert found.message.en == "password abc…"
