"""Private keys that are no text: DER, key stores, OpenPGP packets, keytabs."""

from fourc.secrets.late import late

_DER = late(
    rb"""(?sx) \x30(?:[\x10-\x7f]|\x81.|\x82..|\x83...|\x80)
    (?: (?P<pkcs12>\x02\x01\x03\x30)
      | (?P<encrypted>\x30[\x10-\x7f]\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05)  # PKCS #8 with a scheme of PKCS #5
      | (?P<key>\x02\x01\x00\x30[\x05-\x7f]\x06 | \x02\x01\x00\x02\x82..\x00  # PKCS #8, PKCS #1
        | \x02\x01\x01\x04[\x14-\x42]) )  # SEC 1
    """
)
_KEYSTORES = (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce")  # JKS, JCEKS
_MAX_ENTRIES = 1000


def holds_private_key(text: bytes) -> str | None:
    """What sort of container these bytes are, if they are one that holds a private key."""
    if match := _DER.match(text):
        return match.lastgroup
    if text.startswith(_KEYSTORES):
        return "keystore" if _has_key_entry(text) else None
    if text.startswith(b"\x05\x02\x00\x00") and len(text) > 30:
        return "keytab"
    if text[:1] in {b"\x94", b"\x95", b"\x97", b"\xc5"} and _pgp_body(text) is not None:
        return "encrypted" if pgp_is_encrypted(text) else "key"
    return None


def _has_key_entry(text: bytes) -> bool:
    """Whether a key store of Java holds more than certificates that are trusted; a cut one is taken to."""
    position = 12
    for _ in range(min(int.from_bytes(text[8:12]), _MAX_ENTRIES)):
        if text[position : position + 4] != b"\0\0\0\x02":
            return True
        position += 4
        position += 2 + int.from_bytes(text[position : position + 2]) + 8  # alias, time
        position += 2 + int.from_bytes(text[position : position + 2])  # type of certificate
        position += 4 + int.from_bytes(text[position : position + 4])
        if position > len(text):
            return True
    return False


def _pgp_body(raw: bytes) -> int | None:
    """Where the first packet's body begins, if that is a secret key of version 4 to 6 (RFC 9580, 4.2 and 5.5.3)."""
    if not raw:
        return None
    if raw[0] & 0xC0 == 0xC0:
        tag, start = raw[0] & 0x3F, 2 if raw[1:2] < b"\xc0" else 3 if raw[1:2] < b"\xe0" else 6
    else:
        tag, start = raw[0] >> 2 & 0x0F, 1 + (1, 2, 4, 0)[raw[0] & 3]
    return start if tag == 5 and raw[start : start + 1] in {b"\x04", b"\x05", b"\x06"} else None


# How many numbers the public part has, by algorithm; those of elliptic curves begin with the curve's name.
_NUMBERS = {1: 2, 2: 2, 3: 2, 16: 3, 17: 4, 18: 1, 19: 1, 22: 1}
_CURVES = frozenset({18, 19, 22})


def pgp_is_encrypted(raw: bytes) -> bool:
    """Whether an OpenPGP secret key asks for a passphrase: the octet after the public part is not zero then."""
    start = _pgp_body(raw)
    if start is None or len(raw) < start + 6:
        return False
    algorithm, position = raw[start + 5], start + 6 + (0 if raw[start] == 4 else 4)
    if algorithm in _CURVES:
        position += 1 + int.from_bytes(raw[position : position + 1])
    for _ in range(_NUMBERS.get(algorithm, 0)):
        position += 2 + (int.from_bytes(raw[position : position + 2]) + 7) // 8
    if algorithm == 18:
        position += 1 + int.from_bytes(raw[position : position + 1])
    position += {25: 32, 26: 56, 27: 32, 28: 57}.get(algorithm, 0)
    return int.from_bytes(raw[position : position + 1]) != 0
