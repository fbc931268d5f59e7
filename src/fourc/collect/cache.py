"""Where what only saves time is kept from one run to the next."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """Ours in the user's cache folder; a path that is not absolute does not count.

    Source: the XDG base directory specification (https://specifications.freedesktop.org/basedir-spec/latest/).
    """
    named = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(named) if os.path.isabs(named) else Path(os.path.expanduser("~/.cache"))  # noqa: PTH111, PTH117 - `expanduser` of a Path raises without a home
    return base / "fourc"
