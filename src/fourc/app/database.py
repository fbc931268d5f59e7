"""Which file of known vulnerabilities counts, and opening it."""

import binascii
import os
from pathlib import Path
from typing import TYPE_CHECKING

from fourc.collect.cache import cache_folder
from fourc.errors import UsageError
from fourc.model.database import DatabaseFacts
from fourc.model.settings import Settings
from fourc.model.text import Text

if TYPE_CHECKING:
    from fourc.vulns.database import Database
    from fourc.vulns.database.rows import About

KEPT = "vulnerabilities.db"
_ABSENT = Text("there is no database {file}", "没有数据库 {file}")
_MAKE = Text(
    "fourc db build SRC... -o {file} makes it, fourc db update fetches one",
    "可用 fourc db build SRC... -o {file} 生成，或用 fourc db update 获取",
)


def kept_file() -> Path:
    """Where `fourc db update` keeps the database."""
    return cache_folder() / KEPT


def database_file(settings: Settings) -> Path | None:
    """The file that was named, else the one that was fetched; None where there is neither.

    Raises:
        UsageError: the one that was named is not there.
    """
    if settings.database is None:
        return kept_file() if kept_file().is_file() else None
    if not os.path.exists(settings.database):  # noqa: PTH110 - a name with a NUL byte is absent, too
        file = settings.database
        raise UsageError(_ABSENT.of(file=file), hint=_MAKE.of(file=file))
    return Path(settings.database)


def open_database(settings: Settings) -> "Database | None":
    """The database to look packages up in; None where there is none.

    Raises:
        UsageError: the one that was named is not there, or its key cannot be read.
        DatabaseError: it is broken, or not signed as it must be.
    """
    file = database_file(settings)
    if file is None:
        return None
    key = wanted_key(settings)
    from fourc.vulns.database import Database  # noqa: PLC0415 - most plans have none

    return Database.open(file, public_key=key)


def wanted_key(settings: Settings) -> bytes | None:
    """The public key of whoever must have signed the database; None where nobody must.

    Raises:
        UsageError: its file cannot be read.
    """
    if settings.database_key is None:
        return None
    try:
        return public_key(Path(settings.database_key).read_bytes())
    except OSError as error:
        raise UsageError(
            Text("the key {file} cannot be read: {why}", "无法读取密钥 {file}：{why}").of(
                file=settings.database_key, why=error.strerror or ""
            ),
            hint=Text("name the file of the public key in db-key", "请在 db-key 中指定公钥文件"),
        ) from error


_PUBLIC = bytes.fromhex("302a300506032b6570032100")
"""What stands before the key in RFC 8410's form of a public Ed25519 key."""


def public_key(data: bytes) -> bytes:
    """The 32 bytes of a public Ed25519 key in PEM, as `openssl pkey -pubout` writes it; what is none is given back."""
    lines = [line.strip() for line in data.splitlines() if line.strip() and not line.startswith(b"-----")]
    try:
        der = binascii.a2b_base64(b"".join(lines), strict_mode=True)
    except binascii.Error:
        return data
    return der.removeprefix(_PUBLIC)


def facts_of(file: Path, digest: str, about: "About") -> DatabaseFacts:
    """What a database says of itself, for reports."""
    return DatabaseFacts(
        str(file),
        digest,
        about.date,
        file.stat().st_size,
        about.vulnerabilities,
        about.packages,
        about.sources,
        about.coverage,
        about.epss_scores,
        about.epss_model,
        about.epss_date,
        about.kev_entries,
        about.kev_date,
    )
