"""`scan vulns` as a person runs it: what it finds, what it leaves out, and how it ends."""

import json
import os
import socket
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.app.advised import Json, advisory, commit, database, put, said, told, vulnerable

LOCK = """{"name": "web", "lockfileVersion": 3, "packages": {
 "": {"name": "web", "version": "1.0.0", "dependencies": {"outer": "^1.0.0"}, "devDependencies": {"tester": "1.0.0"}},
 "node_modules/outer": {"version": "1.0.0", "dependencies": {"middle": "1"}},
 "node_modules/middle": {"version": "1.0.0", "dependencies": {"left-pad": "1.2.0"}},
 "node_modules/left-pad": {"version": "1.2.0"},
 "node_modules/tester": {"version": "1.0.0", "dev": true}
}}
"""


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A project with a direct, an indirect and a development dependency, the last two vulnerable."""
    manifest = '{"name": "web", "dependencies": {"outer": "^1.0.0"}, "devDependencies": {"tester": "1.0.0"}}'
    return put(tmp_path / "web", {"package.json": manifest, "package-lock.json": LOCK})


@pytest.fixture
def db(tmp_path: Path) -> str:
    """Two vulnerabilities: one with an alias of its own, one of a package that only tests."""
    return database(
        tmp_path,
        advisory("npm", "left-pad", aliases=["CVE-2026-1"], summary="pads too much"),
        advisory("npm", "tester", "2.0.0", "GHSA-2222-2222-2222"),
    )


def by_name(report: Json) -> dict[str, Json]:
    return {finding["subject"]["name"]: finding for finding in vulnerable(report)}


def test_a_finding_names_package_ids_path_and_place(web: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = by_name(told(capsys, "scan", "vulns", str(web), "--db", db))
    pad = found["left-pad"]
    assert (pad["subject"]["kind"], pad["subject"]["version"]) == ("Package", "1.2.0")
    assert pad["subject"]["purl"] == "pkg:npm/left-pad@1.2.0"
    assert pad["references"] == ["osv:GHSA-aaaa-bbbb-cccc", "cve:CVE-2026-1"]
    assert [step.partition("@")[0] for step in pad["dependency"]["path"]] == ["outer", "middle", "left-pad"]
    assert (pad["dependency"]["direct"], pad["dependency"]["dev"]) == (False, False)
    assert pad["location"]["path"] == "package-lock.json"
    assert (found["tester"]["dependency"]["direct"], found["tester"]["dependency"]["dev"]) == (True, True)


def test_what_only_tests_comes_after_what_runs(web: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    report = told(capsys, "scan", "vulns", str(web), "--db", db)
    found = by_name(report)
    order = [change["findings"][0] for change in report["changes"]]
    assert order == [found["left-pad"]["fingerprint"], found["tester"]["fingerprint"]]
    assert found["tester"]["urgency"]["when"] == "can wait"


def test_ids_that_name_the_same_vulnerability_are_one_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    db = database(
        tmp_path,
        advisory("PyPI", "left-pad", "1.3.0", "GHSA-1111-1111-1111", aliases=["CVE-2026-1"]),
        advisory("PyPI", "left-pad", "1.3.0", "PYSEC-2026-1", aliases=["CVE-2026-1"]),
    )
    put(tmp_path / "p", {"requirements.txt": "left-pad==1.0\n", "b/requirements.txt": "x==1\n\nLeft_Pad==1.0\n"})
    (finding,) = vulnerable(told(capsys, "scan", "vulns", str(tmp_path / "p"), "--db", db))
    assert {*finding["references"]} == {"osv:GHSA-1111-1111-1111", "osv:PYSEC-2026-1", "cve:CVE-2026-1"}
    places = [finding["location"], *finding["places"]]
    assert {(place["path"], place["line"]) for place in places} == {("requirements.txt", 1), ("b/requirements.txt", 3)}


def test_fingerprints_are_the_same_in_every_command_and_when_lines_move(
    web: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first = {f["fingerprint"] for f in vulnerable(told(capsys, "scan", "vulns", str(web), "--db", db))}
    assert first == {f["fingerprint"] for f in vulnerable(told(capsys, "scan", "all", str(web), "--db", db))}
    assert first == {f["fingerprint"] for f in vulnerable(told(capsys, "plan", str(web), "--db", db))}
    put(web, {"package-lock.json": "\n\n" + LOCK})
    assert first == {f["fingerprint"] for f in vulnerable(told(capsys, "scan", "vulns", str(web), "--db", db))}
    assert len(first) == 2


@pytest.mark.parametrize("command", [("scan", "vulns"), ("scan", "all"), ("plan",)])
def test_the_report_fits_its_schema_and_is_the_same_twice(
    command: tuple[str, ...], web: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = told(capsys, *command, str(web), "--db", db)
    schema = json.loads(files("fourc").joinpath("data/report.schema.json").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(report)] == []
    assert report == told(capsys, *command, str(web), "--db", db)
    assert len(vulnerable(report)) == 2


def test_fixes_name_a_change_that_names_the_finding(web: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    put(web, {"tools/requirements.txt": "left-pad==1.0\n"})
    Path(db).unlink()
    db = database(Path(db).parent, advisory("PyPI", "left-pad"), advisory("npm", "left-pad", "1.3.0", "GHSA-2222"))
    report = told(capsys, "plan", str(web), "--db", db)
    changes = {change["id"]: change for change in report["changes"]}
    edited = {f["location"]["path"]: [changes[fix["change"]] for fix in f["fixes"]] for f in vulnerable(report)}
    assert [edit["path"] for edit in edited["tools/requirements.txt"][0]["edits"]] == ["tools/requirements.txt"]
    assert edited["package-lock.json"] == []


def test_in_sarif_every_vulnerability_is_a_rule_with_its_page(
    web: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run = json.loads(said(capsys, "scan", "vulns", str(web), "--db", db, "-f", "sarif"))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["GHSA-2222-2222-2222", "GHSA-aaaa-bbbb-cccc"]
    pad = rules[1]
    assert pad["shortDescription"]["text"] == "GHSA-aaaa-bbbb-cccc: pads too much"
    assert pad["helpUri"] == "https://osv.dev/vulnerability/GHSA-aaaa-bbbb-cccc"
    assert pad["properties"]["rule"] == "vulnerable-package"
    assert float(pad["properties"]["security-severity"]) > 0
    assert {rules[result["ruleIndex"]]["id"]: result["ruleId"] for result in run["results"]} == {
        rule["id"]: rule["id"] for rule in rules
    }
    planned = json.loads(said(capsys, "plan", str(web), "--db", db, "-f", "sarif"))["runs"][0]
    assert {r["ruleId"] for r in run["results"]} <= {r["ruleId"] for r in planned["results"]}


def test_bills_list_every_package_below_the_project_also_without_a_database(
    web: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for target in (web, web / "package-lock.json"):
        bill = json.loads(said(capsys, "scan", "vulns", str(target), "-f", "cyclonedx"))
        assert bill["metadata"]["component"]["name"] == "web"
        assert {part["name"] for part in bill["components"]} == {"outer", "middle", "left-pad", "tester"}


def test_an_sbom_is_a_target(web: Path, db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("cyclonedx", "spdx"):
        put(tmp_path, {"web.json": said(capsys, "scan", "vulns", str(web), "-f", form)})
        report = told(capsys, "scan", "vulns", str(tmp_path / "web.json"), "--db", db)
        assert {*by_name(report)} == {"left-pad", "tester"}
        again = json.loads(said(capsys, "scan", "vulns", str(tmp_path / "web.json"), "-f", "cyclonedx"))
        assert again["metadata"]["component"]["name"] == "web"


@pytest.mark.parametrize("form", ["gitlab", "code-quality", "openvex", "spdx3"])
def test_every_format_names_what_was_found(form: str, web: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "scan", "vulns", str(web), "--db", db, "-f", form)
    json.loads(out)
    assert "left-pad" in out


def test_findings_end_with_0_and_with_what_was_asked_for(
    web: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "scan", "vulns", str(web), "--db", db)
    said(capsys, "scan", "vulns", str(web), "--db", db, "--exit-code", "1", code=1)
    said(capsys, "scan", "vulns", str(web), "--db", db, "--exit-code", "1", "-s", "critical")


def test_a_lock_file_that_cannot_be_read_is_a_gap_and_ends_with_3(
    web: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(web, {"api/composer.lock": '{"packages": ['})
    report = told(capsys, "scan", "vulns", str(web), "--db", db, code=3)
    assert [(gap["reason"], gap["location"]["path"]) for gap in report["gaps"]] == [("malformed", "api/composer.lock")]
    assert {*by_name(report)} == {"left-pad", "tester"}


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", os.urandom(5000), None])
def test_a_database_that_is_none_ends_with_2(
    content: bytes | None, web: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(db).with_name("other.db")
    cut = Path(db).read_bytes()[:-4096]
    file.write_bytes(cut if content is None else content)
    for command in (("scan", "vulns"), ("scan", "all"), ("plan",)):
        said(capsys, *command, str(web), "--db", str(file), code=2)


def test_a_database_or_target_that_is_not_there_ends_with_2(
    web: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "scan", "vulns", str(web), "--db", str(web / "none.db"), code=2)
    said(capsys, "scan", "vulns", str(web), "--db", str(web), code=2)
    said(capsys, "scan", "vulns", str(web / "none"), "--db", db, code=2)


def test_without_a_database_packages_are_counted_and_that_nobody_judged_them_is_said(
    web: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    out = said(capsys, "scan", "vulns", str(web), "--lang", "en")
    assert out.splitlines()[0] == "fourc · web · 4 packages in 1 file · no database was asked"
    assert "Not seen: known vulnerabilities: there is no database" in out


def test_an_ecosystem_that_the_database_does_not_hold_is_named_and_never_clean(
    tmp_path: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path / "p", {"requirements.txt": "left-pad==1.2.0\n"})
    report = told(capsys, "scan", "vulns", str(tmp_path / "p"), "--db", db)
    assert [(gap["reason"], gap["subject"]) for gap in report["gaps"]] == [("no-data", "PyPI")]
    out = said(capsys, "scan", "vulns", str(tmp_path / "p"), "--db", db, "--lang", "en")
    assert "none of them was judged" in out
    assert "None of these packages has a vulnerability" not in out


def test_installed_packages_and_what_git_ignores_are_passed_over(
    web: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(
        web,
        {
            "node_modules/x/package.json": '{"name": "x", "dependencies": {"left-pad": "1.1.0"}}',
            "out/package.json": '{"name": "x", "dependencies": {"left-pad": "1.0.1"}}',
            ".gitignore": "out/\n",
        },
    )
    commit(web)
    versions = [f["subject"]["version"] for f in vulnerable(told(capsys, "scan", "vulns", str(web), "--db", db))]
    assert sorted(versions) == ["1.0.0", "1.2.0"]
    every = told(capsys, "scan", "vulns", str(web), "--db", db, "--all-files")
    assert "1.0.1" in [f["subject"]["version"] for f in vulnerable(every)]


def test_a_member_of_a_workspace_is_told_by_the_lock_file_above_it(
    web: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    member = '{"name": "x", "dependencies": {"left-pad": "1.2.0"}}'
    lock = LOCK.replace('"node_modules/outer"', '"packages/x": {"name": "x"}, "node_modules/outer"')
    put(web, {"packages/x/package.json": member, "package-lock.json": lock})
    found = by_name(told(capsys, "scan", "vulns", str(web), "--db", db))
    assert (found["left-pad"]["location"]["path"], found["left-pad"].get("places")) == ("package-lock.json", None)


def test_a_project_that_only_lies_below_a_lock_file_tells_its_own_versions(
    web: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(web, {"legacy/package.json": '{"name": "old", "dependencies": {"left-pad": "0.9.0"}}'})
    found = vulnerable(told(capsys, "scan", "vulns", str(web), "--db", db))
    places = {(f["subject"]["version"], f["location"]["path"]) for f in found if f["subject"]["name"] == "left-pad"}
    assert places == {("1.2.0", "package-lock.json"), ("0.9.0", "legacy/package.json")}


def test_the_head_says_the_folder_and_the_bill_the_project(
    web: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    web = web.rename(web.with_name("checkout"))
    first = said(capsys, "scan", "vulns", str(web), "--db", db, "--lang", "en").splitlines()[0]
    assert first == "fourc · checkout · 4 packages in 1 file · 2 known vulnerabilities"
    bill = json.loads(said(capsys, "scan", "vulns", str(web), "--db", db, "-f", "cyclonedx"))
    assert bill["metadata"]["component"]["name"] == "web"


def test_a_default_run_opens_no_connection(
    web: Path, db: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for command in (("scan", "vulns"), ("plan",)):
        assert len(vulnerable(told(capsys, *command, str(web), "--db", db))) == 2


def test_special_files_and_links_out_of_the_tree_are_gaps(
    web: Path, db: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (web / "a").mkdir()
    os.mkfifo(web / "a" / "package-lock.json")
    outside = put(tmp_path / "outside", {"requirements.txt": "x==1\n"})
    (web / "b").symlink_to(outside)
    report = told(capsys, "scan", "vulns", str(web), "--db", db, code=3)
    assert {gap["location"]["path"] for gap in report["gaps"]} == {"a/package-lock.json", "b"}


def test_a_file_name_that_is_no_utf8_is_shown_escaped(
    tmp_path: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = os.path.join(os.fsencode(tmp_path), b"p", b"\xff")  # noqa: PTH118 - bytes
    os.makedirs(folder)  # noqa: PTH103 - bytes
    put(Path(os.fsdecode(folder)), {"package.json": '{"dependencies": {"left-pad": "1.0.0"}}'})
    (finding,) = vulnerable(told(capsys, "scan", "vulns", str(tmp_path / "p"), "--db", db))
    assert finding["location"]["path"] == "\\xff/package.json"
