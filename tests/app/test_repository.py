"""What a person has not committed is never written over, whichever work tree it lies in."""

import os
import subprocess
from pathlib import Path

import pytest

from fourc.app import fix
from fourc.cli.main import main

POD = """apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - name: c
      image: registry.example.com/a:1.0
      securityContext: {privileged: true}
"""


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *identity, "-C", str(folder), *words], check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder that is no work tree and holds one."""
    (tmp_path / "two" / "r1").mkdir(parents=True)
    (tmp_path / "two" / "r1" / "p.yaml").write_text(POD)
    git(tmp_path / "two" / "r1", "init", "-q")
    git(tmp_path / "two" / "r1", "add", ".")
    git(tmp_path / "two" / "r1", "commit", "-qm", "x")
    return tmp_path / "two"


def test_a_clone_inside_the_folder_is_asked_itself(capsys: pytest.CaptureFixture[str], clone: Path) -> None:
    file = clone / "r1" / "p.yaml"
    file.write_text(POD + "# my unsaved work\n")
    assert main(["fix", "1", "--apply", str(clone)]) == 2
    assert "uncommitted changes in r1/p.yaml" in capsys.readouterr().err
    assert file.read_text().endswith("# my unsaved work\n")
    assert main(["fix", "1", "--apply", "--force", str(clone)]) == 0


def test_what_git_ignores_has_no_other_copy_and_is_refused_too(capsys: pytest.CaptureFixture[str], clone: Path) -> None:
    (clone / "r1" / ".gitignore").write_text("local.yaml\n")
    git(clone / "r1", "add", ".")
    git(clone / "r1", "commit", "-qm", "y")
    (clone / "r1" / "local.yaml").write_text(POD)
    assert main(["fix", "all", "--upto", "decision", "--apply", "--all-files", str(clone / "r1")]) == 2
    assert "local.yaml" in capsys.readouterr().err


def test_what_changed_since_the_plan_is_not_written_over(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(POD)
    planned = fix.choose

    def meanwhile(*arguments: object) -> fix.Fixing:
        fixing = planned(*arguments)  # type: ignore[arg-type]
        file.write_text(POD + "# meanwhile\n")
        return fixing

    monkeypatch.setattr("fourc.cli.fix.choose", meanwhile)
    assert main(["fix", "1", "--apply", str(tmp_path)]) == 2
    assert "changed since the plan was made" in capsys.readouterr().err
    assert file.read_text().endswith("# meanwhile\n")


def test_a_link_stays_a_link_and_what_it_leads_to_is_edited(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "p.yaml").write_text(POD)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "l.yaml").symlink_to("../out/p.yaml")
    monkeypatch.chdir(tmp_path / "here")
    assert main(["fix", "1", "--apply", "l.yaml"]) == 0
    capsys.readouterr()
    assert (tmp_path / "here" / "l.yaml").is_symlink()
    assert "privileged" not in (tmp_path / "out" / "p.yaml").read_text()


def test_a_branch_that_could_not_be_committed_does_not_stay(
    capsys: pytest.CaptureFixture[str], clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = clone / "r1"
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    git(root, "config", "user.useConfigOnly", "true")
    assert main(["fix", "1", "--branch", str(root)]) == 2
    git(root, "config", "user.name", "a")
    git(root, "config", "user.email", "a@example.com")
    assert main(["fix", "1", "--branch", str(root)]) == 0
    assert "is ready" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["loop", "a" * 5000])
def test_a_path_that_no_file_system_takes_is_an_error_with_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    (tmp_path / "loop").symlink_to("pool")
    (tmp_path / "pool").symlink_to("loop")
    monkeypatch.chdir(tmp_path)
    assert main(["plan", path]) in {2, 3}
    said = capsys.readouterr()
    assert "Traceback" not in said.err


def test_a_configuration_that_is_no_file_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert main(["plan", "-c", str(tmp_path / "pipe"), str(tmp_path)]) == 2
    assert "it is no file" in capsys.readouterr().err
