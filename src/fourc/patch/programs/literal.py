"""A text in quotes, and where a program says it."""

from msgspec import Struct


class Literal(Struct, frozen=True):
    """Characters `start` to `end` of a program's text: a quoted text with its quotes, which nothing else is part of."""

    start: int
    end: int
