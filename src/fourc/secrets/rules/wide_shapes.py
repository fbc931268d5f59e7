"""How keys without a look of their own are known: by their provider's name close by.

Most small providers issue a plain random text and document no more than that. Their keys stand in `NAME_API_KEY=…`, in
`"nameToken": "…"`, in a header or a sentence. So a row of the tables names the provider, and its value where that is documented.
"""

import re
from collections.abc import Callable

from fourc.model.finding import Confidence
from fourc.secrets.assignments import is_reference, is_shaped, is_wordy
from fourc.secrets.late import late
from fourc.secrets.rarity import entropy
from fourc.secrets.rarity import is_wordy as reads_as_words
from fourc.secrets.rule import Kind, Rule, Token

HEX32 = "[0-9a-fA-F]{32}"
HEX40 = "[0-9a-fA-F]{40}"
HEX64 = "[0-9a-fA-F]{64}"
UUID = "[0-9a-zA-Z]{8}-[0-9a-zA-Z]{4}-[0-9a-zA-Z]{4}-[0-9a-zA-Z]{4}-[0-9a-zA-Z]{12}"
JWT = r"ey[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"
OPAQUE = (
    r"(?:[A-Za-z_+/-]{0,8}[0-9][0-9A-Za-z_\-.+/=:|%]{7,}|[A-Za-z_+/-]{9,60}[0-9][0-9A-Za-z_\-.+/=:|%]*|[A-Za-z]{20,64})"
)

_WORD = (
    r"(?i:secret|private|access|key|token|pass(?:word|wd)?|pat|auth|credentials?|bearer|licen[sc]e|client"
    r"|app_?id|sid|login)"
)
_FILLER = r"(?:[^0-9A-Za-z\n]{0,4}[0-9A-Za-z]{1,12}){0,3}?"
_REST = r"(?:[_\-. ]{0,2}[0-9A-Za-z]{1,12}){0,2}?"
_END = r"(?:[^0-9A-Za-z_\-]|$)"


def names_pattern(names: tuple[str, ...]) -> str:
    """Any of the names, where a word begins: in letters of any case, or with a capital inside of one."""
    whole = "|".join(re.escape(name) for name in names)
    inside = "|".join(re.escape(name[:1].upper() + name[1:]) for name in names)
    return rf"(?:^|[^A-Za-z])(?i:{whole})|{inside}"


def near(names: tuple[str, ...], value: str = OPAQUE) -> Token:
    """A value after the provider's name: a word for a secret stands between, or an operator follows the name."""
    direct = "" if value == OPAQUE else r"|[ \t-]"
    between = (
        rf"(?:{_FILLER}[^0-9A-Za-z\n]{{0,4}}{_WORD}{_REST}[^0-9A-Za-z\n]{{1,6}}"
        rf"|[\w.-]{{0,12}}[\"'`\])]{{0,2}}[ \t]?[:=]>?[ \t\"'`(]{{0,24}}{direct})"
    )
    return Token(
        rf"(?:{names_pattern(names)}){between}(?P<secret>{value}){_END}", tuple(name.lower() for name in names)
    )


def beside(names: tuple[str, ...], value: str) -> Token:
    """A value after a provider's name that is an everyday word: only right behind a name such as `box_api_key`."""
    words = r"(?:[_\-. ]?(?i:my|app|api|client|access|auth|private|secret|user|account|live|test|prod))*[_\-. ]?"
    ending = r"(?i:secret|private|key|token|pat|password|access|auth)(?:[_\-. ]?(?i:secret|key|token|value|string))*"
    names_ = "|".join(f"(?i:{re.escape(name)})" for name in names)
    pattern = rf"(?:^|[^A-Za-z])(?:{names_}){words}{ending}[^0-9A-Za-z\n]{{1,6}}({value}){_END}"
    return Token(pattern, tuple(name.lower() for name in names))


def is_opaque(value: str) -> bool:
    """Whether it can be a key: neither words, nor a path, an address, a version, a template or a placeholder."""
    digits = sum(c.isdigit() for c in value)
    return (
        len(value) >= 11
        and digits < len(value)
        and len(set(value)) >= 6
        and entropy(value) >= 2.5
        and not is_reference(value)
        and not is_shaped(value)
        and not _ASKED.search(value)
        and not (digits * 5 < len(value) and reads_as_words(re.sub(r"\d+", " ", value)))
        and (value.isalpha() or not is_wordy(value))
    )


_ASKED = late(r"(?i)your|example|placeholder|x{6,}|here\Z|change|replace|insert|0{12,}|process\.|\.env|getenv")


def service(
    name: str,
    provider: str,
    value: str = OPAQUE,
    *,
    names: tuple[str, ...] = (),
    kind: Kind = Kind.API_KEY,
    shape: Callable[[tuple[str, ...], str], Token] = near,
) -> Rule:
    """The key of a provider that is known by the provider's name; the rule's id is `<name>-<kind>`."""
    what = kind.value.en.replace(" ", "-").lower()
    return Rule(
        f"{name}-{what}",
        provider,
        kind,
        shape(names or (name,), value),
        confidence=Confidence.MEDIUM,
        entropy=2.5,
        genuine=is_opaque if value == OPAQUE else None,
    )


def everyday(name: str, provider: str, value: str, *, names: tuple[str, ...] = (), kind: Kind = Kind.API_KEY) -> Rule:
    """The same for a provider that is called by an everyday word."""
    return service(name, provider, value, names=names, kind=kind, shape=beside)


def given(name: str, value: str) -> str:
    """The pattern of a value that is given to a name in which `name` begins a word or part: `jira_token = "…"`."""
    return rf"(?:\b|_|-)(?i:{name})[\w .\-]{{0,24}}[\"' ]{{0,3}}(?:[:=]|=>|:=)[\"' (]{{0,4}}(?P<secret>{value})(?:[^\w+/=-]|\z)"
