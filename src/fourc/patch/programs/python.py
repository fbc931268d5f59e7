"""Python by its own parser: which texts may become a call, and where `import os` belongs."""

import ast
from collections.abc import Iterator
from functools import lru_cache

from fourc.patch.programs.literal import Literal
from fourc.patch.text import TextEdit

_QUOTES = "\"'"


def literal(text: str, line: int, start: int, inside: tuple[int, int]) -> Literal | None:
    """The text of one piece with exactly this inside, on the line that begins at `start`, if any expression may stand there.

    None where it is no Python of today, or the name `os` means something else in it.
    """
    tree = _parsed(text)
    if tree is None or _has_other_os(tree):
        return None
    end = text.find("\n", start)
    encoded = text[start : end if end >= 0 else len(text)].encode()
    for node in _free(tree, line):
        if node.end_col_offset is None or node.end_lineno != line:
            continue
        first = start + len(encoded[: node.col_offset].decode(errors="replace"))
        last = start + len(encoded[: node.end_col_offset].decode(errors="replace"))
        said = text[first:last].lstrip("rRuU")
        if said[:1] in _QUOTES and (last - len(said) + 1, last - 1) == inside and said[0] not in said[1:-1]:
            return Literal(first, last)
    return None


def import_of_os(text: str, before: int) -> tuple[TextEdit, ...]:
    """What makes `os` known at the character `before`: nothing where it is, else a line behind what must come first."""
    tree = _parsed(text)
    if tree is None:
        return ()
    until = text.count("\n", 0, before) + 1
    if any(isinstance(node, ast.Import) and _names_os(node) and node.lineno < until for node in tree.body):
        return ()
    body = [node for node in tree.body if not _is_opening(node)]
    if not body:
        return ()
    first = body[0]
    decorators: list[ast.expr] = getattr(first, "decorator_list", [])
    line = min([first.lineno, *(node.lineno for node in decorators)])
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
    above = "\n" if len(body) < len(tree.body) and not text[:at].replace("\r", "").endswith("\n\n") else ""
    below = "" if isinstance(first, ast.Import | ast.ImportFrom) else "\n"
    return (TextEdit(at, at, f"{above}import os\n{below}"),)


@lru_cache(maxsize=4)
def _parsed(text: str) -> ast.Module | None:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    opening = [node.end_lineno for node in tree.body if _is_opening(node)]
    others = [node.lineno for node in tree.body if not _is_opening(node)]
    return None if opening and others and others[0] == opening[-1] else tree  # two statements on a line


def _free(tree: ast.AST, line: int) -> Iterator[ast.Constant]:
    """Texts on the line that any expression may stand for: no docstring, part of an f-string, pattern, key or type."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        parent = waiting.pop()
        if isinstance(parent, ast.JoinedStr):
            continue
        for field, value in ast.iter_fields(parent):
            for node in value if isinstance(value, list) else (value,):
                if not isinstance(node, ast.AST):
                    continue
                waiting.append(node)
                if not isinstance(node, ast.Constant) or node.lineno != line or not isinstance(node.value, str):
                    continue
                if _is_free(parent, field):
                    yield node


def _is_free(parent: ast.AST, field: str) -> bool:
    match parent:
        case ast.Expr() | ast.MatchValue() | ast.MatchMapping():
            return False
        case ast.Dict():
            return field == "values"
        case ast.Subscript():
            return field != "slice"
        case ast.AnnAssign() | ast.arg():
            return field != "annotation"
        case _:
            return field != "returns"


def _has_other_os(tree: ast.Module) -> bool:
    """Whether something else is called `os` anywhere, or `os` is imported where only a part of the program sees it."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="os", ctx=ast.Store() | ast.Del()) | ast.arg(arg="os"):
                return True
            case ast.FunctionDef(name="os") | ast.AsyncFunctionDef(name="os") | ast.ClassDef(name="os"):
                return True
            case ast.ExceptHandler(name="os") | ast.MatchAs(name="os") | ast.MatchStar(name="os"):
                return True
            case ast.Import() if node not in tree.body and any(
                (a.asname or a.name.partition(".")[0]) == "os" for a in node.names
            ):
                return True
            case ast.Import() | ast.ImportFrom():
                if any(a.asname == "os" or (isinstance(node, ast.ImportFrom) and a.name == "os") for a in node.names):
                    return True
            case _:
                continue
    return False


def _names_os(node: ast.Import) -> bool:
    return any(alias.name == "os" and alias.asname is None for alias in node.names)


def _is_opening(node: ast.stmt) -> bool:
    """What must come before every import: the docstring, and what is imported from the future."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__"
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
