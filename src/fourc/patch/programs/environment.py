"""Programs: where a quoted text may be exchanged for a variable of the environment, what it is called, and the edits.

A text is exchanged only where its whole line has a form in which any expression may stand; whatever looks otherwise is left to
a person.
"""

import posixpath
import re
from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from fourc.patch.programs import golang, python
from fourc.patch.programs.literal import Literal
from fourc.patch.reads import READS
from fourc.patch.text import TextEdit

_LARGEST = 2_000_000
"""Characters of a program that is edited."""
_LONGEST = 400
"""Characters of a line that is edited."""


class _Language(Struct, frozen=True):
    """What tells a program's quoted texts, and the lines in which one may be exchanged; patterns, compiled where one is met.

    `tokens` finds comments and texts. A line is matched with NUL for the text itself. Where the file holds one of `strange`,
    texts may stand in it that are none, or it runs in a browser, which has no variables.
    """

    tokens: str
    quotes: str
    line: str
    strange: tuple[str, ...] = ()


_C = r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)"
_HASH = r"\#[^\n]*"
_DOUBLE = r'"(?:[^"\\\n]|\\.)*"'
_SINGLE = r"'(?:[^'\\\n]|\\.)*'"
_TICKS = r"`(?:[^`\\]|\\[\s\S])*`"


def _language(comments: str, quotes: str, lines: Sequence[str], *strange: str) -> _Language:
    tokens = f"{comments}|{_DOUBLE}|{_SINGLE}|{_TICKS}"
    end = r"\s*(?://.*)?$" if comments is not _HASH else r"\s*(?:\#.*)?$"
    whole = "|".join(f"^\\s*(?:{line}){end}" for line in lines)
    return _Language(tokens, quotes, whole, strange)


_FIELD = r"""(?:"[\w.-]+"|'[\w.-]+'|[\w$]+)"""
_SOME = r"""[\w$.\[\]'"(){}:, =]*"""
_NO_TYPE = r"(?!import\b|export\s+(?:\*|\{)|type\b|interface\b|enum\b|declare\b|case\b|class\b|return\b|@)"
_JAVASCRIPT = (
    r"(?:export )?(?:const|let|var) [\w$]+ ?= ?\0;?",
    r"[\w$]+(?:\.[\w$]+)+ = \0;?",
    rf"{_FIELD}: \0,?",
    rf"{_NO_TYPE}{_SOME}\{{ ?(?:{_SOME}, )?{_FIELD}: ?\0(?:, {_SOME})? ?\}}[)}} ]*[,;]?",
    rf"{_NO_TYPE}{_SOME}[\w$]\((?:{_SOME}, )?\0(?:, {_SOME})?\)[)}} ]*[,;]?",
)
_BROWSER = ("document.", "window.", "localStorage", "'react'", '"react"', "'vue'", '"vue"')
_TYPESCRIPT = (
    r"(?:export )?(?:const|let|var) [\w$]+: string = \0;?",
    r"(?:(?:public|private|protected|readonly|static) )+[\w$]+(?:: string)? = \0;",
    *_JAVASCRIPT,
)
_JAVA = (
    r"(?:(?:public|private|protected|static|final) )*(?:String|var) \w+ ?= ?\0;",
    r"(?:this\.)?\w+(?:\.\w+)* = \0;",
)
_KOTLIN = (
    r"(?:(?:private|public|internal|protected|override) )*va[lr] \w+(?:: String)? = \0",
    r"\w+(?:\.\w+)+ = \0",
)
_RUBY = (
    r"(?:[A-Z]\w*|@{0,2}[a-z_]\w*|[\w.]+\.\w+|\w+\[[:'\"\w]+\]) = \0",
    rf"(?:\w+:|:\w+ =>|{_FIELD} =>) \0,?",
)
_PHP = (r"\$\w+(?:->\w+|\[['\"]?\w+['\"]?\])* ?= ?\0;", r"define\(['\"]\w+['\"], ?\0\);")
_CSHARP = (
    r"(?:(?:public|private|protected|internal|static|readonly) )*(?:string|var) \w+ = \0;(?: ?\})?",
    r"(?:this\.)?\w+(?:\.\w+)* = \0;",
)
_LANGUAGES = {
    ".js": _language(_C, "\"'", _JAVASCRIPT, *_BROWSER),
    ".mjs": _language(_C, "\"'", _JAVASCRIPT, *_BROWSER),
    ".cjs": _language(_C, "\"'", _JAVASCRIPT, *_BROWSER),
    ".ts": _language(_C, "\"'", _TYPESCRIPT, *_BROWSER),
    ".go": _language(_C, '"', golang.LINES, 'import "C"'),
    ".java": _language(_C, '"', _JAVA, '"""'),
    ".kt": _language(_C, '"', _KOTLIN, '"""'),
    ".scala": _language(_C, '"', _KOTLIN, '"""'),
    ".rb": _language(_HASH, "\"'", _RUBY, "<<", "\n=begin", "\n__END__", "%q", "%Q", "%w"),
    ".php": _language(f"{_C}|{_HASH}", "\"'", _PHP, "<<<", "?>"),
    ".cs": _language(_C, '"', _CSHARP, '"""'),
}  # fmt: skip
_NAME = re.compile(
    r"""([A-Za-z_$][\w$.-]{0,80})["']?\]?\)?(?: ?: ?[\w|]{1,30}(?: \| \w{1,30})?)?(?: string)? ?(?::=|=>|=|:) ?(?:[rRuU])?$"""
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,60}")


def is_program(path: str) -> bool:
    """Whether a file is of a language that is known here."""
    return _ending(path) in READS


def literal_at(path: str, text: str, line: int, column: int, end_column: int) -> Literal | None:
    """The quoted text whose inside is exactly these characters of a line (from 1, the end behind the last).

    None where it is more than that, or where it is not sure that any expression may stand: then a person has to look.
    """
    if len(text) > _LARGEST or "\r" in text.replace("\r\n", ""):
        return None
    start = _start_of(text, line)
    if start is None:
        return None
    end = text.find("\n", start)
    if (end if end >= 0 else len(text)) - start > _LONGEST:
        return None
    inside = (start + column - 1, start + end_column - 1)
    if _ending(path) == ".py":
        return python.literal(text, line, start, inside)
    return _literal(path, text, inside)


def variable_name(text: str, literal: Literal) -> str:
    """What the program calls the text, as variables of the environment are written; nothing where it has no name."""
    line = text.rfind("\n", 0, literal.start) + 1
    said = _NAME.search(text[max(line, literal.start - 200) : literal.start])
    last = re.split(r"[.$]", said[1].strip(".-$"))[-1] if said else ""
    name = _HUMP.sub("_", last).replace("-", "_").upper().strip("_")
    return name if _VARIABLE.fullmatch(name) else ""


def is_variable(name: str) -> bool:
    """Whether a variable can be called so everywhere."""
    return _VARIABLE.fullmatch(name) is not None


def reads_variable(text: str, name: str) -> bool:
    """Whether a program reads the variable already."""
    return f'"{name}"' in text or f"'{name}'" in text or re.search(rf"\benv\.{re.escape(name)}\b", text) is not None


def edits_for(path: str, text: str, named: Sequence[tuple[Literal, str]]) -> tuple[TextEdit, ...]:
    """The edits that make a program read variables where these texts stand, with the import that it needs for that."""
    ending = _ending(path)
    made = tuple(TextEdit(one.start, one.end, READS[ending].replace("NAME", name)) for one, name in named)
    if ending not in {".py", ".go"}:
        return made
    first = min((one.start for one, _ in named), default=0)
    imports = python.import_of_os(text, first) if ending == ".py" else golang.import_of_os(text)
    if "\r\n" in text:
        imports = tuple(TextEdit(one.start, one.end, one.new.replace("\n", "\r\n")) for one in imports)
    return (*imports, *made)


def _literal(path: str, text: str, inside: tuple[int, int]) -> Literal | None:
    ending = _ending(path)
    language = _LANGUAGES[ending]
    if any(sign in text for sign in language.strange) or (ending == ".php" and not text.lstrip().startswith("<?php")):
        return None
    for token in _compiled(language.tokens).finditer(text):
        start, end = token.span()
        if start >= inside[0]:
            return None
        if (start + 1, end - 1) == inside:
            break
    else:
        return None
    line, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    around = f"{text[line:start]}\0{text[end : line_end if line_end >= 0 else len(text)]}".rstrip("\r")
    if text[start] not in language.quotes or not _compiled(language.line).match(around):
        return None
    if ending == ".go" and (golang.is_constant(text, start) or golang.has_other_os(text)):
        return None
    return Literal(start, end)


_compiled = cache(re.compile)


def _ending(path: str) -> str:
    return posixpath.splitext(path)[1].lower()


def _start_of(text: str, line: int) -> int | None:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return None
    return start
