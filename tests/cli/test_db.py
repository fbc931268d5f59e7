"""`fourc db build`, `update` and `status` as a person types them."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.app.known import Signer, database, digest, packages, record
from tests.collect.site import Site, served

from fourc.cli.main import main
from fourc.vulns.database import Database


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a cache folder of its own, and no proxy."""
    for name in [name for name in os.environ if name.startswith("FOURC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as made:
        yield made


@pytest.fixture
def advisories(here: Path) -> Path:
    """Two advisories."""
    folder = here / "advisories"
    folder.mkdir()
    for name in ("alpha", "beta"):
        (folder / f"{name}.json").write_bytes(record(name, "2024-05-01"))
    return folder


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    capsys.readouterr()
    assert main(("db", *words)) == code
    return capsys.readouterr().out


def failed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What is said on stderr by a command that ends with 2, and prints nothing."""
    capsys.readouterr()
    assert main(("db", *words)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:  # noqa: ANN401 - JSON
    return json.loads(run(capsys, *words, "-f", "json", code=code))


def kept(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "fourc" / "vulnerabilities.db"


def day(before: int) -> str:
    """The day that so many days ago was."""
    return (datetime.now(tz=UTC).date() - timedelta(days=before)).isoformat()


def test_without_a_database_status_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    said = failed(capsys, "status")
    assert "there is no database yet" in said
    assert "fourc db update" in said
    assert "fourc db build" in said
    assert "there is no database none.db" in failed(capsys, "status", "--db", "none.db")
    assert "takes no sources" in failed(capsys, "status", "known.db")
    assert "还没有数据库" in failed(capsys, "status", "--lang", "zh-CN")


def test_a_build_says_what_the_database_holds(capsys: pytest.CaptureFixture[str], advisories: Path, here: Path) -> None:
    said = run(capsys, "build", str(advisories), "-o", "known.db")
    assert "known.db: 2 vulnerabilities of 2 packages" in said
    assert "npm 2" in said
    assert f"sha256:{digest(here / 'known.db')}" in said
    assert "days old" not in said, "two builds say the same, whenever they run"
    assert packages(here / "known.db") == {"alpha", "beta"}


def test_a_build_of_sources_that_cannot_all_be_read_is_incomplete(
    capsys: pytest.CaptureFixture[str], advisories: Path, here: Path
) -> None:
    said = told(capsys, "build", str(advisories), "none", "-o", "known.db", code=3)
    assert [(gap["reason"], gap["location"]["path"]) for gap in said["gaps"]] == [("missing", "none")]
    assert packages(here / "known.db") == {"alpha", "beta"}
    (here / "broken.zip").write_bytes(b"PK\x03\x04broken")
    said = told(capsys, "build", str(advisories), "broken.zip", "-o", "known.db", code=3)
    assert "broken.zip" in {gap["location"]["path"] for gap in said["gaps"]}


def test_a_build_without_sources_or_place_says_what_to_do(
    capsys: pytest.CaptureFixture[str], advisories: Path, here: Path
) -> None:
    before = sorted(here.rglob("*"))
    assert "nothing was named to build a database from" in failed(capsys, "build", "-o", "known.db")
    assert "where is the database to be written?" in failed(capsys, "build", str(advisories))
    said = failed(capsys, "build", str(advisories), "-o", "none/known.db")
    assert "none/known.db cannot be written: there is no such folder" in said
    assert "-o" in said
    assert "it is a folder" in failed(capsys, "build", str(advisories), "-o", str(advisories))
    assert "cannot be written" in failed(capsys, "build", str(advisories), "-o", "/proc/known.db")
    assert sorted(here.rglob("*")) == before


def test_a_disk_that_is_full_leaves_the_old_database_and_nothing_beside_it(
    capsys: pytest.CaptureFixture[str], advisories: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, "build", str(advisories), "-o", "known.db")
    before = {p: p.read_bytes() for p in here.iterdir() if p.is_file()}
    (advisories / "gamma.json").write_bytes(record("gamma", "2024-05-02"))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left on device" in failed(capsys, "build", str(advisories), "-o", "known.db")
    assert {p: p.read_bytes() for p in here.iterdir() if p.is_file()} == before


@pytest.mark.parametrize("words", [(), ("--delta-from", "known.db")])
def test_an_interrupt_leaves_a_right_database_and_nothing_half_written(
    capsys: pytest.CaptureFixture[str],
    advisories: Path,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    run(capsys, "build", str(advisories), "-o", "known.db")
    before = {p.name for p in here.iterdir()}
    (advisories / "gamma.json").write_bytes(record("gamma", "2024-05-02"))

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    # in the middle of writing the database, or behind it in the middle of writing the delta
    monkeypatch.setattr("fourc.app.db_build.write_delta" if words else "os.fsync", interrupted)
    assert main(["db", "build", str(advisories), "-o", "known.db", *words]) == 130
    assert {p.name for p in here.iterdir()} == before
    assert packages(here / "known.db") == ({"alpha", "beta", "gamma"} if words else {"alpha", "beta"})


def test_a_signed_database_is_opened_with_its_key_only(
    capsys: pytest.CaptureFixture[str], advisories: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = Signer(here, "mine"), Signer(here, "other")
    run(capsys, "build", str(advisories), "-o", "known.db", "--sign", str(mine.private))
    monkeypatch.setenv("FOURC_DB_KEY", str(mine.public))
    run(capsys, "status", "--db", "known.db")
    monkeypatch.setenv("FOURC_DB_KEY", str(other.public))
    assert "signature is of another key" in failed(capsys, "status", "--db", "known.db")
    assert "cannot be used" in failed(capsys, "build", str(advisories), "-o", "x.db", "--sign", str(mine.public))
    assert not (here / "x.db").exists()


def test_a_delta_is_written_beside_the_database_that_may_replace_the_old_one(
    capsys: pytest.CaptureFixture[str], advisories: Path, here: Path
) -> None:
    run(capsys, "build", str(advisories), "-o", "known.db")
    old = digest(here / "known.db")
    (advisories / "gamma.json").write_bytes(record("gamma", "2024-05-02"))
    said = told(capsys, "build", str(advisories), "-o", "known.db", "--delta-from", "known.db")
    name = f"known.db.from-{old[:16]}"
    assert said["deltas"] == [{"file": name, "from": f"sha256:{old}", "size": (here / name).stat().st_size}]
    assert packages(here / "known.db") == {"alpha", "beta", "gamma"}
    said = failed(capsys, "build", str(advisories), "-o", "known.db", "--delta-from", str(advisories / "alpha.json"))
    assert "this is no database of fourc" in said


def test_flags_of_another_action_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--sign is about build" in failed(capsys, "update", "x", "--sign", "key.pem")
    assert "--delta-from is about build" in failed(capsys, "status", "--delta-from", "x")
    assert "--force is about update" in failed(capsys, "build", "x", "-o", "y", "--force")
    assert "fourc db cannot sing" in failed(capsys, "sing")


def test_what_was_fetched_is_what_scans_use_from_then_on(
    capsys: pytest.CaptureFixture[str], site: Site, here: Path, tmp_path: Path
) -> None:
    new = database(here / "new.db", "alpha", day=day(3))
    site.files["/known.db"] = new.read_bytes()
    said = told(capsys, "update", site.url("/known.db"))
    assert said["updated"] == {"source": site.url("/known.db"), "way": "whole", "fetched": new.stat().st_size}
    assert said["file"] == str(kept(tmp_path))
    assert said["age"] == {"newest": day(3), "days": 3, "old": False}
    assert told(capsys, "status")["digest"] == f"sha256:{digest(new)}"
    assert f"{site.url('/known.db')} has nothing newer" in run(capsys, "update", site.url("/known.db"))
    assert f"{site.url('/known.db')} 没有更新的内容" in run(capsys, "update", site.url("/known.db"), "--lang", "zh-CN")


def test_the_place_is_named_with_o_or_db_and_the_source_may_stand_in_the_configuration(
    capsys: pytest.CaptureFixture[str], here: Path, tmp_path: Path
) -> None:
    new = database(here / "new.db", "alpha")
    (here / "fourc.toml").write_text('db-source = "new.db"\n')
    for flag, name in (("-o", "a.db"), ("--db", "b.db")):
        run(capsys, "update", flag, name)
        assert (here / name).read_bytes() == new.read_bytes()
    assert not kept(tmp_path).exists()
    (here / "fourc.toml").write_text("db-source = 7\n")
    assert "db-source cannot be 7" in failed(capsys, "update")


def test_what_fails_is_said_with_what_to_do_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], site: Site, here: Path, tmp_path: Path
) -> None:
    assert "db-source" in failed(capsys, "update")
    assert "HTTP 404" in failed(capsys, "update", site.url("/none.db"))
    assert "--offline forbids" in failed(capsys, "update", site.url("/none.db"), "--offline")
    new, old = database(here / "new.db", "alpha", day="2024-05-02"), database(here / "old.db", "beta")
    run(capsys, "update", str(new))
    said = failed(capsys, "update", str(old))
    assert "older than yours" in said
    assert "--force" in said
    assert packages(kept(tmp_path)) == {"alpha"}
    run(capsys, "update", str(old), "--force")
    assert packages(kept(tmp_path)) == {"beta"}


@pytest.mark.parametrize(("days", "old"), [(0, False), (29, False), (30, True), (400, True)])
def test_status_says_how_old_the_newest_record_is_and_warns_from_thirty_days_on(
    capsys: pytest.CaptureFixture[str], here: Path, days: int, old: bool
) -> None:
    database(here / "known.db", "alpha", day=day(days))
    said = told(capsys, "status", "--db", "known.db")
    assert said["age"] == {"newest": day(days), "days": days, "old": old}
    lines = run(capsys, "status", "--db", "known.db")
    assert f"{days} days old" in lines
    assert ("! the newest record" in lines) == old
    assert ("fourc db update fetches" in " ".join(lines.split())) == old


def test_a_day_that_is_still_to_come_is_no_age(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    database(here / "known.db", "alpha", day="2999-01-01")
    assert told(capsys, "status", "--db", "known.db")["age"]["days"] == 0


def test_a_database_without_dates_is_said_to_be_of_no_known_age(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    database(here / "known.db", "alpha", day="x")
    opened = Database.open(here / "known.db")
    opened.close()
    said = told(capsys, "status", "--db", "known.db")
    assert said["age"] == {"newest": "", "days": None, "old": True}
    assert "nobody knows how old it is" in run(capsys, "status", "--db", "known.db")
