"""The quick writer writes what `json.dumps` writes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from fourc.report.json_text import json_text

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text()
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(), inner, max_size=4)
    ),
)


@given(JSON)
def test_it_is_what_the_standard_library_writes(value: object) -> None:
    assert json_text(value) == json.dumps(value, ensure_ascii=False, indent=1)


def test_an_iterator_is_a_list() -> None:
    assert json_text({"a": iter([1, {"b": []}]), "c": iter(())}) == json_text({"a": [1, {"b": []}], "c": []})


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_read_back_as_it_was(value: float) -> None:
    assert json.loads(json_text([value])) == [value]


def test_half_a_character_is_written_by_its_number() -> None:
    assert json.loads(json_text({"name": "a\ud800", "list": iter(["b"])})) == {"name": "a\ud800", "list": ["b"]}
