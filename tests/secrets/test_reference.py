"""The plain meaning of rules: where a secret begins and ends, and how a name may be given a value."""

import pytest
from tests.secrets.samples import seeded

from fourc.secrets.hit import Hit
from fourc.secrets.reference import hits
from fourc.secrets.rule import Assigned, Kind, Rule, Token

KEY = "k7Qz9Lm2Xw8Rt4Vb"


def rule(shape: Token | Assigned, path: str | None = None, entropy: float = 2.5) -> Rule:
    return Rule("acme-key", "Acme", Kind.API_KEY, shape, path=path, entropy=entropy)


ACME = rule(Assigned(("acme",), "[0-9A-Za-z]{16}"))


@pytest.mark.parametrize(
    "text",
    [
        f'const acmeKey: Optional[str] = "{KEY}"',
        f'let acme_key: &\'static str = "{KEY}";',
        f"config['acme'] = '{KEY}'",
        f'{{"a": "{{\\"acme_key\\": \\"{KEY}\\"}}"}}',
        f'{{"name": "ACME_KEY", "value": "{KEY}"}}',
        f"<entry><key>acme</key><value>{KEY}</value></entry>",
        f"- name: ACME_KEY\n  value: {KEY}\n",
        f"acme_key: |\n    {KEY}\n",
        f"https://api.example.com/?acme_key={KEY}&x=1",
        f"run --acme-key {KEY}",
        f"acme.key: Bearer {KEY}",
        f"if acme == '{KEY}':",
        f"acme key:\n\t{KEY}",
    ],
)
def test_a_value_is_found_behind_any_common_operator(text: str) -> None:
    (hit,) = hits(text.encode(), "", [ACME])
    assert (hit.value, text.encode()[hit.start : hit.end]) == (KEY, KEY.encode())


@pytest.mark.parametrize(
    "text",
    [
        f"acme {KEY}",
        f"acme_key = {KEY}Z",
        f"acme_key = {KEY[:-1]}",
        f"acme_key is what we call it, and so on and on and on: {KEY}",
        f"emca_key = {KEY}",
        f"acme_key = {KEY}-more",
    ],
)
def test_a_value_that_is_not_given_to_the_name_or_is_not_whole_is_not_found(text: str) -> None:
    assert not hits(text.encode(), "", [ACME])


def test_what_ends_one_secret_may_begin_the_next() -> None:
    spaced = rule(Token(r" ([a-z0-9]{6}) ", ()), entropy=0)
    assert [hit.value for hit in hits(b" abc123 def456 ", "", [spaced])] == ["abc123", "def456"]


def test_the_named_group_is_the_secret_else_the_first_that_took_part_else_all() -> None:
    both = rule(Token(r"a(?P<other>\d)b(?P<secret>\d\d)|z", ()), entropy=0)
    either = rule(Token(r"x(\d+)x|y(\d+)y", ()), entropy=0)
    assert [hit.value for hit in hits(b"a1b23", "", [both])] == ["23"]
    assert [hit.value for hit in hits(b"x12x y34y", "", [either])] == ["12", "34"]
    assert [hit.value for hit in hits(b"789", "", [rule(Token(r"\d+", ()), entropy=0)])] == ["789"]


def test_a_rule_with_a_path_concerns_only_such_files() -> None:
    limited = rule(Token(r"\d{4}", ()), path=r"(?i)\.tf$", entropy=0)
    assert hits(b"1234", "main.TF", [limited])
    assert not hits(b"1234", "main.go", [limited])


def test_a_rule_without_a_pattern_is_about_the_file_itself() -> None:
    assert hits(b"\x30\x82", "site.pfx", [rule(Token("", ()), path=r"\.pfx$", entropy=0)]) == [
        Hit("acme-key", 0, 0, "site.pfx")
    ]


def test_places_are_bytes_of_the_text_also_behind_chinese() -> None:
    text = f"密钥 acme = {KEY}".encode()
    (hit,) = hits(text, "", [ACME])
    assert text[hit.start : hit.end] == KEY.encode()


def test_hits_come_by_place() -> None:
    random = seeded(7)
    values = ["".join(random.choices("abcdefghkmnpqrstuvwxyz23456789", k=16)) for _ in range(3)]
    text = "\n".join(f"acme{place} = {value}" for place, value in enumerate(values))
    assert [hit.value for hit in hits(text.encode(), "", [ACME])] == values
