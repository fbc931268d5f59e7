"""The commands that the plan prints work as they are printed: they see what the plan saw."""

import re
import shlex
from pathlib import Path

import pytest
from tests.app.advised import advisory, database, put, said

PRIVILEGED = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: "web:1", securityContext: {privileged: true}}]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four vulnerable packages beside a pod, seen from the folder above; without a database another change is first."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOURC_DB", raising=False)
    packages = "".join(f"pad-{n}==1.2.0\n" for n in range(4))
    put(tmp_path / "2024", {"requirements.txt": packages, "web/pod.yaml": PRIVILEGED})
    return tmp_path / "2024"


@pytest.fixture
def db(folder: Path) -> str:
    rows = [advisory("PyPI", f"pad-{n}", identifier=f"GHSA-{n}") for n in range(4)]
    place = folder.parent / "my db"
    place.mkdir()
    return str(Path(database(place, *rows)).relative_to(folder.parent))


def commands(screen: str) -> list[list[str]]:
    """Every command on the screen that shows or fixes a change."""
    text = screen.replace("\\\n", "")
    return [shlex.split(found)[1:] for found in re.findall(r"fourc (?:show|fix) [^;\n]*", text)]


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_its_numbers_mean_the_same_changes_in_the_next_command(
    lang: str, folder: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = said(capsys, "plan", folder.name, "--db", db, "-s", "low", "--lang", lang)
    titles = dict(re.findall(r"^ (\d)  (\S.*?)  ", screen, re.MULTILINE))
    given = commands(screen)
    assert {words[0] for words in given} == {"show", "fix"}
    for words in given:
        assert words[-5:] == ["--severity", "low", "--db", db, f"./{folder.name}"]
        out = said(capsys, *words, "--lang", lang)
        if words[0] == "show" and words[1] in titles:
            assert out.startswith(f"{words[1]}  {titles[words[1]]}")
        assert out


def test_what_the_environment_says_is_not_repeated(
    folder: Path, db: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOURC_DB", str(folder.parent / db))
    monkeypatch.chdir(folder)
    screen = said(capsys, "--lang", "en")
    assert "--db" not in screen
    assert screen.rstrip().endswith("fourc show 1, fourc fix 1 --diff")


@pytest.mark.parametrize("command", ["show", "why"])
def test_show_and_why_take_the_database(
    command: str, folder: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change = "".join(re.findall(r"fourc fix (\S+)", said(capsys, "scan", "vulns", folder.name, "--db", db)))
    assert change in said(capsys, command, change, folder.name, "--db", db)
    said(capsys, command, change, folder.name, code=2)
