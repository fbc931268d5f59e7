"""The words by which RE2 alone sees that a text is worth a look."""

import pytest

from fourc.secrets.database import Sought
from fourc.secrets.engine import sought_of
from fourc.secrets.hints import Hints
from fourc.secrets.rule import Assigned, Kind, Rule, Shape, Token

SHAPES: tuple[Token | Assigned, ...] = (
    Token("ghp_.", ("ghp_",)),
    Token("a.b", ("a.b",)),
    Token("É.", ("é",)),
    Assigned(("AWS_Key", r"feishu[\w.\- ]{0,20}?token", r"(?-i:Lob)", "钥匙"), "x"),
)
SOUGHT = sought_of([Rule(str(n), "", Kind.SECRET, shape) for n, shape in enumerate(SHAPES)], lambda _: "pattern")


def test_keywords_are_what_stands_in_a_text_as_it_is_and_words_are_patterns() -> None:
    """What has letters beyond ASCII is a pattern, whose letters RE2 folds."""

    def sought(shape: Shape) -> Sought:
        return sought_of([Rule("a", "", Kind.SECRET, shape)], lambda _: "pattern")[0]

    assert sought(SHAPES[1]) == Sought("pattern", keywords=("a.b",))
    assert sought(SHAPES[2]) == Sought("pattern", words=("(?i:é)",))
    assert sought(SHAPES[3]) == Sought(
        "pattern", (r"(?i:feishu[\w.\- ]{0,20}?token)", "(?i:(?-i:Lob))", "(?i:钥匙)"), ("aws_key",)
    )


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("x GHP_ y", [0]),
        ("ghp-", []),
        ("A.B", [1]),
        ("a-b", []),
        ("É", [2]),
        ("my_aws_KEY_2", [3]),
        ("Feishu_app.Token", [3]),
        ("Lob", [3]),
        ("lob", []),
        ("钥匙", [3]),
        ("ghp_ é", [0, 2]),
    ],
)
def test_a_text_is_worth_a_look_for_the_rules_of_its_words(text: str, rules: list[int]) -> None:
    """Letters of any case count, but where a pattern says otherwise."""
    data = text.encode()
    assert Hints(SOUGHT).sightings(data) == [(len(data), rule) for rule in rules]
