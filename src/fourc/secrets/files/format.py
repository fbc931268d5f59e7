"""A kind of file in which secrets stand, and the common way to find them: by the name that a value is given to."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from msgspec import Struct

from fourc.model.finding import Confidence, Severity
from fourc.secrets.files import urls
from fourc.secrets.files.leaf import Leaf, Reader, plain
from fourc.secrets.files.names import is_secret_name
from fourc.secrets.files.placeholder import is_placeholder
from fourc.secrets.hit import Hit
from fourc.secrets.late import late
from fourc.secrets.rule import Kind, Rule, Structure

Finder = Callable[[bytes], Iterator[Hit]]


class Format(Struct, frozen=True, eq=False):
    """`names` are glob patterns (lower case) of a file's name or, with a slash in them, of the end of its path.

    One of the texts in `holds` stands in every such file, where the name alone is not enough, and none of those in `lacks`.
    """

    names: tuple[str, ...]
    rules: tuple[Rule, ...]
    find: Finder
    holds: tuple[bytes, ...] = ()
    lacks: tuple[bytes, ...] = ()


def rule(
    name: str,
    provider: str,
    kind: Kind = Kind.PASSWORD,
    severity: Severity = Severity.HIGH,
    confidence: Confidence = Confidence.HIGH,
    *,
    generic: bool = False,
    references: tuple[str, ...] = (),
) -> Rule:
    """A rule for what a format holds: known by its place, whatever it looks like."""
    return Rule(
        name,
        provider,
        kind,
        Structure(name),
        severity=severity,
        confidence=confidence,
        generic=generic,
        references=references,
    )


def keyed(
    row: Rule,
    names: str,
    read: Reader,
    keys: str | None = None,
    *,
    but: str | None = None,
    holds: tuple[bytes, ...] = (),
    lacks: tuple[bytes, ...] = (),
) -> Format:
    """A format whose secrets have names: those whose dotted path matches `keys` (RE, lower case) and not `but`.

    Without `keys` any name counts that people give to secrets. Passwords in URLs and connection strings count under any name.
    """

    def find(text: bytes) -> Iterator[Hit]:
        # Compiled where they are needed: most runs meet few of the formats.
        wanted, unwanted = _compiled(keys), _compiled(but)
        for leaf in read(text):
            if unwanted and unwanted.search(leaf.dotted):
                continue
            named = (
                bool(wanted.search(leaf.dotted))
                if wanted
                else is_secret_name(leaf.name) and could_be(leaf.name, leaf.value)
            )
            yield from secrets(row.id, text, leaf, named=named)

    return Format(tuple(names.split()), (row,), find, holds, lacks)


@cache
def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None


@cache
def _lines(patterns: tuple[str, ...]) -> list[re.Pattern[bytes]]:
    return [re.compile(pattern.encode(), re.MULTILINE) for pattern in patterns]


def matched(row: Rule, names: str, *patterns: str, holds: tuple[bytes, ...] = ()) -> Format:
    """A format whose secrets are the groups `secret` of patterns (RE over lines), named by the group `key` where there is one."""

    def find(text: bytes) -> Iterator[Hit]:
        seen: set[int] = set()
        for pattern in _lines(patterns):
            for match in pattern.finditer(text):
                start, end = match.span("secret")
                value = plain(text[start:end])
                if start in seen or is_placeholder(value) or is_comment(text, start):
                    continue
                seen.add(start)
                yield Hit(
                    row.id,
                    start,
                    end,
                    value,
                    (),
                    plain(match["key"]) if pattern.groupindex.get("key") and match["key"] else None,
                )

    return Format(tuple(names.split()), (row,), find, holds)


def is_comment(text: bytes, position: int) -> bool:
    """Whether the line up to here begins with a sign that makes it a comment in most formats."""
    near = max(0, position - 200)  # so that a single line of any length costs little
    line = text[max(near, text.rfind(b"\n", near, position) + 1) : position].lstrip()
    return line.startswith((b"#", b";", b"//", b"-- "))


# What the name of a value alone does not exclude: a number of seconds, a path, a class, an address without a password.
_NO_SECRET = late(
    r"(?:/|\./|\.\./|~/|[A-Za-z]:\\)[\w./\\ -]*|(?:[a-z][\w$]*\.){2,}[A-Z]\w*|\d{1,3}|\w+\.(?:pem|key|crt|jks|p12|txt|json|ya?ml)"
)
_PASSWORD = late(r"(?i)pass|pwd|pin|密码|口令|salt")


def could_be(name: str, value: str) -> bool:
    """Whether a value that has the name of a secret may be one, and is no number, path or class that goes by such a name."""
    if _NO_SECRET.fullmatch(value) or len(value) > 4096:
        return False
    return _PASSWORD.search(name) is not None or not (value.isdecimal() or " " in value)


_DEFAULT = late(rb"\$\{[\w.]{1,100}(?::-?|-)(?P<value>[^{}]+)\}")


def secrets(rule_id: str, text: bytes, leaf: Leaf, *, named: bool = True, via: tuple[str, ...] = ()) -> Iterator[Hit]:
    """The secrets in a value: it itself if it is `named` as one, its default if it is a reference, else passwords inside."""
    start, end, value = leaf.start, leaf.end, leaf.value
    if named and (default := _DEFAULT.fullmatch(text, start, end)):  # `${PASSWORD:123456}`
        start, end = default.span("value")
        value = plain(text[start:end])
    if not via:
        inner = [(a, b) for a, b in urls.passwords(text, start, end) if not is_placeholder(plain(text[a:b]))]
        if inner or urls.is_address(text[start:end]):
            for a, b in inner:
                yield Hit(rule_id, a, b, plain(text[a:b]), via, leaf.name)
            return
    if named and not is_placeholder(value):
        yield Hit(rule_id, start, end, value, via, leaf.name)
