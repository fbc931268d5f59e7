"""What a plan and a scan of everything say that they did not look at: secrets in git's history, and with -n all of them."""

import json
from pathlib import Path

import pytest
from tests.cli.test_secrets import POD, run
from tests.secrets.ignoring.team import commit, git

from fourc.collect.git import has_commits


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "code"
    made.mkdir()
    (made / "pod.yaml").write_text(POD)
    monkeypatch.chdir(made)
    return made


def unseen(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, str]:
    made = json.loads(run(capsys, *words, "-f", "json"))
    return {u["what"]: u["remedy"] for u in made["coverage"]["unseen"] if "secrets" in u["what"] or "密钥" in u["what"]}


@pytest.mark.parametrize("words", [("plan",), ("scan", "all")])
def test_a_history_that_was_not_searched_is_named_with_the_command_that_does(
    capsys: pytest.CaptureFixture[str], folder: Path, words: tuple[str, ...]
) -> None:
    assert unseen(capsys, *words) == {}, "no repository"
    git(folder, "init", "-q")
    assert unseen(capsys, *words) == {}, "a repository without a commit"
    commit(folder)
    assert unseen(capsys, *words) == {"secrets in the git history": "fourc scan secrets --history"}
    assert unseen(capsys, *words, "--lang", "zh-CN") == {"git 历史中的密钥": "fourc scan secrets --history"}
    assert unseen(capsys, *words, str(folder)) == {
        "secrets in the git history": f"fourc scan secrets {folder} --history"
    }


def test_the_first_screen_names_it(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    git(folder, "init", "-q")
    commit(folder)
    assert "Not seen: secrets in the git history, " in run(capsys, "plan")
    assert "没有看到：git 历史中的密钥" in run(capsys, "plan", "--lang", "zh-CN")


def test_with_a_namespace_no_secret_is_told_and_that_is_said(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    without = "-n leaves out what is in no namespace: fourc scan secrets"
    assert unseen(capsys, "plan", "-n", "shop") == {"secrets in files": without}
    git(folder, "init", "-q")
    commit(folder)
    both = "secrets in files and in the git history"
    assert unseen(capsys, "plan", "-n", "shop") == {both: f"{without} --history"}
    assert unseen(capsys, "scan", "all", "-n", "shop", "--lang", "zh-CN") == {
        "文件和 git 历史中的密钥": "-n 会略去不属于任何命名空间的内容：fourc scan secrets --history"
    }


def test_where_no_secrets_were_asked_for_nothing_is_said_of_them(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    git(folder, "init", "-q")
    commit(folder)
    assert unseen(capsys, "scan", "config") == {}


def test_the_command_that_is_named_finds_what_only_the_history_holds(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    token = "ghp_" + "x7Kq2mZ9Lw4vTr6Nn8YbJc3Gd5EhUf1Aa0Ss"
    git(folder, "init", "-q")
    (folder / "a.env").write_text(f"GITHUB_TOKEN={token}\n")
    commit(folder)
    (folder / "a.env").unlink()
    commit(folder)
    (command,) = unseen(capsys, "plan").values()
    assert [
        f["rule"] for f in json.loads(run(capsys, "scan", "all", "-f", "json"))["findings"] if f["layer"] == "code"
    ] == []
    made = json.loads(run(capsys, *command.split()[1:], "-f", "json"))
    assert [(f["rule"], f["location"]["path"]) for f in made["findings"]] == [("github-pat", "a.env")]


def test_a_commit_is_seen_wherever_git_keeps_its_refs(folder: Path, tmp_path: Path) -> None:
    git(folder, "init", "-q")
    assert not has_commits(folder)
    commit(folder)
    assert has_commits(folder)
    git(folder, "worktree", "add", "-q", str(tmp_path / "linked"))
    assert has_commits(tmp_path / "linked"), "a linked work tree"
    git(folder, "pack-refs", "--all")
    assert has_commits(folder), "packed refs"
    git(folder, "checkout", "-q", "--detach")
    assert has_commits(folder), "no branch"


def test_the_doctor_that_the_screen_sends_people_to_has_the_command(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    git(folder, "init", "-q")
    commit(folder)
    assert "secrets in the git history\n    fourc scan secrets --history\n" in run(capsys, "doctor")
