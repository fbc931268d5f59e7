"""Versions in Gradle's build scripts and version catalogues (https://docs.gradle.org/current/userguide/version_catalogs.html)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from fourc.patch.manifests import toml_strings
from fourc.patch.manifests.refusal import elsewhere
from fourc.patch.manifests.wanted import KEPT, Site, Wanted, exchanged
from fourc.patch.text import TextEdit

_TOKEN = re.compile(
    r"""//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?+|(?P<text>"{3}[^"]*+"{3}|'{3}[^']*+'{3}|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')"""
    r"""|(?P<word>[A-Za-z_][\w.]*+)|(?P<mark>[=:,()\[\]{}])"""
)
_COORDINATES = re.compile(r"(?P<module>[^:@\s$]++:[^:@\s$]++):(?P<version>[^:@\s]++)(?::[^@\s]*+)?+(?:@\S*+)?+")
_ASSIGNED = re.compile(r"^[ \t]*+(?P<name>[^\s=:#!]++)[ \t]*+[=:][ \t]*+(?P<value>[^\s]*+)", re.MULTILINE)
_LOCKED = re.compile(r"^(?P<module>[^:=#\s]++:[^:=\s]++):(?P<version>[^:=\s]++)=", re.MULTILINE)
_VARIABLE = re.compile(r"\$(?:\{([\w.]++)\}|(\w++))")


class _Token(Struct, frozen=True):
    kind: str
    value: str
    start: int
    end: int


def build_script(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of `"group:artifact:version"`, of `group:, name:, version:` and of a variable of the same file that they name.

    With a variable's name instead of `group:artifact` they are those of the variable, for scripts that inherit it.

    Raises:
        VersionRefused: no such dependency, or its version stands in another file.
    """
    tokens = _tokens(wanted.text)
    if ":" not in wanted.name:
        return exchanged(wanted, _values(tokens, wanted.name.rpartition(".")[2]), ("",))
    sites: list[Site] = []
    named: list[str] = []
    for index, token in enumerate(tokens):
        if token.kind == "text":
            match = _COORDINATES.fullmatch(token.value)
            if match and match["module"] == wanted.name:
                site = Site(token.start + match.start("version"), token.start + match.end("version"))
                _take(match["version"], site, sites, named)
        elif token.value == "group":
            site_of = _map_notation(tokens, index, wanted.name)
            if site_of is not None and site_of.kind == "word":
                named.append(site_of.value)
            elif site_of is not None:
                _take(site_of.value, Site(site_of.start, site_of.end), sites, named)
    for name in named:
        sites += _values(tokens, name.rpartition(".")[2])
    if named and not sites:
        raise elsewhere(wanted.name, named[0], named[0])
    return exchanged(wanted, sites, ("",))


def properties(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of the property called `name` in a `gradle.properties`.

    Raises:
        VersionRefused: no such property.
    """
    sites = [
        Site(match.start("value"), match.end("value"))
        for match in _ASSIGNED.finditer(wanted.text)
        if match["name"] == wanted.name
    ]
    return exchanged(wanted, sites, ("",))


def lock(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of a `gradle.lockfile`, which holds no digests.

    Raises:
        VersionRefused: no such module.
    """
    sites = [
        Site(match.start("version"), match.end("version"))
        for match in _LOCKED.finditer(wanted.text)
        if match["module"] == wanted.name
    ]
    return exchanged(wanted, sites, ("",))


def catalogue(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of `libs.versions.toml`, where the version of several libraries may stand once under `[versions]`.

    Raises:
        VersionRefused: no such library.
    """
    versions: dict[str, list[Site]] = {}
    libraries: dict[str, dict[str, toml_strings.Place]] = {}
    sites: list[Site] = []
    for place in toml_strings.strings(wanted.text):
        match place.path:
            case ("versions", name) | ("versions", name, "require" | "strictly" | "prefer"):
                versions.setdefault(name, []).append(Site(place.start, place.end))
            case ("libraries", _):
                match = _COORDINATES.fullmatch(place.value)
                if match and match["module"] == wanted.name:
                    sites.append(Site(place.start + match.start("version"), place.start + match.end("version")))
            case ("libraries", name, *rest):
                libraries.setdefault(name, {})[".".join(rest)] = place
            case _:
                pass
    for parts in libraries.values():
        module = (
            parts["module"].value
            if "module" in parts
            else ":".join(parts[key].value for key in ("group", "name") if key in parts)
        )
        if module != wanted.name:
            continue
        if "version.ref" in parts:
            sites += versions.get(parts["version.ref"].value, [])
        for key in ("version", "version.require", "version.strictly", "version.prefer"):
            sites += [Site(parts[key].start, parts[key].end)] if key in parts else []
    return exchanged(wanted, sites, ("",))


def _take(version: str, site: Site, sites: list[Site], named: list[str]) -> None:
    """A version is a site, a variable in its place a name."""
    match = _VARIABLE.fullmatch(version)
    if match is None:
        sites.append(site)
    else:
        named.append(match[1] or match[2])


def _map_notation(tokens: tuple[_Token, ...], at: int, name: str) -> _Token | None:
    """The token of the version, where `group: "g", name: "a", version: "v"` begins here and is the package's."""
    found: dict[str, _Token] = {}
    for key, mark, value in _triples(tokens, at):
        if mark.value not in {":", "="} or key.value not in {"group", "name", "version"} or key.value in found:
            break
        found[key.value] = value
    texts = [found[key].value for key in ("group", "name") if key in found]
    return found.get("version") if ":".join(texts) == name else None


def _triples(tokens: tuple[_Token, ...], at: int) -> Iterator[tuple[_Token, _Token, _Token]]:
    """`key: value` after `key: value`, with commas between them."""
    while at + 2 < len(tokens):
        yield tokens[at], tokens[at + 1], tokens[at + 2]
        if at + 3 >= len(tokens) or tokens[at + 3].value != ",":
            return
        at += 4


def _values(tokens: tuple[_Token, ...], name: str) -> list[Site]:
    """Texts that the script gives to a variable: `name = "v"`, `name: "v"`, `set("name", "v")`, `extra["name"] = "v"`."""
    sites: list[Site] = []
    for before, mark, *rest in zip(tokens, tokens[1:], tokens[2:], (*tokens[3:], None), strict=False):
        value = rest[0]
        if value is None or before.value.rpartition(".")[2] != name:
            continue
        if mark.value == "]" and before.kind == "text" and value.value == "=":
            value = rest[1]
        elif mark.value not in ("=:" if before.kind == "word" else ",:"):
            continue
        if value is not None and value.kind == "text":
            sites.append(Site(value.start, value.end))
    return sites


@lru_cache(maxsize=KEPT)
def _tokens(text: str) -> tuple[_Token, ...]:
    """Texts, words and marks; comments are passed over."""
    return tuple(_cut(text))


def _cut(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "text":
            quotes = 3 if match[0][:3] in {'"""', "'''"} and len(match[0]) >= 6 else 1
            yield _Token(kind, match[0][quotes:-quotes], match.start() + quotes, match.end() - quotes)
        elif kind is not None:
            yield _Token(kind, match[0], match.start(), match.end())
