"""What matches begin with is in every match, ends where it says, and is rare."""

import re

import hyperscan
import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.secrets.plain import RULES, expression

from fourc.secrets.beginnings import beginning
from fourc.secrets.rule import Rule
from fourc.secrets.syntax import UnsupportedError, longest, parse, written


def ends(pattern: str, data: bytes) -> list[int]:
    """Where vectorscan sees matches of a written pattern end, in a file of a pile."""
    database = hyperscan.Database()
    database.compile(expressions=[pattern.encode()], ids=[0], flags=[hyperscan.HS_FLAG_MULTILINE])
    seen: list[int] = []
    database.scan(data + b"\n", match_event_handler=lambda _number, _start, end, _flags, _context: seen.append(end))
    return seen


@pytest.mark.parametrize(
    ("pattern", "expected", "reach"),
    [
        (r"\b(ghp_[0-9A-Za-z]{36})\b", r"\bghp\x5f[0-9A-Za-z]{36}\b", 40),
        (r"(?:AKIA|ASIA)[A-Z2-7]{4,16}(?:\W|$)", r"(?:AKIA|ASIA)[A-Z2-7]{4}", 8),
        (r"[\w.-]{0,50}?(?i:heroku)[\w -]{0,20}=([0-9a-f]{8})", r"[hH][eE][rR][oO][kK][uU][\w -]*\x3d[0-9a-f]{8}", 85),
        (r"-----BEGIN KEY-----[\s\S]{64,}?-----END", r"\x2d\x2d\x2d\x2d\x2dBEGIN\x20KEY\x2d\x2d\x2d\x2d\x2d", 19),
        (r"\d{15,16}\|[0-9A-Za-z]{8}", r"\d{4}\x7c[0-9A-Za-z]{8}", 25),
        (r"token:\s.{8}", r"token\x3a\s[^\n]{8}", 15),
        ("密码[一-龥]{2,9}", r"\xe5\xaf\x86\xe7\xa0\x81[\x80-\xff\xff-\xff]{2}", 8),
    ],
)
def test_a_beginning_is_short_and_rare(pattern: str, expected: str, reach: int) -> None:
    """It leaves out what may be missing, what sets no limit, and what counts far."""
    found = beginning(pattern)
    assert found is not None
    assert (found.pattern, found.reach) == (expected, reach)


@pytest.mark.parametrize(
    ("pattern", "breaks"),
    [
        (r"token[\w ]*=\s*[0-9a-f]{8}", 1),
        (r"token[\w ]*=[ \t]*[0-9a-f]{8}", 0),
        (r"token(?:\s*[=:]){1,2}\s*[0-9a-f]{8}", 3),
        (r"token(?:\s*[=:])+[0-9a-f]{8}", None),
        (r"token[^=]{0,9}=[0-9a-f]{8}", None),
    ],
)
def test_how_many_lines_lie_in_a_beginning_is_told(pattern: str, breaks: int | None) -> None:
    """Blank ones do not count; where others may be, nothing is."""
    found = beginning(pattern)
    assert found is not None
    assert found.breaks == breaks


@pytest.mark.parametrize("pattern", ["[a-z]{4}", "a?", ".{20}", r"\pL{20}", "(?:x|)", r"\b"])
def test_what_stands_everywhere_or_is_not_understood_has_none(pattern: str) -> None:
    """It would be seen at every place of every text."""
    assert beginning(pattern) is None


_atoms = st.sampled_from(
    ["a", "b", "é", "[ab]", "[^a]", ".", r"\d", r"\b", "^", "$", r"\n", r"\s", "(?i:b)", "[é-ü]", r"\x61", "0"]
)
_patterns = st.recursive(
    _atoms,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+?", "{2}", "{0,2}", "{1,9}"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=8,
)


@given(_patterns, st.text("ab0éüB\n ", max_size=30))
@settings(max_examples=600, deadline=None)
def test_every_match_holds_its_beginning(pattern: str, text: str) -> None:
    """For any pattern and text: in a match, within reach of its start, ends what was promised; no match is longer than told."""
    data = f"ab0{text}".encode()
    try:
        match = re2.compile(f"ab0{pattern}".encode(), _quiet()).search(data)
    except re2.error:
        return
    found = beginning(f"ab0{pattern}")
    assert found is not None
    if match is None:
        return
    low, high = match.span()
    try:
        seen = ends(found.pattern, data)
    except hyperscan.error:  # `^` in the middle: such a rule is looked for by its words
        return
    limit = high if found.reach is None else min(high, low + found.reach)
    assert any(
        low < end <= limit and (found.breaks is None or _ended_lines(data[low:end]) <= found.breaks) for end in seen
    )
    assert found.longest is None or high - low <= found.longest


def _ended_lines(data: bytes) -> int:
    """How many lines with something in them end."""
    return sum(1 for line in data.split(b"\n")[:-1] if line.strip())


def _quiet() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options


@pytest.mark.parametrize("rule", [rule for rule in RULES if expression(rule.shape)], ids=lambda rule: rule.id)
def test_the_syntax_of_rules_is_understood(rule: Rule) -> None:
    """Nothing in them is beyond the tree."""
    assert written(parse(expression(rule.shape)))


@pytest.mark.parametrize(
    ("pattern", "most"), [("a{2,5}b", 6), ("é", 2), ("[^a]{3}", 12), ("a*", None), (r"\b^$", 0), ("a|bcd", 3)]
)
def test_the_longest_match_is_known(pattern: str, most: int | None) -> None:
    """A character that may be outside ASCII counts for four bytes."""
    assert longest(parse(pattern)) == most


@pytest.mark.parametrize("pattern", ["a(", "[a", "a**b(", r"\Qa\E", r"\pN", "(?=a)", r"[\x{100}]", "*a", "a)"])
def test_what_is_no_known_syntax_is_said_to_be(pattern: str) -> None:
    """Whoever asks falls back on the words of the rule."""
    with pytest.raises(UnsupportedError):
        parse(pattern)


@pytest.mark.parametrize(
    ("pattern", "opening"),
    [
        (r"(?P<secret>-----BEGIN KEY-----[\s\S]{64,})", "-----BEGIN KEY-----"),
        (r"(?:ab|cd)token", ""),
        (r"(?i:curl)", ""),
    ],
)
def test_an_opening_is_what_every_match_begins_with(pattern: str, opening: str) -> None:
    """A choice, of letters of either case too, is none."""
    found = beginning(pattern)
    assert found is not None
    assert found.opening == opening


def test_what_may_go_on_for_ever_is_probed_by_a_part_that_ends() -> None:
    """The probe stands at the start of every match and is no longer than it says."""
    found = beginning(r"curl\s[^\n]{0,200}?key=([a-z]{8,})[\"']")
    assert found is not None
    text = "curl " + "é" * 200 + "key=" + "a" * 5000 + "'"
    probe = re.match(found.probe.encode("latin-1"), text.encode())
    assert found.longest is None
    assert probe is not None
    assert probe.end() == 5 + 400 + 4 + 8 <= found.probed


def test_a_name_before_many_ways_to_go_on_is_the_beginning() -> None:
    """The ways would take long to compile."""
    ways = "|".join(f"{letter}{'x' * 40}" for letter in "abcd")
    found = beginning(rf"acme_(?:{ways})[0-9]{{20}}")
    assert found is not None
    assert found.pattern == r"acme\x5f"
