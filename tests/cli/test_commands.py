"""What a person types and gets, through the real command line."""

import json
import os
import shutil
import socket
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from fourc.cli.main import COMMANDS, main
from fourc.report.text import width

SHOP = Path(__file__).parents[2] / "examples" / "shop"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the example system that a test may change."""
    return Path(shutil.copytree(SHOP, tmp_path / "shop"))


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What the command prints."""
    assert main(words) == code
    return capsys.readouterr().out


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_the_first_screen_fits_into_25_lines_of_100_columns(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    lines = said(capsys, str(SHOP), "--lang", lang).splitlines()
    assert len(lines) <= 25
    assert max(map(width, lines)) <= 100
    assert "\x1b" not in "".join(lines)


def test_the_json_report_fits_its_schema_and_two_runs_print_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    first = said(capsys, "plan", str(SHOP), "-f", "json")
    schema = json.loads(files("fourc").joinpath("data/report.schema.json").read_text("utf-8"))
    assert [e.message for e in Draft202012Validator(schema).iter_errors(json.loads(first))] == []
    assert said(capsys, "plan", str(SHOP), "-f", "json") == first


def test_every_finding_that_names_a_change_is_named_by_it(capsys: pytest.CaptureFixture[str]) -> None:
    report = json.loads(said(capsys, "plan", str(SHOP), "-f", "json"))
    changes = {c["id"]: set(c["findings"]) for c in report["changes"]}
    prints = [f["fingerprint"] for f in report["findings"]]
    assert len(prints) == len(set(prints))
    for finding in report["findings"]:
        for fix in finding["fixes"]:
            assert finding["fingerprint"] in changes[fix["change"]]


def test_ids_do_not_depend_on_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    english = json.loads(said(capsys, "plan", str(SHOP), "-f", "json", "--lang", "en"))
    chinese = json.loads(said(capsys, "plan", str(SHOP), "-f", "json", "--lang", "zh-CN"))
    assert [c["id"] for c in english["changes"]] == [c["id"] for c in chinese["changes"]]
    assert [f["fingerprint"] for f in english["findings"]] == [f["fingerprint"] for f in chinese["findings"]]
    assert english["changes"][0]["title"] != chinese["changes"][0]["title"]


def test_fix_all_applies_what_it_announced_and_is_idempotent(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    before = json.loads(said(capsys, "plan", str(shop), "-f", "json"))
    mended = {f["fingerprint"] for f in before["findings"] if f["fixes"]}
    said(capsys, "fix", "all", str(shop), "--upto", "decision", "--apply")
    after = json.loads(said(capsys, "plan", str(shop), "-f", "json"))
    left = {f["fingerprint"] for f in after["findings"]}
    assert mended & left == set()
    assert left <= {f["fingerprint"] for f in before["findings"]}
    # A closed Service lets a second round write the policy of the store behind it; then nothing is left to do.
    second = said(capsys, "fix", "all", str(shop), "--upto", "decision", "--diff")
    assert {line[6:] for line in second.splitlines() if line.startswith("+++ b/")} <= {
        "data/mysql-network-policy.yaml",
        "data/rabbitmq-network-policy.yaml",
    }
    said(capsys, "fix", "all", str(shop), "--upto", "decision", "--apply", "--force")
    assert said(capsys, "fix", "all", str(shop), "--upto", "decision", "--diff") == ""


def test_fixing_one_and_then_two_in_the_same_tree_works(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    for _ in range(2):
        said(capsys, "fix", "1", str(shop), "--apply", "--verify")
    assert subprocess.run(["diff", "-rq", SHOP, shop], capture_output=True, check=False).returncode == 1


def test_an_id_means_the_same_change_whatever_its_number(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    first, second = (c["id"] for c in json.loads(said(capsys, "plan", str(shop), "-f", "json"))["changes"][:2])
    assert first in said(capsys, "show", "1", str(shop)).splitlines()[0]
    assert said(capsys, "show", second, str(shop)) == said(capsys, "show", "2", str(shop))
    assert said(capsys, "fix", first, str(shop), "--diff") == said(capsys, "fix", "1", str(shop), "--diff")
    both = said(capsys, "fix", "1", second, first, str(shop), "--diff")
    assert both == said(capsys, "fix", "1", "2", str(shop), "--diff")
    said(capsys, "fix", first, str(shop), "--apply")
    after = {p: p.read_bytes() for p in shop.rglob("*.yaml")}
    assert main(["fix", first, str(shop), "--apply"]) == 2
    assert f"there is no change {first}" in capsys.readouterr().err
    assert {p: p.read_bytes() for p in shop.rglob("*.yaml")} == after
    assert second in said(capsys, "why", second, str(shop))


def test_the_diff_is_what_git_applies(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    diff = said(capsys, "fix", "all", str(shop), "--upto", "decision", "--diff")
    subprocess.run(["git", "apply", "--check", "-"], cwd=shop, input=diff, text=True, check=True, capture_output=True)


def test_a_file_with_uncommitted_changes_is_refused_and_left_alone(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *words], cwd=shop, check=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    web = shop / "deploy" / "web.yaml"
    web.write_bytes(web.read_bytes() + b"# mine\n")
    mine = web.read_bytes()
    assert main(["fix", "all", str(shop), "--upto", "decision", "--apply"]) == 2
    assert "uncommitted" in capsys.readouterr().err
    assert web.read_bytes() == mine
    assert main(["fix", "all", str(shop), "--upto", "decision", "--apply", "--force"]) == 0
    assert main(["fix", "all", str(shop), "--upto", "decision", "--apply"]) == 0


def test_a_folder_without_manifests_says_what_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "No Kubernetes manifests here" in said(capsys, str(tmp_path))


@pytest.mark.parametrize(
    "words",
    [["no-such-folder"], ["fix", "99", "."], ["rule", "nope"], ["done", "1", "--took", "soon"], ["show", "0"]],
)
def test_wrong_words_get_a_sentence_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert capsys.readouterr().err.startswith("fourc: ")


def test_why_takes_a_number_or_a_change_as_show_does(capsys: pytest.CaptureFixture[str]) -> None:
    second = json.loads(said(capsys, "plan", str(SHOP), "-f", "json"))["changes"][1]["id"]
    shown = said(capsys, "show", "2", str(SHOP))
    assert "\n+++ " in shown
    assert said(capsys, "why", "2", str(SHOP)) == shown
    assert said(capsys, "why", second, str(SHOP)) == shown
    assert main(["why", "999", str(SHOP), "--lang", "en"]) == 2
    assert "there is no change 999" in capsys.readouterr().err


def test_why_tells_each_step_of_a_finding_once(capsys: pytest.CaptureFixture[str]) -> None:
    graph = json.loads(said(capsys, "graph", str(SHOP), "-f", "json"))
    prints = {f: None for step in graph["steps"] for f in step["findings"]}
    told = [said(capsys, "why", name, str(SHOP), "--lang", "en").splitlines() for name in list(prints)[:6]]
    steps = [[line for line in lines if line.startswith("Attack step: ")] for lines in told]
    assert all(lines and len(lines) == len(set(lines)) for lines in steps)


def test_a_budget_has_its_own_limit_and_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert "1000 h" in said(capsys, "plan", str(SHOP), "--budget", "1000h", "--lang", "en")
    assert main(["plan", str(SHOP), "--budget", "10001h", "--lang", "en"]) == 2
    refused = capsys.readouterr().err
    assert "10001h is more than five years of work" in refused
    assert "--budget" in refused
    assert main(["done", "1", str(SHOP), "--took", "1000h", "--lang", "en"]) == 2
    assert "this one change" in capsys.readouterr().err


def test_what_done_teaches_changes_the_estimate(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    first = json.loads(said(capsys, "plan", str(shop), "-f", "json"))["changes"][0]
    said(capsys, "done", first["id"], str(shop), "--took", f"{round(first['hours']['likely'] * 120)}m")
    again = {c["id"]: c for c in json.loads(said(capsys, "plan", str(shop), "-f", "json"))["changes"]}[first["id"]]
    assert again["hours"]["likely"] == pytest.approx(2 * first["hours"]["likely"], rel=0.05)


def test_a_default_run_opens_no_connection(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert "fourc · shop" in said(capsys, str(SHOP))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fourc", command, "--help"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith(f"usage: fourc {command}")


def test_done_still_knows_what_was_applied_by_the_number_that_it_had(
    capsys: pytest.CaptureFixture[str], shop: Path
) -> None:
    title = said(capsys, "show", "1", str(shop)).splitlines()[0][3:].partition("   (")[0]
    assert main(["fix", "1", "--apply", str(shop)]) == 0
    capsys.readouterr()
    assert title in said(capsys, "done", "1", "--took", "40m", str(shop))
    rows = json.loads((shop / ".fourc" / "times.json").read_text())
    assert [round(r["took"], 3) for r in rows] == [0.667]
    (shop / ".fourc" / "applied.json").write_text("spoilt")
    assert title not in said(capsys, "done", "1", "--took", "40m", str(shop))


def test_everything_applied_still_says_what_to_try_first(capsys: pytest.CaptureFixture[str], shop: Path) -> None:
    assert main(["fix", "all", "--upto", "decision", "--apply", str(shop)]) == 0
    told = capsys.readouterr().err
    assert "kubectl create secret" in told
    assert "may break" in told


def test_an_empty_pipe_is_an_error_and_not_a_clean_bill(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fourc.cli.common.stdin_bytes", lambda: b"\n")
    assert main(["-"]) == 2
    assert "nothing came through the pipe" in capsys.readouterr().err


def test_one_path_that_is_missing_is_a_gap_and_hides_nothing_of_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    report = json.loads(said(capsys, "scan", "config", str(SHOP), "no-such-folder", "-f", "json", code=3))
    assert [(g["reason"], g["location"]["path"]) for g in report["gaps"] if g["reason"] == "missing"] == [
        ("missing", "no-such-folder")
    ]
    assert report["findings"]


@pytest.mark.parametrize("command", [[], ["scan", "config"], ["graph"], ["netpol", "list"]])
def test_names_of_objects_cannot_steer_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: list[str]
) -> None:
    pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: "a\\e[2J\\u202eb"}\nspec: {containers: [{name: "c\\a", image: x}]}\n'
    (tmp_path / "p.yaml").write_text(pod)
    main([*command, str(tmp_path)])
    printed = capsys.readouterr()
    assert not {"\x1b", "\x07", "\u202e"} & set(printed.out + printed.err)
    assert "\\u001b[2J" in printed.out


def test_the_json_report_has_such_names_as_they_are(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: "a\\e[2J\\u202eb"}\nspec: {containers: [{name: c, image: x}]}\n'
    (tmp_path / "p.yaml").write_text(pod)
    report = json.loads(said(capsys, "scan", "config", str(tmp_path), "-f", "json"))
    assert {f["subject"]["name"] for f in report["findings"] if f["subject"]["kind"] == "Pod"} == {"a\x1b[2J\u202eb"}


def test_a_reader_that_has_had_enough_ends_the_program_silently() -> None:
    command = [sys.executable, "-m", "fourc", "graph", str(SHOP), "-f", "json"]
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=buffered) as process:
        assert process.stdout is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr is not None
        assert (process.stderr.read(), process.wait()) == (b"", 141)
