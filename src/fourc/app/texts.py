"""Texts of files of a folder, for who asks by path."""

import os
from collections.abc import Callable
from pathlib import Path

from fourc.collect.limits import MIB

_MOST_BYTES = 32 * MIB


def text_reader(root: Path) -> Callable[[str], str | None]:
    """The text of a file below the root by its path there; None where it is gone, no text, too large, or not below it."""
    top = os.path.realpath(root)

    def read(path: str) -> str | None:
        whole = os.path.realpath(os.path.join(top, path))  # noqa: PTH118 - `realpath` follows what `Path` keeps
        if not whole.startswith(top.rstrip(os.sep) + os.sep):
            return None
        try:
            with open(whole, "rb") as file:  # noqa: PTH123 - the same
                data = file.read(_MOST_BYTES + 1)
            return data.decode() if len(data) <= _MOST_BYTES else None
        except (OSError, ValueError):
            return None

    return read
