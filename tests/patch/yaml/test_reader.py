"""Reading whole files: documents, places, lines, and finding nodes."""

import pytest

from fourc.patch.yaml.node import Alias, Mapping, Node, Scalar, Style
from fourc.patch.yaml.reader import (
    LineIndex,
    RawDocument,
    YamlError,
    check_syntax,
    compose,
    decode,
    encode,
    find,
    load,
    split,
    to_json,
)


def tree(text: str) -> Node:
    """The tree of a text's only document."""
    (document,) = split(text)
    node = compose(document)
    assert node is not None
    return node


def test_documents_know_their_place_in_the_file() -> None:
    """Text, offset, first line and rank of each document; the separator of the first belongs to it."""
    text = "---\na: 1\n--- # two\n\n# only a comment\n---\nb: 2\n"
    documents = list(split(text))
    assert documents == [RawDocument("---\na: 1\n", 0, 1, 0), RawDocument("b: 2\n", text.index("b: 2"), 7, 1)]
    assert all(text.startswith(document.text, document.offset) for document in documents)


def test_an_indented_separator_cuts_nothing() -> None:
    """After a scalar's line it even continues the scalar, so what follows is lost to kubectl too."""
    (document,) = split("a: 1\nb: x\n  ---\nc: 2\n")
    assert load(document) == {"a": 1, "b": "x ---", "c": 2}


def test_an_indented_separator_after_a_blank_block_is_an_error_at_its_line() -> None:
    """Where nothing can continue, the text after it is refused with its line."""
    (document,) = split("a:\n  b: 1\n ---\nc: 2\n")
    with pytest.raises(YamlError) as caught:
        load(document)
    assert caught.value.line in (3, 4)


def test_text_after_a_separator_is_an_error_with_its_place() -> None:
    """Documents before the one that it ends are read."""
    documents = split("a: 1\n---\nb: 2\n--- c: 3\nd: 4\n")
    assert load(next(documents)) == {"a": 1}
    with pytest.raises(YamlError, match="separator") as caught:
        next(documents)
    assert (caught.value.line, caught.value.column, caught.value.reason) == (4, 4, "malformed")


def test_a_file_of_json_values_is_cut_at_each_value() -> None:
    """A file that starts with a brace holds JSON values, whatever stands between lines."""
    text = '\ufeff {"a": 1}{"b": 2}\n[3] null\n'
    documents = list(split(text))
    assert [load(document) for document in documents] == [{"a": 1}, {"b": 2}, [3], None]
    assert [(document.line, document.column) for document in documents] == [(1, 2), (1, 10), (2, 1), (2, 5)]
    assert all(text.startswith(document.text, document.offset) for document in documents)
    assert all(document.is_json for document in documents)


def test_json_after_four_kibibytes_of_white_space_is_read_as_yaml() -> None:
    """The brace is not looked for any further."""
    (document,) = split(" " * 4096 + '{"a": yes}')
    assert not document.is_json
    assert load(document) == {"a": True}


def test_json_errors_have_their_place_in_the_file() -> None:
    """Also behind another value on the same line."""
    documents = split('{"a": 1} {"b":\n  }')
    next(documents)
    with pytest.raises(YamlError) as caught:
        next(documents)
    assert (caught.value.line, caught.value.column) == (2, 3)
    (first, second) = split('{"a": 1} {"b": 1e999}')
    assert load(first) == {"a": 1}
    with pytest.raises(YamlError) as caught:
        load(second)
    assert (caught.value.line, caught.value.column) == (1, 16)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"])
def test_a_decoded_file_encodes_back_to_its_bytes(encoding: str) -> None:
    """No character is dropped, a byte order mark and line ends included."""
    text = "a: 中文 𝄞\r\nb: 1\n"
    data = ("\ufeff" + text).encode(encoding) if encoding.startswith("utf-16") else text.encode(encoding)
    decoded = decode(data)
    assert decoded.removeprefix("\ufeff") == text
    assert encode(decoded, data) == data


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"a: 1\nb: \xe9\n", (2, 4)),
        (b"\xe4\xb8\xad\xff", (1, 2)),
        (b"a\n\x00", (2, 1)),
        (b"\xff\xfea", (1, 1)),
        (b"\xed\xa0\x80", (1, 1)),
    ],
)
def test_bytes_that_are_not_text_are_refused_with_their_place(data: bytes, place: tuple[int, int]) -> None:
    """Invalid UTF-8, NUL, half a UTF-16 character and encoded surrogates."""
    with pytest.raises(YamlError) as caught:
        decode(data)
    assert (caught.value.line, caught.value.column) == place
    assert caught.value.hint


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    """A carriage return alone ends no line, a byte order mark takes no column, columns count characters."""
    text = "\ufeffa: 1\r\n中: 2\rb\n\u2028c"
    lines = LineIndex(text)
    assert lines.position(text.index("a")) == (1, 1)
    assert lines.position(text.index("1")) == (1, 4)
    assert lines.position(text.index("2")) == (2, 4)
    assert lines.position(text.index("b")) == (2, 6)
    assert lines.position(text.index("c")) == (3, 2)
    assert lines.position(len(text)) == (3, 3)


def test_a_document_s_errors_are_placed_in_the_file() -> None:
    """Line and column are those of the file, not of the document."""
    documents = list(split("\ufeffa: 1\n---\nb: 1\n  c: 2\n"))
    for read in (load, compose, check_syntax):
        with pytest.raises(YamlError) as caught:
            read(documents[1])
        assert (caught.value.line, caught.value.column) == (4, 4)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb: [*x]\n", (2, 5)),
        ("a: 1\n中: !!int x\n", (2, 4)),
        ("a:\n  ~: 1\n", (2, 3)),
        ("a:\n  <<: 1\n", (2, 7)),
        ("a: &x [1, *x]\n", (1, 11)),
        ("b: 1\n? [a]\n: 1\n", (2, 3)),
        ("a: .inf\n", (1, 4)),
    ],
)
def test_values_that_kubectl_refuses_have_their_place(text: str, place: tuple[int, int]) -> None:
    """An error that the syntax does not show points at the value."""
    (document,) = split(text)
    with pytest.raises(YamlError) as caught:
        load(document)
    assert (caught.value.line, caught.value.column, caught.value.reason) == (*place, "malformed")


def test_an_empty_document_has_no_tree() -> None:
    """Comments and directives alone are nothing; an explicit null is a node."""
    assert list(split("# a\n\n---\n# b\n")) == []
    assert compose(RawDocument("# a\n", 0, 1, 0)) is None
    assert load(RawDocument("# a\n", 0, 1, 0)) is None
    (null,) = split("~\n")
    assert load(null) is None
    assert compose(null) == Scalar(0, 1, None, Style.PLAIN)


def test_loaded_aliases_share_nothing() -> None:
    """Changing one place leaves the other as it is."""
    (document,) = split("a: &x {b: 1}\nc: *x\n")
    data = load(document)
    assert isinstance(data, dict)
    first = data["a"]
    assert isinstance(first, dict)
    first["b"] = 2
    assert data["c"] == {"b": 1}


FIND = "a: &x\n  b: [1, {c: 2}]\n  d: 3\ne:\n  d: 4\n  <<: *x\nf: *x\na2: 1\na2: {z: 5}\n"


@pytest.mark.parametrize(
    ("path", "matched", "value"),
    [
        ((), 0, None),
        (("a", "b", 1, "c"), 4, 2),
        (("e", "b", 0), 3, 1),
        (("e", "d"), 2, 3),
        (("f", "d"), 2, 3),
        (("a2", "z"), 2, 5),
        (("a", "b", 2, "c"), 2, [1, {"c": 2}]),
        (("a", "b", -1), 2, [1, {"c": 2}]),
        (("a", "d", "x"), 2, 3),
        (("a", 0), 1, {"b": [1, {"c": 2}], "d": 3}),
        (("a", "b", "0"), 2, [1, {"c": 2}]),
    ],
)
def test_find_follows_a_path_as_far_as_it_goes(path: tuple[str | int, ...], matched: int, value: object) -> None:
    """Aliases, merges where they stand, and the last of equal keys, as in the data."""
    node, count = find(tree(FIND), path)
    assert count == matched
    if path:
        assert to_json(node) == value


def test_find_returns_an_alias_where_the_path_ends_at_one() -> None:
    """So that an edit can see that the value is shared."""
    node, matched = find(tree(FIND), ("f",))
    assert matched == 1
    assert isinstance(node, Alias)
    assert FIND[node.start : node.end] == "*x"


def test_the_first_of_a_list_of_merges_is_found() -> None:
    """As kubectl merges them."""
    root = tree("a: &a {k: 1}\nb: &b {k: 2, m: 3}\nc: {<<: [*a, *b]}\n")
    assert to_json(find(root, ("c", "k"))[0]) == 1
    assert to_json(find(root, ("c", "m"))[0]) == 3


def test_entries_say_whether_they_merge_and_keys_are_strings() -> None:
    """`<<` is an entry as written; keys are the strings that kubectl sends."""
    root = tree("<<: {a: 1}\n'<<': 2\non: 3\n")
    assert isinstance(root, Mapping)
    assert [(entry.key.value, entry.merge) for entry in root.entries] == [
        ("<<", True),
        ("<<", False),
        ("true", False),
    ]
