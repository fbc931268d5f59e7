"""Whether a value that looks like a rule's secret is one."""

from fourc.secrets.placeholders import is_placeholder
from fourc.secrets.rarity import entropy, is_wordy
from fourc.secrets.rule import Assigned, Rule


def is_secret(rule: Rule, value: str, path: str) -> bool:
    """Whether `value`, found by `rule` in the file `path`, is a secret and not a stand-in for one, or prose."""
    if is_placeholder(value) or entropy(value) < rule.entropy:
        return False
    shapeless = isinstance(rule.shape, Assigned) and not rule.shape.value[0].isalnum()
    if shapeless and rule.entropy and is_wordy(value):
        return False
    return rule.genuine is None or rule.genuine(value)
