"""One document's own text and where it stands in its file."""

from msgspec import Struct

from fourc.patch.yaml.errors import Reason, YamlError
from fourc.patch.yaml.lines import position_in
from fourc.text import Text


class RawDocument(Struct, frozen=True):
    """One document's own text, `offset` characters into the file.

    `line` and `column` are where it starts in the file (from 1), `index` its rank among the file's documents
    (from 0).
    """

    text: str
    offset: int
    line: int
    index: int
    is_json: bool = False
    column: int = 1

    def position(self, at: int) -> tuple[int, int]:
        """Line and column, in the file, of the character `at` of this document's text."""
        line, column = position_in(self.text, min(max(at, 0), len(self.text)))
        return self.line + line - 1, column + (self.column - 1 if line == 1 else 0)

    def error(self, at: int, message: Text, reason: Reason = "malformed") -> YamlError:
        """The error to raise for what stands at the character `at` of this document's text."""
        line, column = self.position(at)
        return YamlError(message, line=line, column=column, reason=reason)
