"""rpm's order (rpmvercmp; https://rpm-software-management.github.io/rpm/manual/dependencies.html): epoch, version, release."""

import re

from fourc.vulns.versions.encoding import Remembered, number

_segments = re.compile(r"[0-9]+|[A-Za-z]+|~|\^").findall
_NO_EPOCH = number("0")
_TILDE, _END, _CARET, _LETTERS = "\1\2\3\4"


def _segment(segment: str) -> str:
    match segment[0]:
        case "~":
            return _TILDE
        case "^":
            return _CARET
        case first if first <= "9":
            return number(segment)
        case _:
            return f"{_LETTERS}{segment}\0"


_mark = Remembered(_segment).__getitem__


def _part(part: str) -> str:
    """`~` before the end, `^` after it, letters, then numbers; separators only separate."""
    return "".join(map(_mark, _segments(part))) + _END


def key(version: str) -> str:
    """Anything has a place: text before a colon that is not a number is no epoch; no release is an empty one, as in rpm."""
    start = _NO_EPOCH
    if ":" in version:
        epoch, _, rest = version.partition(":")
        if not epoch or (epoch.isdigit() and epoch.isascii()):
            start, version = number(epoch), rest
    name, hyphen, release = version.rpartition("-")
    return start + _part(name) + _part(release) if hyphen else start + _part(version) + _END


def valid(version: str) -> bool:
    """Whatever has a letter or a digit."""
    return any(segment not in "~^" for segment in _segments(version))
