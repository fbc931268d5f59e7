"""What a secret is called in reports, without telling it: 16 hex digits of a keyed hash of rule and value.

A fingerprint is printed where people read who may not read the repository (a job's log, a ticket), and passwords are
guessable: a plain hash of one is as good as the password itself. So the hash has a key, the salt, that whoever reads the
repository has and nobody else: see docs/secrets.md for where it comes from.
"""

import re

from msgspec import Struct

DIGITS = 16
_SALT_BYTES = 16
_PURPOSE = b"fourc: fingerprints of secrets, version 1"
_COST = 2**14  # 16 MiB and a twentieth of a second, once a run: what a guess at the facts costs


class Fingerprinter(Struct, frozen=True):
    """Gives the same secret the same fingerprint as long as the salt is the same, wherever it stands."""

    salt: bytes

    def __repr__(self) -> str:
        """Without the salt, which must not reach a log."""
        return "Fingerprinter()"

    def of(self, rule: str, value: str) -> str:
        """The fingerprint of a value that a rule found."""
        import hmac  # noqa: PLC0415 - as below

        told = f"{rule}\0{value}".encode("utf-8", "surrogatepass")
        return hmac.digest(self.salt, told, "sha256").hex()[:DIGITS]


def salt_from(facts: bytes) -> bytes:
    """The salt that follows from facts which only readers of the repository know."""
    import hashlib  # noqa: PLC0415 - brings OpenSSL, which most runs need not

    return hashlib.scrypt(facts, salt=_PURPOSE, n=_COST, r=8, p=1, dklen=_SALT_BYTES)


def salt_of(text: str) -> bytes | None:
    """The salt that is written down as hex digits; None where it is none."""
    return bytes.fromhex(text) if re.fullmatch(rf"[0-9a-f]{{{2 * _SALT_BYTES}}}", text) else None


def is_fingerprint(text: str) -> bool:
    """Whether it looks like a finding's fingerprint."""
    return re.fullmatch(rf"[0-9a-f]{{{DIGITS}}}", text) is not None
