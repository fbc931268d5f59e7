"""Packagist: PHP's version_compare without the `v` in front, as OSV and Composer use it (https://www.php.net/version_compare).

An unknown word < dev < alpha < beta < RC < the end < a number < p. Words are known by how they start, in PHP's spelling.
"""

import re

from fourc.vulns.versions.encoding import number

_pieces = re.compile("[0-9]+|[A-Za-z]+|#").findall
_known = frozenset("0123456789#ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_special = re.compile("dev|a|b|RC|rc|#|p").match
_RANKS = {"dev": "\2", "a": "\3", "b": "\4", "RC": "\5", "rc": "\5", "p": "\13"}
_UNKNOWN, _FILLER_BEFORE, _END, _FILLER_AFTER, _NUMBER = "\1\6\7\10\11"


def key(version: str) -> str:
    """`#` stands for the end, as OSV's implementation has it; PHP lets it equal every number too, which is no order."""
    if version[:1] in {"v", "V"}:
        version = version[1:]
    # an empty piece at either end is an unknown word to PHP
    marks, filler = ([_END], "") if not version or version[-1] in _known else ([_END, _UNKNOWN], _FILLER_BEFORE)
    for piece in reversed(_pieces(version)):
        if "0" <= piece[0] <= "9":
            marks.append(_NUMBER + number(piece))
            filler = _FILLER_AFTER
            continue
        known = _special(piece)
        if known is None:
            marks.append(_UNKNOWN)
            filler = _FILLER_BEFORE
        elif known[0] == "#":
            if filler:
                marks.append(filler)
        else:
            marks.append(_RANKS[known[0]])
            filler = _FILLER_AFTER if known[0] == "p" else _FILLER_BEFORE
    if version and version[0] not in _known:
        marks.append(_UNKNOWN)
    marks.reverse()
    return "".join(marks)


def valid(version: str) -> bool:
    """Whatever has a letter or a digit."""
    return any(character.isalnum() for character in version)
