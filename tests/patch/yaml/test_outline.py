"""An outline says what the tree says, or there is none."""

from collections.abc import Iterator
from pathlib import Path as FilePath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fourc.collect.locate import span
from fourc.patch.yaml.expansion import find
from fourc.patch.yaml.node import Mapping, Node, Path, Scalar, Sequence
from fourc.patch.yaml.operations import Remove
from fourc.patch.yaml.outline import outline
from fourc.patch.yaml.reader import RawDocument, YamlError, compose, decode, split

TRAPS = sorted((FilePath(__file__).parent / "traps").glob("*.yaml"))
PIECES = st.sampled_from(
    [
        *(
            "a: ",
            "b: ",
            "on: ",
            "1: ",
            "1",
            "x\n",
            "\n",
            "\n  ",
            "\n    ",
            " ",
            "- ",
            "? ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "'q'",
        ),
        *(
            '"d"',
            "|\n",
            "|+\n   t\n\n",
            ">-\n    t\n",
            "# c\n",
            "~",
            "null",
            "\r\n",
            "\ufeff",
            "中: 𝄞\n",
            "a & b",
            "! x",
        ),
        *(
            "a:\n  - b: 1\n    c:\n  - d\n",
            "e:\n- 1\n",
            "f: {g: 1, h}\n",
            "i: [j: k, l]\n",
            "m:\n",
            "...\n",
            "&a ",
            "!t ",
        ),
    ]
)
TEXTS = st.lists(PIECES, max_size=20).map("".join)


def paths(node: Node, path: Path = ()) -> Iterator[Path]:
    """Every path of the tree, and one more below each that leads nowhere."""
    yield path
    yield (*path, "absent")
    yield (*path, 99)
    match node:
        case Mapping(entries=entries):
            for entry in entries:
                yield from paths(entry.value, (*path, str(entry.key.value)))
        case Sequence(items=items):
            for index, item in enumerate(items):
                yield from paths(item, (*path, index))
        case _:
            pass


def fits(root: Node, path: Path) -> bool:
    """Whether the tree lets the path lead on by keys: from a mapping, or from an empty value."""
    node, matched = find(root, path)
    missing = path[matched:]
    is_open = isinstance(node, Mapping) or (isinstance(node, Scalar) and node.value is None)
    return not missing or (is_open and all(isinstance(key, str) for key in missing))


def agree(document: RawDocument) -> bool:
    """Whether there is an outline; if so it must agree with the tree on every path."""
    try:
        tree = compose(document)
    except YamlError:
        return False
    known = outline(document)
    if known is None or tree is None:
        assert known is None
        return False
    for path in paths(tree):
        assert (path, known.span(path) or span(tree, path)) == (path, span(tree, path))
        assert (path, known.fits([Remove(path)])) == (path, not document.is_json and fits(tree, path))
    return True


@settings(max_examples=500)
@given(TEXTS)
@example("a: 1\nb:\n  c:\n  - d: |\n      x\n\n  - e\n")
@example("\ufeffa: 1\nb: {c: 1, d: [e, f: g]}\n")
@example("? a\n: b\n? c\n")
def test_outline_and_tree_agree_on_every_path(text: str) -> None:
    try:
        documents = list(split(text))
    except YamlError:
        return
    for document in documents:
        agree(document)


@pytest.mark.parametrize("file", TRAPS, ids=lambda file: file.stem)
def test_outline_and_tree_agree_on_the_traps(file: FilePath) -> None:
    try:
        documents = list(split(decode(file.read_bytes())))
    except YamlError:
        return
    for document in documents:
        agree(document)


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb:\n  - c: x && y\n    d: |\n      if [ a != b ]\n",
        "a: # comment\n  b: 'c'\n  d: >\n    e\n\n",
        "on: 1\n1: 2\n~x: 3\n",
    ],
)
def test_what_people_write_has_an_outline(text: str) -> None:
    (document,) = split(text)
    assert agree(document)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x\n",
        "a: !!str 1\n",
        "a: ! 1\n",
        "<<: {a: 1}\n",
        "a: 1\na: 2\n",
        "1: a\n'1': b\n",
        "[a, b]\n",
        "# c\n{a: 1}\n",
        "x\n",
        "a: " + "[" * 600 + "{" * 600 + "}" * 600 + "]" * 600,
        "a:\n  " + "- " * 900 + "b\n",
        "a:\n" + "\n".join(" " * n + "b:" for n in range(1, 450)),
    ],
    ids=lambda text: text[:12],
)
def test_what_only_the_tree_can_tell_has_none(text: str) -> None:
    (document,) = split(text)
    assert outline(document) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "b": [1, {"c": "x"}, []], "a": {"d": null}}',
        ' {"\\ud800": {"e\\"": "]}"}, "中": [ [1 , 2], {} ]}\n',
    ],
)
def test_json_has_an_outline_that_agrees_with_the_tree(text: str) -> None:
    (document,) = split(text)
    assert agree(document)


def test_a_hundred_thousand_levels_do_not_overflow_the_stack() -> None:
    for opening in ("- ", "? ", "[", "{", "- ? "):
        (document,) = split("a:\n  " + opening * 100_000)
        assert outline(document) is None
