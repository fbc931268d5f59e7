"""apk-tools 3's order (https://gitlab.alpinelinux.org/alpine/apk-tools, src/version.c).

Numbers, a letter, suffixes, a commit, a revision. Where two versions go on differently, what sorts lower is: a
suffix that means "before", what is malformed, the end, a revision, a commit, a suffix that means "after", a letter, a number.
apk calls any two malformed continuations equal; here they sort by their text, except after a hyphen, where apk of either
generation tells a malformed revision from none other.
"""

import re

from fourc.vulns.versions.encoding import Remembered, number, text

_BEFORE, _MALFORMED, _END, _REVISION, _COMMIT, _SUFFIX_NUMBER, _AFTER, _LETTER, _ZERO_FIRST = "\1\2\3\4\5\6\7\10\11"

_SUFFIXES = {
    name: (_BEFORE if rank < 4 else _AFTER) + chr(0x30 + rank)
    for rank, name in enumerate(("alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"))
}
_SUFFIX = "_(alpha|beta|pre|rc|cvs|svn|git|hg|p)(?![a-z])([0-9]*)"
_version = re.compile(
    rf"([0-9]+)((?:\.[0-9]+)*)([a-z]?)((?:{_SUFFIX.replace('(alpha', '(?:alpha').replace('([0-9]*)', '[0-9]*')})*)"
    r"(~[0-9a-f]+)?(?:-r([0-9]*))?"
).match
_suffixes = re.compile(_SUFFIX).findall


def _digits(digits: str) -> str:
    """apk, like Gentoo, compares what starts with 0 as text; nothing else does, so all of it sorts before the rest."""
    return _ZERO_FIRST + text(digits) if digits[0] == "0" else number(digits)


_number = Remembered(_digits).__getitem__


def _tail(revision: str | None, rest: str) -> str:
    """The revision and what no version has after it."""
    if not rest:
        return _END if revision is None else _REVISION + number(revision) + _END
    if revision is None:
        return _MALFORMED + text("" if rest[0] == "-" else rest)
    return (_REVISION + number(revision) if revision.strip("0") else "") + _MALFORMED + text("")


def key(version: str) -> str:
    """Anything has a place."""
    match = _version(version)
    if match is None:
        return _MALFORMED + text(version)
    first, more, letter, suffixes, commit, revision = match.groups()
    key = number(first)
    if more:
        key += "".join(map(_number, more[1:].split(".")))
    if letter:
        key += _LETTER + letter
    if suffixes:
        for name, digits in _suffixes(suffixes):
            key += _SUFFIXES[name] + (_SUFFIX_NUMBER + number(digits) if digits else "")
    if commit:
        key += _COMMIT + text(commit)
    return key + _tail(revision, version[match.end() :])


def valid(version: str) -> bool:
    """What `apk version --check` accepts."""
    match = _version(version)
    return match is not None and match.end() == len(version) and match[6] != ""
