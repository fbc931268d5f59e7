"""Blobs that no branch, tag or index reaches, with what still holds them."""

from pathlib import Path

from tests.collect.content.repositories import Repo, opened, told

from fourc.collect.content.attribution import Spot, attribute
from fourc.collect.content.history import read_blobs
from fourc.collect.content.unreferenced import Holder, Left, unreferenced
from fourc.model.gap import Gap


def left_over(path: Path) -> set[tuple[str, bytes, str]]:
    """Name, content and holder of each blob that is left over."""
    repository = opened(path)
    return {
        (blob.shown, blob.data, left.holder.value)
        for left in unreferenced(repository)
        if isinstance(left, Left)
        for blob in read_blobs(repository, left.piece)
        if not isinstance(blob, Gap)
    }


def test_an_amended_commit_is_held_by_the_reflog_until_that_is_gone(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "x"})
    repo.commit({"b": "key\n"})
    lost = repo.id("HEAD")
    repo.commit({"b": "clean\n"}, "--amend")
    assert left_over(tmp_path) == {("b", b"key\n", "reflog")}
    repo.git("reflog", "expire", "--expire=now", "--all")
    assert left_over(tmp_path) == {("b", b"key\n", "nothing")}
    (left,) = unreferenced(opened(tmp_path))
    assert isinstance(left, Left)
    assert left.holder is Holder.NOTHING
    blob = left.piece.lines.split()[0].decode()
    known = attribute(opened(tmp_path), {"secret": {blob: Spot(1)}}, left.tips).known
    assert known["secret"].history.first_seen.commit == lost


def test_what_was_only_staged_once_has_no_path(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "x"})
    repo.write({"b": "key\n"})
    assert left_over(tmp_path) == set(), "the index holds it"
    repo.git("rm", "-q", "--cached", "b")
    blob = repo.git("hash-object", "--stdin", given=b"key\n")
    assert left_over(tmp_path) == {(blob, b"key\n", "nothing")}


def test_a_history_that_git_cannot_follow_is_a_gap_not_all_of_it_left_over(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "x"})
    repo.commit({"a": "y"})
    repo.object_file(repo.id("HEAD~1^{tree}")).write_bytes(b"garbage")
    assert told(part for part in unreferenced(opened(tmp_path)) if isinstance(part, Gap)) == [("malformed", ".git")]
