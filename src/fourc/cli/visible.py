"""Names and values of files are other people's: what they print must not steer the terminal of who reads it."""

import re
import sys

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\r(?!\n)")

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def visible(text: str) -> str:
    r"""The text with control characters, and those that turn the writing's direction, spelt out as `\u001b`.

    Line ends and tabs stay. In JSON the spelling stands for the same character.
    """
    if text.isascii() and not _CONTROL.search(text):  # ten times faster, and nearly every report is so
        return text
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def tell(text: str) -> None:
    """Tell the person on stderr, visibly."""
    sys.stderr.write(visible(text))


def show(text: str) -> None:
    """Print to stdout, visibly."""
    sys.stdout.write(visible(text))
