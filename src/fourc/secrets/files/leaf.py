"""A value of a structured text with its name and its place."""

from collections.abc import Callable, Iterator

from msgspec import Struct


class Leaf(Struct, frozen=True):
    """The `value` that stands at the bytes `start` to `end`; `path` are the names that lead to it, items by their number."""

    path: tuple[str, ...]
    start: int
    end: int
    value: str

    @property
    def name(self) -> str:
        """The innermost name that is no number: `users.0.token.0` is a `token`."""
        return next((name for name in reversed(self.path) if not name.isdecimal()), "")

    @property
    def dotted(self) -> str:
        return ".".join(self.path).lower()

    def moved(self, offset: int) -> "Leaf":
        """The same value in a text of which the one that was read begins at `offset`."""
        return Leaf(self.path, self.start + offset, self.end + offset, self.value)


Reader = Callable[[bytes], Iterator[Leaf]]
"""Reads a whole text. It never raises, however broken the text is, and takes time linear in its length."""

MAX_DEPTH = 100
"""Values below more names than this are not told: no file that people write has them, and each costs its depth."""


def plain(raw: bytes) -> str:
    """The characters of a value; what is no UTF-8 shows as escapes, so that different values stay different."""
    return raw.decode("utf-8", "backslashreplace")
