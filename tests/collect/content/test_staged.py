"""What the index brings against HEAD, and what a push brings, with the lines that are new."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.collect.content.repositories import Repo, told

import fourc
from fourc.collect.content.blob import Blob
from fourc.collect.content.staged import received, staged
from fourc.model.gap import Gap

Added = dict[str, list[int] | None]


def added(folder: Path) -> Added:
    """The new lines of each staged file, None for a whole file."""
    return lines(part for part in staged(folder, 60) if isinstance(part, Blob))


def lines(blobs: "object") -> Added:
    """The new lines of each blob."""
    assert hasattr(blobs, "__iter__")
    return {
        blob.shown: None if blob.added is None else [line for part in blob.added for line in part] for blob in blobs
    }


def test_a_new_file_counts_whole_and_a_changed_one_with_its_new_lines(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "1\n2\n3\n", "gone": "x\n", "b": "same\n"})
    repo.git("rm", "-q", "gone")
    repo.write({"a": "1\nnew\n2\n3\nend", "n\new ü": "n\n"})
    (tmp_path / "b").write_text("not staged\n")
    assert added(tmp_path) == {"a": [2, 5], "n\new ü": None}


def test_the_staged_content_is_read_whole_so_that_a_secret_of_many_lines_is_seen(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"key.pem": "BEGIN\nEND\n"})
    repo.write({"key.pem": "BEGIN\nbody\nEND\n"})
    (tmp_path / "key.pem").write_text("clean again, but only in the work tree\n")
    (blob,) = staged(tmp_path, 60)
    assert isinstance(blob, Blob)
    assert (blob.data, blob.counts(1, 3), blob.counts(1, 1)) == (b"BEGIN\nbody\nEND\n", True, False)


def test_a_line_that_only_moved_and_a_line_that_went_are_not_new(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"moved": "key\na\nb\n", "cut": "key\na\n", "crlf": "key\r\na\r\n"})
    repo.write({"moved": "a\nb\nkey\n", "cut": "key\n", "crlf": "key\na\n"})
    assert added(tmp_path) == {}


def test_a_renamed_file_is_compared_with_what_it_was(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"old": "line\n" * 9 + "key\n", "pure": "p\n" * 5})
    repo.git("mv", "old", "new")
    repo.git("mv", "pure", "moved")
    repo.write({"new": "line\n" * 9 + "key\nmore\n"})
    assert added(tmp_path) == {"new": [11]}


def test_before_the_first_commit_everything_is_new(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.write({"a b": "1\n", "d/c": "2\n"})
    assert added(tmp_path) == {"a b": None, "d/c": None}


def test_a_file_that_is_only_meant_to_be_added_and_a_submodule_bring_nothing(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    commit = repo.commit({"a": "1\n"})
    (tmp_path / "meant").write_text("key\n")
    repo.git("add", "-N", "meant")
    repo.git("update-index", "--add", "--cacheinfo", "160000", commit, "sub")
    assert added(tmp_path) == {}


def test_a_link_that_became_a_file_is_new_as_a_whole(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    (tmp_path / "a").symlink_to("key")
    repo.git("add", "a")
    repo.commit({})
    (tmp_path / "a").unlink()
    repo.write({"a": "key\n"})
    assert added(tmp_path) == {"a": None}


def test_a_folder_of_the_repository_gives_what_is_below_it(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "1\n"})
    repo.write({"top": "1\n", "d/inner": "2\n"})
    assert added(tmp_path / "d") == {"inner": None}


def test_what_cannot_be_read_is_a_gap_and_the_rest_is_read(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    repo.commit({"a": "1\n"})
    repo.write({"b": "broken\n", "c": "sound\n"})
    repo.object_file(repo.git("rev-parse", ":b")).unlink()
    parts = list(staged(tmp_path, 60))
    assert told(part for part in parts if isinstance(part, Gap)) == [("malformed", "b")]
    assert [part.shown for part in parts if isinstance(part, Blob)] == ["c"]


def test_no_repository_is_a_gap(tmp_path: Path) -> None:
    assert told(part for part in staged(tmp_path, 60) if isinstance(part, Gap)) == [("missing", ".")]


HOOK = """#!{python}
import sys
sys.path.insert(0, {source!r})
from pathlib import Path
from fourc.collect.content.blob import Blob
from fourc.collect.content.diffs import revisions
from fourc.collect.content.staged import received, staged
found = {call}
with open({out!r}, "a") as out:
    for part in found:
        print(part.shown, part.data, part.added if isinstance(part, Blob) else part, file=out)
sys.exit(1)
"""


def hook(folder: Path, name: str, call: str, out: Path) -> None:
    """A hook that writes down what it is given and refuses."""
    folder.mkdir(exist_ok=True)
    source = str(Path(fourc.__file__).parent.parent)
    script = folder / name
    script.write_text(HOOK.format(python=sys.executable, source=source, call=call, out=str(out)))
    script.chmod(0o755)


def test_in_a_hook_a_commit_of_one_file_is_only_that_file(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.commit({"a": "1\n", "b": "1\n"})
    repo.write({"a": "1\n2\n", "b": "1\n3\n"})
    hook(repo.path / ".git/hooks", "pre-commit", "staged(Path('.'), 60)", tmp_path / "out")
    repo.git("commit", "-q", "-m", "only b", "b", check=False)
    assert (tmp_path / "out").read_text() == "b b'1\\n3\\n' (range(2, 3),)\n"


def test_a_push_is_judged_before_it_is_accepted(tmp_path: Path) -> None:
    """Each commit's new lines, those of a version between too; not what the server has; merges with what only they have."""
    repo = Repo(tmp_path / "repo")
    repo.commit({"a": "1\n"})
    server = tmp_path / "server.git"
    repo.git("clone", "-q", "--bare", ".", str(server))
    call = "received(Path('.'), revisions(sys.stdin.buffer.read()), 60)"
    hook(server / "hooks", "pre-receive", call, tmp_path / "out")
    repo.commit({"a": "1\nkey\n"})
    repo.commit({"a": "1\n"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"s": "side\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({"m": "main\n"})
    repo.git("merge", "-q", "--no-commit", "side")
    repo.commit({"evil": "e\n"})
    repo.git("push", "-q", str(server), "main", check=False)
    assert set((tmp_path / "out").read_text().splitlines()) == {
        "a b'1\\nkey\\n' (range(2, 3),)",
        "s b'side\\n' None",
        "m b'main\\n' None",
        "evil b'e\\n' None",
    }


def test_a_push_that_only_deletes_brings_nothing(tmp_path: Path) -> None:
    repo = Repo(tmp_path)
    commit = repo.commit({"a": "1\n"})
    assert list(received(tmp_path, [(commit, "0" * 40, "refs/heads/gone")], 60)) == []


def test_little_is_loaded_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook runs at every commit."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    code = "import sys; import fourc.collect.content.staged; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    ).stdout
    heavy = {"tempfile", "json", "yaml", "sqlite3", "tarfile", "zipfile", "hashlib", "logging", "argparse"}
    assert heavy & set(loaded.split()) == set()
