"""What Python's package formats share: normalised names (PEP 503), requirements (PEP 508) and exact pins (PEP 440)."""

import re
from collections.abc import Iterable

from fourc.collect.packages.found import Found

ECOSYSTEM = "PyPI"
_RUNS = re.compile(r"[-_.]+")
_PIN = re.compile(r"\(?\s*={2,3}\s*v?([0-9A-Za-z][0-9A-Za-z.!+_-]*)\s*\)?")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)", re.DOTALL)
_ELSEWHERE = re.compile(r"@\s*(?:(?:git|hg|svn|bzr)\+|file:|\.{0,2}/)")
ARCHIVES = (".whl", ".gz", ".zip", ".bz2", ".xz")
"""How files end that hold a release."""
_DEV = re.compile(r"(?:^|[-_./])(?:dev|develop|development|tests?|testing|lint|linting|docs?|ci|typing)(?=[-_./]|$)")


def normalised(name: str) -> str:
    """The name as the index compares it (https://peps.python.org/pep-0503/#normalized-names)."""
    return _RUNS.sub("-", name).lower()


def requirement_of(text: str) -> tuple[str, str] | None:
    """The normalised name and what follows it (a range, a marker), None where it is prose."""
    match = _REQUIREMENT.fullmatch(text)
    if match is None or (match[2] and match[2][0] not in "<>=!~;@(,"):
        return None
    return normalised(match[1]), match[2]


def names_of(requirements: Iterable[str]) -> set[str]:
    """The normalised names of requirements."""
    return {parsed[0] for text in requirements if (parsed := requirement_of(text)) is not None}


def exact_pin(asked: str) -> str:
    """The version of `==1.2` (a marker may follow), empty where several versions are allowed."""
    match = _PIN.fullmatch(asked.partition(";")[0].strip())
    return match[1] if match else ""


def is_elsewhere(asked: str) -> bool:
    """What follows a requirement's name leads to a folder or a repository, not to a release."""
    return _ELSEWHERE.match(asked) is not None and not asked.partition(";")[0].rstrip().endswith(ARCHIVES)


def sounds_like_dev(name: str) -> bool:
    """A file or group of this name is needed to develop: `requirements-dev.txt`, `test`."""
    return _DEV.search(name) is not None


def called(found: Found, names: Iterable[str]) -> set[int]:
    """Positions of all packages that have one of these names."""
    return {place for name in names for place in found.versions_of(name)}
