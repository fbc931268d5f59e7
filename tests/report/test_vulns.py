"""The text of a scan of packages, for someone who has ten minutes."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.app.advised import advisory, database, put, said

from fourc.report.text import width


@pytest.fixture
def db(tmp_path: Path) -> str:
    """Vulnerabilities of twelve packages, one of which nothing mends."""
    rows = [advisory("PyPI", f"pad-{n}", "1.3.0" if n else "", f"CVE-2026-{n}") for n in range(12)]
    long = advisory("npm", "@a-rather-long-scope/with-a-name-that-is-even-longer-than-the-scope", identifier="GHSA-x")
    return database(tmp_path, *rows, long)


def lines(capsys: pytest.CaptureFixture[str], folder: Path, db: str, lang: str = "en", *more: str) -> list[str]:
    return said(capsys, "scan", "vulns", str(folder), "--db", db, "--lang", lang, *more).splitlines()


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_at_most_ten_changes_are_numbered_and_nothing_is_wider_than_100_columns(
    lang: str, db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "".join(f"pad-{n}==1.0.0\n" for n in range(12))
    name = '{"dependencies": {"@a-rather-long-scope/with-a-name-that-is-even-longer-than-the-scope": "1.0.0"}}'
    folder = put(tmp_path / "shop", {"requirements.txt": text, f"{'deep/' * 30}package.json": name})
    shown = lines(capsys, folder, db, lang)
    assert max(map(width, shown)) <= 100
    numbers = [found[1] for line in shown if (found := re.match(r" ?(\d+)  \S", line))]
    assert numbers == [str(n) for n in range(1, 11)]


def test_of_one_it_speaks_as_of_one(db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = lines(capsys, put(tmp_path / "shop", {"requirements.txt": "pad-1==1.0.0\n"}), db)
    assert shown[0] == "fourc · shop · 1 package in 1 file · one known vulnerability"
    assert shown[2].endswith("ends it:")


def test_of_several_it_says_how_many_of_all(db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = put(tmp_path / "shop", {"requirements.txt": "pad-0==1\npad-1==1.0.0\npad-2==1.0.0\n"})
    shown = lines(capsys, folder, db)
    assert shown[0].endswith("3 packages in 1 file · 3 known vulnerabilities")
    assert shown[2].startswith("These 2 upgrades")
    assert shown[2].endswith("end 2 of 3 findings:")
    assert any(line.startswith("No version mends one yet: CVE-2026-0 (pad-0). It comes back") for line in shown)


def test_what_nothing_mends_is_apart_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = database(tmp_path, *(advisory("PyPI", "left-pad", "", f"CVE-2026-{n}") for n in range(5)))
    folder = put(tmp_path / "shop", {"requirements.txt": "left-pad==1\n"})
    text = " ".join(lines(capsys, folder, db))
    some = "CVE-2026-0 (left-pad), CVE-2026-1 (left-pad), CVE-2026-2 (left-pad) (+2)"
    assert f"No version mends 5 yet: {some}. They come back into the list when one does." in text


def test_the_next_command_sees_the_same_packages(db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = put(tmp_path / "shop", {"requirements.txt": "pad-1==1.0.0\n"})
    text = " ".join(lines(capsys, folder, db)).replace("\\ ", "")
    command = text.partition("Next: fourc ")[2].partition(";")[0].split()
    assert "+pad-1==1.3.0" in said(capsys, *command)


def test_no_command_is_offered_that_would_edit_nothing(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = put(tmp_path / "shop", {"requirements.txt": "pad-0==1.0.0\n"})
    assert "fourc fix" not in "\n".join(lines(capsys, folder, db))


def test_what_is_less_severe_than_asked_for_is_not_called_clean(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = put(tmp_path / "shop", {"requirements.txt": "pad-1==1.0.0\n"})
    shown = lines(capsys, folder, db, "en", "-s", "critical")
    assert shown[0].endswith("nothing to report")
    assert shown[2].startswith("Nothing is left to report: 1 known vulnerability is left out")


def test_what_the_database_can_judge_and_finds_nothing_in_is_clean(
    db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = put(tmp_path / "shop", {"requirements.txt": "pad-1==1.3.0\n"})
    assert lines(capsys, folder, db)[2].startswith("None of these packages has a vulnerability that the database of")
    put(folder, {"Cargo.toml": '[package]\nname = "m"\n\n[dependencies]\nx = "=1.0.0"\n'})
    assert lines(capsys, folder, db)[2].startswith("The database of 2026-01-02 can judge 1 of the 2 packages")


def test_ten_gaps_are_shown_and_the_rest_counted(db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = put(tmp_path / "shop", {f"{n:02}/package-lock.json": "" for n in range(12)})
    text = said(capsys, "scan", "vulns", str(folder), "--db", db, "--lang", "en", code=3)
    assert [f"{n:02}/package-lock.json:1" in text for n in range(12)] == [True] * 10 + [False] * 2
    assert "2 more files or parts" in text


@pytest.mark.parametrize(
    ("files", "head", "said"),
    [
        (
            {"package.json": '{"dependencies": {"a": "^1"}}'},
            "0 packages in 1 file · no versions known",
            "1 file names packages, but none of them an exact version,",
        ),
        (
            {"package.json": '{"dependencies": {"a": "^1"}}', "x/package.json": '{"dependencies": {"a": "^1"}}'},
            "0 packages in 2 files · no versions known",
            "2 files name packages, but none of them an exact version,",
        ),
        (
            {"Podfile": "pod 'A'\n"},
            "0 packages in 0 files · no versions known",
            "1 file names packages, but which are in use only a lock file tells,",
        ),
    ],
)
def test_where_no_version_is_known_nothing_reads_as_clean(
    files: Mapping[str, str], head: str, said: str, db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = lines(capsys, put(tmp_path / "shop", dict(files)), db)
    assert head in shown[0]
    assert said in " ".join(shown)
    assert "No lock file or manifest" not in " ".join(shown)
    assert "版本未知" in lines(capsys, tmp_path / "shop", db, "zh-CN")[0]
