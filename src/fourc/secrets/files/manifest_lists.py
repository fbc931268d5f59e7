"""Whether the variables or arguments of a manifest can hold a secret, told without reading all of it.

Most manifests name some, and hardly any of them is a secret: to read every value with its place takes a hundred times as long.
What this cannot tell, it says may be.
"""

import re
from functools import lru_cache

import re2

from fourc.secrets.files.names import is_secret_name
from fourc.secrets.late import late

_LIST = re2.compile(rb"""["']?\b(?:env|args|command)["']?[ ]*:[ ]*(?:[\r\n]|\z|[^\s\w/.$-])""")
_BEFORE = late(rb"[ ]*+(?:-[ ]++)*+")
_AFTER = late(
    rb"""["']?\w++["']?[ ]*+:(?P<rest>[ ]*+(?:\[[^\[\]\n]*+\]|\{[^{}\n]*+\})?[ \r]*+(?:\#[^\n]*+)?)(?:\n|\Z)"""
)
"""A list that begins in the next line, or is written in this one."""
_KEY = re2.compile(rb"""["']?\b(?:env|args|command)["']?\s*:\s*""")
_STRICT_KEY = late(rb'"\w++"')
_STRANGE = re2.compile(rb"[\t\\]|(?m:^[ ]*(?:-[ ]+)*\?[ ])")
"""What indents, escapes or sets apart in ways that are not looked into."""
_NAME = late(rb"""[^\n"'=:,{}\[\]]++""")
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
    return _names_secret(text)


@lru_cache(maxsize=64)
def _deeper(column: int) -> re.Pattern[bytes]:
    """The lines that belong to the key at a column: deeper ones, items beside it, and those that say nothing."""
    return re.compile(rb"(?:[ ]{%d}[ -][^\n]*+\n?|[ ]*+(?:[\r#%%]|\{[{%%])[^\n]*+\n?|[ ]*+\n)*+" % column)


def _json_may_hold(document: bytes) -> bool:
    """Only what stands below the keys is looked at; as Latin-1, so that offsets are those of the bytes."""
    from json import JSONDecoder  # noqa: PLC0415 - most manifests are YAML

    text, decoder = document.decode("latin-1"), JSONDecoder()
    for key in _KEY.finditer(document):
        if not _STRICT_KEY.match(document, key.start()):
            return True
        try:
            _, end = decoder.raw_decode(text, key.end())
        except (ValueError, RecursionError):
            return True
        below = document[key.end() : end]
        if b"\\" in below or _names_secret(below):
            return True
    return b"\\u00" in document  # a key may be written so


def _names_secret(text: bytes) -> bool:
    return any(is_secret_name(name.decode("utf-8", "replace")) for name in {*_NAME.findall(text)})
