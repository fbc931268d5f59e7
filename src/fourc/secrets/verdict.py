"""Whether a value that looks like a rule's secret is one."""

import re

from fourc.secrets.placeholders import is_placeholder
from fourc.secrets.rarity import entropy, is_wordy
from fourc.secrets.rule import Assigned, Kind, Rule

_TESTS = re.compile(
    r"(?i)(?:\A|/)(?:tests?|__tests__|specs?|testdata|fixtures?|mocks?|examples?)/|(?:\A|/)test_[^/]*\Z|[._-](?:test|spec|mock)s?\.\w+\Z"
)


def is_secret(rule: Rule, value: str, path: str) -> bool:
    """Whether `value`, found by `rule` in the file `path`, is a secret and not a stand-in for one, or prose.

    What only a generic rule says counts for nothing in tests, whose passwords are invented.
    """
    if is_placeholder(value) or entropy(value) < rule.entropy:
        return False
    if _may_be_prose(rule) and is_wordy(value):
        return False
    if rule.generic and _TESTS.search(path):
        return False
    return rule.genuine is None or rule.genuine(value)


def _may_be_prose(rule: Rule) -> bool:
    """Whether words would match: the value has no beginning of its own, and is not thought up as passwords are."""
    return (
        isinstance(rule.shape, Assigned)
        and not rule.shape.value[0].isalnum()
        and rule.entropy > 0
        and rule.kind is not Kind.PASSWORD
    )
