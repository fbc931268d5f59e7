"""Whether the variables or arguments of a manifest can hold a secret, told without reading all of it.

Most manifests name some, and hardly any of them is a secret: to read every value with its place takes a hundred times as long.
What this cannot tell, it says may be.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache

import re2

from fourc.secrets.files.names import is_secret_name

_LISTS = frozenset({"env", "args", "command"})
_LIST = re2.compile(rb"""["']?\b(?:env|args|command)["']?[ ]*:[ ]*(?:[\r\n]|\z|[^\s\w/.$-])""")
_BEFORE = re.compile(rb"[ ]*+(?:-[ ]++)*+")
_AFTER = re.compile(rb"""["']?\w++["']?[ ]*+:(?P<rest>[ ]*+(?:\[[^\[\]\n]*+\]|\{[^{}\n]*+\})?[ \r]*+(?:\#[^\n]*+)?)(?:\n|\Z)""")
"""A list that begins in the next line, or is written in this one."""
_STRANGE = re2.compile(rb"[\t\\]|(?m:^[ ]*(?:-[ ]+)*\?[ ])")
"""What indents, escapes or sets apart in ways that are not looked into."""
_NAME = re.compile(rb"""[^\n"'=:,{}\[\]]++""")
_PASSWORD_INSIDE = re2.compile(
    rb"""://[^\s"'`@/?#<>,;]*:\S+@|@(?:tcp|unix)\(|jdbc:oracle:"""
    rb"""|(?i:pass|pwd|passwd|password|accountkey|sharedaccesskey|secret|token|api_?key|secretkey|sig)\s{0,4}="""
)
"""What stands in every value that `urls.passwords` finds one in."""


def may_hold(document: bytes) -> bool:
    """Whether a value under `env`, `args` or `command` may be a secret, by its name or by what stands in it."""
    if _PASSWORD_INSIDE.search(document):
        return True
    if document.lstrip()[:1] == b"{":
        return _json_may_hold(document)
    return _STRANGE.search(document) is not None or any(map(_list_may_hold, *_lists(document)))


def _lists(document: bytes) -> tuple[list[bytes], list[int]]:
    places = [match.start() for match in _LIST.finditer(document)]
    return [document] * len(places), places


def _list_may_hold(document: bytes, place: int) -> bool:
    line = document.rfind(b"\n", 0, place) + 1
    begins = _AFTER.match(document, place)
    if begins is None or not _BEFORE.fullmatch(document, line, place):
        return True
    below = _deeper(place - line).match(document, begins.end())
    text = begins["rest"] + b"\n" + (below[0] if below else b"")
    return any(is_secret_name(name.decode("utf-8", "replace")) for name in _NAME.findall(text))


@lru_cache(maxsize=64)
def _deeper(column: int) -> re.Pattern[bytes]:
    """The lines that belong to the key at a column: deeper ones, items beside it, and those that say nothing."""
    return re.compile(rb"(?:[ ]{%d}[ -][^\n]*+\n?|[ ]*+(?:[\r#%%]|\{[{%%])[^\n]*+\n?|[ ]*+\n)*+" % column)


def _json_may_hold(document: bytes) -> bool:
    names: list[str] = []

    def take(pairs: list[tuple[str, object]]) -> list[tuple[str, object]]:
        for key, value in pairs:
            if key in _LISTS:
                names.extend(_names(value))
        return pairs

    try:
        json.loads(document, object_pairs_hook=take)
    except (ValueError, RecursionError):
        return True
    return any(map(is_secret_name, names))


def _names(value: object) -> Iterator[str]:
    """All texts in it, keys too: of each what stands before its first `=`."""
    if isinstance(value, str):
        yield value.partition("=")[0]
    elif isinstance(value, list | tuple):
        for below in value:
            yield from _names(below)
