"""Debian's order (deb-version(7)): epoch, upstream version, revision; `~` sorts before the end. opam uses it too."""

import re
import string

from fourc.vulns.versions.encoding import number

_digits = re.compile("([0-9]+)").split
_END = "\2"


def _alphabet() -> dict[int, str]:
    """`~` before the end, the end before letters, letters before all else; beyond ASCII as it stands."""
    others = (chr(c) for c in range(128) if chr(c) not in string.ascii_letters + string.digits + "~")
    order = {ord(c): chr(3 + rank) for rank, c in enumerate([*string.ascii_uppercase, *string.ascii_lowercase, *others])}
    return order | {ord("~"): "\1"}


_ALPHABET = _alphabet()
_ZERO = _END + number("0") + _END
"""An absent part, and one of zeros."""


def _part(part: str) -> str:
    """Runs of non-digits and numbers in turn; a run of non-digits without a number has 0."""
    pieces = _digits(part)
    key = ""
    for index in range(0, len(pieces) - 1, 2):
        key += pieces[index].translate(_ALPHABET) + _END + number(pieces[index + 1])
    last = pieces[-1]
    if last or not key:
        key += last.translate(_ALPHABET) + _END + number("0")
    return key + _END


def key(version: str) -> str:
    """Anything has a place: text before a colon that is not a number is no epoch but part of the version."""
    version = version.strip()
    epoch, colon, rest = version.partition(":")
    if not colon or not epoch.isdigit() or not epoch.isascii():
        epoch, rest = "0", version
    upstream, hyphen, revision = rest.rpartition("-")
    if not hyphen:
        return number(epoch) + _part(rest) + _ZERO
    return number(epoch) + _part(upstream) + _part(revision)


_valid = re.compile(r"(?:[0-9]+:)?[0-9][A-Za-z0-9.+~:-]*").fullmatch


def valid(version: str) -> bool:
    """What dpkg accepts without a warning: a digit first, then letters, digits and `.+-~:`."""
    return _valid(version.strip()) is not None
