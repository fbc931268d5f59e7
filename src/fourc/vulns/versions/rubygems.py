"""RubyGems' order (Gem::Version): words come before the end, the end is 0, numbers after it."""

import re

from fourc.vulns.versions.encoding import Remembered, number, text

_segments = re.compile("[0-9]+|[A-Za-z]+").findall
_usual = re.compile(r"[0-9]+(?:\.[0-9]+)*").fullmatch
_valid = re.compile(r"\s*(?:[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?\s*").fullmatch
_valid_pod = re.compile(r"\s*[0-9]+(?:\.[0-9A-Za-z-]+)*(?:\+[0-9A-Za-z.-]+)?\s*").fullmatch
_WORD, _ZERO_BEFORE, _END, _ZERO_AFTER = "\1\2\3\4"


def _segment(digits: str) -> str:
    return number(digits) if digits.strip("0") else _ZERO_AFTER


_mark = Remembered(_segment).__getitem__


def key(version: str) -> str:
    """Zeros at the end of the numbers and of the rest do not count; a hyphen is `.pre.`."""
    if _usual(version):
        numbers = version.split(".")
        while numbers and not numbers[-1].strip("0"):
            numbers.pop()
        return "".join(map(_mark, numbers)) + _END
    segments = _segments(version.replace("-", ".pre."))
    words = next((index for index, segment in enumerate(segments) if segment > ":"), len(segments))
    start = words
    while start and not segments[start - 1].strip("0"):
        start -= 1
    del segments[start:words]
    pieces = [_END]
    zero = ""
    for segment in reversed(segments):
        if segment > ":":
            pieces.append(_WORD + text(segment))
            zero = _ZERO_BEFORE
        elif segment.strip("0"):
            pieces.append(number(segment))
            zero = _ZERO_AFTER
        elif zero:
            pieces.append(zero)
    pieces.reverse()
    return "".join(pieces)


def cocoapods(version: str) -> str:
    """CocoaPods (Pod::Version): zeros at the end do not count, nor do builds; in a pre-release words come before numbers."""
    segments = _segments(version.partition("+")[0])
    words = next((index for index, segment in enumerate(segments) if segment > ":"), len(segments))
    numbers, prerelease = segments[:words], segments[words:]
    while numbers and not numbers[-1].strip("0"):
        numbers.pop()
    key = "".join(map(number, numbers))
    if not prerelease:
        return key + "\2"
    return key + "\1" + "".join(_WORD + text(segment) if segment > ":" else number(segment) for segment in prerelease)


def valid_cocoapods(version: str) -> bool:
    """What Pod::Version.correct? accepts."""
    return _valid_pod(version) is not None


def valid(version: str) -> bool:
    """What Gem::Version.correct? accepts."""
    return bool(version.strip()) and _valid(version) is not None
