"""Whatever the data, the way it is written and the operations: the text reads as meant and the rest stays."""

import json
import re
from itertools import pairwise
from random import Random

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from fourc.patch.text import apply
from fourc.patch.yaml.edit import Append, EditRefused, Operation, Remove, Set, apply_operations, edits
from fourc.patch.yaml.node import Json, Node, Path
from fourc.patch.yaml.reader import compose, load, split, to_json
from fourc.patch.yaml.target import same

KEYS = st.sampled_from(["a", "b", "name", "spec", "y", "010", "键", "x: y", "", "null", "k8s.io/a", "<<", "- d", "#c"])
STRINGS = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        [
            *(
                "y",
                "no",
                "010",
                "1:30",
                "0o7",
                "~",
                "a: b",
                "a #b",
                "- a",
                "--flag",
                "中文",
                "l1\nl2\n",
                "l1\n\n l2",
                "x\n",
            ),
            *("2020-01-01", "1e3", "=", "<<", "*a", "&a", "!t", "%d", "@a", "`b", "{a", "[b", "---", "...", " lead"),
            *("end ", "a:", "it's", 'say "x"', "tab\there", "100Mi", "250m", "nginx:1.25", "#c", "\ufeff", "\x85"),
            *("\u2028", ",", "k\n\n", "-", "?", ":", "-1", "+.inf", ".5", "0x1F", "1_000", "a\r\nb"),
        ]
    ),
)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, STRINGS)
DATA: st.SearchStrategy[Json] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=16
)
DOCUMENTS = st.dictionaries(KEYS, DATA, min_size=1, max_size=4)


class Writer(Struct, frozen=True):
    """Writes data in a style of its own: another program than the one under test."""

    random: Random
    step: int
    dash: int
    comments: bool
    flow: float
    spaced: bool

    def document(self, data: dict[str, Json]) -> str:
        return "".join(self.entries(data, 0))

    def entries(self, data: dict[str, Json], column: int) -> list[str]:
        lines: list[str] = []
        for key, value in data.items():
            lines += self.above(column)
            lines += self.hung(" " * column + self.key(key) + ":", value, column + self.step, column + self.dash)
        return lines

    def items(self, data: list[Json], column: int) -> list[str]:
        lines: list[str] = []
        for value in data:
            lines += self.above(column)
            mark = " " * column + "-"
            if isinstance(value, dict | list) and value and self.random.random() >= self.flow:
                inner = column + self.random.choice([2, self.step]) if self.step > 1 else column + 2
                block = self.entries(value, inner) if isinstance(value, dict) else self.items(value, inner)
                first = next(i for i, line in enumerate(block) if line.strip() and not line.lstrip().startswith("#"))
                lines += [*block[:first], mark + block[first][column + 1 :], *block[first + 1 :]]
            else:
                lines += self.hung(mark, value, column + 2, column + 2)
        return lines

    def hung(self, mark: str, value: Json, mapping: int, sequence: int) -> list[str]:
        flow = self.random.random() < self.flow
        if isinstance(value, dict) and value and not flow:
            return [mark + self.beside() + "\n", *self.entries(value, mapping)]
        if isinstance(value, list) and value and not flow:
            return [mark + self.beside() + "\n", *self.items(value, sequence)]
        if value is None and self.random.random() < 0.5:
            return [mark + self.beside() + "\n"]
        if isinstance(value, str) and re.fullmatch(r"[a-z0-9]+(\n[a-z0-9]+)*\n*", value) and "\n" in value:
            header = "|+" if value.endswith("\n\n") else "|" if value.endswith("\n") else "|-"
            body = value.removesuffix("\n").split("\n")
            return [f"{mark} {header}\n", *(f"{' ' * (mapping + 1)}{line}\n" if line else "\n" for line in body)]
        return [f"{mark} {self.in_flow(value)}{self.beside()}\n"]

    def in_flow(self, value: Json) -> str:
        space = " " if self.spaced else ""
        if isinstance(value, dict):
            return "{" + f",{space}".join(f"{self.key(k)}: {self.in_flow(v)}" for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + space + f",{space}".join(map(self.in_flow, value)) + space + "]"
        return self.scalar(value)

    def key(self, key: str) -> str:
        return key if key in ("a", "b", "name", "spec", "键") and self.random.random() < 0.8 else self.quoted(key)

    def scalar(self, value: Json) -> str:
        if isinstance(value, str):
            resolves = value.lower() in ("yes", "off", "null", "true", "false")
            return value if re.fullmatch(r"[a-zA-Z]{3,}", value) and not resolves else self.quoted(value)
        return json.dumps(value)

    def quoted(self, text: str) -> str:
        if text.isprintable() and self.random.random() < 0.5:
            return "'" + text.replace("'", "''") + "'"
        text = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f").replace("\ufeff", "\\ufeff")
        return "".join(c if c.isprintable() or ord(c) > 0xFFFF else f"\\u{ord(c):04x}" for c in text)

    def above(self, column: int) -> list[str]:
        if not self.comments or self.random.random() < 0.6:
            return []
        return [self.random.choice(["\n", " " * column + "# 注释: [a\n", f"{' ' * (column + 1)}# deeper\n", "# far\n"])]

    def beside(self) -> str:
        return self.random.choice(["", " ", "  # beside"]) if self.comments else ""


@st.composite
def texts(draw: st.DrawFn, data: dict[str, Json]) -> str:
    if draw(st.integers(0, 4)) == 0:
        indent = draw(st.sampled_from([None, 2, 4, "\t"]))
        separators = draw(st.sampled_from([(",", ":"), (", ", ": ")])) if indent is None else None
        return json.dumps(data, indent=indent, separators=separators, ensure_ascii=draw(st.booleans()))
    step = draw(st.sampled_from([2, 4, 1]))
    writer = Writer(
        draw(st.randoms(use_true_random=False)),
        step,
        draw(st.sampled_from([0, step])),
        draw(st.booleans()),
        draw(st.sampled_from([0.0, 0.2, 0.6])),
        draw(st.booleans()),
    )
    text = writer.document(data)
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    if draw(st.integers(0, 3)) == 0:
        text = text.removesuffix("\n").removesuffix("\r")
    return draw(st.sampled_from(["", "", "\ufeff", "# 说明\n", "---\n"])) + text


def _paths(data: Json, path: Path = ()) -> list[Path]:
    found = [path] if path else []
    if isinstance(data, dict):
        for key, value in data.items():
            found += _paths(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            found += _paths(value, (*path, index))
    return found


@st.composite
def operations(draw: st.DrawFn, data: Json) -> list[Operation]:
    """Operations on paths that are there, or that start there."""
    made: list[Operation] = []
    current = data
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from([*_paths(current), ("new",)]))
        if draw(st.booleans()):
            path = (*path, *draw(st.lists(KEYS, max_size=2)))
        value = draw(DATA)
        choices: list[Operation] = [Remove(path), Set(path, value), Append(path, value)]
        operation = draw(st.sampled_from(choices))
        try:
            current = apply_operations(current, [operation])
        except EditRefused:
            continue
        made.append(operation)
    return made


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, list[Operation]]:
    data = draw(DOCUMENTS)
    return draw(texts(data)), draw(operations(data))


def _only(text: str) -> Node:
    (document,) = split(text)
    root = compose(document)
    assert root is not None
    return root


_LIST_IN_LIST = re.compile(r"^\s*(?:- |\S+: )?- +-(?:\s|$)", re.MULTILINE)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cases())
@example(("a: []\r\nspec: |+\r\n   0\r\n", [Remove(("a",)), Remove(("spec",))]))
def test_the_edited_text_reads_as_the_data_after_the_operations(case: tuple[str, list[Operation]]) -> None:
    text, wanted_operations = case
    root = _only(text)
    wanted = apply_operations(to_json(root), wanted_operations)
    try:
        made = edits(text, root, wanted_operations)
    except EditRefused:
        # the first dash of a list in a list would have to move over a comment or into lines that change themselves
        assert _LIST_IN_LIST.search(text)
        return
    after = apply(text, made)
    (document,) = split(after)
    assert same(load(document), wanted), after
    assert edits(after, _only(after), [Set((), wanted)]) == ()
    assert list(made) == sorted(made, key=lambda edit: edit.start)
    assert all(left.end <= right.start for left, right in pairwise(made))
    if made and "\r\n" in text and "\n" not in text.replace("\r\n", ""):
        assert "\n" not in after.replace("\r\n", "")


@st.composite
def additions(draw: st.DrawFn) -> tuple[str, list[Operation]]:
    """A text, and new keys for its root, its mappings in a block and its lists."""
    data = draw(DOCUMENTS)
    collections: list[Path] = [(), *(path for path in _paths(data) if isinstance(_at(data, path), dict | list))]
    chosen = draw(st.lists(st.sampled_from(collections), min_size=1, max_size=4))
    value = draw(DATA)
    made: list[Operation] = [
        Append(path, {"added": value}) if isinstance(_at(data, path), list) else Set((*path, "added"), value)
        for path in chosen
    ]
    return draw(texts(data)), made


def _at(data: Json, path: Path) -> Json:
    for element in path:
        if isinstance(data, dict):
            data = data[str(element)]
        elif isinstance(data, list) and isinstance(element, int):
            data = data[element]
    return data


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(additions())
def test_additions_take_no_character_away_but_empty_brackets(case: tuple[str, list[Operation]]) -> None:
    text, wanted_operations = case
    made = edits(text, _only(text), wanted_operations)
    assert {text[edit.start : edit.end].strip() for edit in made} <= {"", "{}", "[]", "[  ]", "[ ]"}
    assert edits(apply(text, made), _only(apply(text, made)), wanted_operations) == ()
