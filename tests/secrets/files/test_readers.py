"""The readers of structured texts: what they say of a value is what it is and where it stands."""

from collections.abc import Iterator
from typing import cast

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fourc.secrets.files import code_text, flow_text, pairs_text, xml_text, yaml_text
from fourc.secrets.files.leaf import Leaf, Reader

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029\ufeff"), max_size=30
)
trees = st.recursive(
    texts,
    lambda inner: (
        st.dictionaries(texts.filter(bool), inner, min_size=1, max_size=4) | st.lists(inner, min_size=1, max_size=4)
    ),
    max_leaves=15,
)


def _strings(tree: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What PyYAML wrote: the oracle."""
    if isinstance(tree, dict):
        for key, value in cast("dict[str, object]", tree).items():
            yield from _strings(value, (*path, key))
    elif isinstance(tree, list):
        for index, value in enumerate(cast("list[object]", tree)):
            yield from _strings(value, (*path, str(index)))
    else:
        yield path, str(tree)


def _told(reader: Reader, text: str) -> list[tuple[tuple[str, ...], str]]:
    return [(leaf.path, leaf.value) for leaf in reader(text.encode())]


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(texts.filter(bool), trees, min_size=1, max_size=4), st.sampled_from(['"', "'"]), st.booleans())
def test_quoted_yaml_is_read_as_pyyaml_wrote_it(tree: dict[str, object], quote: str, flow: bool) -> None:
    text = yaml.safe_dump(
        tree, default_style=quote, default_flow_style=flow, allow_unicode=True, sort_keys=False, width=100_000
    )
    expected = [(path, value) for path, value in _strings(tree, ("0",)) if len(max(path, key=len)) < 100]
    assert _told(yaml_text.leaves, text) == expected


simple = st.from_regex(r"[A-Za-z][A-Za-z0-9_+/.-]{0,12}", fullmatch=True)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        simple,
        st.recursive(
            simple,
            lambda inner: (
                st.dictionaries(simple, inner, min_size=1, max_size=3) | st.lists(inner, min_size=1, max_size=3)
            ),
            max_leaves=10,
        ),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_plain_yaml_is_read_as_pyyaml_wrote_it(tree: dict[str, object], flow: bool) -> None:
    text = yaml.dump(tree, default_flow_style=flow, sort_keys=False)
    told = [(path, value.strip("'")) for path, value in _told(yaml_text.leaves, text)]
    assert told == list(_strings(tree, ("0",)))


def test_yaml_values_stand_where_they_are_said_to() -> None:
    text = b"a: x\nb:\n- c: 'y z'\n  d: |\n    one\n\n    two\n- {e: [f, \"g\"]}\n---\nh: i\n   j\n"
    assert [(leaf.path, text[leaf.start : leaf.end]) for leaf in yaml_text.leaves(text)] == [
        (("0", "a"), b"x"),
        (("0", "b", "0", "c"), b"y z"),
        (("0", "b", "0", "d"), b"one\n\n    two"),
        (("0", "b", "1", "e", "0"), b"f"),
        (("0", "b", "1", "e", "1"), b"g"),
        (("1", "h"), b"i\n   j"),
    ]


def test_values_with_a_tag_of_their_own_are_not_what_is_written() -> None:
    assert _told(yaml_text.leaves, "a: !vault |\n  secret\nb: !Ref x\nc: !!str d\n") == [(("0", "c"), "d")]


def test_json_may_hold_comments_and_trailing_commas() -> None:
    text = '{"a": "b\\u4f60", // c\n /* d */ "e": [1, true,], }'
    assert _told(flow_text.leaves, text) == [(("a",), "b你"), (("e", "0"), "1"), (("e", "1"), "true")]


def test_pairs_end_at_quotes_or_comments_and_know_their_section() -> None:
    text = "export A='x # y' # z\n[s]\nb = c d ; e\n# f=g\nh=\"i\nj\"\n"
    assert _told(pairs_text.ASSIGNED, text) == [(("A",), "x # y"), (("s", "b"), "c d"), (("s", "h"), "i j")]


def test_properties_have_escapes_and_no_comments_after_a_value() -> None:
    text = "a.b=c # d\r\ne: f\ng h\n! i=j\nk=\\u4f60\\:\n"
    assert _told(pairs_text.PROPERTIES, text) == [(("a.b",), "c # d"), (("e",), "f"), (("g",), "h"), (("k",), "你:")]


def test_xml_elements_go_by_the_names_that_they_give_themselves() -> None:
    text = (
        '<a><b c="d">e &amp; f</b><add key="g" value="h"/><p name="i">j</p><!-- <k>l</k> --><m><![CDATA[<n>]]></m></a>'
    )
    assert _told(xml_text.leaves, text) == [
        (("a", "b", "c"), "d"),
        (("a", "b"), "e & f"),
        (("a", "g", "key"), "g"),
        (("a", "g"), "h"),
        (("a", "i", "name"), "i"),
        (("a", "i"), "j"),
        (("a", "m"), "<n>"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "'name' => 'x'",
        'name = "x"',
        "define( 'name', 'x' );",
        "env('name', 'x')",
        "$a['name'] = 'x';",
        '{"name": r"x"}',
        "name 'x'",
        'name := "x"',
        "'name' => getenv('Y') ?: 'x'",
        'name = os.environ.get(key) or "x"',
        "name: process.env.NAME || 'x'",
    ],
)
def test_a_text_is_given_to_a_name_in_any_language(line: str) -> None:
    assert _told(code_text.leaves, line) == [(("name",), "x")]


def test_code_that_is_a_comment_gives_nothing() -> None:
    assert _told(code_text.leaves, "# a = 'b'\n  // c = 'd'\n * e = 'f'\n") == []


READERS = [
    yaml_text.leaves,
    flow_text.leaves,
    xml_text.leaves,
    code_text.leaves,
    pairs_text.ASSIGNED,
    pairs_text.PROPERTIES,
    pairs_text.SPACED,
]


@pytest.mark.parametrize("reader", READERS)
@given(text=st.binary(max_size=200) | st.text("ab:-'\"{}[]<>=#|!&*\n\t \\,/?%$", max_size=200).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_without_an_error_and_spans_lie_inside(reader: Reader, text: bytes) -> None:
    def inside(leaf: Leaf) -> bool:
        return 0 <= leaf.start <= leaf.end <= len(text)

    assert all(inside(leaf) for leaf in reader(text))
