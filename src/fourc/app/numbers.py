"""What a number or an id on the command line means."""

from collections.abc import Sequence
from typing import Protocol

from fourc.errors import UsageError
from fourc.model.text import Text
from fourc.plan.changes import is_change_id

_HAS = Text("the plan has 1 to {count}", "计划中有 1 到 {count}")
_EMPTY = Text("the plan is empty", "计划是空的")
_NO_CHANGE = Text("there is no change {word}", "没有改动 {word}")
_DONE_ALREADY = Text(
    "it is made already, or nothing here needs it: fourc lists what is left",
    "它已经完成，或这里不需要它：fourc 会列出剩余的改动",
)
_NUMBERS_FIRST = Text("{have}; write numbers first, then paths", "{have}；先写编号，再写路径")


class _Numbered(Protocol):
    @property
    def id(self) -> str: ...


def number_in(changes: Sequence[_Numbered], word: str) -> int:
    """The number in the plan, from 1, of the change that a number or an id names.

    An id means the same change in every plan, a number only in the plan that was printed.

    Raises:
        UsageError: the plan has no such change.
    """
    count = len(changes)
    if is_change_id(word):
        found = next((number for number, change in enumerate(changes, 1) if change.id == word), None)
        if found is None:
            raise UsageError(_NO_CHANGE.of(word=word), hint=_DONE_ALREADY)
        return found
    if not word.isascii() or not word.isdecimal() or not 1 <= int(word) <= count:
        have = _HAS.of(count=count) if count else _EMPTY
        raise UsageError(_NO_CHANGE.of(word=word), hint=_NUMBERS_FIRST.of(have=have))
    return int(word)
