"""Which hits give way to others at their place."""

from fourc.secrets.hit import Hit
from fourc.secrets.rule import Kind, Rule, Structure, Token
from fourc.secrets.settle import settled


def _rule(name: str, kind: Kind = Kind.API_KEY, *, generic: bool = False, by_format: bool = False) -> Rule:
    return Rule(name, name, kind, Structure("a") if by_format else Token("x", ()), generic=generic)


RULES = {
    rule.id: rule
    for rule in (
        _rule("exact"),
        _rule("other"),
        _rule("vague", generic=True),
        _rule("vague-by-format", generic=True, by_format=True),
        _rule("key", Kind.PRIVATE_KEY),
        _rule("encrypted-key", Kind.PRIVATE_KEY, by_format=True),
    )
}


def _told(*spans: tuple[str, int, int]) -> list[tuple[str, int, int]]:
    hits = [Hit(rule, start, end, f"{start}-{end}") for rule, start, end in spans]
    return [(hit.rule, hit.start, hit.end) for hit in settled(hits, RULES)]


def test_what_is_generic_gives_way_where_it_overlaps_what_is_not() -> None:
    assert _told(("vague", 0, 9), ("exact", 4, 12), ("vague", 20, 30)) == [("exact", 4, 12), ("vague", 20, 30)]


def test_it_stays_for_the_very_same_value() -> None:
    assert _told(("vague", 4, 12), ("exact", 4, 12)) == [("vague", 4, 12), ("exact", 4, 12)]


def test_the_look_gives_way_to_the_format_of_the_file() -> None:
    assert _told(("vague", 0, 9), ("vague-by-format", 2, 9)) == [("vague-by-format", 2, 9)]


def test_two_specific_rules_are_both_told() -> None:
    assert _told(("exact", 0, 9), ("other", 2, 9)) == [("exact", 0, 9), ("other", 2, 9)]


def test_of_one_rule_the_longest_is_told_once() -> None:
    assert _told(("exact", 2, 6), ("exact", 0, 9), ("exact", 9, 12)) == [("exact", 0, 9), ("exact", 9, 12)]


def test_a_private_key_is_told_once_by_what_saw_all_of_it() -> None:
    assert _told(("key", 0, 50), ("encrypted-key", 0, 90)) == [("encrypted-key", 0, 90)]


def test_two_values_in_one_encoded_text_are_both_told_and_the_encoded_text_is_not() -> None:
    via = ("base64",)
    one, two = Hit("exact", 4, 40, "first", via, "k"), Hit("exact", 4, 40, "second", via, "k")
    assert settled([one, two, Hit("exact", 4, 40, "Zmlyc3Q=")], RULES) == [one, two]
