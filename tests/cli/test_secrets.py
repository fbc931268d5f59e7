"""`scan secrets`, `ignore` and `baseline` as a person and a pipeline use them."""

import io
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.secrets.ignoring.team import commit, git

from fourc.cli.main import main
from fourc.secrets.ignoring.own import FILE

SCHEMAS = Path(__file__).parents[1] / "report" / "schemas"
REPORT_SCHEMA = Path(__file__).parents[2] / "src" / "fourc" / "data" / "report.schema.json"
RULES = """
[[rules]]
id = "acme-token"
description = "ACME token"
regex = '''acme_[a-z0-9]{16}'''
[[rules]]
id = "password"
description = "password"
regex = '''pw="([^"]+)"'''
"""
TOKEN, PASSWORD = "acme_0123456789abcdef", "summer2024winter"
FORMATS = ["text", "json", "sarif", "gitlab", "code-quality"]
POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n"
    "  - name: web\n    image: nginx:1.27\n    securityContext:\n      privileged: true\n"
)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a token in two files and a password, which is also the current folder."""
    (tmp_path / ".gitleaks.toml").write_text(RULES)
    (tmp_path / "a.env").write_text(f'k={TOKEN}\npw="{PASSWORD}"\n')
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.env").write_text(f"# x\nk={TOKEN}\n")
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What is printed on stdout by a command that ends with this code."""
    capsys.readouterr()
    assert main(words) == code
    return capsys.readouterr().out


def failed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command says that ends with 2."""
    capsys.readouterr()
    try:
        code: object = main(words)
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    return capsys.readouterr().err


def report(capsys: pytest.CaptureFixture[str], *words: str) -> Any:  # noqa: ANN401 - JSON
    """The JSON report of a scan, which fits its schema."""
    made = json.loads(run(capsys, *(words or ("scan", "secrets")), "-f", "json"))
    schema = json.loads(REPORT_SCHEMA.read_text("utf-8"))
    assert [e.message for e in Draft202012Validator(schema).iter_errors(made)] == []
    return made


def found(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, str]:
    """Fingerprints by rule."""
    return {f["rule"]: f["fingerprint"] for f in report(capsys, *words)["findings"]}


@pytest.mark.usefixtures("repository")
def test_one_finding_for_each_rule_and_value_with_its_other_places(capsys: pytest.CaptureFixture[str]) -> None:
    by_rule = {f["rule"]: f for f in report(capsys)["findings"]}
    token = by_rule["acme-token"]
    assert token["location"] == {"path": "a.env", "line": 1, "column": 3, "end_line": 1, "end_column": 24}
    assert token["places"] == [{"path": "b/c.env", "line": 2}]
    assert token["subject"] == {"kind": "File", "name": "a.env"}
    assert "places" not in by_rule["password"]
    assert token["no_fix"].startswith("First replace it")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("lang", ["en", "zh-CN"])
@pytest.mark.usefixtures("repository")
def test_no_format_tells_more_than_four_characters_of_a_secret(
    capsys: pytest.CaptureFixture[str], form: str, lang: str
) -> None:
    assert main(["scan", "secrets", "-f", form, "--lang", lang]) == 0
    both = "".join(capsys.readouterr())
    assert TOKEN[:5] not in both
    assert PASSWORD[:5] not in both
    assert "a.env" in both


@pytest.mark.usefixtures("repository")
def test_the_list_says_what_where_what_first_and_how_it_is_ignored(capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, "scan", "secrets")
    assert text.startswith("2 secrets. Whoever has read this repository may have them: begin with the first.\n")
    assert "1  ACME token acme…   [high, acme-token]\n   where  a.env:1, b/c.env:2\n   first  First replace it" in text
    assert "   first  as for number 1\n" in text
    assert f'fourc ignore {found(capsys)["password"]} --reason "why"' in text
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.usefixtures("repository")
def test_the_exit_code_is_0_unless_another_is_asked_for_and_something_is_found(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, "scan", "secrets", code=0)
    run(capsys, "scan", "secrets", "--exit-code", "1", code=1)
    run(capsys, "scan", "secrets", "--exit-code", "1", ".gitleaks.toml", code=0)
    run(capsys, "scan", "secrets", "--exit-code", "1", "-s", "critical", code=0)


@pytest.mark.parametrize("form", ["gitlab", "code-quality"])
def test_gitlab_s_formats_fit_what_gitlab_requires(
    capsys: pytest.CaptureFixture[str], repository: Path, form: str
) -> None:
    schema = json.loads((SCHEMAS / f"{form}.schema.json").read_text("utf-8"))
    (repository / "pod.yaml").write_text(POD)
    for what in ("secrets", "config"):
        made = json.loads(run(capsys, "scan", what, "-f", form))
        assert [e.message for e in Draft202012Validator(schema).iter_errors(made)] == []


@pytest.mark.usefixtures("repository")
def test_gitlab_s_report_has_the_place_the_first_thing_to_do_and_what_it_is_tracked_by(
    capsys: pytest.CaptureFixture[str],
) -> None:
    prints = found(capsys)
    made = json.loads(run(capsys, "scan", "secrets", "-f", "gitlab"))
    token = next(v for v in made["vulnerabilities"] if v["identifiers"][0]["value"] == "acme-token")
    assert made["scan"]["type"] == "secret_detection"
    assert token["name"] == "ACME token"
    assert token["severity"] == "High"
    assert token["location"] == {"file": "a.env", "start_line": 1, "end_line": 1, "commit": {"sha": "0000000"}}
    assert token["solution"].startswith("First replace it")
    assert token["tracking"]["items"][0]["signatures"] == [{"algorithm": "rule_value", "value": prints["acme-token"]}]
    assert len({v["id"] for v in made["vulnerabilities"]}) == 2


def test_code_quality_shows_every_place_under_a_name_of_its_own(
    capsys: pytest.CaptureFixture[str], repository: Path
) -> None:
    rows = json.loads(run(capsys, "scan", "secrets", "-f", "code-quality"))
    places = {(r["location"]["path"], r["location"]["lines"]["begin"]) for r in rows}
    assert places == {("a.env", 1), ("b/c.env", 2), ("a.env", 2)}
    assert len({r["fingerprint"] for r in rows}) == len(rows)
    (repository / "b" / "c.env").write_text(f"\n\n\nk={TOKEN}\n")
    again = json.loads(run(capsys, "scan", "secrets", "-f", "code-quality"))
    assert {r["fingerprint"] for r in again} == {r["fingerprint"] for r in rows}


def test_sarif_names_the_rule_all_places_and_the_fingerprint(
    capsys: pytest.CaptureFixture[str], repository: Path
) -> None:
    prints = found(capsys)
    (repository / "a b").mkdir()
    (repository / "a b" / "ü.env").write_text(f"k={TOKEN}\n")
    [made] = json.loads(run(capsys, "scan", "secrets", "-f", "sarif"))["runs"]
    token = next(r for r in made["results"] if r["ruleId"] == "acme-token")
    assert token["partialFingerprints"] == {"fourc/v1": prints["acme-token"]}
    uris = [p["physicalLocation"]["artifactLocation"]["uri"] for p in (*token["locations"], *token["relatedLocations"])]
    assert uris == ["a%20b/%C3%BC.env", "a.env", "b/c.env"]
    rule = made["tool"]["driver"]["rules"][token["ruleIndex"]]
    assert rule["shortDescription"]["text"] == "ACME token"
    assert "First replace it" in rule["help"]["text"]


def test_an_ignored_secret_is_gone_until_the_value_changes_however_its_line_moves(
    capsys: pytest.CaptureFixture[str], repository: Path
) -> None:
    before = found(capsys)
    said = run(capsys, "ignore", before["password"], "--reason", 'the sandbox\'s "own"', "--until", "2099-01-31")
    assert said == f".fourc/ignore.toml: {before['password']} is ignored up to 2099-01-31\n"
    text = (repository / FILE).read_text()
    assert 'rule = "password"\npath = "**"\nreason = "the sandbox\'s \\"own\\""\nuntil = 2099-01-31\n' in text
    assert found(capsys) == {"acme-token": before["acme-token"]}
    commit(repository)
    git(repository, "mv", "a.env", "moved.env")
    (repository / "moved.env").write_text(f'\n\nx\npw="{PASSWORD}"\n')
    assert set(found(capsys)) == {"acme-token"}
    (repository / "moved.env").write_text(f'\n\nx\npw="{PASSWORD}x"\n')
    assert set(found(capsys)) == {"acme-token", "password"}


def test_a_second_word_on_the_same_finding_replaces_the_first(
    capsys: pytest.CaptureFixture[str], repository: Path
) -> None:
    name = found(capsys)["password"]
    run(capsys, "ignore", name, "--reason", "one")
    run(capsys, "ignore", name[:6], "--reason", "two")
    text = (repository / FILE).read_text()
    assert re.findall(r"reason = (.*)", text) == ['"two"']
    assert text.count(name) == 1


@pytest.mark.usefixtures("repository")
def test_an_end_in_the_past_hides_nothing_and_every_scan_says_so_with_the_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = found(capsys)
    run(capsys, "ignore", before["password"], "--reason", "was fine", "--until", "2020-01-31")
    assert found(capsys) == before
    for what in ("secrets", "config", "all"):
        [stale] = report(capsys, "scan", what)["stale_ignores"]
        assert stale == {
            "fingerprint": before["password"],
            "rule": "password",
            "reason": "was fine",
            "why": "it ended on 2020-01-31 and hides nothing any more",
        }
        assert "Its reason: was fine" in run(capsys, "scan", what)
    run(capsys, "scan", "secrets", "-f", "sarif")
    main(["scan", "secrets", "-f", "gitlab"])
    assert "is stale: it ended on 2020-01-31" in capsys.readouterr().err


def test_an_entry_whose_secret_is_gone_is_stale_for_a_scan_of_everything_alone(
    capsys: pytest.CaptureFixture[str], repository: Path
) -> None:
    run(capsys, "ignore", found(capsys)["password"], "--reason", "sandbox")
    (repository / "a.env").unlink()
    assert [s["reason"] for s in report(capsys)["stale_ignores"]] == ["sandbox"]
    assert "stale_ignores" not in report(capsys, "scan", "secrets", "b")
    assert "stale_ignores" not in report(capsys, "scan", "config"), "a scan of manifests has not looked for it"


@pytest.mark.usefixtures("repository")
def test_an_entry_for_some_files_leaves_the_secret_reported_in_others(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "ignore", found(capsys)["acme-token"], "--reason", "x", "--in", "b/**")
    by_rule = {f["rule"]: f for f in report(capsys)["findings"]}
    assert by_rule["acme-token"]["location"]["path"] == "a.env"
    assert "places" not in by_rule["acme-token"]
    assert found(capsys, "scan", "secrets", "b") == {}, "also where the folder itself is scanned"


def test_a_finding_of_the_configuration_is_ignored_in_scan_and_plan(
    capsys: pytest.CaptureFixture[str], repository: Path
) -> None:
    (repository / "pod.yaml").write_text(POD)
    name = found(capsys, "scan", "config")["capabilities-not-dropped"]
    run(capsys, "ignore", name, "--reason", "measured first")
    for words in (("scan", "config"), ("plan",)):
        made = report(capsys, *words)
        assert "capabilities-not-dropped" not in {f["rule"] for f in made["findings"]}
        assert name not in {n for change in made["changes"] for n in change["findings"]}
    assert run(capsys, "fix", "all", "--diff", "--upto", "decision").count("drop:") == 0
    main(["fix", "all", "--verify", "--upto", "decision"])
    said = capsys.readouterr().err
    assert "NO" not in said, "what is ignored is no new finding of the copy"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{id}"], "--reason"),
        (["{id}", "--reason", " "], "an ignore needs a reason"),
        (["{id}", "--reason", "x", "--until", "soon"], "soon is no date"),
        (["{id}", "--reason", "x", "--until", "2026-02-30"], "2026-02-30 is no date"),
        (["zzzz", "--reason", "x"], "no finding has the id zzzz"),
        (["", "--reason", "x"], "more than one finding has the id"),
        (["{id}", "-", "--reason", "x"], "ignore needs a folder"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], repository: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.setattr("fourc.cli.common.stdin_bytes", lambda: b"x")
    name = found(capsys)["password"]
    assert said in failed(capsys, "ignore", *(word.replace("{id}", name) for word in words))
    assert not (repository / FILE).exists()


@pytest.mark.usefixtures("repository")
def test_a_fingerprint_that_only_the_history_has_is_taken_as_given(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["ignore", "0123456789abcdef", "--reason", "gone long ago"]) == 0
    out, err = capsys.readouterr()
    assert "0123456789abcdef is ignored" in out
    assert "in the history" in err
    assert "stale_ignores" not in report(capsys), "a scan of files cannot tell"


def test_a_broken_ignore_file_or_configuration_ends_with_2_and_names_the_place(
    capsys: pytest.CaptureFixture[str], repository: Path
) -> None:
    (repository / ".fourc").mkdir()
    (repository / FILE).write_text('[[ignore]]\nfingerprint = "0123456789abcdef"\n')
    for what in ("secrets", "config"):
        assert "0123456789abcdef: it has no reason" in failed(capsys, "scan", what)
    (repository / FILE).unlink()
    (repository / ".gitleaks.toml").write_text('[[rules]]\nid = "a"\nregex = "("\n')
    said = failed(capsys, "scan", "secrets")
    assert ".gitleaks.toml: a: missing )" in said
    assert "correct it" in said


@pytest.mark.usefixtures("repository")
def test_flags_that_contradict_each_other_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--staged", "--history"], ["--diff", "--staged"], ["--unreferenced", "--diff"]):
        assert "exclude each other" in failed(capsys, "scan", "secrets", *words)
    assert "reads the standard input" in failed(capsys, "scan", "secrets", "--diff", "b")
    assert "- stands for the standard input" in failed(capsys, "scan", "secrets", "-", "b")
    assert "--staged is about secrets" in failed(capsys, "scan", "config", "--staged")
    assert "none does not exist" in failed(capsys, "scan", "secrets", "none")


@pytest.mark.usefixtures("repository")
def test_what_is_piped_in_is_looked_at_and_nothing_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fourc.cli.scan_secrets.stdin_stream", lambda: io.BytesIO(f'pw="{PASSWORD}"\n'.encode()))
    assert set(found(capsys, "scan", "secrets", "-")) == {"password"}
    monkeypatch.setattr("fourc.cli.scan_secrets.stdin_stream", io.BytesIO)
    assert found(capsys, "scan", "secrets", "--diff") == {}, "an empty diff is fine"


def test_a_baseline_leaves_what_is_known_and_tells_what_came_and_went(
    capsys: pytest.CaptureFixture[str], repository: Path
) -> None:
    (repository / "pod.yaml").write_text(POD)
    before = found(capsys)
    run(capsys, "baseline", "write")
    file = repository / ".fourc" / "baseline.json"
    assert TOKEN[:5] not in file.read_text()
    flag = ("--baseline", str(file))
    assert found(capsys, "scan", "secrets", *flag) == found(capsys, "scan", "config", *flag) == {}
    assert run(capsys, "baseline", "diff") == "nothing is new, nothing is gone\n"
    (repository / "a.env").write_text('\npw="another value"\n')
    said = run(capsys, "baseline", "diff")
    assert re.findall(r"^(\w+) .*\[(\S+) ", said, re.MULTILINE) == [("new", "password"), ("gone", "password")]
    assert set(found(capsys, "scan", "secrets", *flag)) == {"password"}
    run(capsys, "baseline", "prune")
    assert before["password"] not in file.read_text()
    assert before["acme-token"] in file.read_text()
    (repository / "a.env").write_text(f'pw="{PASSWORD}"\n')
    assert found(capsys, "scan", "secrets", *flag) == {"password": before["password"]}, "what was pruned is new again"


def test_a_baseline_that_is_not_there_or_is_another_tool_s_cannot_be_compared(
    capsys: pytest.CaptureFixture[str], repository: Path
) -> None:
    assert "there is no baseline" in failed(capsys, "baseline", "diff")
    (repository / "gitleaks.json").write_text("[]")
    assert "is no baseline of fourc" in failed(capsys, "baseline", "diff", "--baseline", "gitleaks.json")
    assert "fourc baseline cannot show" in failed(capsys, "baseline", "show")


def test_a_scan_writes_nothing(capsys: pytest.CaptureFixture[str], repository: Path) -> None:
    before = {str(p): p.stat().st_mtime_ns for p in repository.rglob("*")}
    run(capsys, "scan", "secrets", "-f", "json")
    assert {str(p): p.stat().st_mtime_ns for p in repository.rglob("*")} == before


_NEEDLESS = (
    "hyperscan",
    "_hashlib",
    "tomllib",
    "json",
    "html",
    "pickle",
    "socket",
    "difflib",
    "tempfile",
    "fourc.graph",
)
"""What costs a hook milliseconds and a commit without secrets has no use for."""


def test_a_hook_loads_only_what_a_small_commit_needs(tmp_path: Path) -> None:
    """It runs at every commit, and a slow one is switched off."""
    git(tmp_path, "init", "-q")
    (tmp_path / "app.py").write_text("password = ask()\n")
    git(tmp_path, "add", ".")
    code = (
        "import sys; from fourc.cli.main import main; code = main(['scan', 'secrets', '--staged']);"
        f"print(code, [name for name in {_NEEDLESS} if name in sys.modules])"
    )
    plain = {name: value for name, value in os.environ.items() if not name.startswith("FOURC_")}  # each is looked up
    words = [sys.executable, "-c", code]
    ran = subprocess.run(words, cwd=tmp_path, env=plain, capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines() == ["No secret to report in 1 files.", "0 []"]


def test_a_line_break_in_a_name_begins_no_line(capsys: pytest.CaptureFixture[str], repository: Path) -> None:
    (repository / "x\n9  forged.env").write_text(f"k={TOKEN}9\n")
    said = run(capsys, "scan", "secrets")
    assert "x\\n9  forged.env:1" in said
    assert not any(line.startswith("9  forged") for line in said.splitlines())


def test_without_git_the_fingerprints_are_said_to_be_this_machines(
    capsys: pytest.CaptureFixture[str], repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert repository.exists()
    monkeypatch.setenv("PATH", "/nonexistent")
    said = json.loads(run(capsys, "scan", "secrets", "-f", "json"))
    assert [gap["subject"] for gap in said["gaps"] if gap["reason"] == "missing"] == ["fingerprints"]


@pytest.mark.parametrize(
    "folder", ["shop", "my shop", "2024", "a/very/long/way/to/a folder/whose/name/does/not/fit/the/line"]
)
def test_the_command_to_ignore_works_as_it_is_printed(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = tmp_path / folder
    shop.mkdir(parents=True)
    (shop / ".gitleaks.toml").write_text(RULES)
    (shop / "a.env").write_text(f"k={TOKEN}\n")
    monkeypatch.chdir(tmp_path)
    text = run(capsys, "scan", "secrets", folder)
    printed = text.replace("\\\n", " ")
    _, *words = shlex.split(printed[printed.index("fourc ignore") :].splitlines()[0])
    run(capsys, *words)
    assert (shop / FILE).is_file()
    assert not (tmp_path / FILE).exists()
    assert run(capsys, "scan", "secrets", folder).startswith("No secret to report")


def test_what_was_piped_in_is_ignored_in_the_current_folder(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe = io.TextIOWrapper(io.BytesIO((repository / "a.env").read_bytes()))
    monkeypatch.setattr(sys, "stdin", pipe)
    text = run(capsys, "scan", "secrets", "-")
    assert '--reason "why"\n' in text
    assert "into -" not in text
