"""A secret belongs to the earliest and the latest commit that brought a blob with it."""

import random
from pathlib import Path

import pytest
from tests.collect.content.repositories import Repo, opened, told

from fourc.collect.content import attribution
from fourc.collect.content.attribution import Attributed, Spot, attribute


def of(repo: Repo, *contents: str, line: int = 1, tips: tuple[str, ...] = ("--all",)) -> Attributed | None:
    """What is known of a secret that stands in blobs of these contents."""
    ids = [repo.git("hash-object", "--stdin", given=content.encode()) for content in contents]
    return attribute(opened(repo.path), {"secret": dict.fromkeys(ids, Spot(line))}, tips).known.get("secret")


def ends(known: Attributed | None) -> tuple[tuple[str, str], tuple[str, str]]:
    """Commit and path of the first and the last sight."""
    assert known is not None
    first, last = known.history.first_seen, known.history.last_seen
    return (first.commit, first.path), (last.commit, last.path)


def test_first_and_last_are_the_commits_that_brought_it_with_author_time_and_line(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    first = repo.commit({"a": "key\n"})
    repo.commit({"other": "x"})
    last = repo.commit({"a": "key\nmore\n"})
    repo.commit({"a": "clean\n"})
    known = of(repo, "key\n", "key\nmore\n", line=7)
    assert ends(known) == ((first, "a"), (last, "a"))
    assert known is not None
    seen = known.history.first_seen
    assert (seen.author, seen.time, seen.line) == ("Zoë 王 <zoe@example.com>", "2023-11-15T06:14:20+08:00", 7)


def test_a_renamed_file_is_seen_at_both_paths_the_later_first(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    first = repo.commit({"old name": "key\n"})
    repo.git("mv", "old name", "new\nname")
    moved = repo.commit({})
    known = of(repo, "key\n")
    assert ends(known) == ((first, "old name"), (moved, "new\nname"))
    assert known is not None
    assert known.places == (("new\nname", 1), ("old name", 1))


def test_a_path_that_is_not_utf8_is_shown_in_hex(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    blob = repo.git("hash-object", "-w", "--stdin", given=b"key\n")
    repo.git("update-index", "--add", "--cacheinfo", "100644", blob, b":\x01\xff")
    commit = repo.commit({})
    assert ends(of(repo, "key\n")) == ((commit, ":\x01\\xff"),) * 2


def test_what_a_merge_takes_from_a_side_belongs_to_the_commit_of_that_side(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "x"})
    repo.git("checkout", "-q", "-b", "side")
    side = repo.commit({"b": "key\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({"c": "y"})
    repo.tick += 1
    repo.git("merge", "-q", "--no-edit", "side")
    assert ends(of(repo, "key\n")) == ((side, "b"), (side, "b"))


def test_what_only_a_merge_brings_belongs_to_the_merge(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "x"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"b": "y"})
    repo.git("checkout", "-q", "main")
    repo.commit({"c": "z"})
    repo.git("merge", "-q", "--no-commit", "side")
    merge = repo.commit({"evil": "key\n"})
    assert ends(of(repo, "key\n")) == ((merge, "evil"), (merge, "evil"))


def test_what_was_removed_and_came_again_was_last_seen_when_it_came_again(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    first = repo.commit({"a": "key\n"})
    repo.commit({"a": "clean\n"})
    again = repo.commit({"a": "key\n"})
    assert ends(of(repo, "key\n")) == ((first, "a"), (again, "a"))


def test_a_blob_that_no_commit_brought_is_not_known(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "x"})
    repo.write({"staged": "key\n"})
    assert of(repo, "key\n") is None


def test_commits_that_nothing_reaches_are_asked_where_they_are_named(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "x"})
    lost = repo.commit({"b": "key\n"})
    repo.git("reset", "-q", "--hard", "HEAD~1")
    assert of(repo, "key\n") is None
    assert ends(of(repo, "key\n", tips=(lost,))) == ((lost, "b"), (lost, "b"))


def test_a_commit_that_git_cannot_compare_is_a_gap_and_the_others_are_known(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    first = repo.commit({"a": "key\n"})
    repo.commit({"b": "1"})
    broken = repo.commit({"c": "2"})
    repo.commit({"c": "3"})
    last = repo.commit({"a": "key\n2\n"})
    repo.object_file(repo.id(f"{broken}^{{tree}}")).write_bytes(b"garbage")
    ids = {repo.git("hash-object", "--stdin", given=text): Spot(1) for text in (b"key\n", b"key\n2\n")}
    result = attribute(opened(tmp_path), {"secret": ids})
    assert ends(result.known["secret"]) == ((first, "a"), (last, "a"))
    assert told(result.gaps) == [("malformed", ".git")] * 2  # itself, and its child, which is compared with it


def test_a_ref_whose_object_is_gone_costs_nothing_of_the_others(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    commit = repo.commit({"a": "key\n"})
    (tmp_path / ".git/refs/heads/broken").write_text("1" * 40 + "\n")
    assert ends(of(repo, "key\n")) == ((commit, "a"), (commit, "a"))


def test_a_commit_that_is_broken_is_a_gap_and_the_later_ones_are_known(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "key\n"})
    broken = repo.commit({"b": "1"})
    repo.commit({"b": "2"})
    last = repo.commit({"a": "key\n2\n"})
    repo.object_file(broken).write_bytes(b"garbage")
    ids = {repo.git("hash-object", "--stdin", given=text): Spot(1) for text in (b"key\n", b"key\n2\n")}
    result = attribute(opened(tmp_path), {"secret": ids})
    assert ends(result.known["secret"]) == ((last, "a"), (last, "a"))
    assert ("malformed", ".git") in told(result.gaps)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shared", [1, 1000])
def test_it_says_what_a_comparison_of_whole_trees_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, shared: int
) -> None:
    """A random history of branches and merges; one process or two."""
    monkeypatch.setattr(attribution, "_SHARED", shared)
    rng = random.Random(seed)  # noqa: S311 - no secret
    repo = Repo(tmp_path)
    repo.commit({"a": "0", "b": "1"})
    for _ in range(25):
        branches = repo.git("branch", "--format=%(refname:short)").split()
        repo.git("checkout", "-q", rng.choice(branches))
        if rng.random() < 0.3:
            repo.git("checkout", "-q", "-b", f"branch-{len(branches)}")
        elif rng.random() < 0.4:
            repo.git(
                "merge", "-q", "--no-commit", "-s", rng.choice(["ours", "ort"]), "-X", "theirs", rng.choice(branches)
            )
        repo.commit({rng.choice(["a", "b", "d/c"]): str(rng.randrange(8))})
    trees: dict[str, dict[str, str]] = {}
    parents: dict[str, list[str]] = {}
    brought: dict[str, list[tuple[str, str]]] = {}
    for row in repo.git("rev-list", "--date-order", "--parents", "--all").splitlines()[::-1]:
        commit, *parents[commit] = row.split()
        entries = (entry.split("\t") for entry in repo.git("ls-tree", "-r", commit).splitlines())
        trees[commit] = {path: head.split()[2] for head, path in entries}
        for path, blob in trees[commit].items():
            if all(trees[parent].get(path) != blob for parent in parents[commit]):
                brought.setdefault(blob, []).append((commit, path))
    found = attribute(opened(tmp_path), {blob: {blob: Spot(1)} for blob in brought}).known
    assert {blob: ends(known) for blob, known in found.items()} == {
        blob: (self_first(sights), self_last(sights)) for blob, sights in brought.items()
    }
    assert {blob: {path for path, _ in known.places} for blob, known in found.items()} == {
        blob: {path for _, path in sights} for blob, sights in brought.items()
    }


def self_first(sights: list[tuple[str, str]]) -> tuple[str, str]:
    """Of the earliest commit the last path by name, as the lower rank is the later."""
    return max(sight for sight in sights if sight[0] == sights[0][0])


def self_last(sights: list[tuple[str, str]]) -> tuple[str, str]:
    """Of the latest commit the first path by name."""
    return min(sight for sight in sights if sight[0] == sights[-1][0])
