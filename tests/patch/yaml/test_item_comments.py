"""A removed list item takes its own comments along and nobody else's; an item that stays keeps what stands beside it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from fourc.patch.text import apply
from fourc.patch.yaml.alignment import aligned
from fourc.patch.yaml.edit import Operation, Remove, Set, edits
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.reader import compose, load, split


class Item(Struct, frozen=True):
    """An item as written: lines that are not its own before it, its own comments above it, and its lines."""

    before: tuple[str, ...]
    above: tuple[str, ...]
    body: tuple[str, ...]

    def lines(self, column: int) -> list[str]:
        return [" " * column + line if line else "" for line in (*self.before, *self.above, *self.body)]

    def left(self, column: int) -> list[str]:
        """What stays when the item goes."""
        return [" " * column + line if line else "" for line in self.before]


COMMENT = st.sampled_from(["# why", "# 为什么", "#", "# - a: 1", "# it's"])
LOOSE = st.one_of(
    st.just(()), st.just(("",)), COMMENT.map(lambda c: (c, "")), COMMENT.map(lambda c: ("", c, "")), st.just(("", ""))
)
BODY = st.one_of(
    st.sampled_from(["- a", "- a # beside", "- 'a # b'", "- {a: 1} # beside", "- [a, b]", "- ''"]).map(lambda x: (x,)),
    st.sampled_from(
        [
            ("- a: 1 # beside", "  b: 2"),
            ("- a:", "    - 1 # one", "    # two", "    - 2"),
            ("- a: 1", "  # inside", "  b: 2", "  # below, deeper"),
            ("- a: |", "    # no comment", "    text"),
            ("- # beside the dash", "  a: 1"),
            ("- a: >-", "    folded", "  b: 1 # beside"),
        ]
    ),
)
ITEMS = st.lists(st.builds(Item, LOOSE, st.lists(COMMENT, max_size=2).map(tuple), BODY), min_size=2, max_size=5)


def edited(text: str, *operations: Operation) -> str:
    root = compose(next(split(text)))
    assert root is not None
    return apply(text, edits(text, root, operations))


@settings(deadline=None)
@given(ITEMS, st.data(), st.sampled_from([0, 2, 4]), st.sampled_from(["\n", "\r\n"]))
def test_what_is_left_is_the_file_without_the_items_and_their_comments(
    items: list[Item], data: st.DataObject, column: int, eol: str
) -> None:
    gone = data.draw(st.sets(st.integers(0, len(items) - 1), min_size=1, max_size=len(items) - 1))
    head, tail = ["x: 1", "list: # the list"], ["y: 2 # the end"]
    before = [*head, *(line for item in items for line in item.lines(column)), *tail]
    after = [*head]
    for index, item in enumerate(items):
        after += item.left(column) if index in gone else item.lines(column)
    after += tail
    text = "".join(line + eol for line in before)
    operations = [Remove(("list", index)) for index in sorted(gone, reverse=True)]
    assert edited(text, *operations) == "".join(line + eol for line in after)


@settings(deadline=None)
@given(ITEMS, st.data())
def test_a_whole_list_that_is_set_takes_away_just_the_items_that_it_lacks(
    items: list[Item], data: st.DataObject
) -> None:
    # told apart by a number, so that it is certain which one is missing
    numbered = [Item(i.before, i.above, (f"- id: {n} # item {n}", f"  own: {n}")) for n, i in enumerate(items)]
    kept = sorted(data.draw(st.sets(st.integers(0, len(items) - 1), min_size=1)))
    text = "".join(f"{line}\n" for line in ["list:", *(line for item in numbered for line in item.lines(2))])
    left = ["list:"]
    for index, item in enumerate(numbered):
        left += item.lines(2) if index in kept else item.left(2)
    value: list[Json] = [{"id": n, "own": n} for n in kept]
    assert edited(text, Set(("list",), value)) == "".join(f"{line}\n" for line in left)


@settings(deadline=None)
@given(st.lists(st.integers(0, 4), max_size=6), st.lists(st.integers(0, 4), max_size=6))
def test_an_alignment_ascends_and_keeps_as_many_equal_items_as_can_be(old: list[int], new: list[int]) -> None:
    found = aligned(list[Json](old), list[Json](new))
    taken = [index for index in found if index is not None]
    assert len(found) == len(new)
    assert taken == sorted(set(taken))
    equal = sum(index is not None and old[index] == value for index, value in zip(found, new, strict=True))
    longest = _common(old, new)
    # the first new item has an old one even where that costs an equal one
    assert longest - 1 <= equal <= longest


def _common(old: list[int], new: list[int]) -> int:
    """The length of the longest common subsequence, by trying."""
    if not old or not new:
        return 0
    if old[-1] == new[-1]:
        return 1 + _common(old[:-1], new[:-1])
    return max(_common(old[:-1], new), _common(old, new[:-1]))


def test_a_role_that_loses_one_rule_keeps_the_comments_of_the_others() -> None:
    before = """\
rules:
# the pods
- apiGroups: [""]
  resources: [pods] # to look at
  verbs: [get]
# a shell, for the cache
- apiGroups: [""]
  resources: [pods/exec] # clear-cache.sh
  verbs: [create]
# the restart button
- apiGroups: [apps]
  resources: [deployments] # restart
  verbs: [get, patch]
"""
    after = """\
rules:
# the pods
- apiGroups: [""]
  resources: [pods] # to look at
  verbs: [get]
# the restart button
- apiGroups: [apps]
  resources: [deployments] # restart
  verbs: [get]
"""
    rules: list[Json] = [
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]},
        {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]},
    ]
    assert edited(before, Set(("rules",), rules)) == after


def test_a_rule_that_is_split_stays_above_its_neighbour_with_its_comments() -> None:
    before = """\
rules:
  # all
  - resources: [pods, secrets] # both
    verbs: [get, list]
  # the last
  - resources: [nodes] # one
    verbs: [get]
"""
    after = """\
rules:
  # all
  - resources: [pods] # both
    verbs: [get, list]
  - resources:
      - secrets
    verbs:
      - get
  # the last
  - resources: [nodes] # one
    verbs: [get]
"""
    rules: list[Json] = [
        {"resources": ["pods"], "verbs": ["get", "list"]},
        {"resources": ["secrets"], "verbs": ["get"]},
        {"resources": ["nodes"], "verbs": ["get"]},
    ]
    assert edited(before, Set(("rules",), rules)) == after


@pytest.mark.parametrize(
    ("before", "index", "after"),
    [
        ("a: [\n  # one\n  1,\n  # two\n  2,\n  # three\n  3\n]\n", 1, "a: [\n  # one\n  1,\n  # three\n  3\n]\n"),
        ("a: [\n  # one\n  1,\n  # two\n  2, # beside\n]\n", 1, "a: [\n  # one\n  1,\n]\n"),
        ("a: [\n  # one\n  1, # beside\n  # two\n  2\n]\n", 0, "a: [\n  # two\n  2\n]\n"),
        ("a: [\n  # loose\n\n  # one\n  1,\n  2\n]\n", 0, "a: [\n  # loose\n\n  2\n]\n"),
        ("a: [1, # one\n    2]\n", 1, "a: [1 # one\n    ]\n"),
        ("a: [1, 2,\n    # three\n    3]\n", 1, "a: [1,\n    # three\n    3]\n"),
        ("a: [1, 2, # two\n    # three\n    3]\n", 1, "a: [1,\n    # three\n    3]\n"),
    ],
)
def test_items_between_brackets_go_with_their_own_comments_too(before: str, index: int, after: str) -> None:
    assert edited(before, Remove(("a", index))) == after


@pytest.mark.parametrize(
    "between", ['{"a": [1, 2, 3]}\n', '{\n  "a": [\n    1,\n    2,\n    3\n  ]\n}\n', "a: [1, 2, 3]\n"]
)
def test_items_are_added_between_others_in_flow_style_too(between: str) -> None:
    value: list[Json] = [1, 7, 8, 3]
    text = edited(between, Set(("a",), value))
    assert load(next(split(text))) == {"a": value}
    more: list[Json] = [1, 7, 2, 3]
    assert load(next(split(edited(between, Set(("a",), more))))) == {"a": more}


def test_an_item_that_is_known_by_its_fields_is_removed_once() -> None:
    text = "subjects:\n  - {kind: Group, name: all}\n  # ours\n  - {kind: Group, name: ours}\n"
    operation = Remove(("subjects", 0), (("kind", "Group"), ("name", "all")))
    once = edited(text, operation)
    assert once == "subjects:\n  # ours\n  - {kind: Group, name: ours}\n"
    assert edited(once, operation) == once


MAPPINGS = st.fixed_dictionaries({"a": st.integers(0, 1), "b": st.integers(0, 1)})
VALUES = st.lists(st.sampled_from(["a", "b", "c"]) | MAPPINGS, min_size=1, max_size=5)


@settings(deadline=None)
@given(VALUES, VALUES, st.sampled_from(["block", "flow", "lines"]), st.data())
def test_any_list_becomes_any_other_in_every_style(
    old: list[Json], new: list[Json], style: str, data: st.DataObject
) -> None:
    comment = st.sampled_from(["", " # beside", "\n  # own line"])
    if style == "block":
        lines = [f"  - {json.dumps(item)}{data.draw(comment)}" for item in old]
        text = "list:\n" + "\n".join(lines) + "\nz: 1\n"
    elif style == "flow":
        text = "list: [" + ", ".join(json.dumps(item) for item in old) + "]\nz: 1\n"
    else:
        lines = [f"  {json.dumps(item)}," + data.draw(comment) for item in old]
        text = "list: [\n" + "\n".join(lines) + "\n  ]\nz: 1\n"
    after = edited(text, Set(("list",), new))
    assert load(next(split(after))) == {"list": new, "z": 1}
    assert edited(after, Set(("list",), new)) == after
