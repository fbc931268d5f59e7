"""RE2's syntax as a tree, as far as one must know it to say what every match begins with.

Characters become bytes: what may match a character outside ASCII (`wide`) may take up to four of them.
"""

import re
from typing import assert_never

from msgspec import Struct

from fourc.secrets.late import late

_ESCAPE = late(r"\\(?:x[0-9A-Fa-f]{2}|[0-7]{2,3}|[dDsSwWbBAzaftnrv]|[^A-Za-z0-9])")
_REPEAT = late(r"\{(\d+)(?:(,)(\d*))?\}")
_GROUP = late(r"\?(?:P?<\w+>|([imsU]*)(?:-([imsU]+))?([:)]))")
_CLASS = late(r"\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]")
_EDGES = {"^": "^", "$": "$", r"\A": "^", r"\z": "$", r"\b": r"\b", r"\B": r"\B"}
_WIDEST = 4


class UnsupportedError(Exception):
    """A pattern uses what is not known here."""


class Atom(Struct, frozen=True):
    """One character: its pattern over bytes, and the most bytes that it takes."""

    pattern: str
    wide: bool = False
    literal: bool = False


class Edge(Struct, frozen=True):
    """Something between two characters."""

    pattern: str


class Repeat(Struct, frozen=True):
    """An item so many times; `most` is None where there is no limit."""

    item: "Node"
    least: int
    most: int | None


class Sequence(Struct, frozen=True):
    """One after the other."""

    items: tuple["Node", ...]


class Choice(Struct, frozen=True):
    """One of them."""

    branches: tuple["Node", ...]


Node = Atom | Edge | Repeat | Sequence | Choice


def parse(pattern: str) -> Node:
    """The tree of a pattern.

    Raises:
        UnsupportedError: it has something that this module does not know; it may be a fine pattern still.
    """
    parser = _Parser(pattern)
    tree = parser.choice("")
    if parser.at != len(pattern):
        raise UnsupportedError
    return tree


def longest(node: Node) -> int | None:
    """The most bytes that a match takes; None where there is no limit."""
    match node:
        case Atom():
            return _WIDEST if node.wide else 1
        case Edge():
            return 0
        case Repeat():
            each = longest(node.item)
            return 0 if each == 0 else None if each is None or node.most is None else each * node.most
        case Sequence():
            parts = [longest(item) for item in node.items]
            return None if None in parts else sum(part or 0 for part in parts)
        case Choice():
            parts = [longest(branch) for branch in node.branches]
            return None if None in parts else max(part or 0 for part in parts)
        case _:
            assert_never(node)


def written(node: Node) -> str:
    """The node as a pattern over bytes, without what only says which of several matches is taken."""
    match node:
        case Atom():
            return f"(?:{node.pattern}){{1,{_WIDEST}}}" if node.wide else node.pattern
        case Edge():
            return node.pattern
        case Repeat(item=Atom() as atom):
            most = node.most and node.most * (_WIDEST if atom.wide else 1)
            return atom.pattern + _times(node.least, most)
        case Repeat():
            return f"(?:{written(node.item)}){_times(node.least, node.most)}"
        case Sequence():
            return "".join(map(written, node.items))
        case Choice():
            return f"(?:{'|'.join(map(written, node.branches))})"
        case _:
            assert_never(node)


def _times(least: int, most: int | None) -> str:
    if (least, most) == (1, 1):
        return ""
    known = {(0, None): "*", (1, None): "+", (0, 1): "?"}
    exact = f"{{{least}}}" if least == most else f"{{{least},{'' if most is None else most}}}"
    return known.get((least, most), exact)


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def choice(self, flags: str) -> Node:
        """Branches up to a closing parenthesis or the end; flags that are set on the way hold to there."""
        branches: list[Node] = []
        items: list[Node] = []
        while self.at < len(self.pattern):
            char = self.pattern[self.at]
            if char == ")":
                break
            if char == "|":
                self.at += 1
                branches.append(_sequence(items))
                items = []
                continue
            group = _GROUP.match(self.pattern, self.at + 1) if char == "(" else None
            if group and group[3] == ")":
                self.at = group.end()
                flags = _changed(flags, group)
                continue
            items.append(self._repeated(self._item(char, group, flags)))
        branches.append(_sequence(items))
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _item(self, char: str, group: re.Match[str] | None, flags: str) -> Node:
        if char == "(":
            if group is None and self.pattern.startswith("(?", self.at):
                raise UnsupportedError
            self.at = group.end() if group else self.at + 1
            inner = self.choice(_changed(flags, group) if group else flags)
            if not self.pattern.startswith(")", self.at):
                raise UnsupportedError
            self.at += 1
            return inner
        if char == "[":
            return self._class(flags)
        if char == "\\":
            return self._escape(flags)
        self.at += 1
        if char == ".":
            return Atom(r"[\x00-\xff]" if "s" in flags else r"[^\n]", wide=True)
        if char in "^$":
            return Edge(char)
        if char in "*+?":
            raise UnsupportedError
        return _literal(char, flags)

    def _class(self, flags: str) -> Node:
        found = _CLASS.match(self.pattern, self.at)
        if found is None:
            raise UnsupportedError
        self.at = found.end()
        text = found[0]
        if re.search(r"\\[pPxCQ]", re.sub(r"\\x[0-7][0-9A-Fa-f]", "", text)):
            raise UnsupportedError
        negated = text.startswith("[^")
        if not text.isascii():
            if negated and re.search(r"[\0-\x7f]-[^\0-\x7f]", text):
                raise UnsupportedError
            text = re.sub(r"[^\0-\x7f]", r"\\xff", text)
            text = text if negated else rf"[\x80-\xff{text[1:]}"
        wide = negated or not found[0].isascii() or re.search(r"\\[DSW]|\[:\^", text) is not None
        folded = "i" in flags and re.search(r"[A-Za-z]", text)
        return Atom(f"(?i:{text})" if folded else text, wide)

    def _escape(self, flags: str) -> Node:
        found = _ESCAPE.match(self.pattern, self.at)
        if found is None:
            raise UnsupportedError
        self.at = found.end()
        text = found[0]
        if text in _EDGES:
            return Edge(_EDGES[text])
        if text[1] in "dDsSwW":
            return Atom(text, wide=text[1] in "DSW")
        if text[1] in "aftnrv":
            return Atom(text, literal=True)
        if text[1] == "x" or text[1].isdigit():
            code = bytes.fromhex(text[2:])[0] if text[1] == "x" else int(text[1:], base=8)
            return _literal(chr(code), flags)
        return _literal(text[1], flags)

    def _repeated(self, item: Node) -> Node:
        while self.at < len(self.pattern):
            char = self.pattern[self.at]
            if char in "*+?":
                self.at += 1
                least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[char]
            elif char == "{" and (found := _REPEAT.match(self.pattern, self.at)):
                self.at = found.end()
                least = int(found[1])
                most = (int(found[3]) if found[3] else None) if found[2] else least
            else:
                return item
            if self.pattern.startswith("?", self.at):
                self.at += 1
            item = Repeat(item, least, most)
        return item


def _sequence(items: list[Node]) -> Node:
    """The items in a row, those of a row within it as its own."""
    flat = tuple(inner for item in items for inner in (item.items if isinstance(item, Sequence) else (item,)))
    return flat[0] if len(flat) == 1 else Sequence(flat)


def _changed(flags: str, group: re.Match[str]) -> str:
    return "".join(sorted((set(flags) | set(group[1] or "")) - set(group[2] or "")))


def _literal(char: str, flags: str) -> Node:
    if not char.isascii():
        data = tuple(Atom(f"\\x{byte:02x}", literal=True) for byte in char.encode())
        return Sequence(data)
    if "i" in flags and char.isalpha():
        return Atom(f"[{char.lower()}{char.upper()}]", literal=True)
    return Atom(char if char.isalnum() else f"\\x{ord(char):02x}", literal=True)
