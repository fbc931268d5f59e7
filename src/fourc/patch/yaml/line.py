"""What one line of a block document says by itself, remembered by its text: manifests repeat their lines.

Taken are lines that say the same wherever they stand: an entry or an item whose value begins and ends on the line, or
stands below. A value that is not of the simplest form libyaml reads, in a document of its own. What could depend on
other lines (properties, aliases, merges, explicit keys, markers, tabs) is not taken.
"""

import re
from functools import lru_cache
from typing import TypeAlias

from yaml import YAMLError

from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.errors import Limits
from fourc.patch.yaml.fast import NeedsTreeError, load_plain
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.node_outline import node_outline
from fourc.patch.yaml.resolve import MAYBE_TYPED, UnresolvableError, json_value, key_text, resolve_plain

SCALAR, BELOW, BLOCK, FLOW = range(4)
"""What stands after the key or the dash: a scalar, nothing, the header of a block scalar, a flow collection."""
Line: TypeAlias = tuple[int, int, str | None, Json, int]
"""The columns of its first character and of what follows its dash, its key, its value and what kind of value that is.

Without a dash both columns are the same; an item that is no entry has no key.
"""
MAX_FLOW_NESTING = 16
"""Levels of the flow collections of one line."""

_LIMITS = Limits(max_nesting=MAX_FLOW_NESTING + 1)
_REMEMBERED, _SHORT = 1 << 15, 200
_KEY = r"""[A-Za-z0-9_./][A-Za-z0-9_./-]{0,250}+|"[^"\\]{0,250}+"|'[^']{0,250}+'"""
_FORM = re.compile(rf"( *+)(-(?: ++|\Z))?+(?:({_KEY}):(?: ++|\Z))?+(.*)\Z")
_WORD = r"[^ #:]++(?::[^ #:]++)*+"
_PLAIN = rf"""(?=[^-?:,\[\]{{}}#&*!|>'"%@`]|-[^ #:]){_WORD}(?: ++{_WORD})*+"""
_SCALAR = re.compile(rf"""(?:({_PLAIN})|"([^"\\]*+)"|'([^']*+)') *+(?:(?<= )#.*)?+\Z""")
_HEADER = re.compile(r"[|>][+-]?(?: *+| ++#.*)\Z")
_PROPERTIES = frozenset("&*!")


def line_of(text: str) -> Line | None:
    """What the line says; None if it is blank or a comment.

    Raises:
        NeedsTreeError: only its document can tell.
    """
    return _remembered(text) if len(text) < _SHORT else _line(text)


def key_end(text: str, column: int) -> int:
    """The column after the key that stands at `column`."""
    match = _KEY_AT.match(text, column)
    return column if match is None else match.end()


def scalar_span(text: str, column: int) -> tuple[int, int] | None:
    """The columns of the scalar that is the item at `column`; None if it is not of the simplest form."""
    match = _SCALAR.match(text.removesuffix("\r"), column)
    return None if match is None else (column, max(match.end(1), match.end(2) + 1, match.end(3) + 1))


def read_alone(value: str) -> Json:
    """What the text is as the value of a key at the start of a line, by libyaml.

    Raises:
        NeedsTreeError: nothing that can be told from it alone.
        UnresolvableError: kubectl refuses a scalar in it.
    """
    try:
        data = load_plain(_alone(value), _LIMITS)
    except (YAMLError, UnicodeError) as error:
        raise NeedsTreeError from error
    if not isinstance(data, dict) or data.keys() != {"k"}:
        raise NeedsTreeError
    return data["k"]


def _alone(value: str) -> RawDocument:
    return RawDocument(f"k: {value}\n", 0, 1, 0)


_KEY_AT = re.compile(_KEY)


def _line(text: str) -> Line | None:
    text = text.removesuffix("\r")
    if not text.isprintable():  # nor is a tab, a line break that only YAML knows, or what no document may hold
        raise NeedsTreeError
    match = _FORM.match(text)
    lead, dash, written, rest = match.groups() if match is not None else ("", None, None, "%")
    first = len(lead)
    if dash is None and written is None:
        if not rest or rest[0] == "#":
            return None
        raise NeedsTreeError
    try:
        key = None if written is None else _key(written)
        value, kind = _value(rest)
    except UnresolvableError as error:
        raise NeedsTreeError from error
    return first, first + len(dash or ""), key, value, kind


def _key(written: str) -> str:
    if written[0] in "\"'":
        return written[1:-1]
    return key_text(resolve_plain(written)) if written[0] in MAYBE_TYPED else written


def _value(rest: str) -> tuple[Json, int]:
    match = _SCALAR.match(rest)
    if match is not None:
        plain, double, single = match.groups()
        if plain is None:
            return (single if double is None else double), SCALAR
        return (json_value(resolve_plain(plain)) if plain[0] in MAYBE_TYPED else plain), SCALAR
    if not rest or rest[0] == "#":
        return None, BELOW
    if rest[0] in "|>":
        if _HEADER.match(rest) is None:
            raise NeedsTreeError
        return rest, BLOCK
    if rest[0] in _PROPERTIES:
        raise NeedsTreeError
    value = read_alone(rest)
    if not isinstance(value, dict | list):
        return value, SCALAR
    if node_outline(_alone(rest)) is None:  # it has a property or a key twice
        raise NeedsTreeError
    return value, FLOW


_remembered = lru_cache(maxsize=_REMEMBERED)(_line)
