"""Edits are tried on a copy that looks like the user's folder in everything that counts."""

import os
import subprocess
from pathlib import Path

import pytest

from fourc.cli.main import main

POD = """apiVersion: v1
kind: Pod
metadata: {name: NAME}
spec:
  hostPID: yes
  containers:
  - name: c
    image: nginx
    securityContext: {privileged: on}
"""


def proven(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What `fix 1 --verify --diff` says of its proof; it must hold."""
    code = main(["fix", "1", "--verify", "--diff", *words])
    told = capsys.readouterr()
    assert code == 0, told.err
    assert "privileged" in told.out
    return told.err


def folder(tmp_path: Path) -> Path:
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s" / "a.yaml").write_text(POD.replace("NAME", "a"))
    (tmp_path / "k8s" / "b.yaml").write_text(POD.replace("NAME", "b"))
    return tmp_path


def test_findings_of_files_that_nobody_named_are_not_new(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder(tmp_path))
    proven(capsys, "k8s/a.yaml")
    monkeypatch.chdir(tmp_path / "k8s")
    proven(capsys, "a.yaml")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    proven(capsys, "../k8s/a.yaml")
    proven(capsys, "../k8s/a.yaml", "../k8s/b.yaml")


def test_a_folder_above_the_current_one_can_be_tried_and_a_file_in_it_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert main(["fix", "1", "--apply", "../k8s/a.yaml"]) == 0
    capsys.readouterr()
    assert "privileged" not in (tmp_path / "k8s" / "a.yaml").read_text()


def test_a_file_is_written_only_where_it_was_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder(tmp_path) / "k8s")
    before = (tmp_path / "k8s" / "b.yaml").read_text()
    assert main(["fix", "all", "--upto", "decision", "--apply", "a.yaml"]) == 0
    capsys.readouterr()
    assert (tmp_path / "k8s" / "b.yaml").read_text() == before


@pytest.mark.parametrize("broken", ["foo: [\n", "---- x\n", "a: b: c\n", "\ta: 1\n"])
def test_a_document_that_was_broken_before_does_not_spoil_plan_fix_or_proof(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, broken: str
) -> None:
    text = f"{POD.replace('NAME', 'a')}---\n{broken}"
    (tmp_path / "a.yaml").write_text(text)
    assert main([str(tmp_path)]) == 3
    assert "Checked: applies, parses" in capsys.readouterr().out
    proven(capsys, str(tmp_path))


def test_what_git_ignores_stays_unseen_in_the_trial(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder(tmp_path)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("build/\nb.yaml\n")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "c.yaml").write_text(POD.replace("NAME", "c"))
    proven(capsys, str(tmp_path))


def test_pipes_links_and_utf_16_in_the_folder_do_not_stop_the_trial(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.yaml").symlink_to("nowhere")
    (tmp_path / "wide.yaml").write_bytes(b"\xff\xfe" + POD.replace("NAME", "a").encode("utf-16-le"))
    proven(capsys, str(tmp_path))
    assert main(["fix", "1", "--apply", str(tmp_path)]) == 0
    assert b"p\0r\0i\0v" not in (tmp_path / "wide.yaml").read_bytes()
    assert (tmp_path / "wide.yaml").read_bytes().startswith(b"\xff\xfe")
