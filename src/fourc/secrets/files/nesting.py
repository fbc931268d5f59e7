"""Whether a text nests its brackets deeper than its values are told (`leaf.MAX_DEPTH`): then somebody should know."""

from fourc.secrets.files import flow_text
from fourc.secrets.files.leaf import MAX_DEPTH

_BLOCK = 64 * 1024


def is_too_deep(text: bytes) -> bool:
    """Whether a value may stand in more brackets than are followed. Costs next to nothing where few are open at a time."""
    return _may_be(text) and flow_text.depth(text) > MAX_DEPTH


def _may_be(text: bytes) -> bool:
    open_now = 0
    for start in range(0, len(text), _BLOCK):
        block = text[start : start + _BLOCK]
        opened = block.count(b"{") + block.count(b"[")
        if open_now + opened > MAX_DEPTH and _reaches(block, MAX_DEPTH - open_now):
            return True
        open_now = max(0, open_now + opened - block.count(b"}") - block.count(b"]"))
    return False


def _reaches(block: bytes, more: int) -> bool:
    """Whether so many more are open somewhere in the block; brackets in strings count too."""
    now = 0
    for byte in block:
        if byte in b"{[":
            now += 1
            if now > more:
                return True
        elif byte in b"}]":
            now -= 1
    return False
