"""Edits of a text, and the patches that the user's own `git apply` and `patch` take."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourc.patch.text import EditConflictError, TextEdit, apply, unified_diff


def test_edits_are_made_at_the_offsets_of_the_text_before() -> None:
    assert apply("one two three", [TextEdit(8, 13, "3"), TextEdit(0, 3, "first")]) == "first two 3"


def test_insertions_at_one_place_keep_their_order() -> None:
    assert apply("ad", [TextEdit(1, 1, "b"), TextEdit(1, 1, "c")]) == "abcd"


def test_an_insertion_may_touch_a_replacement() -> None:
    edits = [TextEdit(1, 3, "x"), TextEdit(1, 1, "<"), TextEdit(3, 3, ">")]
    assert apply("abcd", edits) == "a<x>d"


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(EditConflictError, match="overlap at character 2") as caught:
        apply("abcdef", [TextEdit(0, 3, "x"), TextEdit(2, 4, "y")])
    assert "one after the other" in str(caught.value.hint)


@pytest.mark.parametrize("edit", [TextEdit(0, 4, ""), TextEdit(-1, 1, ""), TextEdit(2, 1, "")])
def test_an_edit_outside_the_text_is_refused(edit: TextEdit) -> None:
    with pytest.raises(EditConflictError, match="in a text of 3"):
        apply("abc", [edit])


def test_equal_texts_have_no_diff() -> None:
    assert unified_diff("a.yaml", "a: 1\n", "a: 1\n") == ""


def test_a_diff_is_what_git_shows() -> None:
    assert (
        unified_diff("deploy/web.yaml", "a: 1\nb: 2\n", "a: 1\nb: 3\n")
        == """\
--- a/deploy/web.yaml
+++ b/deploy/web.yaml
@@ -1,2 +1,2 @@
 a: 1
-b: 2
+b: 3
"""
    )


def test_a_missing_final_newline_is_said_on_both_sides() -> None:
    assert (
        unified_diff("a", "x", "y")
        == """\
--- a/a
+++ b/a
@@ -1 +1 @@
-x
\\ No newline at end of file
+y
\\ No newline at end of file
"""
    )


def test_a_new_file_comes_from_dev_null() -> None:
    assert (
        unified_diff("a.yaml", None, "a: 1\n")
        == """\
diff --git a/a.yaml b/a.yaml
new file mode 100644
--- /dev/null
+++ b/a.yaml
@@ -0,0 +1 @@
+a: 1
"""
    )


def test_a_path_outside_ascii_is_quoted_as_git_does() -> None:
    assert unified_diff("部署.yaml", "a", "b").splitlines()[0] == r'--- "a/\351\203\250\347\275\262.yaml"'


PATHS = ["a.yaml", "deploy/web app.yaml", "部署/网 站.yaml", 'we"ird\\name.yaml', "tab\there.yaml", "-dash"]
PAIRS: list[tuple[str | None, str | None]] = [
    ("a: 1\nb: 2\n", "a: 1\nb: 3\n"),
    ("a: 1", "a: 1\nb: 2"),
    ("a: 1\n", "a: 1"),
    ("a: 1\r\nb: 2\r\n", "a: 1\r\nc: 2\r\n"),
    ("a: 1\r\nb: 2", "a: 3\nb: 2"),
    ("键: 值\n", "键: 新\u2028值\n"),
    ("\ufeffa: 1\n", "\ufeffa: 2\n"),
    ("a\x0bb\x85c\rd\n", "a\x0bb\x85c\re\n"),
    ("", "a: 1\n"),
    ("a: 1\n", ""),
    (None, "a: 1\nb: 2"),
    ("a: 1\nb: 2\n", None),
]


def _applied(tool: list[str], folder: Path, path: str, before: str | None, after: str | None) -> str | None:
    """What the tool makes of `before` with the patch to `after`; None where no file is left."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if before is not None:
        target.write_bytes(before.encode())
    patch = unified_diff(path, before, after).encode()
    done = subprocess.run(tool, cwd=folder, input=patch, capture_output=True, check=False)
    assert done.returncode == 0, (done.stdout, done.stderr, patch)
    return target.read_bytes().decode() if target.exists() else None


GIT = ["git", "apply", "-p1", "--whitespace=nowarn", "-"]


@pytest.mark.parametrize(("before", "after"), PAIRS)
@pytest.mark.parametrize("path", PATHS)
def test_git_apply_makes_the_text_after(tmp_path: Path, path: str, before: str | None, after: str | None) -> None:
    assert _applied(GIT, tmp_path, path, before, after) == after


@pytest.mark.parametrize(("before", "after"), PAIRS)
@pytest.mark.parametrize("path", ["a.yaml", "deploy/web app.yaml", "部署/网 站.yaml"])
def test_patch_makes_the_text_after(tmp_path: Path, path: str, before: str | None, after: str | None) -> None:
    # GNU patch removes a file that a patch empties
    assert (_applied(["patch", "-p1", "--binary"], tmp_path, path, before, after) or "") == (after or "")


def test_git_apply_makes_and_removes_an_empty_file(tmp_path: Path) -> None:
    assert _applied(GIT, tmp_path, "empty", None, "") == ""
    assert _applied(GIT, tmp_path, "empty", "", None) is None


LINES = st.lists(st.sampled_from(["a: 1", "- b", "", "  # 注释", "x\r", "\ufeff", "\\"]), max_size=8)


@settings(max_examples=40, deadline=None)
@given(before=LINES, after=LINES, ends=st.tuples(st.sampled_from(["", "\n"]), st.sampled_from(["", "\n"])))
def test_git_apply_makes_any_text_after(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], after: list[str], ends: tuple[str, str]
) -> None:
    old, new = "\n".join(before) + ends[0], "\n".join(after) + ends[1]
    if old != new:
        folder = tmp_path_factory.mktemp("tree")
        assert _applied(GIT, folder, "a.yaml", old, new) == new
