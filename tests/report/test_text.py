"""What stands on the screen fits, in every script."""

import pytest

from fourc.model.change import Range
from fourc.model.text import Lang
from fourc.report.text import clip, pad, span, width, wrap


def test_wide_characters_count_as_two_columns() -> None:
    assert width("ab中文") == 6


@pytest.mark.parametrize("text", ["short", "a text that is certainly too long", "这是一段肯定太长的中文文字"])
def test_padding_gives_exactly_the_columns_asked_for(text: str) -> None:
    assert width(pad(text, 13)) == 13
    assert width(clip(text, 13)) <= 13


def test_hours_are_said_as_people_say_them() -> None:
    assert span(Range(0.5, 0.7, 1.0), Lang.EN) == "30-60 min"
    assert span(Range(1.0, 1.5, 2.0), Lang.EN) == "1-2 h"
    assert span(Range(1.0, 1.5, 2.0), Lang.ZH) == "1-2 小时"


@pytest.mark.parametrize("columns", range(12, 40))
def test_no_line_of_chinese_ends_with_what_opens_or_begins_with_what_closes(columns: int) -> None:
    text = "没有看到：版本（no-data）。见《手册》中的“节点”（最新 2026-01-02），或 (手动) 处理"
    lines = wrap(text, columns)
    assert not [line for line in lines if line[-1] in "（《“(" or line[0] in "），。》”："]
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
