"""Scalars as text that every YAML reader, 1.1 and 1.2, takes for the same value."""

import re
from typing import Literal, TypeAlias

from yaml.resolver import Resolver

from .node import JsonScalar, Style
from .resolve import resolve_plain

Quote: TypeAlias = Literal["'", '"']

# PyYAML knows the types of YAML 1.1 that go-yaml leaves out: sexagesimal numbers, dates, `=`.
_YAML_1_1: dict[str, list[tuple[str, re.Pattern[str]]]] = Resolver.yaml_implicit_resolvers
_SAFE_START = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]|-(?=[\w./-])")
_UNSAFE = re.compile(r": |:\Z| #|\A---|\A\.\.\.|\s\Z")
_UNSAFE_IN_FLOW = re.compile(r"[,\[\]{}:]")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def scalar_text(value: JsonScalar, quote: Quote, style: Style | None = None, *, flow: bool = False) -> str:
    """The scalar on one line; a string keeps the quotes of `style`, else gets `quote` where it needs some."""
    if not isinstance(value, str):
        return json_scalar(value)
    if style not in (Style.SINGLE, Style.DOUBLE) and _is_safe_plain(value, flow=flow):
        return value
    single = style is Style.SINGLE or (style is not Style.DOUBLE and quote == "'")
    return "'" + value.replace("'", "''") + "'" if single and value.isprintable() else double_quoted(value)


def json_scalar(value: JsonScalar) -> str:
    """The scalar as JSON, which is YAML too."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return double_quoted(value)
        case _:
            return repr(value)


def double_quoted(value: str) -> str:
    """The string in double quotes with escapes that JSON and YAML share; characters past U+FFFF stay as they are."""
    return '"' + "".join(map(_escaped, value)) + '"'


def literal_lines(value: str) -> tuple[str, list[str]] | None:
    """The header and the lines, not indented, of a string of several lines as `|`; None if that is not to be read."""
    body = value.removesuffix("\n")
    lines = body.split("\n")
    if "\n" not in value or not lines[0] or lines[0][0] == " " or not lines[-1]:
        return None
    if any(not line.isprintable() or line.endswith(" ") for line in lines):
        return None
    return ("|" if body != value else "|-"), lines


def _is_safe_plain(value: str, *, flow: bool) -> bool:
    if not _SAFE_START.match(value) or _UNSAFE.search(value) or not value.isprintable():
        return False
    if flow and _UNSAFE_IN_FLOW.search(value):
        return False
    if not isinstance(resolve_plain(value), str):
        return False
    candidates = _YAML_1_1.get(value[0], [])
    return not any(pattern.match(value) for _, pattern in candidates)


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() or ord(character) > 0xFFFF:
        return character
    return f"\\u{ord(character):04x}"
