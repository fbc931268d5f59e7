"""Text that is written to break a reader: every one ends in data or in a `YamlError` with a place."""

import pytest

from fourc.patch.yaml.node import Mapping
from fourc.patch.yaml.reader import (
    Limits,
    RawDocument,
    YamlError,
    check_syntax,
    compose,
    load,
    split,
)


def document(text: str) -> RawDocument:
    """The text as one document, JSON if it looks so."""
    return RawDocument(text, 0, 1, 0, is_json=text.startswith("{"))


def alias_bomb(levels: int) -> str:
    """Nine times as many nodes at each level."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, levels)]
    return "\n".join(lines)


def alias_chain(length: int) -> str:
    """Each collection holds an alias of the one before."""
    return "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, length))


TOO_LARGE = {
    "open flow sequences": "[" * 100_000,
    "closed flow sequences": "[" * 100_000 + "]" * 100_000,
    "flow mappings": "[" + "{a: " * 100_000,
    "JSON arrays": '{"a": ' + "[" * 100_000,
    "JSON objects": '{"a": ' * 100_000,
    "block sequences on one line": "- " * 100_000,
    "indentation": "\n".join(" " * level + "a:" for level in range(1000)),
    "alias bomb": alias_bomb(30),
    "alias chain": alias_chain(5000),
    "merge bomb": "a0: &a0 {k: x}\n"
    + "".join(f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9)}]}}\n" for i in range(1, 12)),
    "fifty megabytes": "a: " + "x" * 50_000_000,
}

MALFORMED = {
    "anchor inside itself": "a: &a [*a]",
    "anchor inside itself by a merge": "a: &a\n  <<: *a",
    "NUL": "a: \0",
    "lone surrogate": "a: \ud800",
    "escaped surrogate": 'a: "\\udc00"',
    "tag that is not UTF-8": "a: !%FF x",
    "tag with a surrogate": "a: !%ED%A0%80 x",
    "explicit keys": "? " * 50_000,
    "colons": ":" * 100_000 + " ",
    "open quote": 'a: "' + "x" * 1_000_000,
    "open JSON string": '{"a": "' + '\\"' * 100_000,
    "JSON number out of range": '{"a": ' + "9" * 100_000 + "}",
}

READ = {
    "a long scalar": "a: " + "x" * 10_000_000,
    "a long quoted scalar": 'a: "' + "x" * 10_000_000 + '"',
    "many digits": "a: " + "9" * 1_000_000,
    "many hexadecimal digits": "a: 0x" + "f" * 1_000_000,
    "many keys": "".join(f"k{i}: v\n" for i in range(100_000)),
    "one key many times": "k: v\n" * 100_000,
    "many anchors": "".join(f"a{i}: &a{i} x\n" for i in range(20_000)),
    "blank lines in block scalars": "".join(f"a{i}: |\n" + "\n" * 30 for i in range(3000)),
    "JSON with a lone surrogate": '{"a": "\ud800"}',
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_grows_past_the_limits_is_too_large(name: str) -> None:
    """Nesting, expansion and size end in an error that says so, at a place."""
    for read in (load, compose):
        with pytest.raises(YamlError) as caught:
            read(document(TOO_LARGE[name]))
        assert caught.value.reason == "too-large"
        assert caught.value.line >= 1
        assert caught.value.column >= 1


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_not_yaml_is_malformed(name: str) -> None:
    """Never another exception than `YamlError`, whatever PyYAML or Python raise inside."""
    for read in (load, compose):
        with pytest.raises(YamlError) as caught:
            read(document(MALFORMED[name]))
        assert caught.value.reason == "malformed"
        assert caught.value.line >= 1
        assert caught.value.column >= 1


@pytest.mark.parametrize("name", READ)
def test_what_is_only_large_is_read(name: str) -> None:
    """Size alone is no error below the limits."""
    assert isinstance(load(document(READ[name])), dict)
    assert isinstance(compose(document(READ[name])), Mapping)
    check_syntax(document(READ[name]))


@pytest.mark.parametrize("text", [*TOO_LARGE.values(), *MALFORMED.values()], ids=[*TOO_LARGE, *MALFORMED])
def test_the_syntax_check_ends_too(text: str) -> None:
    """It may accept what only fails when it is expanded, and raises nothing but `YamlError`."""
    try:
        check_syntax(document(text))
    except YamlError:
        return


@pytest.mark.parametrize("text", ["---\n" * 50_000, "{}\n" * 20_000, "#\n" * 100_000, " " * 1_000_000, '{"' * 100_000])
def test_splitting_ends(text: str) -> None:
    """Many separators, many values, nothing but comments or white space."""
    try:
        documents = list(split(text))
    except YamlError:
        return
    assert len(documents) == text.count("{")


def test_limits_are_the_callers_to_choose() -> None:
    """Each of them holds by itself, and one more level is one too many."""
    nested = document("[" * 5 + "]" * 5)
    assert load(nested, Limits(max_nesting=5)) == [[[[[]]]]]
    aliases = document("a: &a [1, 2]\nb: [*a, *a]\n")
    assert load(aliases, Limits(max_alias_nodes=8)) == {"a": [1, 2], "b": [[1, 2], [1, 2]]}
    for text, limits in [
        (nested, Limits(max_nesting=4)),
        (aliases, Limits(max_alias_nodes=5)),
        (aliases, Limits(max_document_chars=10)),
    ]:
        with pytest.raises(YamlError) as caught:
            load(text, limits)
        assert caught.value.reason == "too-large"


def test_a_limit_past_pythons_own_is_still_an_error_of_ours() -> None:
    """A caller who allows more levels than Python's stack gets the same error."""
    for text in ("[" * 50_000 + "]" * 50_000, '{"a": ' + "[" * 50_000 + "]" * 50_000 + "}"):
        with pytest.raises(YamlError) as caught:
            load(document(text[:4000] if text.startswith("[") else text), Limits(max_nesting=10**6))
        assert caught.value.reason in ("too-large", "malformed")
