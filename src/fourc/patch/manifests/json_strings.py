"""Where the strings of a JSON text stand (RFC 8259); nothing is kept of the rest."""

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from fourc.patch.manifests.refusal import malformed
from fourc.patch.manifests.wanted import KEPT

_DEEPEST = 64
_TOKEN = re.compile(r'(?P<string>"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+")|(?P<mark>[{}\[\],:])|"')


class Place(Struct, frozen=True):
    """A string, `text[start:end]` without its quotes, and the keys that lead to it."""

    path: tuple[str, ...]
    start: int
    end: int
    value: str


@lru_cache(maxsize=KEPT)
def strings(text: str) -> tuple[Place, ...]:
    """Every string that is the value of a key in objects within objects, written without escapes.

    Raises:
        VersionRefused: not JSON, or nested past all use.
    """
    return tuple(_strings(text))


def _strings(text: str) -> Iterator[Place]:
    path: list[str] = []
    kinds: list[str] = []
    key = ""
    is_value = False
    for match in _TOKEN.finditer(text):
        mark = match[0]
        if match.lastgroup == "string":
            if not is_value:
                key = mark[1:-1]
            elif kinds and "[" not in kinds and "\\" not in mark:
                yield Place((*path[1:], key), match.start() + 1, match.end() - 1, mark[1:-1])
            continue
        if mark in {"{", "["}:
            kinds.append(mark)
            path.append(key)
        elif mark in {"}", "]"} and kinds:
            kinds.pop()
            path.pop()
        elif mark not in {",", ":"}:
            raise malformed("JSON")
        if len(kinds) > _DEEPEST:
            raise malformed("JSON")
        is_value = mark == ":" or (bool(kinds) and kinds[-1] == "[")
    if kinds:
        raise malformed("JSON")
