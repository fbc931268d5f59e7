r"""What the rules mean, said plainly: every rule's expression over the whole text. Slow; the engine must find exactly the same.

An `Assigned` is a name, an operator and a value, as the common languages and formats write them:

| written | where |
|---|---|
| `x = "v"`, `x=v`, `x := v`, `x ::= v`, `x ?= v`, `x .= v`, `x: str = "v"`, `var x string = "v"` | code, shells, makefiles |
| `x: v`, `"x": "v"`, `\"x\":\"v\"`, `x => 'v'`, `d['x'] = 'v'`, `${x:-v}` | YAML, JSON (also in a string), hashes |
| `f("x", "v")`, `-x v`, `--x=v`, `?x=v&` | calls, command lines, URLs |
| `<x>v</x>` over lines, `name: x` then `value: v`, `key="x" value="v"` | XML, Kubernetes, Terraform, .NET |
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import assert_never

import re2

from fourc.secrets.hit import Hit
from fourc.secrets.rule import Assigned, Rule, Shape, Structure, Token
from fourc.secrets.verdict import is_secret

# The rest of the name, and a type behind it; then what closes the name.
_NAME_ENDS = r"[\w.\- \t]{0,30}[ \t\"'`\\\])]{0,4}"
_OPERATOR = (
    r"(?::[ \t]?[\w.&'<>\[\]|? ]{1,24}[ \t]?="  # with a type between
    r"|=>|->|[:.?+|]{0,3}=|:{1,2}-?|>|,|\|\|"
    r"|[\s\"'`,;<>/a-z]{1,60}?value[\"'`]?\s{0,3}[:=>])"  # with a key of its own for the value
)
_VALUE_BEGINS = r"(?:[ \t]?[|>][+-]?[ \t]?\n)?\s{0,30}[\\\"'`=(@\s]{0,4}(?:(?i:bearer|token|basic|apikey)[ \t]{1,3})?"
_VALUE_ENDS = r"(?:[\s\"'`;,<>()\[\]{}&\\|#]|\.\s|\z)"
_FLAG = r"-[\w-]{0,30}%s[\w-]{0,30}[ \t]{1,4}[\"']?"


def expression(shape: Shape) -> str:
    """The shape as one RE2 pattern, empty where no text tells it; see `secret_span` for the part that is the secret."""
    match shape:
        case Token():
            return shape.pattern
        case Assigned():
            words = f"(?i:{'|'.join(shape.words)})"
            named = f"{words}{_NAME_ENDS}{_OPERATOR}{_VALUE_BEGINS}"
            return f"(?:{named}|{_FLAG % words})(?P<secret>{shape.value}){_VALUE_ENDS}"
        case Structure():
            return ""  # nothing in a text tells it: `files` reads those
        case _:
            assert_never(shape)


def hits(text: bytes, path: str, rules: Iterable[Rule]) -> list[Hit]:
    """All that `rules` find in a text, by place and rule.

    The next match of a rule is looked for behind the secret, so that what ends one may begin another. A rule whose pattern is
    empty is about the file itself: it is found once, at its beginning, and its value is the path.
    """
    found = [hit for rule in rules if _concerns(rule, path) for hit in _of_rule(text, path, rule)]
    return sorted(found, key=lambda hit: (hit.start, hit.end, hit.rule))


def _concerns(rule: Rule, path: str) -> bool:
    return rule.path is None or compiled(rule.path).search(path.encode()) is not None


def _of_rule(text: bytes, path: str, rule: Rule) -> Iterator[Hit]:
    if isinstance(rule.shape, Token) and not rule.shape.pattern:
        yield Hit(rule.id, 0, 0, path)
        return
    if isinstance(rule.shape, Structure):
        return
    pattern = compiled(expression(rule.shape))
    at = 0
    while match := pattern.search(text, at):
        start, end = secret_span(pattern, match)
        value = text[start:end].decode("utf-8", "replace")
        if is_secret(rule, value, path):
            yield Hit(rule.id, start, end, value)
        at = max(end, at + 1)


def secret_span(pattern: re2._Regexp, match: re2._Match) -> tuple[int, int]:
    """Where the secret stands: the group `secret`, else the first group that took part, else all of the match."""
    named = pattern.groupindex.get(b"secret")
    groups = [named] if named else [*range(1, pattern.groups + 1), 0]
    return next(span for span in map(match.span, groups) if span[0] >= 0)


@cache
def compiled(pattern: str) -> re2._Regexp:
    """A pattern over UTF-8 bytes."""
    return re2.compile(pattern.encode())
