"""TOML that tools write, from its lines: several times faster than `tomllib`, and left to it wherever a line is unusual.

What is read here is what `tomllib` reads, without the values of keys that are passed over (lists of files and hashes make
up most of such a file). Tests hold the two together.
"""

import re
from functools import lru_cache
from typing import TypeAlias

from fourc.collect.packages.decoding import text_of, toml_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.values import Table

Tables: TypeAlias = dict[str, object]

_KEY = r'[A-Za-z0-9_-]+|"[^"\\\x00-\x1f\x7f]*"'
_TEXT = r'"([^"\\\x00-\x1f\x7f]*)"'
_HEADER = re.compile(rf"\[((?:{_KEY})(?:\.(?:{_KEY}))*)\]|\[\[((?:{_KEY})(?:\.(?:{_KEY}))*)\]\]")
_PART = re.compile(_KEY)
_TEXT_PAIR = re.compile(rf"({_KEY}) = {_TEXT}")
_PAIR = re.compile(rf"({_KEY}) = (\S.*)")
_TEXT_ITEM = re.compile(rf"[ \t]*{_TEXT},?")
_SIMPLE_TABLE = re.compile(rf"[ \t]*\{{ ((?:{_KEY}) = {_TEXT}(?:, (?:{_KEY}) = {_TEXT})*) \}},?")
_UNUSUAL = ('"""', "'''")


def tables_of(given: Given, passed_over: frozenset[str] = frozenset()) -> Table:
    """The file's tables; `passed_over` are keys, at any depth, whose values may be missing.

    Raises:
        PackagesError: it is no TOML.
    """
    text = text_of(given).replace("\r\n", "\n")
    fast = read_lines(text, passed_over)
    if fast is not None:
        return fast
    return toml_of(given)


def header_lines(given: Given, name: str) -> list[int]:
    """The lines of the headers `[[name]]`, in their order."""
    header = f"[[{name}]]".encode()
    return [number for number, line in enumerate(given.data.split(b"\n"), 1) if line.rstrip() == header]


def read_lines(text: str, passed_over: frozenset[str]) -> Tables | None:
    """The tables, None where a line is unusual."""
    if any(mark in text for mark in _UNUSUAL):
        return None
    try:
        return _read(text.split("\n"), passed_over)
    except (_UnusualError, ValueError):
        return None


class _UnusualError(Exception):
    """A line is not of the plain kind that is read here."""


def _read(lines: list[str], passed_over: frozenset[str]) -> Tables:
    root: Tables = {}
    table: Tables | None = root
    opened: set[int] = set()
    number, count = 0, len(lines)
    while number < count:
        line = lines[number]
        number += 1
        if not line or line[0] == "#":
            continue
        if line[0] == "[":
            table = _opened(root, line, passed_over, opened)
            continue
        pair = _TEXT_PAIR.fullmatch(line)
        if pair is not None:
            key, value = pair[1], pair[2]
            _put(table, key, value, passed_over)
            continue
        pair = _PAIR.fullmatch(line)
        if pair is None:
            raise _UnusualError
        if pair[2] == "[":
            end = lines.index("]", number)
            wanted = table is not None and _bare(pair[1]) not in passed_over
            _put(table, pair[1], _items(lines[number:end]) if wanted else [], passed_over)
            number = end + 1
        else:
            wanted = table is not None and _bare(pair[1]) not in passed_over
            _put(table, pair[1], _value(pair[2]) if wanted else None, passed_over)
    return root


def _bare(key: str) -> str:
    return key[1:-1] if key[0] == '"' else key


def _put(table: Tables | None, key: str, value: object, passed_over: frozenset[str]) -> None:
    name = _bare(key)
    if table is None or name in passed_over:
        return
    if name in table:
        raise _UnusualError
    table[name] = value


def _opened(root: Tables, line: str, passed_over: frozenset[str], opened: set[int]) -> Tables | None:
    """The table that a header opens, None where it is passed over.

    `opened` are the identities of what headers have made: nothing else may be added to, least of all a value that is shared.
    """
    header = _HEADER.fullmatch(line)
    if header is None:
        raise _UnusualError
    *path, last = (_bare(part) for part in _PART.findall(header[1] or header[2]))
    table = root
    for name in path:
        if name in passed_over:
            return None
        below = _made(table, name, {}, opened)
        if isinstance(below, list):
            below = below[-1]
        if not isinstance(below, dict):
            raise _UnusualError
        table = below
    if last in passed_over:
        return None
    new: Tables = {}
    if header[2] is None:
        if last in table:
            raise _UnusualError
        table[last] = new
        opened.add(id(new))
        return new
    listed = _made(table, last, [], opened)
    if not isinstance(listed, list):
        raise _UnusualError
    listed.append(new)
    opened.add(id(new))
    return new


def _made(table: Tables, name: str, new: Tables | list[object], opened: set[int]) -> object:
    """What a header has made of that name, else what is new."""
    if name not in table:
        table[name] = new
        opened.add(id(new))
    elif id(table[name]) not in opened:
        raise _UnusualError
    return table[name]


def _items(lines: list[str]) -> list[object]:
    """The items of an array that has one on each line."""
    items: list[object] = []
    for position, line in enumerate(lines):
        if line[-1:] != "," and position < len(lines) - 1:
            raise _UnusualError
        if (simple := _TEXT_ITEM.fullmatch(line)) is not None:
            items.append(simple[1])
        elif (inline := _SIMPLE_TABLE.fullmatch(line)) is not None:
            pairs = _TEXT_PAIR.findall(inline[1])
            item = {_bare(key): value for key, value in pairs}
            if len(item) != len(pairs):
                raise _UnusualError
            items.append(item)
        else:
            items += _array(line)
    return items


def _array(line: str) -> list[object]:
    """What stands on a line of an array, by `tomllib`: one item, or several."""
    items = _value(f"[{line}]")
    if not isinstance(items, list):
        raise _UnusualError
    return items


@lru_cache(maxsize=4096)
def _value(text: str) -> object:
    """A value that stands on one line; it is shared and must not be changed."""
    import tomllib  # noqa: PLC0415 - most folders need no TOML

    try:
        return tomllib.loads(f"v = {text}")["v"]
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _UnusualError from error
