"""Programs: where a quoted text may be exchanged for a variable of the environment, what it is called, and the edits."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from fourc.patch.programs import python
from fourc.patch.programs.literal import Literal
from fourc.patch.text import TextEdit

_LARGEST = 2_000_000
"""Characters of a program that is edited."""
_HERE = "\0"
"""Stands for the text itself where its line is looked at."""


class _Language(Struct, frozen=True):
    """How a program reads a variable (`NAME`), and what tells its quoted texts.

    `tokens` finds comments and texts, of which those in `quotes` mean what stands in them. Where `refused` is found in the
    line, only a constant may stand.
    """

    reads: str
    tokens: re.Pattern[str]
    quotes: str
    refused: re.Pattern[str]


_C = r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)"
_HASH = r"\#[^\n]*"
_DOUBLE = r'"(?:[^"\\\n]|\\.)*"'
_SINGLE = r"'(?:[^'\\\n]|\\.)*'"
_TICKS = r"`(?:[^`\\]|\\[\s\S])*`"


def _language(reads: str, comments: str, quotes: str, refused: str) -> _Language:
    return _Language(reads, re.compile(f"{comments}|{_DOUBLE}|{_SINGLE}|{_TICKS}"), quotes, re.compile(refused))


_KEY = r"(?:^|[{,])\s*\0\s*:|^\s*import\b|\bfrom\s*\0|\benum\b"
_MEMBER = r"\b(?:const|public|private|protected|static|readonly|var)\s[^;=]*=\s*\0|\bfunction\b|\#\[|\0\s*=>"
_LANGUAGES = {
    ".js": _language("process.env.NAME", _C, "\"'", _KEY),
    ".mjs": _language("process.env.NAME", _C, "\"'", _KEY),
    ".cjs": _language("process.env.NAME", _C, "\"'", _KEY),
    ".ts": _language("process.env.NAME!", _C, "\"'", _KEY),
    ".go": _language('os.Getenv("NAME")', _C, '"', r"^\s*(?:const|import|case)\b"),
    ".java": _language('System.getenv("NAME")', _C, '"', r"@\w|\bcase\s"),
    ".kt": _language('System.getenv("NAME")', _C, '"', r"@\w|\bconst\s"),
    ".scala": _language('sys.env("NAME")', _C, '"', r"@\w|\bcase\s"),
    ".rb": _language('ENV.fetch("NAME")', _HASH, "\"'", r"\bwhen\s"),
    ".php": _language('getenv("NAME")', f"{_C}|{_HASH}", "\"'", _MEMBER),
    ".cs": _language(
        'System.Environment.GetEnvironmentVariable("NAME")',
        _C,
        '"',
        r"\bconst\s|^\s*\[|[@$]\0|\bcase\s|\([^()]*\w\s+\w+\s*=\s*\0",
    ),
}
_PYTHON = 'os.environ["NAME"]'
_GO_BLOCK = re.compile(r"^(?:const|import) \(|^\)", re.MULTILINE)
_GO_OS = re.compile(r'^\s*(?:import\s+)?"os"', re.MULTILINE)
_GO_IMPORTS = re.compile(r"^import \(\n|^import (?=\")", re.MULTILINE)
_GO_IMPORT = re.compile(r'[ \t]*(?:[\w.]+ )?"([^"\n]*)".*\n')
_GO_PACKAGE = re.compile(r"^package \w+.*\n", re.MULTILINE)
_NAME = re.compile(
    r"""([A-Za-z_$][\w$.-]*)["']?\]?\s*(?::\s*[\w<>\[\]?. |]+?\s*|\s+string\s*)?(?::=|=>|\|\|=|=|:)\s*$"""
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,60}")


def is_program(path: str) -> bool:
    """Whether a file is of a language that is known here."""
    ending = posixpath.splitext(path)[1].lower()
    return ending == ".py" or ending in _LANGUAGES


def literal_at(path: str, text: str, line: int, column: int, end_column: int) -> Literal | None:
    """The quoted text whose inside is exactly these characters of a line (from 1, the end behind the last).

    None where it is more than that, or where only a constant may stand: then a person has to look.
    """
    if len(text) > _LARGEST or "\r" in text.replace("\r\n", ""):
        return None
    start = _start_of(text, line)
    if start is None:
        return None
    wanted = (start + column - 1, start + end_column - 1)
    return next((one for one in _literals(path, text) if _inside(text, one) == wanted), None)


def variable_name(text: str, literal: Literal) -> str:
    """What the program calls the text, as variables of the environment are written; nothing where it has no name."""
    before = text[text.rfind("\n", 0, literal.start) + 1 : literal.start]
    said = _NAME.search(before)
    last = re.split(r"[.$]", said[1].strip(".-$"))[-1] if said else ""
    name = _HUMP.sub("_", last).replace("-", "_").upper().strip("_")
    return name if _VARIABLE.fullmatch(name) else ""


def reads_variable(text: str, name: str) -> bool:
    """Whether a program reads the variable already."""
    return re.search(rf"""["']{name}["']|\benv\.{name}\b""", text) is not None


def edits_for(path: str, text: str, named: Sequence[tuple[Literal, str]]) -> tuple[TextEdit, ...]:
    """The edits that make a program read variables where these texts stand, with the import that it needs for that."""
    ending = posixpath.splitext(path)[1].lower()
    reads = _PYTHON if ending == ".py" else _LANGUAGES[ending].reads
    made = tuple(TextEdit(one.start, one.end, reads.replace("NAME", name)) for one, name in named)
    imports = python.import_of_os(text) if ending == ".py" else _go_import(text) if ending == ".go" else ()
    if "\r\n" in text:
        imports = tuple(TextEdit(one.start, one.end, one.new.replace("\n", "\r\n")) for one in imports)
    return (*imports, *made)


def _literals(path: str, text: str) -> Iterator[Literal]:
    ending = posixpath.splitext(path)[1].lower()
    if ending == ".py":
        yield from python.literals(text)
        return
    language = _LANGUAGES[ending]
    if ('"""' in text or "'''" in text) or (ending == ".php" and not text.lstrip().startswith("<?php")):
        return
    for token in language.tokens.finditer(text):
        start, end = token.span()
        if text[start] in language.quotes and not _is_refused(language, text, start, end, is_go=ending == ".go"):
            yield Literal(start, end)


def _is_refused(language: _Language, text: str, start: int, end: int, *, is_go: bool) -> bool:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    rest = text[end : line_end if line_end >= 0 else len(text)]
    if language.refused.search(text[line_start:start] + _HERE + rest):
        return True
    if not is_go:
        return False
    blocks = [*_GO_BLOCK.finditer(text, 0, start)]
    return bool(blocks) and blocks[-1][0] != ")"


def _go_import(text: str) -> tuple[TextEdit, ...]:
    if _GO_OS.search(text):
        return ()
    known = _GO_IMPORTS.search(text)
    if known is not None and known[0].endswith("(\n"):
        at = known.end()
        while (line := _GO_IMPORT.match(text, at)) is not None and line[1] < "os":  # gofmt sorts each group
            at = line.end()
        return (TextEdit(at, at, '\t"os"\n'),)
    if known is not None:
        return (TextEdit(known.start(), known.start(), 'import "os"\n'),)
    package = _GO_PACKAGE.search(text)
    return (TextEdit(package.end(), package.end(), '\nimport "os"\n'),) if package else ()


def _inside(text: str, literal: Literal) -> tuple[int, int]:
    start = literal.start
    while text[start] not in "\"'":
        start += 1  # Python's prefix
    return start + 1, literal.end - 1


def _start_of(text: str, line: int) -> int | None:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return None
    return start
