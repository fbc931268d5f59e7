"""How rows of the rule tables are written: a provider's documented format in one short line each."""

import re
from collections.abc import Callable

from msgspec.structs import replace

from fourc.model.finding import Confidence, Severity
from fourc.secrets.rule import Assigned, Kind, Rule, Token

HEX = "[0-9a-fA-F]"
ALNUM = "[0-9A-Za-z]"
WORD = r"[\w-]"  # base64url without padding
UUID = f"{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}"

# Where a token may begin (also after the two letters of a written line break) and what may not follow it.
_BEGIN = r"(?:\b|\\[nrt])"
_END = r"(?:[^\w+/=-]|\z)"

_LITERAL = re.compile(r"(?:[A-Za-z0-9_:/~@ =%-]|\\[.$-])+(?![{*?+])")  # what a pattern says in so many letters
_SEVERITIES = {
    Kind.CLIENT_ID: Severity.LOW,
    Kind.IDENTIFIER: Severity.INFO,
    Kind.PRIVATE_KEY: Severity.CRITICAL,
}


def token(
    rule_id: str,
    provider: str,
    kind: Kind,
    pattern: str,
    *keywords: str,
    entropy: float = 2.5,
    end: str = _END,
    genuine: Callable[[str], bool] | None = None,
    path: str | None = None,
    severity: Severity | None = None,
    raw: bool = False,
) -> Rule:
    """A secret with a look of its own, set off from what stands around it; its first letters are the keyword if none is given.

    `pattern` is the secret; where it has the group `secret`, or is `raw` or empty, it stands as it is.
    """
    if not keywords:
        literal = _LITERAL.match(pattern)
        keywords = (literal.group().replace("\\", "").lower(),) if literal else ()
    complete = raw or not pattern or "(?P<secret>" in pattern
    shaped = pattern if complete else f"{_BEGIN}(?P<secret>{pattern}){end}"
    return Rule(
        id=rule_id,
        provider=provider,
        kind=kind,
        shape=Token(shaped, keywords),
        entropy=entropy,
        severity=severity or _SEVERITIES.get(kind, Severity.HIGH),
        genuine=genuine,
        path=path,
    )


def assigned(
    rule_id: str,
    provider: str,
    kind: Kind,
    words: str | tuple[str, ...],
    value: str,
    entropy: float = 2.5,
    *,
    genuine: Callable[[str], bool] | None = None,
    path: str | None = None,
    severity: Severity | None = None,
) -> Rule:
    """A value that only the name it is given to tells: medium confidence, for the name may mean something else."""
    return Rule(
        id=rule_id,
        provider=provider,
        kind=kind,
        shape=Assigned((words,) if isinstance(words, str) else words, value),
        entropy=entropy,
        severity=severity or _SEVERITIES.get(kind, Severity.HIGH),
        confidence=Confidence.MEDIUM,
        genuine=genuine,
        path=path,
    )


def whole(word: str) -> str:
    """`word` only where a name's part begins (`lob_key`, `myLobKey`, but no `blob`): for short or common words."""
    return rf"(?:\b|_){word}|(?-i:{word.capitalize()})"


def gitleaks(*rows: Rule) -> tuple[Rule, ...]:
    """Rows that gitleaks and betterleaks have under the same id."""
    return tuple(_known(row, f"gitleaks:{row.id}", f"betterleaks:{row.id}") for row in rows)


def betterleaks(*rows: Rule) -> tuple[Rule, ...]:
    """Rows that betterleaks has under the same id, possibly numbered there."""
    return tuple(_known(row, f"betterleaks:{row.id}") for row in rows)


def numbered(row: Rule, number: int, known_as: str | None = None) -> Rule:
    """A row that betterleaks knows by an id with a number, so that both spellings find it."""
    name = known_as or row.id
    return _known(row, f"betterleaks:{name}.{number}", f"betterleaks:{name}")


def _known(row: Rule, *references: str) -> Rule:
    return row if row.references else replace(row, references=references)
