"""Patterns that are compiled when they are first used: there are a hundred, and a commit of a few files needs few of them."""

import re
from typing import AnyStr, Generic, cast


class _Late(Generic[AnyStr]):
    """Stands for a pattern; what is asked of it once is kept here, so that it costs no more from then on."""

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self._told: tuple[AnyStr, int] = (pattern, flags)

    def __getattr__(self, name: str) -> object:
        found = getattr(re.compile(*self._told), name)
        setattr(self, name, found)
        return found


def late(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` makes, made later."""
    return cast("re.Pattern[AnyStr]", _Late(pattern, flags))
