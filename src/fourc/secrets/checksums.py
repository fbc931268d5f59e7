"""Checksums that providers build into their tokens. A right one proves a token; a wrong one proves nothing.

Nothing is rejected for a wrong checksum: older tokens of the same look have none, and what was typed wrong may still be told.
"""

from zlib import crc32

from fourc.secrets.late import late

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_GITHUB = late(r"(?:gh[pousr]|npm)_([0-9A-Za-z]{30})([0-9A-Za-z]{6})")
_GITHUB_FINE = late(r"(github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{53})([0-9A-Za-z]{6})")
_GRAFANA = late(r"(glsa_[0-9A-Za-z]{32})_([0-9a-f]{8})")


def is_proven(value: str) -> bool:
    """Whether a checksum inside the token is right, so that chance did not make it.

    GitHub and npm: six base-62 digits of the CRC-32 of the random part
    (github.blog/engineering/behind-githubs-new-authentication-token-formats). Grafana: eight hexadecimal ones.
    """
    if token := _GITHUB.fullmatch(value):
        return token[2] == _base62(crc32(token[1].encode()))
    if token := _GITHUB_FINE.fullmatch(value):
        return token[2] == _base62(crc32(token[1].encode()))
    if token := _GRAFANA.fullmatch(value):
        return token[2] == f"{crc32(token[1].encode()):08x}"
    return False


def _base62(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits.rjust(6, "0")
