from collections.abc import Callable

import pytest
from msgspec import Struct
from tests.collect.packages.listed import of

from fourc.collect.packages.decoding import json_of, lines_of, text_of, told_beside, toml_of, within
from fourc.collect.packages.form import Given, PackagesError
from fourc.collect.packages.limits import FILE_BYTES, LINE_BYTES, LINES, TOML_BYTES
from fourc.collect.packages.lines import LineSearch, lines_of_keys
from fourc.collect.packages.xml import read_xml
from fourc.collect.packages.yaml_tree import yaml_of
from fourc.model.gap import GapReason


class Shape(Struct):
    a: int = 0


def shaped(given: Given) -> Shape:
    return json_of(given, Shape)


@pytest.mark.parametrize(
    ("read", "data", "says"),
    [
        (within, b" " * (FILE_BYTES + 1), "more than 16 MB"),
        (lines_of, b"\n" * (LINES + 1), "more than 500000 lines"),
        (lines_of, b"a\n" + b"b" * (LINE_BYTES + 1), "a line of more than 1 MB"),
        (toml_of, b" " * (TOML_BYTES + 1), "more than 4 MB"),
        (toml_of, b"a = " + b"[" * 100_000, "nested too deeply"),
        (toml_of, b"a" + b" . b" * 1000 + b" = 1", "nested too deeply"),
        (shaped, b'{"b": ' + b"[" * 100_000, "nested too deeply"),
        (yaml_of, b"[" * 1000, "nested too deeply"),
        (read_xml, b"<a>" * 1000, "nested too deeply"),
        (read_xml, b"<a>" + b"<b/>" * 500_000, "more than 500000 elements"),
    ],
)
def test_what_meets_a_limit_is_too_large(read: Callable[[Given], object], data: bytes, says: str) -> None:
    with pytest.raises(PackagesError, match=f"^some/file is too large to be read: .*{says}") as refused:
        read(of("some/file", data))
    assert refused.value.reason is GapReason.TOO_LARGE


@pytest.mark.parametrize(
    ("read", "data", "says"),
    [
        (text_of, b"\xff", "neither UTF-8 nor UTF-16"),
        (text_of, b"\xff\xfea", "neither UTF-8 nor UTF-16"),
        (shaped, b"{", "not the JSON of this format"),
        (shaped, b'{"a": "x"}', "not the JSON of this format"),
        (toml_of, b"a =", "not TOML"),
        (toml_of, b"a = 2024-99-99", "not TOML"),
        (yaml_of, b"a: {", "not YAML"),
        (read_xml, b"<a>", "not XML"),
    ],
)
def test_what_is_something_else_is_malformed(read: Callable[[Given], object], data: bytes, says: str) -> None:
    with pytest.raises(PackagesError, match=f"^some/file cannot be read: .*{says}") as refused:
        read(of("some/file", data))
    assert refused.value.reason is GapReason.MALFORMED


def test_text_is_read_as_its_byte_order_mark_says() -> None:
    for data in (b"\xef\xbb\xbfa\xc3\xa9", "aé".encode("utf-16"), b"\xfe\xff" + "aé".encode("utf-16-be")):
        assert text_of(of("f", data)) == "aé"
        assert list(lines_of(of("f", data))) == [(1, "aé")]


def test_lines_end_as_on_any_system_and_a_strange_byte_hides_no_other_line() -> None:
    assert list(lines_of(of("f", b"a\r\n\r\nb\xff\x0c\nc"))) == [(1, "a"), (2, ""), (3, "b\ufffd\x0c"), (4, "c")]
    assert list(lines_of(of("f", b"a\n"))) == [(1, "a")]


def test_a_file_near_this_one_that_is_missing_or_broken_tells_nothing() -> None:
    near = of("f", "", good='{"a": 1}', bad="{")
    assert told_beside(near, "good", shaped) == Shape(1)
    assert told_beside(near, "bad", shaped) is None
    assert told_beside(near, "none", shaped) is None


def test_a_key_stands_where_it_is_first_written_also_in_utf_16() -> None:
    text = '{\n  "a": {},\n  "b": {\n    "a": {}\n  },\n  "c": 1\n}'
    assert lines_of_keys(of("f", text)) == lines_of_keys(of("f", text.encode("utf-16"))) == {"a": 2, "b": 3}


def test_texts_that_are_asked_in_order_are_found_one_after_the_other_and_others_from_the_beginning() -> None:
    search = LineSearch(of("f", "x\ny\nx\nz\nx"))
    assert [search.line_of(text) for text in ("y", "x", "z", "y", "no", "x")] == [2, 3, 4, 2, 0, 3]
    assert search.line_of("\ud800") == 0
