"""The database of advisories: one file, built once, checked whole at every open, read by lookups."""

from fourc.vulns.database.database import Database
from fourc.vulns.database.file import DatabaseError

__all__ = ["Database", "DatabaseError"]
