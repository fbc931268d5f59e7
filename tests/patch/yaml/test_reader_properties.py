"""What holds for any text: only `YamlError`, one reading by every way, and spans that mean their values."""

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fourc.patch.yaml.node import Alias, Json, Mapping, Node, Scalar, Sequence, Style
from fourc.patch.yaml.reader import (
    LineIndex,
    RawDocument,
    YamlError,
    check_syntax,
    compose,
    decode,
    load,
    split,
    to_json,
)

PIECES = st.sampled_from(
    [
        *("a", "b: ", "a: 1\n", "- ", "? ", ": ", "\n", "\n  ", " ", "\t", "[", "]", "{", "}", ",", "'", '"'),
        *("|", "|-\n", ">+\n  x\n", "#", " # c\n", "&a ", "*a", "<<: ", "!!str ", "!foo ", "! ", "---\n", "...\n"),
        *("\r\n", "\r", "\x85", "\u2028", "\ufeff", "é", "𝄞", "%YAML 1.1\n", "\\n", "yes", "0x1", "~", "\ud800"),
    ]
)
YAML_LIKE = st.lists(PIECES, max_size=25).map("".join)
TEXTS = st.one_of(YAML_LIKE, st.text(), st.text("[]{}:,\"' \n-ab1"))
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.text())
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


class QuotedDumper(yaml.SafeDumper):
    """Writes strings in double quotes, so that no resolver matters."""


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


QuotedDumper.add_representer(str, _quoted)


def outcome(document: RawDocument, *, by_tree: bool) -> tuple[str, object]:
    """The data or the error, by either way."""
    try:
        if not by_tree:
            return "data", load(document)
        tree = compose(document)
    except YamlError as error:
        return "error", (error.message, error.line, error.column, error.reason)
    return "data", None if tree is None else to_json(tree)


@given(st.binary())
@example(b"\xff\xfe\x00\xd8")
@example(b"\xef\xbb\xbf{}")
def test_random_bytes_raise_nothing_but_yaml_errors(data: bytes) -> None:
    """From bytes to data, whatever they are."""
    try:
        for document in split(decode(data)):
            load(document)
            check_syntax(document)
    except YamlError:
        return


@settings(max_examples=500)
@given(TEXTS)
def test_every_way_to_read_a_text_agrees(text: str) -> None:
    """`load` and `to_json(compose())` give the same data or the same error; what they read passes the check."""
    try:
        documents = list(split(text))
    except YamlError:
        return
    for document in documents:
        kind, data = outcome(document, by_tree=False)
        assert repr((kind, data)) == repr(outcome(document, by_tree=True))
        if kind == "data":
            check_syntax(document)


@settings(max_examples=300)
@given(TEXTS)
def test_documents_stand_in_the_file_where_they_say(text: str) -> None:
    """Offset, line and column of each, in order and apart."""
    lines = LineIndex(text)
    end = 0
    try:
        for index, document in enumerate(split(text)):
            assert document.index == index
            assert document.offset >= end
            end = document.offset + len(document.text)
            assert text[document.offset : end] == document.text
            assert lines.position(document.offset) == (document.line, document.column)
    except YamlError:
        return


@given(JSON)
def test_dumped_data_is_loaded_again(data: Json) -> None:
    """What a YAML writer wrote with quoted strings comes back, by tree and directly."""
    text = yaml.dump(data, Dumper=QuotedDumper, allow_unicode=False, sort_keys=False)
    document = RawDocument(text, 0, 1, 0)
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    if _has_surrogates(data):
        return
    assert repr(load(document)) == repr(data)
    tree = compose(document)
    assert tree is not None
    assert repr(to_json(tree)) == repr(data)


@settings(max_examples=300)
@given(YAML_LIKE)
def test_the_text_of_a_scalar_means_its_value(text: str) -> None:
    """A plain or quoted scalar's span, read alone, is the scalar."""
    try:
        documents = [document for document in split(text) if not document.is_json]
        trees = [tree for document in documents if (tree := compose(document)) is not None]
    except YamlError:
        return
    for tree in trees:
        _check_spans(text, tree, flow=False)


def _check_spans(text: str, node: Node, *, flow: bool) -> None:
    assert 0 <= node.start <= node.end <= len(text)
    inside = flow or (not isinstance(node, Scalar | Alias) and node.style is Style.FLOW)
    match node:
        case Mapping(entries=entries):
            for entry in entries:
                _check_spans(text, entry.value, flow=inside)
        case Sequence(items=items):
            for item in items:
                _check_spans(text, item, flow=inside)
        case Scalar():
            _check_scalar(text[node.start : node.end], node, flow=inside)
        case Alias():
            assert text[node.start] == "*"


def _check_scalar(written: str, scalar: Scalar, *, flow: bool) -> None:
    if scalar.tag is not None or scalar.style in (Style.LITERAL, Style.FOLDED):
        return
    if not written:
        assert scalar.value is None
        return
    # in brackets if it stood in some; what goes over lines depends on its indentation
    if any(line_break in written for line_break in "\n\r\x85\u2028\u2029"):
        return
    alone = f"[{written}]" if flow else f"- {written}"
    assert repr(load(RawDocument(alone, 0, 1, 0))) == repr([scalar.value])


def _has_surrogates(data: Json) -> bool:
    match data:
        case str():
            return any("\ud800" <= character <= "\udfff" for character in data)
        case list():
            return any(_has_surrogates(item) for item in data)
        case dict():
            return any(_has_surrogates(key) or _has_surrogates(value) for key, value in data.items())
        case _:
            return False
