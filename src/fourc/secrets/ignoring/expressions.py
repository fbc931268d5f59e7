"""betterleaks' filters: an expression that discards a finding where it is true (CEL in its version 1, Expr after that).

Read is what its documentation uses: strings, numbers, lists, `finding`, `attributes`, comparisons, `&&`, `||`, `!`, its functions
and the methods of texts, which but for some signs is Python's syntax. What is not known here is neither true nor false, so that
a finding is only discarded where all that matters is known: of `entropy(…) <= 3 || somethingElse(…)` the first half counts.
"""

import ast
import operator
import re
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache

from msgspec import Struct

from fourc.secrets.ignoring.go_patterns import PatternError, compiled
from fourc.secrets.ignoring.shannon import entropy
from fourc.secrets.ignoring.sight import Sight
from fourc.secrets.late import late

_LONGEST = 20_000
_PART = late(
    r"""(?P<text>r?\"{3}(?s:.*?)\"{3}|r?'{3}(?s:.*?)'{3}|r"[^"\n]*"|r'[^'\n]*'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    r"|(?P<raw>`[^`]*`)|(?P<comment>//[^\n]*)|(?P<sign>&&|\|\||!(?!=)|\[\?|\?\.|\btrue\b|\bfalse\b)"
)
_SIGNS = {"&&": " and ", "||": " or ", "!": " not ", "[?": "[", "?.": ".", "true": "True", "false": "False"}


class ExpressionError(ValueError):
    """It uses more than is read here."""


class _Unknown:
    """What cannot be told."""


_UNKNOWN = _Unknown()


class Filter(Struct, frozen=True):
    """An expression; `unknown` are the functions in it that are not known here."""

    expression: str
    unknown: tuple[str, ...] = ()

    def discards(self, sight: Sight) -> bool:
        """Whether it is certainly true of the sight."""
        found = {"secret": sight.value, "match": sight.match, "line": sight.text, "rule_id": sight.rule}
        attributes = {"path": sight.path, **({"git.sha": sight.commit} if sight.commit else {})}
        return _value(_tree(self.expression), {"finding": found, "attributes": attributes}) is True


def filter_of(text: str) -> Filter:
    """The filter that a text is.

    Raises:
        ExpressionError: it uses more than is read here.
    """
    unknown = [
        name
        for node in ast.walk(_tree(text))
        if isinstance(node, ast.Call) and (name := _called(node)[0]) not in _FUNCTIONS
    ]
    _value(_tree(text), {})
    return Filter(text, tuple(dict.fromkeys(unknown)))


@lru_cache(maxsize=1000)
def _tree(text: str) -> ast.expr:
    def python(match: re.Match[str]) -> str:
        if match["raw"]:
            return repr(match["raw"][1:-1])
        return match["text"] or _SIGNS.get(match["sign"] or "", "")

    if len(text) > _LONGEST:
        raise ExpressionError("it is too long")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes in texts
            return ast.parse(f"({_PART.sub(python, text)}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(str(error)) from error


def _value(node: ast.expr, given: Mapping[str, object]) -> object:  # noqa: C901, PLR0911 - a case for each kind of node
    """What an expression comes to; raises `ExpressionError` for what is not read here."""
    match node:
        case ast.Constant(value=str() | bool() | int() | float() as value):
            return value
        case ast.Name(id=name):
            return given.get(name, _UNKNOWN)
        case ast.List(elts=items):
            return [_value(item, given) for item in items]
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            held = _value(inner, given)
            return not held if isinstance(held, bool) else _UNKNOWN
        case ast.BoolOp(op=how, values=parts):
            decisive = isinstance(how, ast.Or)
            held_parts = [_value(part, given) for part in parts]
            if decisive in [h for h in held_parts if isinstance(h, bool)]:
                return decisive
            return not decisive if all(isinstance(h, bool) for h in held_parts) else _UNKNOWN
        case ast.Compare(left=left, ops=[how], comparators=[right]) if type(how) in _COMPARED:
            return _applied(_COMPARED[type(how)], _value(left, given), _value(right, given))
        case ast.Attribute(value=holder, attr=key):
            return _item(_value(holder, given), key)
        case ast.Subscript(value=holder, slice=key_node):
            return _item(_value(holder, given), _value(key_node, given))
        case ast.Call(args=arguments, keywords=[]):
            name, on = _called(node)
            values = [_value(each, given) for each in ([on] if on else []) + arguments]
            return _applied(_FUNCTIONS[name], *values) if name in _FUNCTIONS else _UNKNOWN
        case _:
            raise ExpressionError(ast.unparse(node))


def _called(node: ast.Call) -> tuple[str, ast.expr | None]:
    """The function's name, without betterleaks' own prefix, and the value whose method it is."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="filter"), attr=name):
            return name, None
        case ast.Attribute(value=on, attr=name):
            return f".{name}", on
        case _:
            raise ExpressionError(ast.unparse(node))


def _item(holder: object, key: object) -> object:
    return holder.get(key, _UNKNOWN) if isinstance(holder, dict) else _UNKNOWN


def _applied(function: Callable[..., object], *values: object) -> object:
    """What the function gives; of something unknown, or of the wrong kind, nothing is known."""
    if function is not _or_value and any(isinstance(v, _Unknown) for v in values):
        return _UNKNOWN
    try:
        return function(*values)
    except (TypeError, AttributeError, PatternError):
        return _UNKNOWN


def _or_value(value: object, otherwise: object) -> object:
    return otherwise if isinstance(value, _Unknown) else value


def _matches(text: str, pattern: str) -> bool:
    return compiled(pattern).search(text.encode()) is not None


_COMPARED: Mapping[type[ast.cmpop], Callable[..., object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, items: item in items,
}
_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "entropy": entropy,
    "matchesAny": lambda text, patterns: any(_matches(text, pattern) for pattern in patterns),
    "containsAny": lambda text, words: any(word in text for word in words),
    "size": len,
    "len": len,
    ".size": len,
    ".orValue": _or_value,
    ".startsWith": str.startswith,
    ".endsWith": str.endswith,
    ".contains": lambda text, part: part in text,
    ".matches": _matches,
    ".lowerAscii": str.lower,
    ".upperAscii": str.upper,
}
