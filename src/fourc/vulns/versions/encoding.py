"""Pieces of keys: text whose UTF-8 bytes sort as the pieces do.

UTF-8 keeps the order of code points, so keys are put together as text and encoded once. Code points below "0" are left
to each order as marks; a number starts at "0" or above.
"""

_LENGTHS = tuple(chr(0x30 + length) for length in range(64))
"""What stands before a number of so many digits."""


def number(digits: str) -> str:
    """A whole number of any size, without ever making an `int` of it: its length, then its digits; zeros in front do not count."""
    digits = digits.lstrip("0") or "0"
    length = len(digits)
    if length < 64:
        return _LENGTHS[length] + digits
    written = str(length)
    return f"{chr(0x70 + len(written))}{written}{digits}"


def text(characters: str) -> str:
    """Characters in the order of their code points, closed, so that what follows cannot change their order."""
    if "\0" in characters or "\1" in characters:
        characters = characters.replace("\1", "\1\2").replace("\0", "\1\1")
    return characters + "\0"
