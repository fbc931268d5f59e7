"""Where the strings of a TOML text stand (https://toml.io/en/v1.0.0); nothing is kept of the rest."""

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from fourc.patch.manifests.refusal import malformed
from fourc.patch.manifests.wanted import KEPT

ITEM = "[]"
"""Stands in a path for an element of an array."""
_DEEPEST = 32
_TOKEN = re.compile(
    r"""[ \t\r]++|\#[^\n]*+|(?P<newline>\n)|(?P<long>\"{3}|'{3})|(?P<basic>"(?:[^"\\\n]|\\[^\n])*+")|(?P<literal>'[^'\n]*+')"""
    r"""|(?P<mark>[=,.\[\]{}])|(?P<bare>[^\s\#"'=,.\[\]{}]++)"""
)


class Place(Struct, frozen=True):
    """A string, `text[start:end]` without its quotes, and the keys that lead to it."""

    path: tuple[str, ...]
    start: int
    end: int
    value: str


class _Token(Struct, frozen=True):
    kind: str
    start: int
    end: int
    value: str


class _Open(Struct):
    """A table or an array that is being read; `path` is its own."""

    kind: str
    path: tuple[str, ...]


@lru_cache(maxsize=KEPT)
def strings(text: str) -> tuple[Place, ...]:
    """Every string value that is written without escapes on one line, in the order of the text.

    Raises:
        VersionRefused: not TOML.
    """
    reader = _Reader()
    return tuple(place for token in _tokens(text) if (place := reader.take(token)) is not None)


class _Reader:
    """What the tokens so far have opened; `header` is what began a line that names a table."""

    def __init__(self) -> None:
        self.prefix: tuple[str, ...] = ()
        self.stack: list[_Open] = []
        self.key: list[str] = []
        self.in_value = False
        self.header = ""

    def take(self, token: _Token) -> Place | None:
        """Takes one more token; the place that it is, if it is a string value."""
        if self.header:
            self._in_header(token)
        elif token.kind == "newline":
            if not self.stack:
                self.key, self.in_value = [], False
        elif self.in_value:
            return self._in_value(token)
        else:
            self._in_key(token)
        return None

    def _in_key(self, token: _Token) -> None:
        if token.kind != "mark":
            self.key.append(token.value)
        elif token.value == "=":
            self.in_value = True
        elif token.value == "[" and not self.stack and not self.key:
            self.header = "["
        elif token.value == "}" and self.stack:
            self._close()
        elif token.value not in {".", ","}:
            raise malformed("TOML")

    def _in_value(self, token: _Token) -> Place | None:
        top = self.stack[-1] if self.stack else None
        if top is not None and top.kind == "[":
            path = (*top.path, ITEM)
        else:
            path = (*(top.path if top is not None else self.prefix), *self.key)
        if token.kind == "string":
            return Place(path, token.start, token.end, token.value)
        if token.kind != "mark" or token.value in {".", "="}:
            return None  # numbers and dates
        if token.value in {"[", "{"}:
            if len(self.stack) >= _DEEPEST:
                raise malformed("TOML")
            self.stack.append(_Open(token.value, path))
            self._begin()
        elif top is None:
            raise malformed("TOML")
        elif token.value == ",":
            self._begin()
        else:
            self._close()
        return None

    def _in_header(self, token: _Token) -> None:
        if token.kind == "newline":
            self.prefix = (*self.key, ITEM) if self.header == "[[" else tuple(self.key)
            self.header, self.key = "", []
        elif token.kind != "mark":
            self.key.append(token.value)
        elif token.value == "[" and not self.key:
            self.header = "[["

    def _close(self) -> None:
        """After a closed collection only a comma or another end can come, neither of which is a key."""
        self.stack.pop()
        self.key, self.in_value = [], True

    def _begin(self) -> None:
        """An entry begins: an array's elements have no keys."""
        self.key, self.in_value = [], bool(self.stack) and self.stack[-1].kind == "["


def _tokens(text: str) -> Iterator[_Token]:
    """The tokens, with a line's end behind the last one."""
    at = 1 if text.startswith("\ufeff") else 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise malformed("TOML")
        at = match.end()
        kind = match.lastgroup
        if kind == "long":
            end = text.find(match[0], at)
            while match[0] == '"""' and end > 0 and _escaped(text, end):
                end = text.find(match[0], end + 1)
            if end < 0:
                raise malformed("TOML")
            at = end + 3
            while text.startswith(match[0][0], at):
                at += 1
            yield _Token("other", match.start(), at, "")
        elif kind in {"basic", "literal"}:
            value = match[0][1:-1]
            plain = kind == "literal" or "\\" not in value
            yield _Token("string" if plain else "other", match.start() + 1, at - 1, value)
        elif kind is not None:
            yield _Token(kind, match.start(), at, match[0])
    yield _Token("newline", at, at, "\n")


def _escaped(text: str, at: int) -> bool:
    """Whether an odd number of backslashes stands before."""
    before = at
    while before > 0 and text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1
