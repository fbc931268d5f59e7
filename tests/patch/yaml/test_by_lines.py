"""A document that is read line by line says what its tree says, or it is not read so."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fourc.patch.yaml.by_lines import load_lines
from fourc.patch.yaml.errors import DEFAULT_LIMITS, Limits
from fourc.patch.yaml.fast import NeedsTreeError
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.reader import RawDocument, YamlError, compose, decode, split, to_json

TRAPS = sorted((Path(__file__).parent / "traps").glob("*.yaml"))
BEGINNINGS = (
    "",
    "",
    "",
    "  ",
    "  ",
    "    ",
    " ",
    "- ",
    "- ",
    "  - ",
    "-   ",
    "- - ",
    "? ",
    "\t",
    "---",
    "...",
    "# c",
    "%",
)
MIDDLES = ("", "a: ", "b:", "c: ", "on: ", "1: ", "'q': ", '"d" : ', "<<: ", "k:v", "&x ", "*x", "!t ", "{", "[", "x")
ENDS = (
    *(
        "",
        "v",
        "1",
        "0o7",
        "yes",
        "~",
        "1e999",
        ".nan",
        "a b",
        "a:b",
        "a: b",
        "a #c",
        "# c",
        "a#b",
        "-",
        "-1",
        "--x",
        "- x",
    ),
    *(
        "'it''s'",
        "'open",
        '"\\n"',
        '"a"b',
        "''",
        "{a: 1}",
        "{a: [b, {c: 1}]}",
        "[1, 'x']",
        "[a",
        "{}",
        "]",
        "@",
        "`",
        "%",
    ),
    *(
        "|",
        "|-",
        "|2",
        ">",
        ">+ # c",
        "| x",
        "中",
        "\u2028",
        "\x85",
        "\xa0",
        "\ufeff",
        "a\r",
        "a\tb",
        "*x",
        "&x y",
        "!t z",
    ),
)
LINES = st.tuples(st.sampled_from(BEGINNINGS), st.sampled_from(MIDDLES), st.sampled_from(ENDS)).map("".join)
TEXTS = st.lists(LINES, max_size=9).map("\n".join)


def documents(text: str) -> list[RawDocument]:
    """The YAML documents of a text, none where it cannot be cut."""
    try:
        return [document for document in split(text) if not document.is_json]
    except YamlError:
        return []


def by_lines(document: RawDocument) -> dict[str, Json] | None:
    """What the lines say, None if they do not surely say it."""
    try:
        return load_lines(document, DEFAULT_LIMITS)
    except NeedsTreeError:
        return None


def agree(document: RawDocument) -> None:
    """What the lines say must be what the tree says, types and the order of keys included."""
    found = by_lines(document)
    if found is not None:
        tree = compose(document)
        assert tree is not None
        assert repr(found) == repr(to_json(tree))


@settings(max_examples=2000)
@given(TEXTS)
@example("a:\n- b:\n  - c\n- d\ne: 1")
@example("a: |\n    x\n  # c\nb: 1")
@example("a: |+\n\n  x\n\n\nb: 1\n")
@example("a:\n  -\n    b: 1\n  -\n  - c\n")
@example("---\na: b\n  c: d\n")
@example("a: b\n c\n")
@example("a: 1\r\nb: >-\r\n  x\r\n  y\r\n")
def test_lines_and_tree_agree(text: str) -> None:
    for document in documents(text):
        agree(document)


@pytest.mark.parametrize("file", TRAPS, ids=lambda file: file.stem)
def test_lines_and_tree_agree_on_the_traps(file: Path) -> None:
    try:
        text = decode(file.read_bytes())
    except YamlError:
        return
    for document in documents(text):
        agree(document)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("---\n# c\na: yes\nb: 010\n'c': '1'\n", {"a": True, "b": 8, "c": "1"}),
        (
            "a:\n- b: {c: 1}\n  d: [x, '*']\n- e # c\n\nf: null\n",
            {"a": [{"b": {"c": 1}, "d": ["x", "*"]}, "e"], "f": None},
        ),
        ("a:\r\n  b: |-\r\n    x\r\n\r\n    y\r\n  c: http://h:1\r\n", {"a": {"b": "x\n\ny", "c": "http://h:1"}}),
        ("a: 1\na: 2\n", {"a": 2}),
    ],
)
def test_what_people_write_is_read_line_by_line(text: str, data: Json) -> None:
    (document,) = documents(text)
    assert by_lines(document) == data


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x\n",
        "a: *x\n",
        "a: !!str 1\n",
        "<<: {a: 1}\n",
        "? a\n: b\n",
        "a: b\n  c\n",
        "a: 'b\n  c'\n",
        "a: [b,\n  c]\n",
        "a: {b: 1, b: 2}\n",
        "a: [&x 1]\n",
        "a:\n- b: [!t 1]\n",
    ],
)
def test_what_depends_on_other_lines_is_left_to_the_tree(text: str) -> None:
    (document,) = documents(text)
    assert by_lines(document) is None


def test_a_flow_collection_is_its_own_wherever_its_line_is_repeated() -> None:
    (document,) = documents("a:\n  k: [x]\nb:\n  k: [x]\n")
    data = load_lines(document, DEFAULT_LIMITS)
    assert isinstance(data["a"], dict)
    assert isinstance(data["a"]["k"], list)
    data["a"]["k"].append("y")
    assert load_lines(document, DEFAULT_LIMITS) == {"a": {"k": ["x"]}, "b": {"k": ["x"]}}
    assert data["b"] == {"k": ["x"]}


def test_where_fewer_levels_are_allowed_than_lines_may_have_the_tree_decides() -> None:
    (document,) = documents("a:\n  b: 1\n")
    with pytest.raises(NeedsTreeError):
        load_lines(document, Limits(max_nesting=1))
