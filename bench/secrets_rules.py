"""Rules for measuring where the real ones are not there: as many, of both shapes, found as seldom."""

import random

from fourc.secrets.rule import Assigned, Kind, Rule, Token

_SYLLABLES = "zor qui vex plo dra nym kel tas bro fin gry hux jol mab nef ost pry rud syl tov wyn yar".split()  # noqa: SIM905 - a list of words
_NAME_ENDS = r"[\w.\- \t]{0,30}[ \t\"'`\\\])]{0,4}"
_OPERATOR = r"(?:=>|->|[:.?+|]{0,3}=|:{1,2}|>|,|\|\|)"
_VALUE = r"\s{0,10}[\\\"'`=(@\s]{0,4}"
_GENERIC = ("password", "passwd", "secret", "token", "api[_-]?key", "access[_-]?key", "credential", "auth")


def expression(shape: Token | Assigned) -> str:
    """One RE2 pattern for a shape; its group `secret` is the secret."""
    if isinstance(shape, Token):
        return shape.pattern
    return rf"(?i:{'|'.join(shape.words)}){_NAME_ENDS}{_OPERATOR}{_VALUE}(?P<secret>{shape.value})(?:[\s\"'`;,<>)\]}}&]|\z)"


def is_secret(rule: Rule, value: str, path: str) -> bool:
    """Letters and digits that change places, as machines draw them."""
    del path
    return not rule.generic or (
        any(c.isdigit() for c in value) and any(c.isalpha() for c in value) and len(set(value)) > 6
    )


def stand_ins(count: int = 800) -> tuple[Rule, ...]:
    """So many rules, most of them for providers that do not exist."""
    rng = random.Random(1)  # noqa: S311 - the same rules in every run
    names = sorted({"".join(rng.choices(_SYLLABLES, k=3)) for _ in range(4 * count)})[: count - 2]
    rules = []
    for place, name in enumerate(names):
        size = rng.choice((20, 24, 32, 36, 40, 43, 64))
        shape: Token | Assigned = Assigned((name,), f"[0-9A-Za-z]{{{size}}}")
        if place % 2:
            prefix = f"{name[:4]}{rng.choice('_-')}"
            pattern = rf"(?:\b|\\[nrt])(?P<secret>{prefix}[0-9A-Za-z]{{{size}}})(?:[^\w+/=-]|\z)"
            shape = Token(pattern, (prefix,))
        rules.append(Rule(name, name.title(), Kind.API_KEY, shape))
    github = r"(?:\b|\\[nrt])(?P<secret>ghp_[0-9A-Za-z]{36})(?:[^\w+/=-]|\z)"
    rules.append(Rule("github-pat", "GitHub", Kind.ACCESS_TOKEN, Token(github, ("ghp_",))))
    value = r"[\w.!@#$%^&*+/=~-]{8,150}"
    return (*rules, Rule("generic-api-key", "", Kind.API_KEY, Assigned(_GENERIC, value), generic=True))
