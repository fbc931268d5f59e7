"""Where the salt of fingerprints comes from, and which files of ignores count."""

import os
from pathlib import Path

import pytest
from tests.secrets.ignoring.team import commit, git, repository

from fourc.app.ignoring import Own, Salting, SecretIgnores, add, own_ignores
from fourc.app.secret_scan import SecretScan, scan_secrets
from fourc.errors import UsageError
from fourc.secrets.hit import Hit
from fourc.secrets.ignoring.fingerprints import Fingerprinter, salt_from
from fourc.secrets.ignoring.own import FILE, Ignore
from fourc.secrets.ignoring.team_rules import TeamRules
from fourc.secrets.rule import Kind, Rule, Token


def fingerprint(folder: Path) -> str:
    """What a weak password is called in a folder."""
    return Salting(own_ignores(folder)).of("pw", "summer2024")


def test_a_secret_is_called_the_same_in_every_clone_and_folder_and_after_every_kind_of_commit(tmp_path: Path) -> None:
    folder = repository(tmp_path / "one")
    name = fingerprint(folder)
    git(tmp_path, "clone", "-q", str(folder), "two")
    git(tmp_path, "clone", "-q", "--bare", str(folder), "three.git")
    assert fingerprint(tmp_path / "two") == fingerprint(folder / "config") == name
    git(folder, "checkout", "-q", "-b", "work")
    (folder / "more").write_text("x")
    commit(folder)
    git(folder, "commit", "-q", "--amend", "-m", "squashed")
    git(folder, "checkout", "-q", "main")
    (folder / "other").write_text("y")
    commit(folder)
    git(folder, "rebase", "-q", "main", "work")
    assert fingerprint(folder) == name


def test_a_history_that_is_merged_in_later_changes_no_fingerprint(tmp_path: Path) -> None:
    folder = repository(tmp_path / "one")
    name = fingerprint(folder)
    git(folder, "checkout", "-q", "--orphan", "imported")
    (folder / "imported").write_text("z")
    commit(folder)
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--allow-unrelated-histories", "imported", "-m", "import")
    assert fingerprint(folder) == name


def test_two_repositories_call_the_same_weak_password_differently(tmp_path: Path) -> None:
    one, two = repository(tmp_path / "one"), tmp_path / "two"
    two.mkdir()
    git(two, "init", "-q")
    (two / "a").write_text("other first content")
    commit(two, "everything")
    assert fingerprint(one) != fingerprint(two)


def test_the_id_of_the_first_commit_does_not_tell_the_salt(tmp_path: Path) -> None:
    """A log prints commit ids; the salt needs what the commit holds."""
    folder = repository(tmp_path / "one")
    known = git(folder, "rev-list", "--max-parents=0", "HEAD")
    guesses = [salt_from(text.encode()) for text in (known, f"{known}\n", f"commit {known}", known[:7])]
    assert fingerprint(folder) not in {Fingerprinter(salt).of("pw", "summer2024") for salt in guesses}


def test_the_first_ignore_keeps_the_salt_so_that_a_shallow_clone_and_a_rewritten_history_have_the_same_names(
    tmp_path: Path,
) -> None:
    folder = repository(tmp_path / "one")
    name = fingerprint(folder)
    own = own_ignores(folder)
    add(own, Ignore("1" * 16, "x"), Salting(own).salt)
    (folder / "more").write_text("x")
    commit(folder)
    git(tmp_path, "clone", "-q", "--depth", "1", folder.as_uri(), "shallow")
    assert fingerprint(tmp_path / "shallow") == name
    assert Salting(own_ignores(tmp_path / "shallow")).gaps == ()
    git(folder, "commit", "-q", "--amend", "-m", "another first commit")
    assert fingerprint(folder) == name


def test_a_shallow_clone_without_a_salt_says_that_its_names_are_its_own(tmp_path: Path) -> None:
    folder = repository(tmp_path / "one")
    (folder / "more").write_text("x")
    commit(folder)
    git(tmp_path, "clone", "-q", "--depth", "1", folder.as_uri(), "shallow")
    salting = Salting(own_ignores(tmp_path / "shallow"))
    assert salting.of("pw", "summer2024") != fingerprint(folder)
    assert [(g.subject, g.named) for g in salting.gaps] == [("fingerprints", False)]
    assert "GIT_DEPTH: 0" in salting.gaps[0].remedy.en


def test_a_folder_without_history_keeps_its_names_while_its_files_change_and_another_folder_has_others(
    tmp_path: Path,
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    name = fingerprint(one)
    (one / "a").write_text("x")
    assert fingerprint(one) == name != fingerprint(two)


def test_looking_writes_nothing(tmp_path: Path) -> None:
    folder = repository(tmp_path / "one")
    before = sorted(str(p) for p in folder.rglob("*"))
    fingerprint(folder)
    assert sorted(str(p) for p in folder.rglob("*")) == before


def test_the_ignore_file_of_the_nearest_folder_counts_and_none_outside_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".fourc").mkdir()
    (tmp_path / FILE).write_text('[[ignore]]\nfingerprint = "2222222222222222"\nreason = "another project"\n')
    folder = repository(tmp_path / "one")
    assert own_ignores(folder / "config") == Own(Path(os.path.realpath(folder)), "config/")
    (folder / ".fourc").mkdir()
    (folder / FILE).write_text('[[ignore]]\nfingerprint = "1111111111111111"\nreason = "x"\n')
    own = own_ignores(folder / "config")
    assert [i.fingerprint for i in own.said.ignores] == ["1" * 16]
    assert own.prefix == "config/"


def test_an_ignore_file_that_cannot_be_edited_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".fourc").mkdir()
    text = 'ignore = [{ fingerprint = "1111111111111111", reason = "on one line" }]\n'
    (tmp_path / FILE).write_text(text)
    own = own_ignores(tmp_path)
    with pytest.raises(UsageError, match="cannot edit"):
        add(own, Ignore("2" * 16, "x"), b"s" * 16)
    assert (tmp_path / FILE).read_text() == text


def test_what_overlaps_a_listed_secret_is_known_and_what_stands_beside_it_is_not() -> None:
    """A list that knows a token under one rule's name knows the longer and the shorter sight of it under others."""
    text = b"user:pass@host other"
    rules = tuple(Rule(name, "", Kind.PASSWORD, Token("x", ())) for name in ("url", "user", "beside"))
    hits = [Hit("url", 0, 14, "user:pass@host"), Hit("user", 5, 9, "pass"), Hit("beside", 15, 20, "other")]
    for known, left in (("user", ["other"]), ("url", ["other"]), ("beside", ["user:pass@host", "pass"])):
        lists = (lambda sight, known=known: sight.rule == known,)
        assert [h.value for h in SecretIgnores(TeamRules(rules), lists).standing(hits, text, "f")] == left


@pytest.mark.parametrize("name", [".gitleaksignore", ".betterleaksignore", ".secrets.baseline"])
def test_a_list_that_is_too_large_to_be_meant_is_a_gap_and_hides_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.env").write_text("GITHUB_TOKEN=ghp_" + "Zk3vQ9x2M7q1Lw5RtYp8Bn4Hc6Jd0Fs1Ga2e\n")
    with (tmp_path / name).open("wb") as file:
        file.write(b"a.env:github-pat:1\n")
        file.truncate(3 << 30)
    report = scan_secrets(SecretScan((str(tmp_path),)))
    assert [f.rule for f in report.findings] == ["github-pat"]
    assert [(g.reason.value, g.location.path) for g in report.gaps if g.location] == [("too-large", name)]


def test_a_list_that_is_no_text_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / ".gitleaksignore").write_bytes(b"a.env:github-pat:1\n\xff\xfe")
    report = scan_secrets(SecretScan((str(tmp_path),)))
    assert [(g.reason.value, g.location.path) for g in report.gaps if g.location] == [("malformed", ".gitleaksignore")]


def test_our_own_ignore_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / FILE).parent.mkdir()
    with (tmp_path / FILE).open("wb") as file:
        file.truncate(3 << 30)
    with pytest.raises(UsageError, match="larger than 64 MiB"):
        own_ignores(tmp_path)
