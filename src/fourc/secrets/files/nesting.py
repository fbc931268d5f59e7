"""Whether a text nests its brackets deeper than its values are told (`leaf.MAX_DEPTH`): then somebody should know."""

from functools import cache

import re2

from fourc.secrets.files import flow_text
from fourc.secrets.files.leaf import MAX_DEPTH

_OTHERS = bytes(set(range(256)) - set(b"{}[]"))
_UNLIKE_JSON = rb"""[^\s{}\[\],:"\w.+-]|[\w.+-][ \t]*["]"""
"""Outside of strings: what JSON has not there, and what may not stand before a string in it."""


def is_too_deep(text: bytes) -> bool:
    """Whether a value stands in more brackets than are followed. Costs next to nothing for what people write."""
    if not _may_be(text):
        return False
    bare = _without_strings(text)
    return (bare is None or _may_be(bare)) and flow_text.is_deeper(text, MAX_DEPTH)


def _without_strings(text: bytes) -> bytes | None:
    """JSON with nothing in its strings, where brackets are none; None where the text is not plainly JSON."""
    pieces = text.replace(rb"\\", b"\0").replace(rb"\"", b"\0").split(b'"')
    bare = b'"'.join(pieces[::2])
    return None if len(pieces) % 2 == 0 or _unlike_json().search(bare) else bare


@cache
def _unlike_json() -> re2._Regexp:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(_UNLIKE_JSON, options)


def _may_be(text: bytes) -> bool:
    """Whether it is worth counting: pairs with nothing in them are taken away, again and again, one or two levels at a time."""
    if text.count(b"{") + text.count(b"[") <= MAX_DEPTH:
        return False
    brackets = text.translate(None, _OTHERS)
    passes = 0
    while passes <= MAX_DEPTH // 2:
        left = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if len(left) == len(brackets):
            break
        brackets = left
        passes += 1
    return 2 * passes + brackets.count(b"{") + brackets.count(b"[") > MAX_DEPTH
