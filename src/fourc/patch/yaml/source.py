"""Lines and columns of a file's text, as a block edit needs them."""

import re
from collections.abc import Iterable

from msgspec import Struct

from fourc.patch.text import TextEdit
from fourc.text import Text

from .lines import BOM, position_in
from .node import Entry, Mapping, Node, Scalar, Sequence, Style
from .refusal import EditRefused

_COMMENT_LINE = re.compile(r"( *)#[^\n]*(?:\n|\Z)")
_BLANK_LINES = re.compile(r"(?:[ \t\r]*\n)*(?:[ \t\r]*\Z)?")
_PROPERTY = r"[&!][^\s,\[\]{}]*[ \t]+"
_BEFORE_KEY = re.compile(rf"(?:\?[ \t]+)?(?:{_PROPERTY})*\Z")
_PROPERTIES = re.compile(r"(?:(?<![^\s,\[{:])[&!][^\s,\[\]{}]*\s*)+\Z")
_PROPERTIES_AFTER = re.compile(r"(?:[ \t]+[&!][^\s,\[\]{}]*)*")
_COLON = re.compile(r"\s*:")
_KEEPS = re.compile(r"[|>][0-9]?\+")
_UNUSUAL = Text(
    "the items of the sequence above line {line} are written in an unusual way", "第 {line} 行上方的列表项写法特殊"
)


class Source(Struct, frozen=True):
    r"""A file's text; lines end with `\n`, columns count from 0 and a byte order mark takes none."""

    text: str

    def line(self, at: int) -> int:
        """The number of the line, from 1."""
        return position_in(self.text, at)[0]

    def line_start(self, at: int) -> int:
        """Where the line of `at` starts, after a byte order mark."""
        start = self.text.rfind("\n", 0, at) + 1
        return start + 1 if self.text.startswith(BOM, start) else start

    def line_end(self, at: int) -> int:
        """Where the next line starts, or the end of the text."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1

    def line_break(self, at: int) -> int:
        """Where the line of `at` ends, before its line break."""
        end = self.line_end(at)
        return at + len(self.text[at:end].rstrip("\r\n"))

    def column(self, at: int) -> int:
        return at - self.line_start(at)

    def lead(self, at: int) -> str:
        """The white space that the line of `at` starts with."""
        start = self.line_start(at)
        line = self.text[start : self.line_end(at)]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def starts_line(self, at: int) -> bool:
        """Whether nothing but white space stands before it in its line."""
        return not self.text[self.line_start(at) : at].strip(" \t")

    def eol(self, at: int) -> str:
        """The line break of the line of `at`; of a line without one, that of the line before."""
        end = self.text.find("\n", at)
        if end < 0:
            end = self.text.rfind("\n")
        return "\r\n" if end > 0 and self.text[end - 1] == "\r" else "\n"

    def entry_start(self, entry: Entry) -> int:
        """Where the entry starts, with the `?`, anchor and tag of its key."""
        start = self.line_start(entry.key.start)
        match = _BEFORE_KEY.search(self.text, start, entry.key.start)
        return entry.key.start if match is None else match.start()

    def after_colon(self, entry: Entry) -> int | None:
        """The place after the entry's colon; None where it has none, as in `{a, b}`."""
        match = _COLON.match(self.text, entry.key.end)
        return None if match is None else match.end()

    def value_place(self, entry: Entry) -> int:
        """The place after the entry's colon, or after its key where it has none."""
        after = self.after_colon(entry)
        return entry.key.end if after is None else after

    def properties_start(self, node: Node, low: int | None = None) -> int:
        """Where the node starts, with its anchor and tag, as far as they stand in its line or after `low`."""
        before = node.start
        while before and self.text[before - 1] in " \t":
            before -= 1
        if not before or self.text[before - 1] in "[{,:\n":
            return node.start  # nothing stands between: a line of minified JSON is not searched for each of its nodes
        low = self.line_start(node.start) if low is None else low
        match = _PROPERTIES.search(self.text[low : node.start])
        return node.start if match is None else low + match.start()

    def properties_end(self, at: int) -> int:
        """The end of the anchor and tag that start at `at`, in its line."""
        match = _PROPERTIES_AFTER.match(self.text, at)
        return at if match is None else match.end()

    def dash(self, at: int, column: int) -> int:
        """The first dash at `column` in the lines from `at` on."""
        while self.text[at : at + 1] != "-" or self.column(at) != column:
            start = self.line_start(at) + column
            if at <= start and self.text[start : start + 1] == "-" and self.starts_line(start):
                return start
            at = self.line_end(at)
            if at >= len(self.text):
                raise EditRefused(_UNUSUAL.of(line=self.line(at)))
        return at

    def node_end(self, node: Node) -> int:
        """Where the node ends, with the blank lines that a block scalar with `+` keeps."""
        last = _last(node)
        # the line break of the last blank line is left to the caller, who looks for the end of the line
        kept = 0
        if self.keeps_blank_lines(node):
            kept = self.after_blank_lines(self.line_end(last.end))
            kept -= 2 if self.text.endswith("\r\n", 0, kept) else 1
        end = last.end
        if isinstance(node, Mapping) and node.style is Style.BLOCK and node.entries:
            end = max(end, self.value_place(node.entries[-1]))
        return max(end, kept)

    def keeps_blank_lines(self, node: Node) -> bool:
        """Whether the node ends with a block scalar to which the blank lines below it belong."""
        last = _last(node)
        is_block = isinstance(last, Scalar) and last.style in (Style.LITERAL, Style.FOLDED)
        return is_block and _KEEPS.match(self.text, last.start) is not None

    def after_blank_lines(self, at: int) -> int:
        """The end of the blank lines that start at `at`."""
        match = _BLANK_LINES.match(self.text, at)
        return at if match is None else match.end()

    def after_comments(self, at: int, column: int) -> int:
        """The end of the comment lines that start at `at`, as long as each stands at `column` or deeper."""
        while (match := _COMMENT_LINE.match(self.text, at)) is not None and len(match[1]) >= column:
            at = match.end()
            if at >= len(self.text):
                break
        return at

    def before_comments(self, at: int, column: int, low: int) -> int:
        """The start of the comment lines that end at the line start `at`, each at `column`, none before `low`."""
        while at > low:
            start = self.line_start(at - 1)
            match = _COMMENT_LINE.match(self.text, start, at)
            if start < low or match is None or match.end() != at or len(match[1]) != column:
                break
            at = start
        return at

    def insertion(self, at: int, lines: Iterable[str]) -> TextEdit:
        """The lines put where a line starts, or after the last line; it may lack its line break and then still does."""
        if at >= len(self.text) and not self.text.endswith("\n"):
            return TextEdit(at, at, "".join(self.eol(at) + line for line in lines))
        eol = self.eol(max(at - 1, 0))
        return TextEdit(at, at, "".join(line + eol for line in lines))


def _last(node: Node) -> Node:
    """The node with which a block collection ends."""
    while isinstance(node, Mapping | Sequence) and node.style is Style.BLOCK:
        if isinstance(node, Mapping):
            if not node.entries:
                return node
            node = node.entries[-1].value
        else:
            if not node.items:
                return node
            node = node.items[-1]
    return node
