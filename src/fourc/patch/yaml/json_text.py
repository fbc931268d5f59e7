"""JSON as kubectl reads it (Go's encoding/json), cut into values and with the place of every node.

Python's decoder differs from Go's in a few places that are evened out here: it takes `NaN` and `Infinity`,
keeps lone surrogates (Go writes U+FFFD) and integers of any size (past int64 Go makes a float).
"""

import json
import math
import re
from collections.abc import Iterator

from fourc.patch.yaml.document import RawDocument
from fourc.patch.yaml.errors import Limits, YamlError
from fourc.patch.yaml.node import Entry, Json, Mapping, Node, Scalar, Sequence, Style
from fourc.patch.yaml.reasons import AFTER_JSON, NOT_JSON, OUT_OF_RANGE, TOO_DEEP, of_library
from fourc.patch.yaml.resolve import replace_surrogates

_WHITE = re.compile(r"[ \t\n\r]*")
_LONE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
_STRUCTURE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]|NaN|Infinity', re.DOTALL)
_COLLECTIONS: frozenset[type] = frozenset((dict, list))
_INT64_MIN, _INT64_MAX = -(2**63), 2**63 - 1
_INT64_DIGITS = 20


class _OutOfRangeError(ValueError):
    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.why = OUT_OF_RANGE.of(number=number)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _OutOfRangeError(text[:40])
    return value


def _integer(text: str) -> int | float:
    if len(text) <= _INT64_DIGITS and _INT64_MIN <= (value := int(text)) <= _INT64_MAX:
        return value
    return _number(text)


SYNTAX = json.JSONDecoder(parse_int=str, parse_float=str)
"""Reads what only has to be well formed."""
_VALUES = json.JSONDecoder(parse_int=_integer, parse_float=_number)


def split_json(file: RawDocument, limits: Limits) -> Iterator[RawDocument]:
    """The values that follow one another in the text of a whole file.

    Raises:
        YamlError: no JSON value from here on.
    """
    text = file.text
    start = skip_white(text, 0)
    line, line_start, counted, index = 1, 0, 0, 0
    while start < len(text):
        end = json_end(file, start, limits)
        line += text.count("\n", counted, start)
        line_start = max(line_start, text.rfind("\n", counted, start) + 1)
        counted = start
        yield RawDocument(
            text[start:end], file.offset + start, line, index, is_json=True, column=start - line_start + 1
        )
        start = skip_white(text, end)
        index += 1


def json_end(document: RawDocument, start: int, limits: Limits) -> int:
    """Where, in the document's text, the JSON value ends that starts at `start`.

    Raises:
        YamlError: no JSON value, or one past the limits.
    """
    try:
        value, end = SYNTAX.raw_decode(document.text, start)
    except json.JSONDecodeError as error:
        _check_nesting(document, start, limits)
        raise document.error(error.pos, of_library(error.msg)) from error
    except RecursionError as error:
        _check_nesting(document, start, limits)
        raise _too_deep(document, start, limits) from error
    if not _is_simple(document.text, value, limits):
        _check_nesting(document, start, limits)
    return end


def check_json(document: RawDocument, limits: Limits) -> int:
    """Where the one JSON value of the document starts.

    Raises:
        YamlError: not such a value, or past the limits.
    """
    start = skip_white(document.text, 0)
    rest = skip_white(document.text, json_end(document, start, limits))
    if rest < len(document.text):
        raise document.error(rest, AFTER_JSON)
    return start


def load_json(document: RawDocument, limits: Limits) -> Json:
    """The plain data of the document's one JSON value.

    Raises:
        YamlError: not such a value, or past the limits.
    """
    text = document.text
    if _may_be_lone(text):
        return _plain(_Composer(document).node(check_json(document, limits)))
    try:
        value: Json
        value, end = _VALUES.raw_decode(text, skip_white(text, 0))
    except (_OutOfRangeError, json.JSONDecodeError, RecursionError):
        return _plain(_Composer(document).node(check_json(document, limits)))
    if skip_white(text, end) < len(text) or not _is_simple(text, value, limits):
        check_json(document, limits)
    return value


def compose_json(document: RawDocument, limits: Limits) -> Node:
    """The tree of the document's one JSON value.

    Raises:
        YamlError: not such a value, or past the limits.
    """
    return _Composer(document).node(check_json(document, limits))


class _Composer:
    """Walks text that is known to be JSON."""

    def __init__(self, document: RawDocument) -> None:
        self._document = document
        self._text = document.text
        self._offset = document.offset

    def node(self, start: int) -> Node:
        match self._text[start]:
            case "{":
                return self._mapping(start)
            case "[":
                return self._sequence(start)
            case _:
                return self._scalar(start)

    def _mapping(self, start: int) -> Mapping:
        entries: list[Entry] = []
        position = skip_white(self._text, start + 1)
        while self._text[position] != "}":
            key = self._scalar(position)
            colon = skip_white(self._text, key.end - self._offset)
            value = self.node(skip_white(self._text, colon + 1))
            entries.append(Entry(key, value))
            position = self._after(value)
        return Mapping(self._offset + start, self._offset + position + 1, tuple(entries), Style.FLOW)

    def _sequence(self, start: int) -> Sequence:
        items: list[Node] = []
        position = skip_white(self._text, start + 1)
        while self._text[position] != "]":
            items.append(self.node(position))
            position = self._after(items[-1])
        return Sequence(self._offset + start, self._offset + position + 1, tuple(items), Style.FLOW)

    def _after(self, node: Node) -> int:
        position = skip_white(self._text, node.end - self._offset)
        return skip_white(self._text, position + 1) if self._text[position] == "," else position

    def _scalar(self, start: int) -> Scalar:
        try:
            value, end = _VALUES.raw_decode(self._text, start)
        except _OutOfRangeError as error:
            raise self._document.error(start, error.why) from error
        style = Style.DOUBLE if isinstance(value, str) else Style.PLAIN
        if isinstance(value, str):
            value = replace_surrogates(value)
        return Scalar(self._offset + start, self._offset + end, value, style)


def _plain(node: Node) -> Json:
    match node:
        case Mapping(entries=entries):
            return {str(entry.key.value): _plain(entry.value) for entry in entries}
        case Sequence(items=items):
            return [_plain(item) for item in items]
        case Scalar(value=value):
            return value
        case _:
            return None  # JSON has no aliases


def skip_white(text: str, position: int) -> int:
    match = _WHITE.match(text, position)
    return match.end() if match else position


def _may_be_lone(text: str) -> bool:
    """Whether a half of a surrogate pair may stand in the text, as itself or escaped."""
    return (not text.isascii() or "\\u" in text) and _LONE_ESCAPE.search(text) is not None


def _is_simple(text: str, value: Json, limits: Limits) -> bool:
    """Whether the value nests no deeper than it may, and the text has no word that only Python takes for a number."""
    level: list[Json] = [value] if value.__class__ in _COLLECTIONS else []
    for _ in range(limits.max_nesting):
        below: list[Json] = []
        for node in level:
            children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
            below += [child for child in children if child.__class__ in _COLLECTIONS]
        level = below
        if not level:
            return "NaN" not in text and "Infinity" not in text
    return False


def _check_nesting(document: RawDocument, start: int, limits: Limits) -> None:
    depth = 0
    for match in _STRUCTURE.finditer(document.text, start):
        found = match[0]
        if found in "[{":
            depth += 1
            if depth > limits.max_nesting:
                raise _too_deep(document, match.start(), limits)
        elif found in "]}":
            depth -= 1
        elif found[0] != '"':
            raise document.error(match.start(), NOT_JSON.of(text=found))
        if depth <= 0:
            return


def _too_deep(document: RawDocument, at: int, limits: Limits) -> YamlError:
    return document.error(at, TOO_DEEP.of(limit=limits.max_nesting), "too-large")
