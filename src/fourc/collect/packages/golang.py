"""Go modules: `go.mod` with `go.sum` for old ones, `go.work` and `vendor/modules.txt` (https://go.dev/ref/mod)."""

import re
from collections.abc import Iterator

from msgspec import Struct

from fourc.collect.packages.decoding import lines_of
from fourc.collect.packages.errors import malformed
from fourc.collect.packages.form import Given
from fourc.collect.packages.found import NOTHING, Found
from fourc.model.package import Listing, Project
from fourc.text import Text

ECOSYSTEM = "Go"
STANDARD_LIBRARY = "stdlib"
"""The name under which the Go team publishes advisories of the standard library and the runtime."""
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|`([^`]*)`|(=>|[()]|[^\s()"`]+)')
_RELEASE = re.compile(r"(?:go)?(\d+(?:\.\d+)*(?:(?:rc|beta|alpha)\d+)?)(?:[-+ ].*)?")
_GRAPH_PRUNED = (1, 17)
"""Since this version `go.mod` lists every module that the build needs."""


class _Directive(Struct, frozen=True):
    line: int
    words: tuple[str, ...]
    comment: str


class _Replacement(Struct, frozen=True):
    line: int
    version: str
    path: str
    by: str


class _Module(Struct):
    """What a `go.mod` or `go.work` says that matters here."""

    path: str = ""
    requires: list[tuple[int, str, str, bool]] = []
    replaced: dict[str, list[_Replacement]] = {}
    go: tuple[int, str] = (0, "")
    toolchain: tuple[int, str] = (0, "")


def read_mod(given: Given) -> Listing:
    """The modules that the build needs, replaced ones by their replacement, and the standard library.

    The standard library has the version of the toolchain line, else of the go line, as osv-scanner has it: the least
    toolchain with which the module may be built.
    """
    module = _module(given)
    found = Found(given.path, ECOSYSTEM)
    for line, path, version, indirect in module.requires:
        if (what := _replaced(module, line, path, version)) is not None:
            found.add(what[1], what[2], what[0], direct=not indirect)
    if _before_pruning(module.go[1]):
        known = {path for _, path, _, _ in module.requires}
        for path, version in _summed(given).items():
            if path not in known and (what := _replaced(module, 0, path, version)) is not None:
                found.add(what[1], what[2], line=what[0])
    _add_standard_library(found, module)
    return found.listing(found.direct, Project(ECOSYSTEM, module.path))


def read_work(given: Given) -> Listing:
    """The toolchain of a workspace; its modules have files of their own."""
    found = Found(given.path, ECOSYSTEM)
    _add_standard_library(found, _module(given))
    return found.listing(found.direct)


def read_vendored(given: Given) -> Listing:
    """The modules copied into the repository, where no `go.mod` tells of all of them."""
    found = Found(given.path, ECOSYSTEM)
    above = given.beside("../go.mod")
    if above is not None and not _before_pruning(_module(Given("go.mod", above)).go[1]):
        return found.listing()
    place = NOTHING
    for number, line in lines_of(given):
        if line.startswith("## "):
            if "explicit" in line:
                found.direct.add(place)
        elif line.startswith("# "):
            old, arrow, new = line[2:].partition("=>")
            words = (new if arrow else old).split()
            place = found.add(words[0], words[1], line=number) if len(words) == 2 and words[1][0] == "v" else NOTHING
    return found.listing(found.direct)


def released(text: str) -> str:
    """`1.22.3` of `go1.22.3` (and of `go1.22.3 X:boringcrypto`, `go1.22.3-custom`), empty where it is no release."""
    match = _RELEASE.fullmatch(text)
    return match[1] if match else ""


def _add_standard_library(found: Found, module: _Module) -> None:
    for line, text in (module.toolchain, module.go):
        if version := released(text):
            found.add(STANDARD_LIBRARY, version, line, direct=True)
            return


def _replaced(module: _Module, line: int, path: str, version: str) -> tuple[int, str, str] | None:
    """Line, path and version that are really built, None for a folder of the project."""
    rules = module.replaced.get(path, ())
    rule = next((one for one in rules if one.version == version), None) or next(
        (one for one in rules if not one.version), None
    )
    if rule is None:
        return line, path, version
    return (rule.line, rule.path, rule.by) if rule.by else None


def _before_pruning(go: str) -> bool:
    numbers = re.match(r"(\d+)\.(\d+)", go)
    return numbers is None or (int(numbers[1]), int(numbers[2])) < _GRAPH_PRUNED


def _summed(given: Given) -> dict[str, str]:
    """The highest version of each module whose source (not only its `go.mod`) was fetched: `go.sum` is in this order."""
    versions: dict[str, str] = {}
    for line in (given.beside("go.sum") or b"").decode(errors="replace").splitlines():
        words = line.split()
        if len(words) == 3 and not words[1].endswith("/go.mod"):
            versions[words[0]] = words[1]
    return versions


def _module(given: Given) -> _Module:
    module = _Module(requires=[], replaced={})
    for directive in _directives(given):
        words = directive.words
        match words[0]:
            case "module" if len(words) == 2:
                module.path = words[1]
            case "go" if len(words) == 2:
                module.go = (directive.line, words[1])
            case "toolchain" if len(words) == 2:
                module.toolchain = (directive.line, words[1])
            case "require" if len(words) == 3:
                indirect = re.match(r"indirect(?:;|$)", directive.comment) is not None
                module.requires.append((directive.line, words[1], words[2], indirect))
            case "replace" if "=>" in words:
                _note_replacement(module, directive)
            case "require" | "replace" | "go" | "module":
                raise malformed(given.path, Text("line {line}", "第 {line} 行").of(line=directive.line))
            case _:
                pass
    return module


def _note_replacement(module: _Module, directive: _Directive) -> None:
    words = directive.words
    at = words.index("=>")
    old, new = words[1:at], words[at + 1 :]
    if not old or not new:
        return
    version = old[1] if len(old) > 1 else ""
    by = new[1] if len(new) > 1 else ""
    module.replaced.setdefault(old[0], []).append(_Replacement(directive.line, version, new[0], by))


def _directives(given: Given) -> Iterator[_Directive]:
    """Each directive with its verb, those in brackets too."""
    verb = ""
    for number, line in lines_of(given):
        code, comment = _split_comment(line)
        words = tuple(match[1] or match[2] or match[3] or "" for match in _WORD.finditer(code))
        if not words:
            continue
        if words[-1] == "(" and len(words) == 2 and not verb:
            verb = words[0]
        elif words[0] == ")":
            verb = ""
        else:
            yield _Directive(number, (verb, *words) if verb else words, comment)


def _split_comment(line: str) -> tuple[str, str]:
    code, mark, comment = line.partition("//")
    return (code, comment.strip()) if mark else (line, "")
