"""Whether a value that looks like a rule's secret is one."""

from typing import assert_never

from fourc.secrets.checksums import is_proven
from fourc.secrets.late import late
from fourc.secrets.placeholders import is_placeholder
from fourc.secrets.rarity import entropy, is_wordy
from fourc.secrets.rule import Assigned, Kind, Rule, Structure, Token

_TESTS = late(
    r"(?i)(?:\A|/)(?:tests?|__tests__|specs?|testdata|fixtures?|mocks?|examples?)/|(?:\A|/)test_[^/]*\Z|[._-](?:test|spec|mock)s?\.\w+\Z"
)

_WORDED = {Kind.IDENTIFIER, Kind.PASSWORD, Kind.URL, Kind.WEBHOOK}
_TELLING = 8  # so many letters that all tokens of a kind begin with tell it alone


def is_secret(rule: Rule, value: str, path: str) -> bool:
    """Whether `value`, found by `rule` in the file `path`, is a secret and not a stand-in for one, or prose.

    What only a generic rule says counts for nothing in tests, whose passwords are invented.
    """
    if rule.team or (isinstance(rule.shape, Token) and not rule.shape.pattern):
        return True  # what a team says itself, or the file itself, whatever it is called
    if rule.kind is Kind.DEFAULT_KEY:
        return True  # it is the very value, however it looks
    if is_placeholder(value):
        return False
    if not is_proven(value) and _is_dull(rule, value):
        return False
    if rule.generic and _TESTS.search(path):
        return False
    return rule.genuine is None or rule.genuine(value)


def _is_dull(rule: Rule, value: str) -> bool:
    """Whether chance did not draw the value, as it draws the secrets of the rule."""
    return entropy(value) < rule.entropy or (_may_be_prose(rule) and is_wordy(value))


def _may_be_prose(rule: Rule) -> bool:
    """Whether words would match that are no secret: its values are drawn by chance, and not told by how they begin."""
    match rule.shape:
        case Token(keywords=keywords):
            shaped = any(len(keyword) >= _TELLING for keyword in keywords)
        case Assigned(value=value):
            shaped = value[0].isalnum()
        case Structure():
            shaped = True  # its file's format tells it
        case _:
            assert_never(rule.shape)
    return rule.entropy > 0 and rule.kind not in _WORDED and not shaped
