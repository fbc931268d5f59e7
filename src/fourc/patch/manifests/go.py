"""Versions in `go.mod` (https://go.dev/ref/mod#go-mod-file)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from shlex import quote

from fourc.patch.manifests.refusal import VersionRefused
from fourc.patch.manifests.wanted import KEPT, Site, Wanted, absent
from fourc.patch.text import TextEdit
from fourc.text import Text

_LINE = re.compile(r"[^\n]*+(?:\n|\Z)")
_WORD = re.compile(r"[^\s()]++|[()]")
_TOOLCHAIN = "stdlib"
"""The name that OSV gives to what Go itself brings (https://go.dev/doc/security/vuln/database)."""


class _Word(str):
    """A word and where it stands."""

    __slots__ = ("start",)
    start: int


def go_mod(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of the `require` of a module, or of `toolchain` and `go` for the standard library.

    Raises:
        VersionRefused: no such requirement, or a `replace` decides which code is taken.
    """
    sites: list[tuple[Site, str]] = []
    for directive, words in _directives(wanted.text):
        _read(wanted, directive, words, sites)
    if wanted.name == _TOOLCHAIN:
        # a toolchain that is named is the one that builds, whatever `go` asks for at least
        named = [site for site in sites if site[1] == "toolchain"]
        sites = named or sites
    return _exchanged(wanted, [site for site, _ in sites])


@lru_cache(maxsize=KEPT)
def _directives(text: str) -> tuple[tuple[str, list[_Word]], ...]:
    """Each directive and its words, those of a block one by one."""
    return tuple(_lines(text))


def _lines(text: str) -> Iterator[tuple[str, list[_Word]]]:
    block = ""
    for line in _LINE.finditer(text):
        words = _words(text, line.start(), line.end())
        if not words:
            continue
        if words[0] == ")":
            block = ""
        elif block:
            yield block, words
        elif len(words) > 1 and words[1] == "(":
            block = words[0]
        else:
            yield words[0], words[1:]


def _read(wanted: Wanted, directive: str, words: list[_Word], sites: list[tuple[Site, str]]) -> None:
    """Takes what one line of a directive says of the package."""
    if not words:
        return
    if directive == "replace" and _governs(wanted, words):
        raise _replaced(wanted, words)
    if directive == "require" and len(words) > 1 and _path(words[0]) == wanted.name:
        sites.append((_site(words[1]), directive))
    elif directive in {"go", "toolchain"} and wanted.name == _TOOLCHAIN:
        sites.append((_site(words[0]), directive))


def _governs(wanted: Wanted, words: list[_Word]) -> bool:
    """Whether `old [version] => new [version]` has to do with the package in its version."""
    arrow = next((at for at, word in enumerate(words) if word == "=>"), -1)
    if arrow < 0:
        return False
    before, after = words[:arrow], words[arrow + 1 :]
    if before and _path(before[0]) == wanted.name:
        return len(before) == 1 or _path(before[1]) in {wanted.old, wanted.version}
    return len(after) > 1 and _path(after[0]) == wanted.name and _path(after[1]) == wanted.old


def _replaced(wanted: Wanted, words: list[_Word]) -> VersionRefused:
    """The refusal, with the command that changes the replacement where it is a version and not a folder."""
    arrow = next(at for at, word in enumerate(words) if word == "=>")
    old = "@".join(_path(word) for word in words[:arrow])
    new = [_path(word) for word in words[arrow + 1 :]]
    command = ""
    if len(new) > 1 and new[0] == wanted.name:
        command = f"go mod edit -replace {quote(f'{old}={new[0]}@{wanted.version}')} && go mod tidy"
    return VersionRefused(
        "replaced",
        Text("a `replace` decides which {name} is taken", "由 `replace` 决定使用哪个 {name}").of(name=wanted.name),
        hint=Text("change or remove the `replace` line in go.mod", "请修改或删除 go.mod 中的 `replace` 行"),
        command=command,
    )


def _exchanged(wanted: Wanted, sites: list[Site]) -> tuple[TextEdit, ...]:
    edits: list[TextEdit] = []
    done = False
    for site in sites:
        written = wanted.text[site.start : site.end]
        bare = _bare(written)
        if bare == _bare(wanted.old):
            edits.append(TextEdit(site.end - len(bare), site.end, _bare(wanted.version)))
        done = done or bare == _bare(wanted.version)
    if not edits and not done:
        raise absent(wanted, [wanted.text[site.start : site.end] for site in sites])
    return tuple(edit for edit in edits if wanted.text[edit.start : edit.end] != edit.new)


def _bare(version: str) -> str:
    return version.removeprefix("v").removeprefix("go")


def _site(word: _Word) -> Site:
    """The word's place without quotes."""
    bare = _path(word)
    start = word.start + (len(word) - len(bare)) // 2
    return Site(start, start + len(bare))


def _path(word: str) -> str:
    return word.strip('"`')


def _words(text: str, start: int, end: int) -> list[_Word]:
    comment = text.find("//", start, end)
    words: list[_Word] = []
    for match in _WORD.finditer(text, start, end if comment < 0 else comment):
        word = _Word(match[0].removeprefix("\ufeff"))
        word.start = match.end() - len(word)
        words.append(word)
    return words
