"""A secret that was seen in a text."""

from msgspec import Struct


class Hit(Struct, frozen=True):
    """The `value` of a `rule` in a text, at the bytes `start` to `end` of the text as it was read (before any decoding).

    `via` names the encodings that it was found through, outermost first (`base64`, `hex`, `percent`, `utf-16`, `gb18030`);
    the span is then that of the encoded text. `key` is the name that the value is given to, where a format tells.
    """

    rule: str
    start: int
    end: int
    value: str
    via: tuple[str, ...] = ()
    key: str | None = None

    def __repr__(self) -> str:
        """Without the value, which must not reach a log or an exception's text."""
        return f"Hit({self.rule!r}, {self.start}, {self.end})"


class DeepError(Exception):
    """Some values of a file stand in more brackets than are followed: its format could not tell of them."""
