"""Debian's order (deb-version(7)): epoch, upstream version, revision; `~` sorts before the end. opam uses it too."""

import re
import string

from fourc.vulns.versions.encoding import Remembered, number

_runs = re.compile("[0-9]+|[^0-9]+").findall
_END = "\2"


def _alphabet() -> dict[int, str]:
    """`~` before the end, the end before letters, letters before all else; beyond ASCII as it stands."""
    others = (chr(c) for c in range(128) if chr(c) not in string.ascii_letters + string.digits + "~")
    order = {
        ord(c): chr(3 + rank) for rank, c in enumerate([*string.ascii_uppercase, *string.ascii_lowercase, *others])
    }
    return order | {ord("~"): "\1"}


_ALPHABET = _alphabet()
_NO_EPOCH = number("0")
_ZERO = number("0") + _END
_ABSENT = _END + _ZERO
"""An absent part, and one of zeros."""


def _run(run: str) -> str:
    return number(run) if "0" <= run[0] <= "9" else run.translate(_ALPHABET) + _END


_mark = Remembered(_run).__getitem__


def _part(part: str) -> str:
    """Runs of non-digits and numbers in turn, non-digits (perhaps none) first; a run of them without a number has 0."""
    if not part:
        return _ABSENT
    key = "".join(map(_mark, _runs(part)))
    if "0" <= part[0] <= "9":
        key = _END + key
    return key + _END if "0" <= part[-1] <= "9" else key + _ZERO


def key(version: str) -> str:
    """Anything has a place: text before a colon that is not a number is no epoch but part of the version."""
    version = version.strip()
    start = _NO_EPOCH
    if ":" in version:
        epoch, _, rest = version.partition(":")
        if epoch.isdigit() and epoch.isascii():
            start, version = number(epoch), rest
    upstream, hyphen, revision = version.rpartition("-")
    return start + _part(upstream) + _part(revision) if hyphen else start + _part(version) + _ABSENT


_valid = re.compile(r"(?:[0-9]+:)?[0-9][A-Za-z0-9.+~:-]*").fullmatch


def valid(version: str) -> bool:
    """What dpkg accepts without a warning: a digit first, then letters, digits and `.+-~:`."""
    return _valid(version.strip()) is not None
