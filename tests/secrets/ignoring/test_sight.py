"""What ignores see of a hit."""

from hypothesis import given
from hypothesis import strategies as st

from fourc.secrets.hit import Hit
from fourc.secrets.ignoring.sight import Lines, names_of, sight_of
from fourc.secrets.rule import Assigned, Kind, Rule, Token


def rule(rule_id: str, *references: str, generic: bool = False, team: bool = False) -> Rule:
    """A rule of ours."""
    return Rule(rule_id, "", Kind.API_KEY, Token("x", ()), generic=generic, references=references, team=team)


def test_a_rule_is_called_as_gitleaks_calls_it_and_what_gitleaks_does_not_know_as_its_catch_all() -> None:
    assert names_of(rule("aws-access-token", "gitleaks:aws-access-token")) == {"aws-access-token"}
    assert names_of(rule("password", "gitleaks:generic-api-key", generic=True)) == {"password", "generic-api-key"}
    assert names_of(rule("aiven-auth-token", "betterleaks:aiven-auth-token")) == {"aiven-auth-token", "generic-api-key"}
    assert names_of(rule("acme", team=True)) == {"acme"}, "gitleaks knows the team's own rules"


def test_a_sight_has_the_lines_of_a_secret_and_the_secret_as_it_stands_there() -> None:
    text = b"a\nk = 'one\ntwo' # x\nb\n"
    sight = sight_of(Hit("r", 7, 14, "decoded"), text, "f", {"r": rule("r")}, Lines(text, 10))
    assert (sight.line, sight.last_line, sight.value, sight.raw) == (11, 12, "decoded", "one\ntwo")
    assert sight.text == "k = 'one\ntwo' # x"


def test_a_secret_that_ends_with_its_line_break_stands_on_its_own_line() -> None:
    text = b"-----END\nnext gitleaks:allow\n"
    sight = sight_of(Hit("r", 0, 9, "-----END\n"), text, "f", {"r": rule("r")}, Lines(text))
    assert (sight.line, sight.last_line, sight.text) == (1, 1, "-----END")


def test_a_value_that_stands_alone_below_its_name_is_known_by_the_line_of_the_name_too() -> None:
    """The line of a finding of gitleaks is where its match begins: at the name."""
    named = {"r": Rule("r", "", Kind.PASSWORD, Assigned(("x",), ".*")), "t": rule("t")}
    text = b'a: b\nkey:\n\n   "v1"\nkey: v2\nv3\n'
    lines = {}
    for name, value in (("r", b"v1"), ("r", b"v2"), ("r", b"v3"), ("t", b"v3")):
        sight = sight_of(
            Hit(name, text.index(value), text.index(value) + 2, value.decode()), text, "f", named, Lines(text)
        )
        lines[name, value] = (sight.line, sight.name_line)
    assert lines == {("r", b"v1"): (4, 2), ("r", b"v2"): (5, 5), ("r", b"v3"): (6, 5), ("t", b"v3"): (6, 6)}


def test_of_a_file_in_one_line_only_what_is_near_a_secret_is_looked_at() -> None:
    text = b"x" * 10_000 + b"gitleaks:allow SECRET " + b"y" * 10_000
    sight = sight_of(Hit("r", 10_015, 10_021, "SECRET"), text, "f", {"r": rule("r")}, Lines(text))
    assert "gitleaks:allow SECRET" in sight.text
    assert len(sight.text) < 9_000


@given(
    st.binary(max_size=60).map(lambda data: data.translate(bytes(10 if b % 3 else b for b in range(256)))), st.data()
)
def test_lines_are_counted_wherever_was_asked_before(text: bytes, data: st.DataObject) -> None:
    lines = Lines(text, 7)
    for offset in data.draw(st.lists(st.integers(0, len(text)), max_size=8)):
        assert lines.number(offset) == 7 + text[:offset].count(b"\n")
        assert lines.start(offset) == text[:offset].rfind(b"\n") + 1
