"""What `fix` does to manifests with vulnerable versions: what the plan promises, and nothing else."""

from pathlib import Path

import pytest
from tests.app.advised import CASES, advisory, commit, database, put, said, told, vulnerable


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str, str, str]:
    """A folder with one manifest, the manifest's name, the database, and the manifest's text."""
    ecosystem, name, _, fixed, text = CASES[request.param]
    folder = put(tmp_path / "shop", {request.param: text})
    return folder, request.param, database(tmp_path, advisory(ecosystem, name, fixed)), text


def test_the_version_alone_is_changed_and_the_finding_is_gone(
    case: tuple[Path, str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, manifest, db, text = case
    planned = told(capsys, "plan", str(folder), "--db", db)
    assert [(f["fixes"][0]["class"], f["subject"]["version"].removeprefix("v")) for f in vulnerable(planned)] == [
        ("try-first", "1.2.0")
    ]
    said(capsys, "fix", "all", "--upto", "try-first", "--apply", str(folder), "--db", db)
    _, name, old, new, _ = CASES[manifest]
    own = 'name = "m"\nversion = "1.2.0"' if manifest == "Cargo.toml" else ""
    own = '"version": "1.2.0"' if manifest == "composer.json" else own
    own = "<version>1.2.0</version>" if manifest == "pom.xml" else own
    kept = text.replace(own, "\0") if own else text
    expected = kept.replace(old, new).replace("\0", own)
    assert (folder / manifest).read_bytes().decode() == expected, name
    assert vulnerable(told(capsys, "scan", "vulns", str(folder), "--db", db)) == []


def test_a_second_run_changes_nothing(case: tuple[Path, str, str, str], capsys: pytest.CaptureFixture[str]) -> None:
    folder, manifest, db, _ = case
    words = ("fix", "all", "--upto", "try-first", "--apply", str(folder), "--db", db)
    said(capsys, *words)
    after = (folder / manifest).read_bytes()
    said(capsys, *words)
    assert (folder / manifest).read_bytes() == after


def test_carriage_returns_and_the_byte_order_mark_stay(
    case: tuple[Path, str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, manifest, db, text = case
    mark = b"\xef\xbb\xbf" if manifest in {"m.csproj", "pom.xml", "requirements.txt"} else b""
    put(folder, {manifest: mark + text.replace("\n", "\r\n").encode()})
    said(capsys, "fix", "all", "--upto", "try-first", "--apply", str(folder), "--db", db)
    after = (folder / manifest).read_bytes()
    assert after.startswith(mark)
    assert after.count(b"\r\n") == after.count(b"\n") == text.count("\n")
    assert b"1.3.0" in after


def test_its_verification_says_yes(case: tuple[Path, str, str, str], capsys: pytest.CaptureFixture[str]) -> None:
    folder, _, db, _ = case
    out = said(capsys, "fix", "all", "--upto", "try-first", "--verify", "--diff", str(folder), "--db", db)
    assert "+" in out
    assert "  no " not in out


def test_uncommitted_changes_are_refused(case: tuple[Path, str, str, str], capsys: pytest.CaptureFixture[str]) -> None:
    folder, manifest, db, text = case
    put(folder, {manifest: text + "\n"})
    commit(folder)
    put(folder, {manifest: text})
    said(capsys, "fix", "all", "--upto", "try-first", "--apply", str(folder), "--db", db, code=2)
    assert (folder / manifest).read_text() == text
    said(capsys, "fix", "all", "--upto", "try-first", "--apply", "--force", str(folder), "--db", db)
    assert (folder / manifest).read_text() != text


def test_two_packages_of_one_file_and_two_versions_in_two_projects_all_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = database(
        tmp_path,
        advisory("PyPI", "left-pad", "1.3.0", "GHSA-1111-1111-1111"),
        advisory("PyPI", "right-pad", "2.0.1", "GHSA-2222-2222-2222"),
    )
    files: dict[str, str | bytes] = {
        "a/requirements.txt": "left-pad==1.2.0\nright-pad==2.0.0\n",
        "b/requirements.txt": "left-pad==1.0.0\n",
    }
    folder = put(tmp_path / "shop", files)
    found = vulnerable(told(capsys, "scan", "vulns", str(folder), "--db", db))
    assert len({f["fingerprint"] for f in found}) == len(found) == 3
    said(capsys, "fix", "all", "--upto", "try-first", "--apply", str(folder), "--db", db)
    assert (folder / "a/requirements.txt").read_text() == "left-pad==1.3.0\nright-pad==2.0.1\n"
    assert (folder / "b/requirements.txt").read_text() == "left-pad==1.3.0\n"


def test_a_patch_release_is_safe_and_a_larger_step_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = database(tmp_path, advisory("PyPI", "left-pad", "1.2.1"), advisory("PyPI", "right-pad", "2.0.0", "GHSA-2222"))
    folder = put(tmp_path / "shop", {"requirements.txt": "left-pad==1.2.0\nright-pad==1.2.0\n"})
    said(capsys, "fix", "all", "--apply", str(folder), "--db", db)
    assert (folder / "requirements.txt").read_text() == "left-pad==1.2.1\nright-pad==1.2.0\n"


def test_what_a_version_brings_is_ended_in_the_same_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brought = advisory("PyPI", "left-pad", identifier="GHSA-2222")
    brought["affected"][0]["ranges"][0]["events"] = [{"introduced": "1.3.0"}, {"fixed": "1.4.0"}]
    db = database(tmp_path, advisory("PyPI", "left-pad", "1.3.0", "GHSA-1111"), brought)
    folder = put(tmp_path / "shop", {"requirements.txt": "left-pad==1.2.0\n"})
    said(capsys, "fix", "all", "--upto", "try-first", "--apply", str(folder), "--db", db)
    assert (folder / "requirements.txt").read_text() == "left-pad==1.4.0\n"


def test_a_version_that_was_passed_over_for_what_it_brings_is_taken_once_that_is_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brought = [advisory("PyPI", "left-pad", identifier=f"GHSA-1{n}") for n in (3, 4, 5)]
    for each in brought:
        each["affected"][0]["ranges"][0]["events"] = [{"introduced": "1.3.0"}, {"fixed": "1.3.9"}]
    first, second = (advisory("PyPI", "left-pad", f"1.{n}.0", f"GHSA-{n}") for n in (2, 3))
    db = database(tmp_path, first, second, *brought)
    folder = put(tmp_path / "shop", {"requirements.txt": "left-pad==1.1.0\n"})
    said(capsys, "fix", "all", "--upto", "try-first", "--apply", str(folder), "--db", db)
    assert (folder / "requirements.txt").read_text() == "left-pad==1.3.9\n"


def test_what_nothing_mends_does_not_stop_the_search_for_what_mends_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endless = [advisory("PyPI", "left-pad", "", f"GHSA-{n}") for n in (7, 8)]
    endless[0]["affected"][0]["ranges"][0]["events"] = [{"introduced": "0"}, {"last_affected": "1.2.9"}]
    first, second = (advisory("PyPI", "left-pad", f"1.{n}.0", f"GHSA-{n}") for n in (2, 3))
    db = database(tmp_path, first, second, *endless)
    folder = put(tmp_path / "shop", {"requirements.txt": "left-pad==1.1.0\n"})
    said(capsys, "fix", "all", "--upto", "try-first", "--apply", str(folder), "--db", db)
    assert (folder / "requirements.txt").read_text() == "left-pad==1.3.0\n"


LOCK = """{"name": "m", "lockfileVersion": 3, "packages": {
 "": {"name": "m", "dependencies": {"left-pad": "1.2.0"}},
 "node_modules/left-pad": {"version": "1.2.0"}
}}
"""


def test_of_a_lock_file_the_command_is_given_and_nothing_is_edited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = database(tmp_path, advisory("npm", "left-pad"))
    files: dict[str, str | bytes] = {
        "package.json": '{"name": "m", "dependencies": {"left-pad": "1.2.0"}}\n',
        "package-lock.json": LOCK,
    }
    folder = put(tmp_path / "shop", files)
    (finding,) = vulnerable(told(capsys, "plan", str(folder), "--db", db))
    assert finding["fixes"] == []
    assert "left-pad@1.3.0" in finding["no_fix"]
    said(capsys, "fix", "all", "--upto", "decision", "--apply", str(folder), "--db", db)
    assert {name: (folder / name).read_text() for name in files} == files


def test_where_one_place_wants_a_command_what_is_to_be_written_in_the_other_is_said_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = database(tmp_path, advisory("npm", "left-pad"))
    manifest = '{"name": "m", "dependencies": {"left-pad": "1.2.0"}}\n'
    folder = put(
        tmp_path / "shop", {"a/package.json": manifest, "a/package-lock.json": LOCK, "b/package.json": manifest}
    )
    (finding,) = vulnerable(told(capsys, "plan", str(folder), "--db", db))
    assert "run in a: npm install" in finding["no_fix"]
    assert "write left-pad 1.3.0 into b/package.json" in finding["no_fix"]


def test_what_nothing_mends_says_so_and_what_a_version_mends_out_of_reach_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = database(tmp_path, advisory("PyPI", "left-pad", ""))
    folder = put(tmp_path / "shop", {"requirements.txt": "left-pad==1.2.0\n"})
    (finding,) = vulnerable(told(capsys, "scan", "vulns", str(folder), "--db", db))
    assert finding["fixes"] == []
    assert "no version mends it yet" in finding["no_fix"]
