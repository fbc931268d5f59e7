"""What was clean is remembered for one repository and one set of rules; a cache that cannot be trusted is empty."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from fourc.collect.cache import cache_folder
from fourc.collect.content import seen
from fourc.collect.content.seen import Seen

ONE, TWO = "1" * 40, "2" * 40


def remembered(folder: Path, *ids: str, repository: str = "r", rules: str = "d") -> Path:
    """The cache's file after these blobs were clean."""
    cache = Seen(Path(repository), rules, folder)
    cache.add(ids)
    cache.save()
    return folder


def known(folder: Path, repository: str = "r", rules: str = "d") -> list[str]:
    """Which of the two are known to be clean."""
    cache = Seen(Path(repository), rules, folder)
    return [object_id for object_id in (ONE, TWO) if object_id in cache]


def test_what_was_clean_is_known_the_next_time_and_nothing_else(tmp_path: Path) -> None:
    remembered(tmp_path / "c", ONE)
    assert known(tmp_path / "c") == [ONE]
    remembered(tmp_path / "c", TWO)
    assert known(tmp_path / "c") == [ONE, TWO]


def test_the_refs_of_a_clean_run_are_known_until_a_run_is_not_clean(tmp_path: Path) -> None:
    cache = Seen(Path("r"), "d", tmp_path)
    cache.add([ONE])
    cache.save((TWO, "3" * 40))
    assert Seen(Path("r"), "d", tmp_path).tips == (TWO, "3" * 40)
    assert known(tmp_path) == [ONE]
    Seen(Path("r"), "d", tmp_path).save()
    assert Seen(Path("r"), "d", tmp_path).tips == ()
    assert known(tmp_path) == [ONE]


def test_other_rules_and_another_repository_know_nothing_of_it(tmp_path: Path) -> None:
    remembered(tmp_path, ONE)
    assert known(tmp_path, rules="other") == []
    assert known(tmp_path, repository="other") == []


def test_sha256_ids_are_kept_whole(tmp_path: Path) -> None:
    long = "ab" * 32
    remembered(tmp_path, long)
    cache = Seen(Path("r"), "d", tmp_path)
    assert (long in cache, "ab" * 31 + "ac" in cache) == (True, False)


def test_only_the_user_may_read_it(tmp_path: Path) -> None:
    remembered(tmp_path / "c", ONE)
    (file,) = (tmp_path / "c").iterdir()
    assert (file.stat().st_mode & 0o777, (tmp_path / "c").stat().st_mode & 0o777) == (0o600, 0o700)


def flipped(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-7])


def other_key(file: Path) -> None:
    remembered(file.parent, TWO, rules="other")
    (other,) = (path for path in file.parent.iterdir() if path != file)
    other.replace(file)


def linked(file: Path) -> None:
    kept = file.rename(file.with_suffix(".kept"))
    file.symlink_to(kept)


def writable(file: Path) -> None:
    file.chmod(0o666)


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


@pytest.mark.parametrize("harm", [flipped, cut, other_key, linked, writable, pipe, lambda file: file.write_bytes(b"")])
def test_a_file_that_cannot_be_trusted_counts_as_empty(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    (file,) = remembered(tmp_path, ONE).iterdir()
    harm(file)
    assert known(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert known(remembered(tmp_path / "file" / "c", ONE)) == []


def test_only_the_files_that_were_used_last_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "_MAX_FILES", 2)
    for number, rules in enumerate(("a", "b", "c")):
        (tmp_path / "x").touch()
        remembered(tmp_path, ONE, rules=rules)
        for file in tmp_path.iterdir():
            os.utime(file, (number, number) if file.stat().st_mtime > 10 else None)
        (tmp_path / "x").unlink(missing_ok=True)
    assert len([*tmp_path.iterdir()]) <= 2


def test_it_lies_in_the_users_cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "fourc"
    assert Seen(tmp_path, "rules")._folder == tmp_path / "fourc" / "seen"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/u")
    assert cache_folder() == Path("/home/u/.cache/fourc")
    assert Seen(tmp_path, "rules")._folder == Path("/home/u/.cache/fourc/seen")
