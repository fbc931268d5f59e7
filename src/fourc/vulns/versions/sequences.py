"""Numbers in a row where a longer row comes after its own beginning: R's package_version and Haskell's Data.Version."""

import re

from fourc.vulns.versions.encoding import number, text

_split = re.compile("[.-]").split
_r = re.compile("[0-9]+(?:[.-][0-9]+)+").fullmatch
_haskell = re.compile(r"[0-9]+(?:\.[0-9]+)*").fullmatch


def key(version: str) -> str:
    """1.0 < 1.0.0; what is no number counts last, as text."""
    numbers: list[str] = []
    others: list[str] = []
    for part in _split(version.strip()):
        (numbers if part.isdigit() and part.isascii() else others).append(part)
    return "".join(map(number, numbers)) + "\1" + "".join(map(text, others))


def valid_r(version: str) -> bool:
    """At least two numbers with `.` or `-` between them."""
    return _r(version.strip()) is not None


def valid_haskell(version: str) -> bool:
    """Numbers with dots between them."""
    return _haskell(version.strip()) is not None
