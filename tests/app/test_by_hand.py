"""What only a person can edit is a change like any other: ranked, told word for word, and never applied by half."""

import json
import shutil
from pathlib import Path

import pytest

from fourc.cli.main import main

POD = """apiVersion: v1
kind: Pod
metadata: {name: NAME, labels: {app: NAME}}
spec:
  containers:
    - name: c
      image: registry.example.com/NAME:1.0
      securityContext: &shared {privileged: true}
"""
SHARED = POD + "    - {name: d, image: 'registry.example.com/NAME:1.0', securityContext: *shared}\n"
PRINTED = f"---\n# Source: shop/templates/web.yaml\n{POD.replace('NAME', 'web').replace('&shared ', '')}"


@pytest.fixture
def chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A chart, and a helm that renders it into a privileged pod."""
    folder = tmp_path / "repo" / "shop"
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    (folder / "templates" / "web.yaml").write_text("{{ .Values.pod }}\n")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "helm").write_text(f"#!/bin/sh\n/bin/cat <<'E'\n{PRINTED}E\n")
    (tools / "helm").chmod(0o755)
    git = shutil.which("git")
    if git:
        (tools / "git").symlink_to(git)
    monkeypatch.setenv("PATH", str(tools))
    return tmp_path / "repo"


def report(capsys: pytest.CaptureFixture[str], folder: Path) -> dict[str, list[dict[str, object]]]:
    assert main(["plan", "-f", "json", str(folder)]) == 0
    loaded: dict[str, list[dict[str, object]]] = json.loads(capsys.readouterr().out)
    return loaded


def test_a_charts_privileged_pod_leads_the_plan_with_the_words_for_its_template(
    capsys: pytest.CaptureFixture[str], chart: Path
) -> None:
    made = report(capsys, chart)
    first = made["changes"][0]
    assert first["kind"] == "isolate-from-host"
    assert first["edits"] == []
    (hand,) = [h for h in first["by_hand"] if "privileged" in h["what"]]  # type: ignore[attr-defined]
    assert hand["path"] == "shop/templates/web.yaml"
    (found,) = [f for f in made["findings"] if f["rule"] == "privileged-container"]
    assert found["fixes"] == []
    assert found["no_fix"] == hand["what"]
    assert found["fingerprint"] in first["findings"]  # type: ignore[operator]


def test_the_screen_and_show_say_that_it_is_to_be_done_by_hand(capsys: pytest.CaptureFixture[str], chart: Path) -> None:
    assert main([str(chart)]) == 0
    assert "by hand" in capsys.readouterr().out
    assert main(["show", "1", str(chart)]) == 0
    assert "change it in shop/templates/web.yaml" in capsys.readouterr().out
    assert main(["show", "1", "--lang", "zh-CN", str(chart)]) == 0
    assert "请修改 shop/templates/web.yaml" in capsys.readouterr().out


def test_fix_writes_nothing_and_says_what_is_left_to_do(capsys: pytest.CaptureFixture[str], chart: Path) -> None:
    before = (chart / "shop" / "templates" / "web.yaml").read_bytes()
    assert main(["fix", "1", "--apply", str(chart)]) == 0
    told = capsys.readouterr()
    assert "0 files changed" in told.out
    assert "change it in shop/templates/web.yaml" in told.err
    assert main(["fix", "1", "--diff", str(chart)]) == 0
    assert capsys.readouterr().out == ""
    assert (chart / "shop" / "templates" / "web.yaml").read_bytes() == before


def test_an_edit_that_the_editor_refuses_is_left_to_a_person(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text(SHARED.replace("NAME", "a"))
    made = report(capsys, tmp_path)
    hands = [h for c in made["changes"] for h in c.get("by_hand", [])]  # type: ignore[attr-defined]
    applied = {f["fingerprint"] for f in made["findings"] if f["fixes"]}
    left = {f["no_fix"] for f in made["findings"] if not f["fixes"]}
    assert hands
    assert {h["what"] for h in hands} <= left
    assert main(["fix", "all", "--upto", "decision", "--apply", str(tmp_path)]) == 0
    capsys.readouterr()
    after = {f["fingerprint"] for f in report(capsys, tmp_path)["findings"]}
    assert not applied & after


def test_a_file_that_says_it_is_generated_is_left_to_what_generates_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "install.yaml").write_text("# This is an auto-generated file. DO NOT EDIT\n" + POD.replace("NAME", "a"))
    made = report(capsys, tmp_path)
    assert [f["rule"] for f in made["findings"] if f["fixes"]] == []
    (found,) = [f for f in made["findings"] if f["rule"] == "privileged-container"]
    assert "generate it again" in str(found["no_fix"])
    assert main(["fix", "all", "--upto", "decision", "--diff", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""
