"""What an edit looks like in the file: each case is a sentence, the text before, the operations and the text after."""

import pytest
from msgspec import Struct

from fourc.patch.text import apply
from fourc.patch.yaml.edit import Append, EditRefused, Operation, Remove, Set, append_document, edits
from fourc.patch.yaml.reader import compose, split


class Case(Struct, frozen=True):
    """One edit that a user can see."""

    holds: str
    before: str
    operations: tuple[Operation, ...]
    after: str
    document: int = 0


def edited(text: str, operations: tuple[Operation, ...], document: int = 0) -> str:
    root = compose(list(split(text))[document])
    assert root is not None
    return apply(text, edits(text, root, operations))


CONTAINER = ("spec", "containers", 0)
SECURITY = (*CONTAINER, "securityContext")
POD = """\
# 我的应用
spec:
  containers:
    - name: web # the shop
      image: 'shop:1.4'
      securityContext:
        privileged: true # uploads need the disk

    # the sidecar
    - name: side
      image: side:2
  hostNetwork: true
"""

BLOCK = [
    Case(
        "a value changes where it stands, with its quotes and the comment beside it",
        POD,
        (Set((*SECURITY, "privileged"), False), Set((*CONTAINER, "image"), "shop:1.5")),
        POD.replace("privileged: true", "privileged: false").replace("'shop:1.4'", "'shop:1.5'"),
    ),
    Case(
        "several keys below one missing parent make it once, inside the item of their container",
        POD,
        (
            Set(("spec", "containers", 1, "securityContext", "privileged"), False),
            Set(("spec", "containers", 1, "securityContext", "capabilities", "drop"), ["ALL"]),
        ),
        POD.replace(
            "      image: side:2\n",
            """\
      image: side:2
      securityContext:
        privileged: false
        capabilities:
          drop:
            - ALL
""",
        ),
    ),
    Case(
        "a nested addition and one beside its parent keep their order",
        "a:\n  b: 1\n",
        (Set(("c",), 3), Set(("a", "d"), 2)),
        "a:\n  b: 1\n  d: 2\nc: 3\n",
    ),
    Case(
        "a new key goes below the comments that stand as deep as its last sibling",
        "a:\n  b: 1\n  # c: 2\n\n# foot\nd: 1\n",
        (Set(("a", "e"), 3),),
        "a:\n  b: 1\n  # c: 2\n  e: 3\n\n# foot\nd: 1\n",
    ),
    Case(
        "a new key of the root goes above the comments at the end of the document",
        "a: 1\n# foot\n---\nb: 1\n",
        (Set(("c",), 3),),
        "a: 1\nc: 3\n# foot\n---\nb: 1\n",
    ),
    Case(
        "a null and an empty mapping become a block, with the comment that stands there",
        "a: # todo\nb: {} # later\nc: []\n",
        (Set(("a", "x"), 1), Set(("b", "x"), 1), Append(("c",), "y: z")),
        'a: # todo\n  x: 1\nb: # later\n  x: 1\nc:\n  - "y: z"\n',
    ),
    Case(
        "steps of four and lists that are not indented are followed",
        "a:\n    b:\n    - name: x\n      c: 1\n",
        (Append(("a", "b"), {"name": "w", "d": {"e": [1]}}),),
        "a:\n    b:\n    - name: x\n      c: 1\n    - name: w\n      d:\n          e:\n          - 1\n",
    ),
    Case(
        "an item is quoted as all items are",
        "args:\n- 'a'\n- 'b'\n",
        (Append(("args",), "c"),),
        "args:\n- 'a'\n- 'b'\n- 'c'\n",
    ),
    Case(
        "a comment that stands left of the items belongs to the next key",
        "a:\n- x\n# about b\nb: 1\n",
        (Append(("a",), "w"),),
        "a:\n- x\n- w\n# about b\nb: 1\n",
    ),
    Case("an equal item is not appended", "a: [x, y]\n", (Append(("a",), "x"),), "a: [x, y]\n"),
    Case("a value that is there already is left", "a: 'x'\n", (Set(("a",), "x"),), "a: 'x'\n"),
    Case(
        "the strings that YAML would read as something else are quoted",
        "a: 1\n",
        (Set(("b",), ["y", "no", "010", "1:30", "0o7", "~", "1e3", "x #y", "--flag", "100Mi", "2020-01-01", ""]),),
        'a: 1\nb:\n  - "y"\n  - "no"\n  - "010"\n  - "1:30"\n  - "0o7"\n  - "~"\n  - "1e3"\n  - "x #y"\n  - --flag\n'
        '  - 100Mi\n  - "2020-01-01"\n  - ""\n',
    ),
    Case(
        "a string of several lines becomes a block scalar, the comment stays in the line of its key",
        "a: old # why\nb: 1\n",
        (Set(("a",), "x\ny\n"),),
        "a: | # why\n  x\n  y\nb: 1\n",
    ),
    Case(
        "a block scalar is replaced as a whole",
        "a: |-\n  x\n\n  y\n# foot\nb: 1\n",
        (Set(("a",), "z"),),
        "a: z\n# foot\nb: 1\n",
    ),
    Case(
        "a block becomes a scalar, the comments inside it go",
        "a: # why\n  b: 1 # one\n  # two\nc: 1\n",
        (Set(("a",), 5),),
        "a: 5 # why\nc: 1\n",
    ),
    Case(
        "a scalar item becomes a mapping",
        "a:\n- x # why\n- y\n",
        (Set(("a", 0), {"b": 1, "c": {"d": 2}}),),
        "a:\n- b: 1 # why\n  c:\n    d: 2\n- y\n",
    ),
    Case(
        "line breaks of Windows, the byte order mark and a missing last line break stay",
        "\ufeffa:\r\n  b: 1\r\nc: 2",
        (Set(("a", "d"), 1), Set(("e", "f"), True)),
        "\ufeffa:\r\n  b: 1\r\n  d: 1\r\nc: 2\r\ne:\r\n  f: true",
    ),
    Case("only the one document changes", "a: 1\n---\na: 1\n", (Set(("a",), 2),), "a: 1\n---\na: 2\n", 1),
    Case(
        "a value with a tag or an anchor that nobody uses is replaced with it",
        "a: !!str 5 # why\nb: &x 6\n",
        (Set(("a",), 7), Set(("b",), 8)),
        "a: 7 # why\nb: 8\n",
    ),
    Case(
        "whole lists that shrink keep the lines that stay",
        "a:\n- x # 1\n- y # 2\n- z # 3\n",
        (Set(("a",), ["x", "z"]),),
        "a:\n- x # 1\n- z # 3\n",
    ),
]

REMOVALS = [
    Case(
        "a key goes with the comment beside it; the one above stays",
        "a:\n  # why\n  b: 1 # one\n  c: 2\n",
        (Remove(("a", "b")),),
        "a:\n  # why\n  c: 2\n",
    ),
    Case(
        "a mapping that becomes empty goes with its key and the comments inside it",
        POD,
        (Remove((*SECURITY, "privileged")),),
        POD.replace("      securityContext:\n        privileged: true # uploads need the disk\n", ""),
    ),
    Case(
        "the dash moves to the next key when the first one goes",
        POD,
        (Remove((*CONTAINER, "name")),),
        POD.replace("    - name: web # the shop\n      image", "    - image"),
    ),
    Case(
        "comments between the first key and the next stay above the dash",
        "a:\n- b: 1\n  # two\n  c: 2\n",
        (Remove(("a", 0, "b")),),
        "a:\n  # two\n- c: 2\n",
    ),
    Case(
        "the only key of an item leaves an empty mapping",
        "a:\n- b: 1 # x\n- c\n",
        (Remove(("a", 0, "b")),),
        "a:\n- {}\n- c\n",
    ),
    Case("the last item takes the key of the list along", "a: 1\nb:\n- c\n", (Remove(("b", 0)),), "a: 1\n"),
    Case(
        "an item goes, the comment above the next one stays",
        "a:\n  - b: 1\n    c: 2\n  # two\n  - d: 1\n",
        (Remove(("a", 0)),),
        "a:\n  # two\n  - d: 1\n",
    ),
    Case("the dash of a list in a list moves", "a:\n- - b\n  - c\n", (Remove(("a", 0, 0)),), "a:\n- - c\n"),
    Case("an absent path is left absent", "a: {b: 1}\n", (Remove(("a", "c", 0, "d")),), "a: {b: 1}\n"),
    Case("the first line of a file keeps its byte order mark", "\ufeffa: 1\nb: 2\n", (Remove(("a",)),), "\ufeffb: 2\n"),
    Case(
        "blank lines that a block scalar keeps do not grow when what is below it goes",
        "a:\n- |+\n  x\n\n- b\n\n- c\n",
        (Remove(("a", 1)),),
        "a:\n- |+\n  x\n\n- c\n",
    ),
    Case(
        "a byte order mark before the second document is not part of its columns",
        "a: 1\n---\n\ufeffb: 1\n",
        (Set(("c",), 2),),
        "a: 1\n---\n\ufeffb: 1\nc: 2\n",
        1,
    ),
    Case(
        "JSON objects that follow one another are documents of their own",
        '{"a": 1}{"a": 2}\n',
        (Set(("b",), 3),),
        '{"a": 1}{"a": 2, "b": 3}\n',
        1,
    ),
    Case(
        "comments inside a block that becomes a scalar go, whatever comes below it",
        "a:\n  b:\n    c: 1\n    # two\n  d: 1\n",
        (Set(("a", "b"), 2), Remove(("a", "d")), Set(("a", "e"), 3)),
        "a:\n  b: 2\n  e: 3\n",
    ),
    Case(
        "keys come and go in one pass",
        "a:\n  b: 1\n  c: 2\n",
        (Remove(("a", "c")), Set(("a", "d"), 3), Set(("a", "b"), 4)),
        "a:\n  b: 4\n  d: 3\n",
    ),
    Case(
        "kept blank lines of a block scalar are its own",
        "a: |+\n  x\n\nb: 1\n",
        (Set(("c",), 1), Remove(("b",))),
        "a: |+\n  x\n\nc: 1\n",
    ),
]

FLOW = [
    Case(
        "flow collections are edited in their own style",
        "a: { b: 1, c: [x,y] } # why\n",
        (Set(("a", "d"), {"e": "f: g"}), Append(("a", "c"), "z"), Set(("a", "b"), 2)),
        'a: { b: 2, c: [x,y,z], d: {e: "f: g"} } # why\n',
    ),
    Case(
        "an entry goes with its comma",
        "a: {b: 1, c: 2, d: 3}\ne: [x, y, z]\n",
        (Remove(("a", "b")), Remove(("a", "d")), Remove(("e", 1))),
        "a: {c: 2}\ne: [x, z]\n",
    ),
    Case(
        "an item in double quotes gets such a neighbour",
        'a: ["sh", "-c"]\n',
        (Append(("a",), "ls"),),
        'a: ["sh", "-c", "ls"]\n',
    ),
    Case(
        "items on lines of their own keep their comments",
        "a: [\n  b, # one\n  c # two\n]\n",
        (Append(("a",), "d"), Remove(("a", 0))),
        "a: [\n  c, # two\n  d\n]\n",
    ),
    Case("a comma after the last item stays one", "a: [\n  b,\n]\n", (Append(("a",), "c"),), "a: [\n  b,\n  c,\n]\n"),
    Case(
        "an item without a value gets one",
        "a: {b, c: }\n",
        (Set(("a", "b"), 1), Set(("a", "c"), 2)),
        "a: {b: 1, c: 2}\n",
    ),
    Case(
        "JSON of several lines stays JSON of several lines",
        '{\n    "a": {\n        "b": 1\n    },\n    "c": [],\n    "d": 1\n}\n',
        (Set(("a", "e"), {"f": ["y"]}), Append(("c",), 1), Remove(("d",))),
        '{\n    "a": {\n        "b": 1,\n        "e": {\n            "f": [\n                "y"\n            ]\n'
        '        }\n    },\n    "c": [\n        1\n    ]\n}\n',
    ),
    Case(
        "JSON of one line stays without spaces",
        '{"a":{"b":1},"c":[1,2]}',
        (Set(("a", "d"), {"e": None}), Append(("c",), "x"), Remove(("a", "b"))),
        '{"a":{"d":{"e":null}},"c":[1,2,"x"]}',
    ),
]

SHARED = "x: &a\n  k: 1\nu: *a # why\nz:\n  <<: *a\n  m: 1\n"
SHARING = [
    Case(
        "an alias is replaced as a whole",
        SHARED,
        (Set(("u",), {"k": 2}),),
        "x: &a\n  k: 1\nu: # why\n  k: 2\nz:\n  <<: *a\n  m: 1\n",
    ),
    Case("a local key overrides a merged one", SHARED, (Set(("z", "k"), 2),), SHARED + "  k: 2\n"),
    Case("what is beside an alias can change", SHARED, (Set(("z", "m"), 2),), SHARED.replace("m: 1", "m: 2")),
    Case("an alias can go", SHARED, (Remove(("u",)),), SHARED.replace("u: *a # why\n", "")),
    Case("an anchor that nobody uses is no hindrance", "x: &a\n  k: 1\n", (Set(("x", "k"), 2),), "x: &a\n  k: 2\n"),
    Case("a key with `?` is no hindrance to its neighbours", "? a\n: 1\n", (Set(("b",), 2),), "? a\n: 1\nb: 2\n"),
]


@pytest.mark.parametrize("case", [*BLOCK, *REMOVALS, *FLOW, *SHARING], ids=lambda case: case.holds)
def test_an_edit_looks_as_a_careful_person_would_write_it(case: Case) -> None:
    assert edited(case.before, case.operations, case.document) == case.after


@pytest.mark.parametrize(
    ("text", "operation", "reason"),
    [
        (SHARED, Set(("x", "k"), 2), "the value on line 2 is also used on line 3, through `*a`"),
        (SHARED, Remove(("x",)), "the value on line 2 is also used on line 3, through `*a`"),
        (SHARED, Set(("u", "k"), 2), "line 3 takes the value of `*a`, which line 2 holds for every place that uses it"),
        (SHARED, Remove(("z", "k")), "the key `k` also comes from the merge `<<` on line 5"),
        ("x: &a {k: {l: 1}}\nz:\n  <<: *a\n", Set(("z", "k", "l"), 2), "`k` comes whole from the merge `<<` on line 3"),
        ("x: &a {k: 1}\nz:\n  k: 2\n  <<: *a\n", Set(("z", "k"), 3), "a merge `<<` below it overrides it"),
        ("a: 1\na: 2\n", Set(("a",), 3), "the key `a` on line 1: it is written twice"),
        ("? a\n: 1\n", Set(("a",), 3), "the key `a` on line 1 is written with `?`"),
        ("a: 1\n", Set(("a", "b"), 3), "a is `1`, so it cannot have the key `b`"),
        ("a: [1]\n", Set(("a", 1), 3), "a has 1 items, so there is no item 1"),
        ("a:\n  b: 1\n", Set(("a", "b", 0, "c"), 3), "a.b is `1`, so it has no item 0"),
        ("a: {b: 1}\n", Append(("a",), 3), "a is a mapping, not a sequence"),
        ("a: 1\n", Remove(()), "the whole document cannot be removed"),
        ("a: 1\n", Set(("b",), float("inf")), "b: inf is not a JSON number"),
        ("a: 1\n---\nb: 1\n", Remove(("a",)), "the file would start with `{`, and kubectl would"),
        ("a: 1\n", Set(("b",), "\ud800"), "the edited text would not be readable"),
    ],
)
def test_an_edit_that_would_do_more_or_less_is_refused_with_its_reason(
    text: str, operation: Operation, reason: str
) -> None:
    with pytest.raises(EditRefused) as caught:
        edited(text, (operation,))
    assert reason in caught.value.message.en
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: 1\n", "a: 1\n---\nb: 2\n"),
        ("a: 1", "a: 1\n---\nb: 2\n"),
        ("a: 1\r\n", "a: 1\r\n---\r\nb: 2\r\n"),
        ("a: 1\n---\n", "a: 1\n---\nb: 2\n"),
        ("", "b: 2\n"),
        ("# nothing yet\n", "# nothing yet\nb: 2\n"),
    ],
)
def test_a_document_is_put_at_the_end_of_a_file(text: str, after: str) -> None:
    assert apply(text, [append_document(text, "b: 2\n")]) == after


def test_a_json_file_takes_no_yaml_document() -> None:
    with pytest.raises(EditRefused, match="a JSON file takes no YAML document"):
        append_document('{"a": 1}\n', "b: 2\n")
