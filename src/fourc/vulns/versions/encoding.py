"""Pieces of keys: text whose UTF-8 bytes sort as the pieces do.

UTF-8 keeps the order of code points, so keys are put together as text and encoded once. Code points below "0" are left
to each order as marks; a number starts at "0" or above.
"""

from collections.abc import Callable
from typing import Final

_LENGTHS = tuple(chr(0x30 + length) for length in range(64))
"""What stands before a number of so many digits."""

_SHORT: Final = 8
_MANY: Final = 4096


class Remembered(dict[str, str]):
    """What a function makes of the short pieces that come again and again; bounded, whatever the input."""

    def __init__(self, function: Callable[[str], str]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, piece: str) -> str:
        made = self._function(piece)
        if len(piece) <= _SHORT and len(self) < _MANY:
            self[piece] = made
        return made


def _number(digits: str) -> str:
    digits = digits.lstrip("0") or "0"
    length = len(digits)
    if length < len(_LENGTHS):
        return _LENGTHS[length] + digits
    written = str(length)
    return f"{chr(0x70 + len(written))}{written}{digits}"


number: Final[Callable[[str], str]] = Remembered(_number).__getitem__
"""A whole number of any size, without ever making an `int` of it: its length, then its digits; zeros in front do not count."""


def text(characters: str) -> str:
    """Characters in the order of their code points, closed, so that what follows cannot change their order."""
    if "\0" in characters or "\1" in characters:
        characters = characters.replace("\1", "\1\2").replace("\0", "\1\1")
    return characters + "\0"
