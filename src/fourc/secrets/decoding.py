"""Texts within texts: base64, hex and percent-encoding, found by what encoded ASCII looks like and nothing else does.

The first bytes of what is encoded must be ASCII text: then every fourth letter of base64 is one of a few, and so are the
others, so that words, paths and digests are not taken for it.
"""

from base64 import b64decode
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from fourc.secrets.late import late

_TEXT = (9, 10, 13, *range(0x20, 0x7F))
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_WRAPPED = (60, 64, 72, 76)
"""Lines of base64 are as long as this where it goes on in the next line."""

_RUN = rb"[A-Za-z0-9+/_-]+"
_BASE64 = late(rb"%s={0,2}" % _RUN)
_NEXT_LINE = late(rb"\r?\n[ \t]*(%s={0,2})" % _RUN)
_HEX = late(rb"(?:[0-9A-Fa-f]{2})+")
_PERCENT = late(rb"[^\s\"'<>`]+")
_FURTHEST = 4096
"""An escape this far into a word is taken as its beginning."""
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


class Encoded(Struct, frozen=True):
    """What the bytes `start` to `end` of a text say when they are decoded."""

    start: int
    end: int
    decoded: bytes


def _class(values: set[int], alphabet: bytes = _ALPHABET) -> str:
    return "[" + "".join(f"\\x{alphabet[value]:02x}" for value in sorted(values)) + "]"


def _base64_pattern(quads: int) -> str:
    first = _class({byte >> 2 for byte in _TEXT})
    second = _class({a << 4 | b for a in {a & 3 for a in _TEXT} for b in {b >> 4 for b in _TEXT}})
    third = _class({a << 2 | b for a in {a & 15 for a in _TEXT} for b in {b >> 6 for b in _TEXT}})
    return rf"(?:^|[^A-Za-z0-9+/_-])(?:{first}{second}{third}[A-Za-z0-9+/_-]){{{quads}}}"


_QUADS, _PAIRS = 4, 12

PATTERNS = {
    "base64": _base64_pattern(_QUADS),
    "hex": rf"(?:^|[^0-9A-Za-z]|\b0x)(?:[2-7][0-9A-Fa-f]|0[9AaDd]){{{_PAIRS}}}",
    "percent": r"%(?:3[AaDd]|2[267BbFf]|40|7[Bb])",
}
"""For each encoding what shows that something may be encoded."""


def encoded_around(name: str, text: bytes, end: int) -> Encoded | None:
    """What is encoded where a match of the encoding's pattern ends."""
    match name:
        case "base64":
            return _base64(text, end - 4 * _QUADS)
        case "hex":
            return _hex(text, end - 2 * _PAIRS)
        case _:
            return _percent(text, end)


def _base64(text: bytes, start: int) -> Encoded | None:
    """The base64 that begins at `start`, standard or for URLs, over several lines where it is wrapped."""
    match = _BASE64.match(text, start)
    if match is None:
        return None
    parts, end = [match[0]], match.end()
    while len(parts[-1]) in _WRAPPED and len(parts[-1]) == len(parts[0]):
        following = _NEXT_LINE.match(text, end)
        if following is None or len(following[1]) > len(parts[0]):
            break
        parts.append(following[1])
        end = following.end()
    digits = b"".join(parts).rstrip(b"=").translate(_TO_STANDARD)
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return Encoded(start, end, b64decode(digits + b"=" * (-len(digits) % 4)))


def _hex(text: bytes, start: int) -> Encoded | None:
    match = _HEX.match(text, start)
    return Encoded(start, match.end(), bytes.fromhex(match[0].decode())) if match else None


def _percent(text: bytes, end: int) -> Encoded | None:
    """The word without spaces and quotes around an escape."""
    before = _PERCENT.match(text[max(0, end - _FURTHEST) : end][::-1])
    match = _PERCENT.match(text, end - before.end()) if before else None
    return Encoded(match.start(), match.end(), unquote_to_bytes(match[0])) if match else None
