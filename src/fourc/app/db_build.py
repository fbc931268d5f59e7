"""Build the database of known vulnerabilities from whatever sources of advisories there are."""

import binascii
import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from fourc.collect.advisories import files_of
from fourc.errors import UsageError
from fourc.model.database import Delta
from fourc.model.text import Text, same
from fourc.vulns.database import Database
from fourc.vulns.database.build import Built, build
from fourc.vulns.database.delta import delta_name, write_delta

_NOWHERE = Text("{file} cannot be written: {why}", "无法写入 {file}：{why}")
_ELSEWHERE = Text("name a file in a folder that is there, with -o", "请用 -o 指定已存在目录中的文件")
_NO_FOLDER = Text("there is no such folder", "目录不存在")
_IS_FOLDER = Text("it is a folder", "它是一个目录")


class _Old(Struct, frozen=True):
    """An older database, kept open: the new one may take its place."""

    digest: str
    stream: BinaryIO


def build_database(
    sources: Sequence[Path], output: Path, *, sign_key: bytes | None = None, delta_from: Sequence[Path] = ()
) -> tuple[Built, tuple[Delta, ...]]:
    """Build a database of all advisories in files, folders and archives; what cannot be read is a gap of the result.

    `sign_key` are the 32 bytes of an Ed25519 key. The build's date is SOURCE_DATE_EPOCH
    (https://reproducible-builds.org/specs/source-date-epoch/) where that is set, else that of the newest advisory.
    For each database in `delta_from` a delta is written beside the new one; the first one's zstd dictionaries are kept, since
    with others every row would be other bytes.

    Raises:
        DatabaseError: an older database cannot be read, or the new one not be written.
        UsageError: there is no place for it.
    """
    if output.is_dir() or not output.parent.is_dir():  # seen before the work is done
        why = _IS_FOLDER if output.is_dir() else _NO_FOLDER
        raise UsageError(_NOWHERE.of(file=str(output), why=why), hint=_ELSEWHERE)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    with ExitStack() as opened:
        olds: list[_Old] = []
        dictionaries = b"", b""
        for file in delta_from:
            database = Database.open(file)
            database.close()
            dictionaries = database.dictionaries if not olds else dictionaries
            olds.append(_Old(database.digest, opened.enter_context(file.open("rb"))))
        built = build(
            files_of(sources),
            output,
            sign_key=sign_key,
            epoch=int(epoch) if epoch.isdecimal() else None,
            dictionaries=dictionaries,
        )
        return built, tuple(_delta(old, built) for old in olds if old.digest != built.digest)


def _delta(old: _Old, built: Built) -> Delta:
    """Write one delta in one step, as the database itself."""
    place = built.path.with_name(delta_name(built.path.name, old.digest))
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
        with os.fdopen(handle, "wb") as stream, built.path.open("rb") as new:
            write_delta(old.stream, new, stream)
        Path(temporary).chmod(0o644)
        size = Path(temporary).stat().st_size
        Path(temporary).replace(place)
        temporary = ""
    except OSError as error:
        why = same(error.strerror or type(error).__name__)
        raise UsageError(_NOWHERE.of(file=str(place), why=why), hint=_ELSEWHERE) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
    return Delta(str(place), old.digest, size)


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
