"""Python by its own parser: which texts may become a call, and where `import os` belongs."""

import ast
from collections.abc import Iterator

from fourc.patch.programs.literal import Literal
from fourc.patch.text import TextEdit

_QUOTES = "\"'"


def literals(text: str) -> Iterator[Literal]:
    """The texts of one line and one piece that any expression may stand for; none where it is no Python of today."""
    tree = _parsed(text)
    if tree is None:
        return
    starts = _line_starts(text)
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            for node in value if isinstance(value, list) else (value,):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_free(parent, field):
                    found = _literal(text, starts, node)
                    if found is not None:
                        yield found


def import_of_os(text: str) -> tuple[TextEdit, ...]:
    """What makes `os` known: nothing where it is, else a line before the first import that may have others before it."""
    tree = _parsed(text)
    if tree is None or any(isinstance(node, ast.Import) and _names_os(node) for node in tree.body):
        return ()
    body = [node for node in tree.body if not _is_opening(node)]
    opening = tree.body[: len(tree.body) - len(body)]
    first = next((node for node in body if isinstance(node, ast.Import | ast.ImportFrom)), None)
    starts = _line_starts(text)
    if first is not None:
        at = starts[first.lineno - 1]
        return (TextEdit(at, at, "import os\n"),)
    if opening:
        line = opening[-1].end_lineno or opening[-1].lineno
        at = starts[line] if line < len(starts) else len(text)
        return (TextEdit(at, at, "\nimport os\n"),)
    at = starts[body[0].lineno - 1] if body else 0
    return (TextEdit(at, at, "import os\n\n"),)


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_free(parent: ast.AST, field: str) -> bool:
    """Whether the place takes any expression: not a docstring, part of an f-string, a pattern, a key or a type."""
    match parent:
        case ast.Expr() | ast.JoinedStr() | ast.FormattedValue() | ast.MatchValue() | ast.MatchMapping():
            return False
        case ast.Dict():
            return field == "values"
        case ast.Subscript():
            return field != "slice"
        case ast.AnnAssign() | ast.arg():
            return field != "annotation"
        case _:
            return field != "returns"


def _literal(text: str, starts: list[int], node: ast.Constant) -> Literal | None:
    if node.end_lineno != node.lineno or node.end_col_offset is None:
        return None
    at = starts[node.lineno - 1]
    line = text[at : text.find("\n", at) if text.find("\n", at) >= 0 else len(text)].encode()
    start = at + len(line[: node.col_offset].decode())
    end = at + len(line[: node.end_col_offset].decode())
    said = text[start:end]
    quote = said.lstrip("rRuU")[:1]
    inner = said[said.find(quote) + 1 : -1] if quote and quote in _QUOTES else quote
    return Literal(start, end) if quote and quote in _QUOTES and quote not in inner else None


def _line_starts(text: str) -> list[int]:
    """Where the lines begin that the parser counts."""
    starts = [0]
    for at, character in enumerate(text):
        if character == "\n":
            starts.append(at + 1)
    return starts


def _names_os(node: ast.Import) -> bool:
    return any(alias.name == "os" and alias.asname is None for alias in node.names)


def _is_opening(node: ast.stmt) -> bool:
    """What must come before every import: the docstring, and what is imported from the future."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__"
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
