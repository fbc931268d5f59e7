"""JSON as people write it (comments, trailing commas, single quotes) and YAML's flow style: the same brackets."""

import re
from collections.abc import Iterator

from msgspec import Struct

from fourc.secrets.files.leaf import MAX_DEPTH, Leaf, plain
from fourc.secrets.late import late

_TOKEN = late(
    rb"""(?sx)
      \s++ | //[^\n]*+ | /\*.*?(?:\*/|\Z) | \#[^\n]*+ | :
    | (?P<open>[{\[]) | (?P<close>[}\]]) | (?P<comma>,)
    | "(?P<double>(?:[^"\\]++|\\.)*+)" | '(?P<single>(?:[^']++|'')*+)'
    | (?P<bare>[^\s,\[\]{}:"'](?:[^\s,\[\]{}:]++|:(?![\s,\[\]{}])|[ \t]++(?=[^\s\#,\[\]{}:]))*+)
    | .
    """
)
_ESCAPE = late(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|\r?\n[ \t]*|(.))", re.DOTALL)
_FOLD = late(r"[ \t]*\r?\n[ \t]*((?:\r?\n[ \t]*)*)")
_SINGLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "a": "\a", "e": "\x1b", "v": "\v"}


def unescape(raw: bytes) -> str:
    r"""The characters of a double-quoted text of JSON or YAML: `\n`, `\u4f60`, lines folded."""
    text = plain(raw)
    if "\n" in text:
        text = fold(text)
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def spoken(raw: bytes, kind: str) -> str:
    """The characters of a scalar by how it is written: `double` or `single` quoted, or bare."""
    if kind == "double":
        return unescape(raw)
    text = fold(plain(raw)) if b"\n" in raw else plain(raw)
    return text.replace("''", "'") if kind == "single" else text


def fold(text: str) -> str:
    """A line break is a space, each further one a line break, as in YAML's quoted and plain texts."""
    return _FOLD.sub(lambda match: "\n" * match[1].count("\n") or " ", text)


def _character(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits is None:
        return _SINGLE.get(match[4], match[4]) if match[4] else ""
    number = int(digits, 16)
    return chr(number) if number < 0xD800 or 0xDFFF < number <= 0x10FFFF else match[0]


def leaves(text: bytes) -> Iterator[Leaf]:
    """Every value of a JSON text; several documents or lines of them stand one after the other."""
    position = 0
    while position < len(text):
        position, found, _ = collection(text, position, len(text), ())
        yield from found


class _Open(Struct):
    """A collection that is not closed yet: the name that waits for its value in a mapping, the items so far in a list."""

    mapping: bool
    waiting: str | None = None
    items: int = 0

    def name(self) -> str:
        """What the value that comes now is called."""
        if self.mapping:
            return self.waiting or ""
        self.items += 1
        return str(self.items - 1)


def collection(text: bytes, position: int, limit: int, path: tuple[str, ...]) -> tuple[int, list[Leaf], bool]:
    """The values of the collection that opens at `position`, where it ends, and whether it does end before the `limit`."""
    found: list[Leaf] = []
    stack: list[_Open] = []
    names: list[str] = list(path)
    for match in _TOKEN.finditer(text, position, limit):
        kind = match.lastgroup
        if kind == "open":
            if stack:
                names.append(stack[-1].name())
            stack.append(_Open(match["open"] == b"{"))
        elif kind is None or not stack:
            continue
        elif kind == "close":
            stack.pop()
            if not stack:
                return match.end(), found, True
            names.pop()
            stack[-1].waiting = None
        elif kind == "comma":
            stack[-1].waiting = None
        else:
            value = spoken(match[kind], kind)
            top = stack[-1]
            if top.mapping and top.waiting is None:
                top.waiting = value
            elif len(names) <= MAX_DEPTH:
                found.append(Leaf((*names, top.name()), *match.span(kind), value))
    return limit, found, False


def is_deeper(text: bytes, most: int) -> bool:
    """Whether a value stands in more open collections than so many; brackets in quotes are none."""
    now = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "open":
            now += 1
        elif kind == "close":
            now = max(0, now - 1)
        elif now > most and kind is not None and kind != "comma":
            return True
    return False
