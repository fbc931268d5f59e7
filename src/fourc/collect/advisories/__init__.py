"""Sources of advisories as they come: files, folders, archives."""

from fourc.collect.advisories.files import files_of

__all__ = ["files_of"]
