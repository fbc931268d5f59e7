"""The compiled rules are kept, and only ever save time."""

import os
from pathlib import Path

import pytest

from fourc.app import pattern_cache
from fourc.app.pattern_cache import LITTLE, MUCH, finder_for
from fourc.model.text import Text
from fourc.secrets.database import Database, DatabaseError, Sought, name_of
from fourc.secrets.hints import Hints

SOUGHT = (Sought("ghp_[a-z]{4}", ("ghp_",)),)
TEXT = b"a ghp_abcd"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, as the specification names it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "fourc"


def compiles() -> list[Text]:
    """What is said while it is made; nothing where the cache is used."""
    said: list[Text] = []
    found = finder_for(SOUGHT, said.append)
    assert isinstance(found, Database)
    assert found.sightings(TEXT) == [(10, 0)]
    return said


def test_a_second_run_loads_what_the_first_compiled(cache: Path) -> None:
    """The first says what it does; one whole file is there, for its user alone."""
    assert [said.en for said in compiles()] == ["compiling the rules (once)"]
    assert compiles() == []
    assert [path.name for path in cache.iterdir()] == [f"{name_of(SOUGHT)}.patterns"]
    assert cache.stat().st_mode & 0o777 == 0o700


def test_other_rules_are_compiled_anew() -> None:
    """They have a name of their own."""
    compiles()
    said: list[Text] = []
    finder_for((*SOUGHT, Sought("glpat-[a-z]{4}")), said.append)
    assert len(said) == 1


@pytest.mark.parametrize("damage", ["truncated", "other", "writable by all", "link", "folder"])
def test_what_is_broken_or_not_ours_is_made_again(cache: Path, damage: str) -> None:
    """The library is given nothing that another user may have written."""
    compiles()
    file = cache / f"{name_of(SOUGHT)}.patterns"
    data = file.read_bytes()
    match damage:
        case "truncated":
            file.write_bytes(data[:-9])
        case "other":
            file.write_bytes(b"[]\nnothing of the kind")
        case "writable by all":
            file.chmod(0o666)
        case "link":
            (cache / "elsewhere").write_bytes(data)
            file.unlink()
            file.symlink_to(cache / "elsewhere")
        case _:
            file.unlink()
            file.mkdir()
    assert len(compiles()) == 1
    assert damage == "folder" or compiles() == []


def test_without_a_place_for_it_the_rules_are_compiled_each_time(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "fourc").write_text("")
    assert len(compiles()) == 1
    assert len(compiles()) == 1


def test_a_relative_cache_home_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So says the specification: else the cache would lie in the folder that is scanned."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", ".")
    monkeypatch.chdir(tmp_path)
    compiles()
    assert os.listdir(tmp_path) == ["home"]  # noqa: PTH208 - names


def test_few_of_them_are_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest; every configuration and version leaves one."""
    monkeypatch.setattr(pattern_cache, "_KEPT", 1)
    made = [(Sought(f"token{number}[a-z]{{4}}"),) for number in range(4)]
    for age, sought in enumerate(made):
        finder_for(sought)
        os.utime(cache / f"{name_of(sought)}.patterns", (age, age))
    assert {path.name for path in cache.iterdir()} == {f"{name_of(sought)}.patterns" for sought in made[2:]}


@pytest.mark.parametrize("lacking", ["library", "processor"])
def test_without_vectorscan_re2_finds_the_same(monkeypatch: pytest.MonkeyPatch, lacking: str) -> None:
    """Not installed, or not for this processor."""

    def refuse(_: object) -> bytes:
        raise DatabaseError(Text("no", "否"))

    monkeypatch.setattr(pattern_cache, "is_available", lambda: lacking == "processor")
    monkeypatch.setattr(pattern_cache, "compiled", refuse)
    assert isinstance(finder_for(SOUGHT), Hints)


@pytest.mark.parametrize(
    ("size", "is_cached", "finder"),
    [
        (LITTLE - 1, True, Hints),
        (LITTLE, True, Database),
        (LITTLE, False, Hints),
        (MUCH - 1, False, Hints),
        (MUCH, False, Database),
    ],
)
def test_a_database_is_loaded_and_made_where_there_is_enough_to_read(
    size: int, is_cached: bool, finder: type[Hints | Database]
) -> None:
    """For less RE2 alone is done sooner."""
    if is_cached:
        compiles()
    assert type(finder_for(SOUGHT, size=size)) is finder
