"""Numbers as numbers, words as words, a word before the end: for names of releases that follow no written order."""

import re

from fourc.vulns.versions.encoding import number, text

_segments = re.compile("[0-9]+|[A-Za-z]+").findall
_WORD, _END = "\1\2"


def key(version: str) -> str:
    """12 < 12.1 < 13; 13-beta < 13."""
    return (
        "".join(
            number(segment) if segment[0] <= "9" else _WORD + text(segment) for segment in _segments(version.lower())
        )
        + _END
    )


def valid(version: str) -> bool:
    """Whatever has a digit."""
    return any(segment[0] <= "9" for segment in _segments(version))
