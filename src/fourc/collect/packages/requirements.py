"""pip's requirements files (https://pip.pypa.io/en/stable/reference/requirements-file-format/): the exact pins."""

import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct

from fourc.collect.packages.decoding import lenient_text
from fourc.collect.packages.form import Form, Given
from fourc.collect.packages.found import Found
from fourc.collect.packages.pypi import ECOSYSTEM, exact_pin, normalised
from fourc.model.package import Listing

_COMMENT = re.compile(r"(?:^|\s)#.*$")
_INCLUDE = re.compile(r"(?:-r|--requirement|-c|--constraint)(?:\s*=\s*|\s+|(?<=-[rc]))(\S+)")
_OPTION = re.compile(r"\s--?[A-Za-z]")
_REQUIREMENT = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)", re.DOTALL)
_FILES = 50
"""Files that one requirements file may lead to."""
_DEV = re.compile(r"(?:^|[-_./])(?:dev|develop|development|test|tests|testing|lint|docs?|ci)(?=[-_./]|$)")
_NAME = re.compile(r"requirements[^/]*\.txt$|(?:^|/)requirements/[^/]*\.txt$")
"""Files that are read by their own name, so that an include of them adds nothing."""


class _Line(Struct, frozen=True):
    path: str
    number: int
    text: str


def read_requirements(given: Given) -> Listing:
    """Packages with `==`: of this file, and of included ones that are not read by their own name."""
    found = Found(given, REQUIREMENTS.id, ECOSYSTEM)
    dev = _DEV.search(posixpath.basename(given.path)) is not None
    open_names: dict[str, _Line] = {}
    constraints: dict[str, tuple[str, _Line]] = {}
    for line, constraint in _lines(given):
        match = _REQUIREMENT.fullmatch(line.text)
        if match is None:
            continue
        name = normalised(match[1])
        version = exact_pin(match[2])
        if constraint:
            if version:
                constraints.setdefault(name, (version, line))
        elif version:
            found.add(name, version, line=line.number, dev=dev, path=_place(given, line))
        elif _asks(match[2]):
            open_names.setdefault(name, line)
    for name in open_names:
        if name in constraints and not found.versions_of(name):
            version, line = constraints[name]
            found.add(name, version, line=line.number, dev=dev, path=_place(given, line))
    return found.listing(graph=False)


def _asks(rest: str) -> bool:
    """What stands after the name is a range, a marker or nothing: a requirement, not prose."""
    return not rest or rest[0] in "<>=!~;@(,"


def _place(given: Given, line: _Line) -> str:
    return "" if line.path == given.path else line.path


def _lines(given: Given) -> Iterator[tuple[_Line, bool]]:
    """The logical lines of the file and of what it includes; the second says whether it only constrains."""
    folder = posixpath.dirname(given.path)
    seen = {given.path}
    waiting: list[tuple[str, bytes, bool]] = [(given.path, given.data, False)]
    while waiting:
        path, data, constraint = waiting.pop()
        for line in _logical(path, lenient_text(data)):
            if not line.text.startswith("-"):
                yield line, constraint
                continue
            match = _INCLUDE.match(line.text)
            if match is None or "://" in match[1] or len(seen) > _FILES:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), match[1]))
            only = constraint or line.text.startswith(("-c", "--constraint"))
            if target in seen or (not only and _NAME.search(target)):
                continue
            seen.add(target)
            included = given.beside(posixpath.relpath(target, folder or "."))
            if included is not None:
                waiting.append((target, included, only))


def _logical(path: str, text: str) -> Iterator[_Line]:
    """Lines with their continuations joined, without comments and options, as pip joins them."""
    parts: list[str] = []
    start = 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r")
        start = start if parts else number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            parts.append(line[:-1])
            continue
        whole = "".join((*parts, line))
        parts = []
        if stripped := _bare(whole):
            yield _Line(path, start, stripped)
    if parts and (stripped := _bare("".join(parts))):
        yield _Line(path, start, stripped)


def _bare(line: str) -> str:
    if "#" in line:
        line = _COMMENT.sub("", line)
    line = line.strip()
    if line.startswith("-"):
        return line
    option = _OPTION.search(line)
    return line[: option.start()].rstrip() if option else line


REQUIREMENTS = Form("requirements", read_requirements, pattern=_NAME.pattern)

FORMS: tuple[Form, ...] = (REQUIREMENTS,)
