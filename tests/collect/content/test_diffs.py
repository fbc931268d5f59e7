"""Of a diff only added lines count, with their lines in the new file; every other text is read as it is."""

import io
import subprocess
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.collect.content.repositories import Repo, told

from fourc.collect.content.blob import Blob
from fourc.collect.content.diffs import diff_blobs, read_stdin, revisions
from fourc.model.gap import Gap

DIFF = b"""diff --git a/dir/key.pem b/dir/key.pem
index 1111111..2222222 100644
--- a/dir/key.pem
+++ b/dir/key.pem
@@ -10,3 +10,4 @@ above
 BEGIN
-old
+body
+++ more
 END
@@ -40 +41,0 @@
-gone
"""


def blobs(text: bytes) -> list[tuple[str, bytes, int, tuple[range, ...] | None]]:
    """Path, text, first line and added lines."""
    return [(b.shown, b.data, b.lines_from, b.added) for b in diff_blobs(text) if isinstance(b, Blob)]


def test_a_hunk_is_its_new_side_with_context_and_the_lines_that_were_added() -> None:
    (hunk,) = diff_blobs(DIFF)
    assert isinstance(hunk, Blob)
    assert (hunk.shown, hunk.data) == ("dir/key.pem", b"BEGIN\nbody\n++ more\nEND")
    assert (hunk.line(2), hunk.counts(10, 13), hunk.counts(10, 10), hunk.counts(12, 12)) == (11, True, False, True)


def test_text_that_is_no_diff_is_read_whole() -> None:
    text = b"password\n@@ no hunk\n--- x\n"
    assert blobs(text) == [("-", text.rstrip(), 1, None)]
    assert blobs(b"plain\n") == [("-", b"plain\n", 1, None)]
    text = b"--- x\n+++ y\nindex of keys\n@@ no hunk\n"
    assert blobs(text) == [("-", text.rstrip(), 1, None)]


def test_what_stands_around_a_diff_is_text_with_its_line() -> None:
    text = b"From: me\n\nmy key is 1\n---\n" + DIFF + b"-- \nsignature\n"
    assert blobs(text) == [
        ("-", b"From: me\n\nmy key is 1\n---", 1, None),
        ("dir/key.pem", b"BEGIN\nbody\n++ more\nEND", 10, (range(11, 13),)),
        ("-", b"-- \nsignature", 17, None),
    ]


def test_a_hunk_that_lies_about_its_length_hides_nothing() -> None:
    short = b"--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+one\n+key\n"
    long = b"--- a/f\n+++ b/f\n@@ -0,0 +1,99 @@\n+one\nkey\n"
    assert blobs(short) == [("f", b"one", 1, (range(1, 2),)), ("-", b"+key", 5, None)]
    assert blobs(long) == [("f", b"one", 1, (range(1, 2),)), ("-", b"key", 5, None)]


def test_a_merge_shows_lines_that_any_parent_lacks() -> None:
    head = b"diff --cc f\nindex 1,2..3\n--- a/f\n+++ b/f\n@@@ -1,2 -1,2 +1,3 @@@\n"
    merge = head + b"  both\n- left\n -right\n+ from right\n++evil\n"
    assert blobs(merge) == [("f", b"both\nfrom right\nevil", 1, (range(2, 4),))]


def test_paths_are_those_of_the_new_file_unquoted_and_without_prefix() -> None:
    def path(old: bytes, new: bytes) -> str:
        ((shown, *_),) = blobs(b"--- %s\n+++ %s\n@@ -0,0 +1 @@\n+x\n" % (old, new))
        return shown

    assert path(b'"a/\\303\\274 \\"\\n"', b'"b/\\303\\274 \\"\\n"') == 'ü "\n'
    assert path(b"/dev/null", b"b/new") == "new"
    assert path(b"i/x", b"w/x") == "x"
    assert path(b"old.c\t2024-01-01 00:00:00", b"src/new.c\t2024-01-02 00:00:00") == "src/new.c"


def test_a_binary_file_in_a_diff_is_a_gap() -> None:
    text = b"diff --git a/x.p12 b/x.p12\nindex 1..2\nBinary files a/x.p12 and b/x.p12 differ\n"
    assert told(part for part in diff_blobs(text) if isinstance(part, Gap)) == [("unsupported", "x.p12")]


def test_what_git_prints_gives_the_new_lines_of_every_file(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "".join(f"{n}\n" for n in range(50)), "gone": "x\n"})
    repo.git("rm", "-q", "gone")
    repo.write(
        {"a": "".join(f"{n}\n" for n in range(5)) + "key\n" + "".join(f"{n}\n" for n in range(5, 49)) + "end", "ü": "n"}
    )
    text = subprocess.run(["git", "diff", "--cached"], cwd=tmp_path, capture_output=True, check=True).stdout
    seen = {
        (blob.shown, line): blob.data.split(b"\n")[line - blob.lines_from]
        for blob in diff_blobs(text)
        if isinstance(blob, Blob)
        for part in blob.added or ()
        for line in part
    }
    assert seen == {("a", 6): b"key", ("a", 51): b"end", ("ü", 1): b"n"}


def test_lines_of_a_push_are_revisions() -> None:
    old, new = "0" * 40, "a" * 40
    assert revisions(f"{old} {new} refs/heads/ü x\n".encode()) == [(old, new, "refs/heads/ü x")]
    assert revisions(f"{old} {new} refs/heads/x\nand text\n".encode()) is None
    assert revisions(b"") is None


def test_endless_input_ends_at_the_limit_with_a_gap() -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1, /) -> bytes:
            return b"line\n" * (size // 5 + 1)

    data, gap = read_stdin(io.BytesIO(b"line\n" * 10), limit=12)
    assert (data, gap and gap.reason.value) == (b"line\nline\n", "too-large")
    data, gap = read_stdin(Endless(), limit=1000)  # type: ignore[arg-type]
    assert (data[:5], gap and gap.reason.value) == (b"line\n", "too-large")
    assert read_stdin(io.BytesIO(b"all\n")) == (b"all\n", None)


MARKS = st.sampled_from(
    [b"+key", b"-key", b" key", b"key", b"@@ -1 +1 @@", b"--- a/f", b"+++ b/f", b"\\ No", b"", b"diff --git"]
)


@given(st.lists(MARKS, max_size=12))
def test_no_diff_loses_a_line_but_removed_ones(lines: list[bytes]) -> None:
    """However mangled it is: each added or plain key is in some blob."""
    text = b"\n".join([b"--- a/f", b"+++ b/f", b"@@ -1,3 +1,3 @@", *lines])
    seen = b"\n".join(data for _, data, _, _ in blobs(text))
    assert seen.count(b"key") >= sum(line in {b"+key", b"key"} for line in lines)
