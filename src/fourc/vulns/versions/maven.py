"""Maven's ComparableVersion (https://maven.apache.org/pom.html#version-order-specification).

A version is numbers and words; a hyphen, or a change between digits and letters, opens a list inside the list. What is
missing equals 0 and "". This is the order until Maven 3.8.6, by which OSV's ranges are read; later ones take `.RC1` for
`-RC1` (MNG-7559, MNG-7644), which moves versions of projects that mix both spellings (1.5.9-RC0 < 1.5.9.RC1 here).
Maven's own comparison is no order in rare mixtures (2.9.0.RC1 < 2.9.0 < 2.9.0-1 < 2.9.0.RC1): there, what leads to a pre-release
sorts before the end and everything else after it, so that a pre-release never counts as newer than its release.
"""

import re

from fourc.vulns.versions.encoding import Remembered, number, text

_usual = re.compile(r"[0-9]+(?:\.[0-9]+)*").fullmatch
_pieces = re.compile(r"[0-9]+|[^0-9.-]+|[.-]").findall

_WORD_BEFORE, _LIST_BEFORE, _ZERO_BEFORE, _END, _EMPTY_AFTER, _SP, _WORD_AFTER, _LIST_AFTER, _ZERO_AFTER = (
    "\1\2\3\4\5\6\7\10\11"
)
_BEFORE = {
    word: _WORD_BEFORE + chr(0x30 + rank) for rank, word in enumerate(("alpha", "beta", "milestone", "rc", "snapshot"))
}
_EMPTY_BEFORE = _WORD_BEFORE + "5"
_WORDS = {"cr": "rc", "ga": "", "final": "", "release": ""}
_SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}
"""Directly before a digit."""

_LIST = "-"


def _open_list(items: list[str]) -> None:
    """Zeros and empty words right before a list do not count, nor does a list that holds only a list."""
    while items and not items[-1].strip("0"):
        items.pop()
    if not items or items[-1] != _LIST:
        items.append(_LIST)


def _items(version: str) -> list[str]:
    """Digits, words, and `-` where a list opens."""
    items: list[str] = []
    previous = "."
    for piece in _pieces(version):
        separated = previous in {".", "-"}
        if piece in {".", "-"}:
            if separated:
                items.append("0")
            if piece == "-":
                _open_list(items)
        else:
            digits = "0" <= piece[0] <= "9"
            if not separated:
                if digits:
                    items[-1] = _SHORT.get(previous, items[-1])
                _open_list(items)
            items.append(piece if digits else _WORDS.get(piece, piece))
        previous = piece
    return items


def _number(digits: str) -> str:
    return number(digits) if digits.strip("0") else _ZERO_AFTER


_mark = Remembered(_number).__getitem__


def key(version: str) -> str:
    """Anything has a place."""
    if _usual(version):
        numbers = version.split(".")
        while numbers and not numbers[-1].strip("0"):
            numbers.pop()
        return "".join(map(_mark, numbers)) + _END
    marks = [_END]
    before: bool | None = None
    for item in reversed(_items(version.lower())):
        if not item or item == _LIST or not item.strip("0"):
            if before is not None:
                if not item:
                    marks.append(_EMPTY_BEFORE if before else _EMPTY_AFTER)
                elif item == _LIST:
                    marks.append(_LIST_BEFORE if before else _LIST_AFTER)
                else:
                    marks.append(_ZERO_BEFORE if before else _ZERO_AFTER)
        elif "0" <= item[0] <= "9":
            marks.append(number(item))
            before = False
        elif item in _BEFORE:
            marks.append(_BEFORE[item])
            before = True
        else:
            marks.append(_SP if item == "sp" else _WORD_AFTER + text(item))
            before = False
    marks.reverse()
    return "".join(marks)


def valid(version: str) -> bool:
    """Whatever is not empty."""
    return bool(version.strip())
