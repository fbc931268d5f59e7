"""A few dozen rules of both shapes, and their plain meaning: RE2 over the whole text."""

import re2

from fourc.secrets.database import Database, compiled
from fourc.secrets.engine import Engine, Meaning, sought_of
from fourc.secrets.hints import Hints
from fourc.secrets.hit import Hit
from fourc.secrets.rule import Assigned, Kind, Rule, Shape, Token

_FRAME = r"[\w.\- \t]{0,30}[\"'\]]{0,2}[ \t]{0,3}(?:=>|:=|=|:|>|,)\s{0,5}[\"'`=(]{0,3}"


def expression(shape: Shape) -> str:
    """One RE2 pattern for a shape."""
    if isinstance(shape, Token):
        return shape.pattern
    assert isinstance(shape, Assigned)
    return rf"(?i:{'|'.join(shape.words)}){_FRAME}(?P<secret>{shape.value})(?:[\s\"'`;,<>)]|\z)"


def _token(name: str, pattern: str, *keywords: str, generic: bool = False, path: str | None = None) -> Rule:
    return Rule(name, name.title(), Kind.API_KEY, Token(pattern, keywords), generic=generic, path=path)


def _assigned(name: str, value: str, *words: str, generic: bool = False) -> Rule:
    return Rule(name, name.title(), Kind.API_KEY, Assigned(words or (name,), value), generic=generic)


RULES = (
    _token("github", r"\bghp_[0-9A-Za-z]{36}\b", "ghp_"),
    _token("short", r"(?:\b|\\[nrt])(?P<secret>sk-[0-9a-z]{2,5})(?:[^\w-]|\z)", "sk-"),
    _token("pair", r"(?P<secret>[a-f0-9]{8}):keep(?:er)?\b", "keep"),
    _token("two-groups", r"id-(?:(\d{4})|([a-z]{4}))!", "id-"),
    _token("aws", r"\b((?:AKIA|ASIA)[A-Z2-7]{4,16})(?:[^A-Z2-7]|$)", "akia", "asia"),
    _token("key", r"-----BEGIN[ A-Z]{0,40}KEY-----[\s\S]{4,}?-----END[ A-Z]{0,40}KEY-----", "-----begin"),
    _token("jwt", r"\bey[\w-]{4,}\.ey[\w-]{4,}\.[\w-]*", "ey"),
    _token("any-case", r"(?i)corp[-_]?[a-z]{0,4}=(?P<secret>\w{6})", "corp"),
    _token("digits", r"\d{15,16}\|[0-9A-Za-z]{8}", "|"),
    _token("chinese", r"密[码钥][:：]\s*(?P<secret>[^\s，]{4,8})", "密"),
    _token("line", r"(?m)^pin: (\d{4})$", "pin"),
    _token("no-word", r".{2}~[a-z]?~"),
    _token("only-here", r"here-[a-z]{4}", "here-", path=r"(?:^|/)conf/"),
    _token("a-file", "", path=r"\.p12$"),
    _assigned("adobe", "[a-f0-9]{8}"),
    _assigned("feishu", r"[\w-]{6,12}", "feishu", "lark", "飞书"),
    _assigned("generic", r"[^\s\"'`;,<>)]{6,40}", "password", "secret[_-]?key", "token", generic=True),
)
MEANING = Meaning(expression, lambda _rule, value, _path: "EXAMPLE" not in value)


def plain_hits(text: bytes, path: str = "") -> list[Hit]:
    """What the rules mean."""
    found: list[Hit] = []
    for rule in RULES:
        if rule.path and not re2.compile(rule.path.encode()).search(path.encode()):
            continue
        if isinstance(rule.shape, Token) and not rule.shape.pattern:
            found.append(Hit(rule.id, 0, 0, path))
            continue
        pattern = re2.compile(expression(rule.shape).encode())
        named = pattern.groupindex.get(b"secret")
        groups = [named] if named else [*range(1, pattern.groups + 1), 0]
        at = 0
        while match := pattern.search(text, at):
            start, end = next(span for span in map(match.span, groups) if span[0] >= 0)
            value = text[start:end].decode("utf-8", "replace")
            if MEANING.is_secret(rule, value, path):
                found.append(Hit(rule.id, start, end, value))
            at = max(end, at + 1)
    return sorted(found, key=lambda hit: (hit.start, hit.end, hit.rule, hit.value))


def engines() -> tuple[Engine, Engine]:
    """The engine with vectorscan, and with RE2 alone."""
    sought = sought_of(RULES, expression)
    return Engine(RULES, sought, MEANING, Database(compiled(sought))), Engine(RULES, sought, MEANING, Hints(sought))
