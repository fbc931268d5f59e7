"""Every blob that a commit or tag reaches is read once, whatever the repository looks like, and nothing in it is run."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.collect.content.repositories import Repo, contents, opened, read, told

from fourc.collect.content.attribution import Spot, attribute
from fourc.collect.content.history import Piece, pieces, read_blobs, tips
from fourc.collect.content.repository import Repository, find_repository
from fourc.collect.content.staged import staged
from fourc.model.gap import Gap


def grown(path: Path, *options: str) -> Repo:
    """A repository whose files changed, moved and went; a branch and a tag hold what main never had."""
    repo = Repo(path, *options)
    repo.commit({"a.txt": "one\n", "dir/b c.txt": "two\n"})
    repo.commit({"a.txt": "one\nmore\n"})
    repo.git("rm", "-q", "dir/b c.txt")
    repo.commit({"empty": ""})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"side.txt": "side\n"})
    repo.git("checkout", "-q", "main")
    blob = repo.git("hash-object", "-w", "--stdin", given=b"only a tag\n")
    repo.git("tag", "blob-tag", blob)
    return repo


GROWN = [b"one\n", b"one\nmore\n", b"only a tag\n", b"side\n", b"two\n"]


def packed(repo: Repo) -> Path:
    repo.git("gc", "-q")
    return repo.path


def bare(repo: Repo) -> Path:
    repo.git("clone", "-q", "--bare", ".", str(repo.path / "bare"))
    return repo.path / "bare"


def linked(repo: Repo) -> Path:
    repo.git("worktree", "add", "-q", str(repo.path / "tree"), "side")
    return repo.path / "tree"


def borrowing(repo: Repo) -> Path:
    repo.git("clone", "-q", "--shared", "--mirror", ".", str(repo.path / "shared"))
    return repo.path / "shared"


@pytest.mark.parametrize("kind", [lambda repo: repo.path, packed, bare, linked, borrowing])
@pytest.mark.parametrize("options", [(), ("--object-format=sha256",)])
def test_every_version_is_read_once_in_every_kind_of_repository(
    tmp_path: Path, kind: Callable[[Repo], Path], options: tuple[str, ...]
) -> None:
    repository = opened(kind(grown(tmp_path, *options)))
    found: list[bytes] = []
    for piece in pieces(repository):
        assert isinstance(piece, Piece)
        for blob in read_blobs(repository, piece):
            assert not isinstance(blob, Gap)
            found.append(blob.data)
    assert sorted(found) == GROWN


def test_a_blob_has_the_path_and_the_id_that_git_knows_it_by(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"dir/b c.txt": "x", "é.txt": "y"})
    repo.git(
        "update-index", "--add", "--cacheinfo", "100644", repo.git("hash-object", "-w", "--stdin", given=b"z"), b"\xff"
    )
    repo.commit({})
    repository = opened(tmp_path)
    (piece,) = pieces(repository)
    assert isinstance(piece, Piece)
    blobs = {b.shown: b.object_id for b in read_blobs(repository, piece) if not isinstance(b, Gap)}
    assert blobs == {
        "dir/b c.txt": repo.id("HEAD:dir/b c.txt"),
        "é.txt": repo.id("HEAD:é.txt"),
        "\\xff": blobs["\\xff"],
    }


def test_the_versions_of_a_file_stand_together_for_git_makes_deltas_of_them(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    for version in range(3):
        repo.commit({"a": f"a{version}", "b": f"b{version}"})
    (piece,) = pieces(opened(tmp_path))
    assert isinstance(piece, Piece)
    assert [line.split()[1] for line in piece.lines.splitlines()] == [b"a", b"a", b"a", b"b", b"b", b"b"]


def test_what_is_to_be_skipped_is_not_read(tmp_path: Path) -> None:
    repo = grown(tmp_path)
    known = repo.id("HEAD:a.txt")
    repository = opened(tmp_path)
    blobs, _ = contents(pieces(repository, skip=known.__eq__), repository)
    assert sorted(data for _, data in blobs) == [data for data in GROWN if data != b"one\nmore\n"]


def test_what_was_reached_before_is_left_out_even_after_history_was_rewritten(tmp_path: Path) -> None:
    repo = grown(tmp_path)
    before = tips(opened(tmp_path))
    repo.commit({"a.txt": "one\nmore\nnew\n"}, "--amend")
    repo.commit({"b.txt": "b\n"})
    repo.git("branch", "-q", "-D", "side")
    for known in (before, (*before, "1" * 40)):
        repository = opened(tmp_path)
        blobs, gaps = contents(pieces(repository, without=known), repository)
        assert (blobs, gaps) == ({("a.txt", b"one\nmore\nnew\n"), ("b.txt", b"b\n")}, [])


def test_a_blob_over_the_limit_is_a_gap_with_its_path_and_the_rest_is_read(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"big.bin": "x" * 101, "small": "y"})
    repository = opened(tmp_path)
    blobs, gaps = contents(pieces(repository, blob_bytes=100), repository)
    assert (blobs, gaps) == ({("small", b"y")}, [("too-large", "big.bin")])


def test_a_shallow_clone_says_what_is_missing(tmp_path: Path) -> None:
    repo = grown(tmp_path / "full")
    repo.git("clone", "-q", "--depth=1", f"file://{tmp_path}/full", str(tmp_path / "shallow"))
    blobs, gaps = read(tmp_path / "shallow")
    assert (blobs, gaps) == ({("a.txt", b"one\nmore\n")}, [("missing", ".")])


def test_a_partial_clone_fetches_nothing_and_says_what_is_missing(tmp_path: Path) -> None:
    repo = grown(tmp_path / "full")
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("clone", "-q", "--filter=blob:none", f"file://{tmp_path}/full", str(tmp_path / "partial"))
    partial = tmp_path / "partial"
    trap = trapped(tmp_path, repo, partial)
    blobs, gaps = read(partial)
    # the files at HEAD and what a ref names came with the clone
    assert {data for _, data in blobs} == {b"one\nmore\n", b"only a tag\n"}
    assert gaps == [("missing", ".git")]
    assert not trap.exists()
    repo.git("-C", str(partial), "fetch", check=False)
    assert trap.exists(), "it is no trap"


def trapped(tmp_path: Path, repo: Repo, clone: Path) -> Path:
    """A file that comes into being when something is fetched or run by the configuration of the clone."""
    trap, script = tmp_path / "sprung", tmp_path / "trap.sh"
    script.write_text(f'#!/bin/sh\necho "$0 $@" >> {trap}\nexit 1\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    settings = (
        *("remote.origin.uploadpack", "core.fsmonitor", "core.sshCommand", "core.pager", "core.alternateRefsCommand"),
        *("diff.external", "diff.evil.textconv", "diff.evil.command", "filter.evil.clean", "filter.evil.smudge"),
        *("filter.evil.process", "gpg.program", "core.editor", "credential.helper"),
    )
    for setting in settings:
        repo.git("-C", str(clone), "config", setting, str(script))
    for setting, value in (
        ("log.showSignature", "true"),
        ("protocol.file.allow", "always"),
        ("core.hooksPath", str(tmp_path)),
    ):
        repo.git("-C", str(clone), "config", setting, value)
    return trap


def test_nothing_that_a_repository_configures_is_run(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.commit({".gitattributes": "* diff=evil filter=evil\n", "a": "one\n"})
    repo.commit({"a": "two\n"})
    repo.write({"a": "three\n"})
    trap = trapped(tmp_path, repo, repo.path)
    blobs, gaps = read(repo.path)
    assert ({data for _, data in blobs}, gaps) == ({b"* diff=evil filter=evil\n", b"one\n", b"two\n"}, [])
    known = attribute(opened(repo.path), {"secret": {repo.git("rev-parse", "HEAD:a"): Spot(1)}}).known
    assert known["secret"].places == (("a", 1),)
    assert [part.shown for part in staged(repo.path, 60) if not isinstance(part, Gap)] == ["a"]
    assert not trap.exists()


def test_a_broken_blob_is_a_gap_with_its_path_and_the_rest_is_read(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "first\n", "b": "second\n" * 1000, "c": "third\n"})
    file = repo.object_file(repo.id("HEAD:b"))
    file.write_bytes(file.read_bytes()[:40])  # its size can still be told, its content not
    blobs, gaps = read(tmp_path)
    assert (blobs, gaps) == ({("a", b"first\n"), ("c", b"third\n")}, [("malformed", "b")])


def test_a_broken_blob_in_a_pack_is_a_gap_and_the_rest_is_read(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    noise = "".join(f"{number * number:x}" for number in range(5000))
    repo.commit({"a": "first\n", "b": noise, "c": "third\n"})
    repo.git("gc", "-q")
    (pack,) = (tmp_path / ".git/objects/pack").glob("*.pack")
    entry = next(
        line for line in repo.git("verify-pack", "-v", str(pack)).splitlines() if line.startswith(repo.id("HEAD:b"))
    )
    pack.chmod(0o644)
    data = bytearray(pack.read_bytes())
    data[int(entry.split()[4]) + 500] ^= 255
    pack.write_bytes(data)
    blobs, gaps = read(tmp_path)
    assert (blobs, gaps) == ({("a", b"first\n"), ("c", b"third\n")}, [("malformed", "b")])


@pytest.mark.parametrize("broken", ["HEAD~1^{tree}", "HEAD~1"])
def test_where_the_walk_breaks_every_blob_that_is_there_is_read(tmp_path: Path, broken: str) -> None:
    repo = Repo(tmp_path)
    for version in (1, 2, 3):
        repo.commit({"a": f"{version}\n"})
    repo.object_file(repo.id(broken)).write_bytes(b"garbage")
    blobs, gaps = read(tmp_path)
    assert {data for _, data in blobs} == {b"1\n", b"2\n", b"3\n"}
    assert gaps[0] == ("malformed", ".git")


def test_a_ref_whose_object_is_gone_is_a_gap_and_the_rest_is_read(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "1\n"})
    kept = tips(opened(tmp_path))
    (tmp_path / ".git/refs/heads/broken").write_text("1" * 40 + "\n")
    repository = opened(tmp_path)
    for known in ((), kept):
        blobs, gaps = contents(pieces(repository, without=known), repository)
        assert ([data for _, data in blobs], gaps) == ([b"1\n"], [("malformed", ".git")])


def test_what_git_replaces_is_read_as_it_is_stored(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "true\n"})
    repo.git("replace", repo.id("HEAD:a"), repo.git("hash-object", "-w", "--stdin", given=b"false\n"))
    assert ("a", b"true\n") in read(tmp_path)[0]


def test_a_submodule_is_a_gap(tmp_path: Path) -> None:
    inner = grown(tmp_path / "inner")
    repo = Repo(tmp_path / "outer")
    repo.write({".gitmodules": '[submodule "x"]\n\tpath = libs/x\n\turl = ../inner\n'})
    repo.git("update-index", "--add", "--cacheinfo", "160000", inner.id("HEAD"), "libs/x")
    repo.commit({})
    blobs, gaps = read(tmp_path / "outer")
    assert ([name for name, _ in blobs], gaps) == ([".gitmodules"], [("unsupported", "libs/x")])


def test_a_repository_without_commits_is_nothing(tmp_path: Path) -> None:
    Repo(tmp_path)
    assert read(tmp_path) == (set(), [])


def test_no_repository_and_no_git_are_gaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    none = find_repository(tmp_path, "there", 60)
    monkeypatch.setenv("PATH", "/nonexistent")
    no_git = find_repository(tmp_path, "there", 60)
    assert isinstance(none, Gap)
    assert isinstance(no_git, Gap)
    assert (none.message.en, no_git.remedy.en) == ("no git repository", "install git; the history is read with it")


def test_when_the_time_is_over_that_is_a_gap(tmp_path: Path) -> None:
    grown(tmp_path)
    late: Repository = replace(opened(tmp_path), deadline=0.0)
    (piece,) = (p for p in pieces(opened(tmp_path)) if isinstance(p, Piece))
    assert told(p for p in pieces(late) if isinstance(p, Gap)) == [("timed-out", ".git")]
    assert told(p for p in read_blobs(late, piece) if isinstance(p, Gap)) == [("timed-out", ".git")]
