"""Ed25519 signatures, by the library `cryptography` (the extra `signing`)."""

from fourc.text import Text
from fourc.vulns.database.file import DatabaseError

_EXTRA = Text('install it: pip install "fourc[signing]"', '请安装：pip install "fourc[signing]"')
_ABSENT = Text("signatures need the library cryptography", "签名需要 cryptography 库")
_NO_KEY = Text("the key is not one of Ed25519 (32 bytes)", "密钥不是 Ed25519 密钥（32 字节）")
_KEY_HINT = Text("give the 32 bytes of the key itself", "请提供密钥本身的 32 字节")


def sign(private_key: bytes, message: bytes) -> bytes:
    """The 64 bytes of the signature."""
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - an extra, and slow to import
            Ed25519PrivateKey,
        )
    except ImportError as error:
        raise DatabaseError(_ABSENT, hint=_EXTRA) from error
    try:
        return Ed25519PrivateKey.from_private_bytes(private_key).sign(message)
    except ValueError as error:
        raise DatabaseError(_NO_KEY, hint=_KEY_HINT) from error


def is_signed(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the key's owner signed the message."""
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - as above
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - as above
    except ImportError as error:
        raise DatabaseError(_ABSENT, hint=_EXTRA) from error
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    except ValueError as error:
        raise DatabaseError(_NO_KEY, hint=_KEY_HINT) from error
    return True
