"""`--unreferenced` from end to end: what a branch no longer reaches is found with it, and not without."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.test_secrets import run
from tests.secrets.ignoring.team import commit, git

TOKEN = "ghp_" + "x7Kq2mZ9Lw4vTr6Nn8YbJc3Gd5EhUf1Aa0Ss"
SECRET = f"GITHUB_TOKEN={TOKEN}\n"
LINE = "password = 'stash-Kq27mZ9x'\n"


def id_of(folder: Path, what: str) -> str:
    """The full id of a commit."""
    return subprocess.run(
        ["git", "-C", str(folder), "rev-parse", what], check=True, capture_output=True, text=True, env={**os.environ}
    ).stdout.strip()


def amended(folder: Path) -> str:
    """A commit that was amended."""
    (folder / "app.env").write_text(SECRET)
    commit(folder)
    lost = id_of(folder, "HEAD")
    (folder / "app.env").write_text("GITHUB_TOKEN=\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--amend", "--no-edit")
    return lost


def dropped(folder: Path) -> str:
    """A commit that was reset away, and that nothing but the object store holds."""
    (folder / "app.env").write_text(SECRET)
    commit(folder)
    lost = id_of(folder, "HEAD")
    git(folder, "reset", "-q", "--hard", "HEAD~1")
    git(folder, "reflog", "expire", "--expire=now", "--all")
    return lost


def branch(folder: Path) -> str:
    """A commit on a branch that was deleted."""
    git(folder, "checkout", "-q", "-b", "feature")
    (folder / "app.env").write_text(SECRET)
    commit(folder)
    lost = id_of(folder, "HEAD")
    git(folder, "checkout", "-q", "-")
    git(folder, "branch", "-q", "-D", "feature")
    return lost


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / "readme.txt").write_text("nothing here\n")
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(capsys: pytest.CaptureFixture[str], *flags: str) -> dict[str, tuple[str, str]]:
    """By rule the path and the commit that brought it."""
    made = json.loads(run(capsys, "scan", "secrets", *flags, "-f", "json"))
    return {f["rule"]: (f["first_seen"]["path"], f["first_seen"]["commit"]) for f in made["findings"]}


@pytest.mark.parametrize("lose", [amended, dropped, branch])
def test_a_lost_commit_is_found_and_attributed_with_the_flag_alone(
    capsys: pytest.CaptureFixture[str], folder: Path, lose: Callable[[Path], str]
) -> None:
    lost = lose(folder)
    assert found(capsys, "--history") == {}
    assert found(capsys, "--unreferenced") == {"github-pat": ("app.env", lost)}


def test_an_older_stash_is_found_with_the_flag_alone(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """Git keeps the latest stash under a ref; those below it are in the reflog of that ref only."""
    stashed = []
    for text in (SECRET + LINE, "GITHUB_TOKEN=\n"):
        (folder / "readme.txt").write_text(text)
        git(folder, "stash", "-q")
        stashed.append(id_of(folder, "stash@{0}"))
    assert (folder / "readme.txt").read_text() == "nothing here\n"
    assert found(capsys, "--history") == {}
    at = ("readme.txt", stashed[0])
    assert found(capsys, "--unreferenced") == {"github-pat": at, "generic-api-key": at}


def test_a_dropped_stash_is_found_with_the_flag_alone(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "readme.txt").write_text(SECRET)
    git(folder, "stash", "-q")
    stash = id_of(folder, "stash@{0}")
    git(folder, "stash", "drop", "-q")
    assert found(capsys, "--history") == {}
    assert found(capsys, "--unreferenced") == {"github-pat": ("readme.txt", stash)}


def test_once_git_has_thrown_it_away_it_is_gone(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    dropped(folder)
    git(folder, "gc", "-q", "--prune=now")
    assert found(capsys, "--unreferenced") == {}
