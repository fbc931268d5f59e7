"""pip's requirements files (https://pip.pypa.io/en/stable/reference/requirements-file-format/): the exact pins."""

import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct, structs

from fourc.collect.packages.decoding import lines_of
from fourc.collect.packages.form import Given
from fourc.collect.packages.forms import forms_of
from fourc.collect.packages.found import Found
from fourc.collect.packages.pypi import (
    ECOSYSTEM,
    exact_pin,
    is_elsewhere,
    normalised,
    requirement_of,
    sounds_like_dev,
)
from fourc.model.package import Listing

_COMMENT = re.compile(r"(?:^|\s)#.*$")
_INCLUDE = re.compile(r"(?:-r|--requirement|-c|--constraint)(?:\s*=\s*|\s+|(?<=-[rc]))(\S+)")
_VIA = re.compile(r"\s+#( via\b)?(.*)")
"""The comment under a requirement that says who asked for it, and how it goes on."""
_OPTION = re.compile(r"\s--?[A-Za-z]")
_FILES = 50
"""Files that one requirements file may lead to."""


class _Line(Struct, frozen=True):
    path: str
    number: int
    text: str
    via: tuple[str, ...] = ()
    constraint: bool = False


def read_requirements(given: Given) -> Listing:
    """Packages with `==`: of this file, and of included ones that are not read by their own name.

    Those whose version nothing here pins are left open, but what lies in a folder or a repository of git.
    `dev` is told by the name of the file or its folder (`requirements-dev.txt`).
    pip-compile and uv write behind each package who asked for it; then direct and transitive are told apart.
    """
    found = Found(given.path, ECOSYSTEM)
    folder, name = posixpath.split(given.path.removesuffix(".txt"))
    dev = sounds_like_dev(name) or sounds_like_dev(posixpath.basename(folder))
    open_names: dict[str, None] = {}
    constraints: dict[str, tuple[str, _Line]] = {}
    asked_by: dict[int, tuple[str, ...]] = {}
    for name, version, line in _pins(given):
        if line.constraint:
            if version:
                constraints.setdefault(name, (version, line))
        elif not version:
            open_names[name] = None
        else:
            place = found.add(name, version, line=line.number, dev=dev, path=_place(given, line))
            asked_by.setdefault(place, line.via)
    for name, (version, line) in constraints.items():
        if name in open_names and not found.versions_of(name):
            found.add(name, version, line=line.number, dev=dev, path=_place(given, line))
    for name in open_names:
        found.leave_open(name)
    if not any(asked_by.values()):
        return found.listing()
    return found.listing(_told_by(found, asked_by), needs=True)


def _pins(given: Given) -> Iterator[tuple[str, str, _Line]]:
    for line in _lines(given):
        parsed = requirement_of(line.text)
        if parsed is not None and not is_elsewhere(parsed[1]):
            yield parsed[0], exact_pin(parsed[1]), line


def _told_by(found: Found, asked_by: dict[int, tuple[str, ...]]) -> set[int]:
    """The packages that a file or the project asks for; those that packages ask for become their needs."""
    direct: set[int] = set()
    for place, askers in asked_by.items():
        for asker in askers or ("-r",):
            who = [] if asker.startswith("-") else found.versions_of(normalised(asker.partition("[")[0]))
            for each in who:
                found.need(each, (place,))
            if not who:
                direct.add(place)
    return direct


def _place(given: Given, line: _Line) -> str:
    return "" if line.path == given.path else line.path


def _lines(given: Given) -> Iterator[_Line]:
    """The logical lines of the file and of what it includes."""
    folder = posixpath.dirname(given.path)
    seen = {given.path}
    waiting: list[tuple[str, bytes, bool]] = [(given.path, given.data, False)]
    while waiting:
        path, data, constraint = waiting.pop()
        for line in _logical(Given(path, data)):
            if not line.text.startswith("-"):
                yield structs.replace(line, constraint=True) if constraint else line
                continue
            match = _INCLUDE.match(line.text)
            if match is None or "://" in match[1] or len(seen) > _FILES:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), match[1]))
            only = constraint or line.text.startswith(("-c", "--constraint"))
            # what is read by its own name tells its packages there
            if target in seen or (not only and forms_of(target)):
                continue
            seen.add(target)
            included = given.beside(posixpath.relpath(target, folder or "."))
            if included is not None:
                waiting.append((target, included, only))


def _logical(given: Given) -> Iterator[_Line]:
    """Lines with their continuations joined, without comments and options, as pip joins them."""
    parts: list[str] = []
    start = 0
    kept: _Line | None = None
    via: list[str] = []
    telling = False
    for number, line in lines_of(given):
        comment = _VIA.match(line)
        if comment is not None and not parts and (comment[1] or telling):
            telling = True
            via += _askers(comment[2])
            continue
        telling = False
        start = start if parts else number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            parts.append(line[:-1])
            continue
        whole = "".join((*parts, line))
        parts = []
        if stripped := _bare(whole):
            if kept is not None:
                yield structs.replace(kept, via=tuple(via))
            kept = _Line(given.path, start, stripped)
            at = whole.find("# via ")
            via = _askers(whole[at + 6 :]) if at >= 0 else []
    if parts and (stripped := _bare("".join(parts))):
        if kept is not None:
            yield structs.replace(kept, via=tuple(via))
        kept, via = _Line(given.path, start, stripped), []
    if kept is not None:
        yield structs.replace(kept, via=tuple(via))


def _askers(text: str) -> list[str]:
    """Names (or `-r file`) of a `via` comment."""
    return [name for part in text.split(",") if (name := part.strip())]


def _bare(line: str) -> str:
    if "#" in line:
        line = _COMMENT.sub("", line)
    line = line.strip()
    if line.startswith("-"):
        return line
    option = _OPTION.search(line)
    return line[: option.start()].rstrip() if option else line
