"""Go: in which lines a text may become a call, what stands in a block of constants, and where `import "os"` belongs."""

import re

from fourc.patch.text import TextEdit

LINES = (
    r"(?:var )?\w+(?:\.\w+)*(?: string)? (?::=|=) \0",
    r"(?:\w+|\"[\w.-]+\"): +\0,",
    r"(?!case\b|const\b|import\b|type\b|func\b)[\w.:=, ]*\w\((?:[\w.\"(){}, ]*, )?\0(?:, [\w.\"(){}, ]*)?\)[)]*",
)
_COMMENT = re.compile(r"//[^\n]*|/\*[\s\S]*?\*/|\"(?:[^\"\\\n]|\\.)*\"(?<!\"os\")")
_BLOCK = re.compile(r"^[ \t]*(const|var|type|import) ?\(|^[ \t]*\)", re.MULTILINE)
_IMPORTS = re.compile(r"^import \(\n((?:.*\n)*?)\)|^import (?:[\w.]+ )?(\"[^\"\n]*\")", re.MULTILINE)
_OS = re.compile(r'^\s*"os"\s*$', re.MULTILINE)
_OTHER_OS = re.compile(r"\bos\b(?!\.[A-Z]|\")")
_IMPORT = re.compile(r'[ \t]*(?:[\w.]+ )?"([^"\n]*)".*\n')
_PACKAGE = re.compile(r"^package \w+.*\n", re.MULTILINE)


def is_constant(text: str, at: int) -> bool:
    """Whether the place is in a block of constants, or in what only constants are allowed in."""
    blocks = [*_BLOCK.finditer(text, max(0, at - 100_000), at)]
    return bool(blocks) and blocks[-1][1] in {"const", "import", "type"}


def has_other_os(text: str) -> bool:
    """Whether something else may be called `os`: a parameter, a variable, a package of that name."""
    return _OTHER_OS.search(_COMMENT.sub("", text)) is not None


def import_of_os(text: str) -> tuple[TextEdit, ...]:
    """What makes `os` known: nothing where it is, else a line where gofmt would put it."""
    known = [*_IMPORTS.finditer(text)]
    if any(_OS.search(one[1]) if one[1] is not None else one[0] == 'import "os"' for one in known):
        return ()
    block = next((one for one in known if one[1] is not None), None)
    if block is not None:
        at = block.start(1)
        while (line := _IMPORT.match(text, at, block.end(1))) is not None and line[1] < "os":  # gofmt sorts each group
            at = line.end()
        return (TextEdit(at, at, '\t"os"\n'),)
    if known:
        return (TextEdit(known[0].start(), known[0].start(), 'import "os"\n'),)
    package = _PACKAGE.search(text)
    return (TextEdit(package.end(), package.end(), '\nimport "os"\n'),) if package else ()
