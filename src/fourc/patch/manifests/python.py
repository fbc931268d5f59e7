"""Versions in what Python projects require (PEP 440, 508 and 621, pip, Poetry, Pipenv, setuptools)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from shlex import quote

from fourc.patch.manifests import toml_strings
from fourc.patch.manifests.refusal import VersionRefused
from fourc.patch.manifests.wanted import KEPT, Site, Wanted, exchanged
from fourc.patch.text import TextEdit
from fourc.text import Text, same

_SEPARATORS = re.compile(r"[-_.]+")
_PINS = ("==", "===")
_CARETS = ("", "=", "==", "===", "^", "~")
_REQUIREMENT = re.compile(
    r"\s*+(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*+)\s*+(?:\[[^\]\n]*+\])?+\s*+\(?+\s*+(?P<spec>[=~<>!][^;#\n)]*+)?+"
)
_PYTHON_TEXT = re.compile(
    r"""\#[^\n]*+|\"{3}(?:[^"\\]|\\.|"(?!""))*+\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*+'{3}"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')""",
    re.DOTALL,
)
_LINE = re.compile(r"[^\n]*+(?:\n|\Z)")
_HASH = re.compile(r"\s--hash[= ]")
_MADE_BY = re.compile(r"^#[ \t]++((?:uv pip compile|pip-compile)[ \t][\w ./=:-]*+)", re.MULTILINE)
_HEAD = 2_000
"""Characters in which a generated file says who wrote it."""
_SETUP_SECTIONS = frozenset(("options", "options.extras_require"))
_SETUP_KEYS = frozenset(("install_requires", "setup_requires", "tests_require"))
_KEY = re.compile(r"(?P<key>[^\s=:\[#;][^=:\n]*+)[=:]")


def requirements(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of a file of pip (https://pip.pypa.io/en/stable/reference/requirements-file-format/).

    Raises:
        VersionRefused: no such pin, or one with hashes.
    """
    pins = _pins(wanted.text).get(_normalised(wanted.name), ())
    if any(hashed for _, hashed in pins):
        raise _hashed(wanted)
    return exchanged(wanted, [site for site, _ in pins], _PINS)


@lru_cache(maxsize=KEPT)
def _pins(text: str) -> dict[str, list[tuple[Site, bool]]]:
    """For each name the places of its versions, and whether there are hashes beside them."""
    pins: dict[str, list[tuple[Site, bool]]] = {}
    for start, end in _logical_lines(text):
        match = _REQUIREMENT.match(text, start, end)
        if match is not None:
            hashed = _HASH.search(text, start, end) is not None
            pins.setdefault(_normalised(match["name"]), []).append((_spec(match), hashed))
    return pins


def pyproject(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of `pyproject.toml`: PEP 621 and 735, build requirements, Poetry's, PDM's and uv's own tables.

    Raises:
        VersionRefused: no such pin.
    """
    pins: list[Site] = []
    tables: list[Site] = []
    for place in toml_strings.strings(wanted.text):
        match place.path:
            case (
                ("project", "dependencies", "[]")
                | ("project", "optional-dependencies", _, "[]")
                | ("dependency-groups", _, "[]")
                | ("build-system", "requires", "[]")
                | ("tool", "uv", "dev-dependencies" | "constraint-dependencies" | "override-dependencies", "[]")
                | ("tool", "pdm", "dev-dependencies", _, "[]")
            ):
                pins += _site_in(wanted, place)
            case (
                ("tool", "poetry", "dependencies" | "dev-dependencies", name)
                | ("tool", "poetry", "dependencies" | "dev-dependencies", name, "version")
                | ("tool", "poetry", "group", _, "dependencies", name)
                | ("tool", "poetry", "group", _, "dependencies", name, "version")
            ) if _same_name(name, wanted.name):
                tables.append(Site(place.start, place.end))
            case _:
                pass
    if not tables:
        return exchanged(wanted, pins, _PINS)
    return exchanged(wanted, [*pins, *tables], _CARETS)


def pipfile(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of a `Pipfile` (https://pipenv.pypa.io/en/latest/pipfile.html).

    Raises:
        VersionRefused: no such pin.
    """
    sites = [
        Site(place.start, place.end)
        for place in toml_strings.strings(wanted.text)
        if len(place.path) in {2, 3}
        and place.path[0] not in {"source", "requires", "scripts", "pipenv"}
        and place.path[2:] in {(), ("version",)}
        and _same_name(place.path[1], wanted.name)
    ]
    return exchanged(wanted, sites, _PINS)


def setup_cfg(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of a `setup.cfg` (https://setuptools.pypa.io/en/latest/userguide/declarative_config.html).

    Raises:
        VersionRefused: no such pin.
    """
    text = wanted.text
    sites: list[Site] = []
    section, key = "", ""
    for line in _LINE.finditer(text):
        stripped = line[0].strip()
        start = line.start()
        if not stripped or stripped[0] in "#;":
            continue
        if stripped[0] == "[" and line[0][0] == "[":
            section, key = stripped[1:].partition("]")[0].strip(), ""
            continue
        if not line[0][0].isspace():
            match = _KEY.match(text, start, line.end())
            key = match["key"].strip() if match else ""
            start = match.end() if match else line.end()
        if section in _SETUP_SECTIONS and (section == "options.extras_require" or key in _SETUP_KEYS):
            site = _requirement(text, start, line.end(), wanted.name)
            sites += [site] if site else []
    return exchanged(wanted, sites, _PINS)


def setup_py(wanted: Wanted) -> tuple[TextEdit, ...]:
    """Edits of the requirements that a `setup.py` writes out as texts; it is a program, so nothing else of it is understood.

    Raises:
        VersionRefused: no such pin.
    """
    sites: list[Site] = []
    for match in _PYTHON_TEXT.finditer(wanted.text):
        if match["text"]:
            site = _requirement(wanted.text, match.start("text") + 1, match.end("text") - 1, wanted.name)
            sites += [site] if site is not None and site.end > site.start else []
    return exchanged(wanted, sites, _PINS)


def _site_in(wanted: Wanted, place: toml_strings.Place) -> list[Site]:
    site = _requirement(wanted.text, place.start, place.end, wanted.name)
    return [site] if site else []


def _requirement(text: str, start: int, end: int, name: str) -> Site | None:
    """Where the versions of a requirement (PEP 508) stand, if it is one of the package."""
    match = _REQUIREMENT.match(text, start, end)
    return _spec(match) if match is not None and _same_name(match["name"], name) else None


def _spec(match: re.Match[str]) -> Site:
    """The versions of a requirement without the options behind them."""
    if match["spec"] is None:
        return Site(match.end("name"), match.end("name"))
    spec = match["spec"].partition(" --")[0].partition("\t--")[0].rstrip(" \t\r\\")
    return Site(match.start("spec"), match.start("spec") + len(spec))


def _logical_lines(text: str) -> Iterator[tuple[int, int]]:
    r"""The lines with those that a `\` at the end continues; comments are not continued."""
    start = 0
    for line in _LINE.finditer(text, 1 if text.startswith("\ufeff") else 0):
        if line[0].rstrip("\r\n").endswith("\\") and not line[0].lstrip().startswith("#"):
            continue
        start = max(start, 1 if text.startswith("\ufeff") else 0)
        if line.end() > start:
            yield start, line.end()
        start = line.end()
    if start < len(text):
        yield start, len(text)


def _hashed(wanted: Wanted) -> VersionRefused:
    """The refusal with the command that the file says it was written by, else pip-tools' own."""
    made = _MADE_BY.search(wanted.text[:_HEAD])
    tool = made[1].strip() if made else "pip-compile --generate-hashes"
    command = f"{tool} --upgrade-package {quote(f'{wanted.name}=={wanted.version}')}"
    return VersionRefused(
        "hashes",
        Text("{name} is pinned with hashes of its files", "{name} 用文件哈希固定").of(name=wanted.name),
        hint=Text(
            "let the tool that wrote the file look up the new hashes: {command}",
            "让生成该文件的工具查询新的哈希：{command}",
        ).of(command=same(command)),
        command=command,
    )


def _same_name(a: str, b: str) -> bool:
    """Whether PEP 503 takes both names as one."""
    return _normalised(a) == _normalised(b)


def _normalised(name: str) -> str:
    return _SEPARATORS.sub("-", name).lower()
