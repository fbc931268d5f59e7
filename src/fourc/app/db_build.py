"""Build the database of known vulnerabilities from whatever sources of advisories there are."""

import binascii
import os
from collections.abc import Sequence
from pathlib import Path

from fourc.collect.advisories import files_of
from fourc.errors import UsageError
from fourc.model.text import Text, same
from fourc.vulns.database.build import Built, build


def build_database(sources: Sequence[Path], output: Path, *, sign_key: bytes | None = None) -> Built:
    """Build a database of all advisories in files, folders and archives; what cannot be read is a gap of the result.

    `sign_key` are the 32 bytes of an Ed25519 key. The build's date is SOURCE_DATE_EPOCH
    (https://reproducible-builds.org/specs/source-date-epoch/) where that is set, else that of the newest advisory.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return build(files_of(sources), output, sign_key=sign_key, epoch=int(epoch) if epoch.isdecimal() else None)


def signing_key(file: Path) -> bytes:
    """The 32 bytes of the private Ed25519 key in a PEM file (RFC 8410), as `openssl genpkey -algorithm ed25519` makes it.

    Raises:
        UsageError: it cannot be read, or is no such key.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise _no_key(file, same(error.strerror or "")) from error
    lines = [line.strip() for line in data.splitlines() if line.strip() and not line.startswith(b"-----")]
    try:
        der = binascii.a2b_base64(b"".join(lines), strict_mode=True)
    except binascii.Error as error:
        raise _no_key(file, _NO_PEM) from error
    if not der.startswith(_PRIVATE) or len(der) != len(_PRIVATE) + _KEY_BYTES:
        raise _no_key(file, _NO_PEM)
    return der[len(_PRIVATE) :]


_PRIVATE = bytes.fromhex("302e020100300506032b657004220420")
"""What stands before the key in RFC 8410's PKCS#8 form."""
_KEY_BYTES = 32
_NO_PEM = Text("it is no private Ed25519 key in PEM", "它不是 PEM 格式的 Ed25519 私钥")


def _no_key(file: Path, why: Text) -> UsageError:
    return UsageError(
        Text("the key {file} cannot be used: {why}", "无法使用密钥 {file}：{why}").of(file=str(file), why=why),
        hint=Text(
            "openssl genpkey -algorithm ed25519 -out {file} makes one",
            "openssl genpkey -algorithm ed25519 -out {file} 可生成",
        ).of(file=str(file)),
    )
