"""rpm's order (rpmvercmp; https://rpm-software-management.github.io/rpm/manual/dependencies.html): epoch, version, release."""

import re

from fourc.vulns.versions.encoding import Remembered, number

_segments = re.compile(r"[0-9]+|[A-Za-z]+|~|\^").findall
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
    epoch, colon, rest = version.partition(":")
    if not colon or (epoch and not (epoch.isdigit() and epoch.isascii())):
        epoch, rest = "0", version
    name, hyphen, release = rest.rpartition("-")
    if not hyphen:
        return number(epoch) + _part(rest) + _END
    return number(epoch) + _part(name) + _part(release)


def valid(version: str) -> bool:
    """Whatever has a letter or a digit."""
    return any(segment not in "~^" for segment in _segments(version))
