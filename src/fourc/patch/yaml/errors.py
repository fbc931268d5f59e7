"""What can be wrong with a manifest's text, and how much of it is read."""

from typing import Literal, TypeAlias

from msgspec import Struct

from fourc.errors import FourcError
from fourc.patch.yaml.reasons import CORRECT, SPLIT
from fourc.text import Text

Reason: TypeAlias = Literal["malformed", "too-large"]

_HINTS: dict[Reason, Text] = {"malformed": CORRECT, "too-large": SPLIT}


class YamlError(FourcError):
    """The text cannot be read at `line` and `column` (both from 1, columns in characters)."""

    def __init__(
        self, message: Text, *, line: int, column: int, reason: Reason = "malformed", hint: Text | None = None
    ) -> None:
        super().__init__(message, hint=hint or _HINTS[reason])
        self.line = line
        self.column = column
        self.reason = reason


class Limits(Struct, frozen=True):
    """How much one document may ask for; over a limit it is `too-large`, never half read.

    max_nesting: collections inside one another, aliases expanded. kubectl allows 10,000; the deepest
    published custom
        resource definitions nest about 40, and every reader of the result recurses once or twice per level.
    max_alias_nodes: nodes that come from expanding aliases. go-yaml's own ratio applies as well; it lets
    about
        400,000 pass.
    max_document_chars: characters of one document. An API server refuses requests over 3 MiB; a `List` that
    holds
        the dump of a cluster is larger.
    """

    max_nesting: int = 100
    max_alias_nodes: int = 400_000
    max_document_chars: int = 32 * 1024 * 1024


DEFAULT_LIMITS = Limits()
