"""Values in base64, as the API server and the tools take them: padded or not, in lines or not."""

from base64 import b64decode
from binascii import Error

from fourc.secrets.files.leaf import plain


def decoded(value: str) -> bytes | None:
    """The bytes that a text stands for, none if it is no base64."""
    packed = "".join(value.split())
    try:
        return b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (Error, ValueError):  # ValueError: characters beyond ASCII
        return None


def decoded_text(value: str) -> str | None:
    """The same as characters; what is no UTF-8 shows as escapes, so that different values stay different."""
    raw = decoded(value)
    return None if raw is None else plain(raw)
