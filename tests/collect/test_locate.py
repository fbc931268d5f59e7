"""Where a field stands, as an editor counts."""

from pathlib import Path
from textwrap import dedent

import pytest

from fourc.collect.locate import Locator
from fourc.model.location import Location, Origin
from fourc.patch.yaml.node import Path as FieldPath

TEXT = dedent("""\
    # 注释
    apiVersion: v1
    kind: Pod
    metadata: {name: web}
    spec:
      containers:
        - name: web
          securityContext:
            privileged: true
          args:
            - --a
            - "--b"
          env: []
    ---
    apiVersion: v1
    kind: List
    items:
      - {kind: Pod, spec: {hostPID: true}}
    """)
CONTAINER: FieldPath = ("spec", "containers", 0)


def locate(text: str, document: int, at: FieldPath, item: FieldPath = ()) -> tuple[int, int, int, int]:
    """Line, column, end line and end column."""
    found = Locator(Path(), stdin=text.encode()).locate(Origin("-", document, 1, item), at)
    assert found.path == "-"
    return found.line, found.column, found.end_line, found.end_column


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ((*CONTAINER, "securityContext", "privileged"), (9, 9, 9, 25)),
        ((*CONTAINER, "securityContext"), (8, 7, 8, 22)),
        ((*CONTAINER, "securityContext", "runAsUser"), (8, 7, 8, 22)),
        ((*CONTAINER, "resources", "limits"), (7, 7, 7, 16)),
        (CONTAINER, (7, 7, 7, 16)),
        ((*CONTAINER, "args", 1), (12, 11, 12, 16)),
        ((*CONTAINER, "args", 7), (10, 7, 10, 11)),
        (("metadata", "name"), (4, 12, 4, 21)),
        (("spec", "containers", 5), (6, 3, 6, 13)),
        ((), (2, 1, 2, 15)),
        (("status",), (2, 1, 2, 15)),
    ],
)
def test_a_field_is_shown_by_its_key_and_an_absent_one_by_its_parent(
    at: FieldPath, place: tuple[int, int, int, int]
) -> None:
    assert locate(TEXT, 0, at) == place


def test_paths_are_taken_from_the_item_of_a_list() -> None:
    assert locate(TEXT, 1, ("spec", "hostPID"), ("items", 0)) == (18, 24, 18, 37)
    assert locate(TEXT, 1, ("metadata",), ("items", 0)) == (18, 5, 18, 39)


def test_json_crlf_and_a_byte_order_mark_count_as_editors_do() -> None:
    assert locate('{"a": {"b": 1},\r\n "c": true}', 0, ("c",)) == (2, 2, 2, 11)
    assert locate("\ufeffa: 1\r\nb: 2\r\n", 0, ("b",)) == (2, 1, 2, 5)
    assert locate("\ufeffa: 1\r\n", 0, ("a",)) == (1, 1, 1, 5)


def test_what_a_merge_or_alias_brings_is_shown_where_it_stands() -> None:
    text = "base: &b {x: 1}\nmerged:\n  <<: *b\nalias: *b\n"
    assert locate(text, 0, ("merged", "x"))[0] == 1
    assert locate(text, 0, ("alias",))[0] == 4


def test_a_file_that_vanished_or_changed_is_shown_by_the_line_that_was_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    locator = Locator(tmp_path)
    for path, document in (("a.yaml", 3), ("gone.yaml", 0)):
        assert locator.locate(Origin(path, document, 7), ("a",)) == Location(path, 7, 1, 7, 1)
    (tmp_path / "b.yaml").write_bytes(b"\xff")
    assert locator.locate(Origin("b.yaml", 0, 2), ()) == Location("b.yaml", 2, 1, 2, 1)
    (tmp_path / "c.yaml").write_text("a: 1\n---\nb: [\n--- x\n")
    assert locator.locate(Origin("c.yaml", 0, 1), ("a",)) == Location("c.yaml", 1, 1, 1, 5)
    assert locator.locate(Origin("c.yaml", 1, 2), ("b",)) == Location("c.yaml", 2, 1, 2, 1)


def test_what_was_rendered_is_shown_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("a: {{ .Values.a }}\n")
    origin = Origin("t.yaml", 4, 1, (), "helm")
    assert Locator(tmp_path).locate(origin, ("a",)) == Location("t.yaml", 1, 1, 1, 1)


def test_many_files_are_located_one_after_the_other(tmp_path: Path) -> None:
    locator = Locator(tmp_path)
    for number in range(10):
        (tmp_path / f"{number}.yaml").write_text("\n" * number + "a: 1\n")
    for number in (*range(10), 0):
        assert locator.locate(Origin(f"{number}.yaml", 0, 1), ("a",)).line == number + 1
