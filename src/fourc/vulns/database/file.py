"""The file around the database: SQLite's image, then a seal that vouches for every byte of it.

SQLite reads only as many pages as its header counts (https://www.sqlite.org/fileformat2.html#in_header_database_size), so
a seal of fixed size can stand behind them: magic, the image's length, an Ed25519 signature (zeros where nobody signed), and
the SHA-256 of everything before it. One pass over the file, 1 to 2 GB/s, finds any byte that differs, also on pages that
no query touches.
"""

import hashlib
import os
import stat
import struct
from io import FileIO
from pathlib import Path

from fourc.errors import FourcError
from fourc.text import Text, same

MAGIC = b"fourc-db\x00\x01\r\n\x1a\n\x00\x00"
_HEAD = struct.Struct(">16sQ64s")
_SEAL = _HEAD.size + 32
_CHUNK = 1 << 20
_SQLITE = b"SQLite format 3\x00"
_UNSIGNED = bytes(64)
_REBUILD = Text(
    "fetch it again with `fourc db update`, or build it with `fourc db build SRC... -o DB`",
    "请用 `fourc db update` 重新获取，或用 `fourc db build SRC... -o DB` 重新构建",
)


class DatabaseError(FourcError):
    """A database of advisories that cannot be read, or must not be believed."""


def failed(message: Text, path: Path, hint: Text = _REBUILD) -> DatabaseError:
    """The error with the file's name and what to do."""
    return DatabaseError(Text("{path}: {message}", "{path}：{message}").of(path=str(path), message=message), hint=hint)


def seal(image: bytes, private_key: bytes | None) -> bytes:
    """The seal for an image; `private_key` are the 32 bytes of an Ed25519 key."""
    digest = hashlib.sha256(image)
    signature = _UNSIGNED
    if private_key is not None:
        from fourc.vulns.database.signing import sign  # noqa: PLC0415 - needs an extra; most databases are not signed

        signature = sign(private_key, _signed(digest.digest(), len(image)))
    head = _HEAD.pack(MAGIC, len(image), signature)
    digest.update(head)
    return head + digest.digest()


def _signed(digest: bytes, length: int) -> bytes:
    return MAGIC + struct.pack(">Q", length) + digest


def check(path: Path, public_key: bytes | None) -> str:
    """The file's digest (hex), after every byte was read; raises where one differs, or where nobody signed it who should have.

    `public_key` are the 32 bytes of an Ed25519 key.
    """
    try:
        # a pipe would be waited for
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with FileIO(handle) as stream:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise failed(_FOREIGN, path)
            size = status.st_size
            image, signature, digest = _read(stream, size, path)
    except (OSError, ValueError) as error:
        why = same(getattr(error, "strerror", None) or type(error).__name__)
        raise failed(Text("cannot be read: {why}", "无法读取：{why}").of(why=why), path) from error
    if public_key is not None:
        _verify(path, public_key, signature, _signed(image, size - _SEAL))
    return digest


def _read(stream: FileIO, size: int, path: Path) -> tuple[bytes, bytes, str]:
    """The image's digest, the signature, and the digest of the file."""
    digest = hashlib.sha256()
    buffer = bytearray(_CHUNK)
    view = memoryview(buffer)
    if size < _SEAL + len(_SQLITE):
        raise failed(_FOREIGN, path)
    left = size - _SEAL
    first = True
    while left:
        count = stream.readinto(view[: min(left, _CHUNK)])
        if not count:
            raise failed(_TORN, path)
        if first and not buffer.startswith(_SQLITE):
            raise failed(_FOREIGN, path)
        first = False
        digest.update(view[:count])
        left -= count
    image = digest.digest()
    end = b""
    while len(end) < _SEAL and (count := stream.readinto(view[: _SEAL - len(end)])):
        end += bytes(view[:count])
    if len(end) < _SEAL:
        raise failed(_TORN, path)
    magic, length, signature = _HEAD.unpack(end[: _HEAD.size])
    if magic[:8] != MAGIC[:8]:
        raise failed(_FOREIGN, path)
    digest.update(end[: _HEAD.size])
    if digest.digest() != end[_HEAD.size :] or length != size - _SEAL:
        raise failed(_TORN, path)
    if magic != MAGIC:
        raise failed(_NEWER, path, _UPGRADE)
    return image, signature, digest.hexdigest()


_FOREIGN = Text("this is no database of fourc, or its end is missing", "这不是 fourc 的数据库，或文件末尾缺失")
_TORN = Text("the file is damaged: its digest is another", "文件已损坏：摘要不符")
_NEWER = Text("this database is of a newer fourc", "该数据库属于更新版本的 fourc")
_UPGRADE = Text("upgrade fourc", "请升级 fourc")


def newer(path: Path) -> DatabaseError:
    """The error for a schema that this fourc does not know."""
    return failed(_NEWER, path, _UPGRADE)


def _verify(path: Path, public_key: bytes, signature: bytes, signed: bytes) -> None:
    from fourc.vulns.database.signing import is_signed  # noqa: PLC0415 - needs an extra; most runs check no signature

    if signature == _UNSIGNED:
        raise failed(
            Text("nobody signed this database", "该数据库没有签名"),
            path,
            Text("fetch a signed one, or scan without a public key", "请获取已签名的数据库，或不指定公钥"),
        )
    if not is_signed(public_key, signature, signed):
        raise failed(Text("the signature is of another key", "签名与公钥不符"), path)
