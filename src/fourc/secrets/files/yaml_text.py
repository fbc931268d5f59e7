"""YAML read for its values and their places alone, also where it is broken, indented by tabs, or still a template.

The tier `patch` reads it as kubectl does and refuses what kubectl refuses; here a secret counts in whatever was written.
"""

from collections.abc import Iterator

from msgspec import Struct

from fourc.secrets.files.flow_text import collection, fold, spoken
from fourc.secrets.files.leaf import MAX_DEPTH, Leaf, plain
from fourc.secrets.late import late

_INDENT = late(rb"(?:\xef\xbb\xbf)?[ \t]*+")
_REST = late(rb"[^\n]*+\n?")
_DOCUMENT = late(rb"(?:---|\.\.\.)(?=\s|\Z)")
_SEPARATOR = late(rb"(?m)^---(?=\s|\Z)")
_DASH = late(rb"-[ \t]*+(?=\s|(?<=[ \t])|\Z)")
_KEY = late(
    rb"""(?x) (?: "(?P<double>(?:[^"\\\n]++|\\.)*+)" | '(?P<single>(?:[^'\n]++|'')*+)'
    | (?P<bare>(?:[^\s\#\[\]{},&*!|>'"%@`:]|:(?=[^\s:]))(?:[^\s:]++|[ \t]++(?!\#)|:(?!\s|\Z))*?) ) [ \t]*+ :(?=\s|\Z) [ \t]*+"""
)
_PROPERTIES = late(rb"(?:[&!][^\s,\[\]{}]*+(?:[ \t]++|(?=\s|\Z)))*")
_LOCAL_TAG = late(rb"(?:\A|\s)!(?!!)[\w<]")
_BLOCK = late(rb"(?P<style>[|>])[-+0-9]*+[ \t]*+(?:\#[^\n]*+)?(?:\r?\n|\Z)")
_BLOCK_LINE = late(rb"(?P<indent>[ \t]*+)(?P<text>[^\r\n]*+)(?:\r?\n|\r|\Z)")
_QUOTED = late(rb"""(?s)"(?P<double>(?:[^"\\]++|\\.)*+)"|'(?P<single>(?:[^']++|'')*+)'""")
_BARE = late(rb"[^\s](?:[^\s]++|[ \t]++(?!\#|\r?\n|\Z))*+")
_NEXT = late(rb"[ \t]*+(?:\#[^\n]*+)?\r?\n(?:[ \t]*+\r?\n)*+(?P<indent>[ \t]++)(?![\s\#]|-\s)")


class _Level(Struct, frozen=True):
    column: int
    name: str
    item: int | None = None  # which of a list's items, None for a mapping's key


def leaves(text: bytes) -> Iterator[Leaf]:
    """Every value of every document; the first name of each is its document's number."""
    return _Reading(text).leaves()


def documents(text: bytes) -> Iterator[tuple[int, bytes]]:
    """The documents of a text and where they begin, so that only those are read that are worth it."""
    start = 0
    for match in _SEPARATOR.finditer(text) if b"\n---" in text else ():
        yield start, text[start : match.start()]
        start = match.start()
    yield start, text[start:]


class _Reading:
    def __init__(self, text: bytes) -> None:
        self._text = text
        self._levels: list[_Level] = []
        self._document = 0
        self._unclosed = False

    def leaves(self) -> Iterator[Leaf]:
        text, position = self._text, 0
        while position < len(text):
            indent = _INDENT.match(text, position)
            start = indent.end() if indent else position
            column = start - position - (3 if text.startswith(b"\xef\xbb\xbf", position) else 0)
            if column == 0 and _DOCUMENT.match(text, start):
                self._document += text.startswith(b"-", start)
                self._levels.clear()
                column, start = -1, start + 3  # what follows on the line is the document's root
                while text[start : start + 1] in {b" ", b"\t"}:
                    start += 1
            position, found = self._line(start, column)
            yield from found

    def _line(self, start: int, column: int) -> tuple[int, list[Leaf]]:
        """What a line holds from its first character on, and where the next unread line begins."""
        text = self._text
        while dash := _DASH.match(text, start):
            self._item(column)
            column += dash.end() - start
            start = dash.end()
        if text[start : start + 1] in {b"", b"\r", b"\n", b"#", b"%"} or text.startswith((b"{{", b"{%"), start):
            return self._skip(start), []
        key = _KEY.match(text, start)
        if key is None:
            return self._value(start, self._levels[-1].column if self._levels else -1, self._path())
        kind = key.lastgroup or "bare"
        name = spoken(key[kind], kind)
        while self._levels and self._levels[-1].column >= column:
            self._levels.pop()
        self._levels.append(_Level(column, name))
        position, found = self._value(key.end(), column, self._path())
        if found:  # a key with a value of its own has none below it
            self._levels.pop()
        return position, found

    def _item(self, column: int) -> None:
        number = 0
        while self._levels and (
            self._levels[-1].column > column
            or (self._levels[-1].column == column and self._levels[-1].item is not None)
        ):
            last = self._levels.pop()
            if last.column == column and last.item is not None:
                number = last.item + 1
        self._levels.append(_Level(column, str(number), number))

    def _path(self) -> tuple[str, ...] | None:
        """The names that lead here, none where they are too many to be told again for each value."""
        if len(self._levels) > MAX_DEPTH:
            return None
        return str(self._document), *(level.name for level in self._levels)

    def _skip(self, position: int) -> int:
        rest = _REST.match(self._text, position)
        return rest.end() if rest else len(self._text)

    def _value(self, start: int, column: int, path: tuple[str, ...] | None) -> tuple[int, list[Leaf]]:
        """The value that begins at `start` for the key or item at `column`: where the next line begins, and what it is."""
        text = self._text
        properties = _PROPERTIES.match(text, start)
        if properties and properties.end() > start:
            if _LOCAL_TAG.search(properties[0]):  # `!vault`, `!Ref`: what is written is not the value
                path = None
            start = properties.end()
        first = text[start : start + 1]
        if first in {b"", b"\r", b"\n", b"#"}:
            return self._skip(start), []
        if block := _BLOCK.match(text, start):
            return self._block(block.end(), column, path, folded=block["style"] == b">")
        if first in {b"{", b"["} and text[start : start + 2] not in {b"{{", b"{%"}:
            limit = self._skip(start) if self._unclosed else len(text)
            end, found, closed = collection(text, start, limit, path or ())
            self._unclosed |= not closed
            if closed:
                return self._skip(end), found if path is not None else []
        if quoted := _QUOTED.match(text, start):
            kind = quoted.lastgroup or "double"
            return self._skip(quoted.end()), self._told(path, *quoted.span(kind), spoken(quoted[kind], kind))
        end = self._bare_end(start, column)
        if first == b"*" or start == end:
            return self._skip(end), []
        return self._skip(end), self._told(path, start, end, spoken(text[start:end], "bare"))

    def _bare_end(self, start: int, column: int) -> int:
        """Where an unquoted value ends: deeper lines that are no fields of their own belong to it."""
        text = self._text
        bare = _BARE.match(text, start)
        end = bare.end() if bare else start
        while following := _NEXT.match(text, end):
            if len(following["indent"]) <= column or _KEY.match(text, following.end()):
                break
            bare = _BARE.match(text, following.end())
            if bare is None:
                break
            end = bare.end()
        return end

    def _block(
        self, position: int, column: int, path: tuple[str, ...] | None, *, folded: bool
    ) -> tuple[int, list[Leaf]]:
        text = self._text
        lines: list[bytes] = []
        first = last = position
        margin = -1
        while position < len(text):
            line = _BLOCK_LINE.match(text, position)
            if line is None:
                break
            indent = len(line["indent"])
            if line["text"]:
                if indent <= column:
                    break
                if margin < 0:
                    margin, first = indent, line.start("text")
                last = line.end("text")
            lines.append(b" " * (indent - margin) + line["text"] if margin >= 0 else b"")
            position = line.end()
        if margin < 0:
            return position, []
        value = plain(b"\n".join(lines).strip(b"\n"))
        return position, self._told(path, first, last, fold(value) if folded else value)

    @staticmethod
    def _told(path: tuple[str, ...] | None, start: int, end: int, value: str) -> list[Leaf]:
        return [] if path is None else [Leaf(path, start, end, value)]
