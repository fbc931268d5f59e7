"""Whether a text nests its brackets deeper than its values are told (`leaf.MAX_DEPTH`): then somebody should know."""

from fourc.secrets.files import flow_text
from fourc.secrets.files.leaf import MAX_DEPTH

_OTHERS = bytes(set(range(256)) - set(b"{}[]"))


def is_too_deep(text: bytes) -> bool:
    """Whether a value stands in more brackets than are followed. Costs next to nothing for what people write."""
    return _may_be(text) and flow_text.depth(text) > MAX_DEPTH


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
