"""Patterns as Go's regexp package takes them, for RE2, which is where that package comes from.

Both know the same syntax; what differs is named where it is met. Go bounds a pattern by its number of repetitions, RE2 by
the memory of the compiled one: the bound is raised here, and a pattern that is still too large is refused.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from fourc.secrets.late import late

if TYPE_CHECKING:
    import re2

_MEMORY = 256 * 1024 * 1024
_PART = late(r"\\Q.*?(?:\\E|\Z)|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\(\?P?<(\w+)>|\(\?|\(|[^\\\[(]+", re.DOTALL)
_DEEPEST = 1000  # groups in groups, as in Go


class PatternError(ValueError):
    """A pattern that cannot be compiled; `too_large` says that Go may well take it."""

    def __init__(self, why: str, *, too_large: bool) -> None:
        super().__init__(why)
        self.too_large = too_large


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> "re2._Regexp":
    """The pattern, ready to search UTF-8 with; raises `PatternError`."""
    import re2  # noqa: PLC0415 - most repositories have no pattern of their own

    if _is_too_deep(pattern):
        raise PatternError("expression nests too deeply", too_large=False)
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern.encode(), options)
    except re2.error as error:
        why = error.args[0] if error.args else ""
        told = why.decode("utf-8", "replace") if isinstance(why, bytes) else str(why)
        raise PatternError(told, too_large="too large" in told) from error


def _is_too_deep(pattern: str) -> bool:
    depth = 0
    for part in _PART.finditer(pattern):
        if part[0].startswith("("):
            depth += 1
            if depth > _DEEPEST:
                return True
        elif part[0][0] not in "[\\":
            depth -= part[0].count(")")
    return False


def groups_in(pattern: str) -> int:
    """How many capturing groups the pattern has."""
    return sum(1 for part in _PART.finditer(pattern) if part[0] == "(" or part[1])


def with_secret(pattern: str, group: int) -> str:
    """The pattern with its `group`-th group named `secret` and no other name; with 0 no group has a name."""
    seen = 0
    parts = []
    for part in _PART.finditer(pattern):
        text = part[0]
        if text == "(" or part[1]:
            seen += 1
            text = "(?P<secret>" if seen == group else "("
        parts.append(text)
    return "".join(parts)
