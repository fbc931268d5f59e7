"""Where nodes start and end in the file's text."""

from collections.abc import Iterator

import pytest

from fourc.patch.yaml.node import Alias, Mapping, Node, Scalar, Sequence, Style
from fourc.patch.yaml.reader import compose, split


def nodes(node: Node) -> Iterator[Node]:
    """The node and everything written inside it, keys included, in order."""
    yield node
    match node:
        case Mapping(entries=entries):
            for entry in entries:
                yield entry.key
                yield from nodes(entry.value)
        case Sequence(items=items):
            for item in items:
                yield from nodes(item)
        case Scalar() | Alias():
            pass


def texts(text: str) -> list[str]:
    """The text of every node of every document but the roots."""
    found: list[str] = []
    for document in split(text):
        root = compose(document)
        assert root is not None
        found += [text[node.start : node.end] for node in nodes(root)][1:]
    return found


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_spans_count_characters_in_the_file(mark: str, end: str) -> None:
    """Line ends, a byte order mark, Chinese and characters past 16 bits do not move a span."""
    text = mark + end.join(["中文: 值𝄞 b", 'é: "引 号"', "---", "c: [一, 'it''s', 3]", "d: e", ""])
    assert texts(text) == [
        *("中文", "值𝄞 b", "é", '"引 号"'),
        *("c", "[一, 'it''s', 3]", "一", "'it''s'", "3", "d", "e"),
    ]


def test_spans_start_after_anchor_and_tag() -> None:
    """Whatever order they stand in, with comments or line breaks between."""
    text = "a: &x 1\nb: !!str &y 2\nc: &z !foo\n  d: *x\ne: &s # comment\n  - 1\nf: !!str\ng: &t [1]\n&k h: 1\n"
    assert texts(text) == [
        *("a", "1", "b", "2", "c", "d: *x", "d", "*x"),
        *("e", "- 1", "1", "f", "", "g", "[1]", "1", "h", "1"),
    ]


def test_anchors_and_tags_are_told() -> None:
    """The tag in full, the anchor by its name."""
    (document,) = split("- !!str &x 1\n- &y {a: 1}\n- ! z\n")
    root = compose(document)
    assert isinstance(root, Sequence)
    scalar, mapping, nonspecific = root.items
    assert isinstance(scalar, Scalar)
    assert (scalar.anchor, scalar.tag, scalar.value) == ("x", "tag:yaml.org,2002:str", "1")
    assert isinstance(mapping, Mapping)
    assert mapping.anchor == "y"
    assert isinstance(nonspecific, Scalar)
    assert nonspecific.tag == "!"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_block_scalars_span_from_the_indicator_to_their_last_text(end: str) -> None:
    """Blank lines at the end and the last line break are outside, also with `+`."""
    text = end.join(["a: |+ # why", "  x", "", "  y  ", "", "   ", "b: >-", "  z", "c: |", "", "d: |-", "  end"])
    assert texts(text) == [
        *("a", end.join(["|+ # why", "  x", "", "  y  "])),
        *("b", f">-{end}  z", "c", "|", "d", f"|-{end}  end"),
    ]


def test_empty_values_stand_where_a_value_could_be_written() -> None:
    """For a block key right after its colon."""
    text = "a:\nb: # comment\nc: {d: , e }\n? f\n\n"
    (document,) = split(text)
    root = compose(document)
    assert isinstance(root, Mapping)
    assert [entry.value.start for entry in root.entries] == [2, 5, text.index("{"), text.index("f") + 1]
    assert root.end == text.index("f") + 1
    assert texts("- \n-\n- a\n") == ["", "", "a"]


def test_collections_end_with_their_last_item() -> None:
    """Comments and blank lines after a block collection are outside it, brackets inside a flow one."""
    text = "a:\n  b:\n  - c: 1 # x\n  - d: 2\n\n  # after\n\ne: { f: [ 1 ] }\ng: [h: 1]\n"
    assert texts(text) == [
        *("a", "b:\n  - c: 1 # x\n  - d: 2", "b", "- c: 1 # x\n  - d: 2"),
        *("c: 1", "c", "1", "d: 2", "d", "2"),
        *("e", "{ f: [ 1 ] }", "f", "[ 1 ]", "1", "g", "[h: 1]", "h: 1", "h", "1"),
    ]


def test_a_plain_scalar_spans_its_lines() -> None:
    """From the first character to the last, comments excluded."""
    assert texts("a: b\n  c\n\n  d # e\n") == ["a", "b\n  c\n\n  d"]


def test_json_nodes_have_spans() -> None:
    """The same tree as for YAML, keys quoted."""
    text = '{"a" : [1, -2.5e3 , "b\\n\\ud83d\\ude00"],\n "c": {}, "d": null}'
    assert texts(text) == [
        *('"a"', '[1, -2.5e3 , "b\\n\\ud83d\\ude00"]', "1", "-2.5e3", '"b\\n\\ud83d\\ude00"'),
        *('"c"', "{}", '"d"', "null"),
    ]


def test_styles_are_told() -> None:
    """How each node is written."""
    (document,) = split("- a\n- 'a'\n- \"a\"\n- |\n  a\n- >\n  a\n- [a]\n- {a: 1}\n- a: 1\n-\n  - a\n")
    root = compose(document)
    assert isinstance(root, Sequence)
    assert root.style is Style.BLOCK
    assert [item.style for item in root.items if not isinstance(item, Alias)] == [
        *(Style.PLAIN, Style.SINGLE, Style.DOUBLE, Style.LITERAL, Style.FOLDED),
        *(Style.FLOW, Style.FLOW, Style.BLOCK, Style.BLOCK),
    ]
