"""The words of `fourc scan vulns` and of the commands that know packages."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.app.advised import advisory, commit, database, put, said, told, vulnerable

from fourc.cli.main import main


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with one vulnerable package."""
    return put(tmp_path / "shop", {"requirements.txt": "left-pad==1.2.0\n"})


@pytest.fixture
def db(tmp_path: Path) -> str:
    """Its vulnerability."""
    return database(tmp_path, advisory("PyPI", "left-pad"))


@pytest.mark.parametrize(
    "words",
    [
        ("scan", "config", "--vex", "x.json"),
        ("scan", "secrets", "--vex", "x.json"),
        ("scan", "vulns", "--history"),
        ("scan", "vulns", "--platform", "linux/amd64"),
        ("scan", "config", "-f", "cyclonedx"),
        ("scan", "secrets", "-f", "openvex"),
        ("scan", "packages"),
    ],
)
def test_flags_that_mean_nothing_to_the_target_end_with_2(
    words: tuple[str, ...], shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, *words, str(shop), code=2)


def test_the_database_is_also_named_by_the_environment(
    shop: Path, db: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOURC_DB", db)
    assert len(vulnerable(told(capsys, "scan", "vulns", str(shop)))) == 1
    assert len(vulnerable(told(capsys, "plan", str(shop)))) == 1


def test_the_pages_of_its_rules_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    listed = {row["id"] for row in json.loads(said(capsys, "rules", "-f", "json"))}
    for rule in ("vulnerable-package", "image-runs-as-root", "pending-security-update", "reboot-needed"):
        assert rule in listed
        for lang, why in (("en", "## Why it matters"), ("zh-CN", "## 为什么重要")):
            assert why in said(capsys, "rule", rule, "--lang", lang)


def test_the_change_goes_onto_a_branch(shop: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    commit(shop)
    out = said(capsys, "fix", "1", "--branch", str(shop), "--db", db, "--lang", "en")
    assert "Upgrade left-pad 1.2.0 to 1.3.0" in out
    shown = subprocess.run(
        ["git", "log", "--all", "-p", "-1", "--format=%s"], cwd=shop, check=True, capture_output=True, text=True
    )
    assert "+left-pad==1.3.0" in shown.stdout


def test_it_writes_into_the_file_that_was_named_and_nothing_else(
    shop: Path, db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "report.json"
    assert said(capsys, "scan", "vulns", str(shop), "--db", db, "-f", "json", "-o", str(target)) == ""
    assert len(vulnerable(json.loads(target.read_text()))) == 1
    assert {path.name for path in shop.iterdir()} == {"requirements.txt"}


def test_a_scan_of_packages_loads_none_of_what_reads_manifests(shop: Path, db: str) -> None:
    code = (
        "import sys; from fourc.cli.main import main; main(sys.argv[1:]);"
        "print([m for m in sys.modules if m.startswith(('fourc.checks', 'fourc.collect.manifests', 'fourc.flows'))])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, "scan", "vulns", str(shop), "--db", db],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.splitlines()[-1] == "[]"


def test_flags_may_stand_before_the_command(shop: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "1 个软件包" in said(capsys, "--lang", "zh-CN", "-q", "--db", db, "scan", "vulns", str(shop))


def test_a_pipe_instead_of_a_document_is_refused_and_not_waited_for(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    said(capsys, "scan", "vulns", str(shop), "--vex", str(tmp_path / "pipe"), code=2)
    said(capsys, "import", "trivy", str(tmp_path / "pipe"), str(shop), code=2)


@pytest.mark.parametrize("what", ["vulns", "image", "node"])
def test_what_is_not_read_from_the_standard_input_says_so(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", what, "-", "--lang", "en"]) == 2
    assert f"scan {what} reads no standard input" in capsys.readouterr().err


def test_ranges_alone_are_told_to_be_no_versions(tmp_path: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path / "ranges", {"requirements.txt": "flask>=0.12\n"})
    assert "none of them an exact version" in said(capsys, "scan", "vulns", str(tmp_path / "ranges"), "--db", db)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "left-pad==1.2.0\njinja2>=2.0\n"),
        ("pyproject.toml", '[project]\nname = "m"\ndependencies = ["left-pad==1.2.0", "jinja2>=2.0"]\n'),
    ],
)
def test_a_range_beside_an_exact_version_is_told_and_not_passed_over(
    tmp_path: Path, db: str, capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    folder = put(tmp_path / "mixed", {name: text})
    output = said(capsys, "scan", "vulns", str(folder), "--db", db)
    assert "these packages (1) is in use: jinja2" in " ".join(output.split())
    put(folder, {"requirements-locked.txt": "jinja2==3.1.6\n"})
    assert "jinja2" not in said(capsys, "scan", "vulns", str(folder), "--db", db)


def test_a_crate_that_a_member_inherits_is_upgraded_in_the_workspaces_manifest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = database(tmp_path, advisory("crates.io", "left-pad"))
    root = '[workspace]\nmembers = ["web"]\n[workspace.dependencies]\nleft-pad = "=1.2.0"\n'
    folder = put(
        tmp_path / "shop", {"Cargo.toml": root, "web/Cargo.toml": "[dependencies]\nleft-pad.workspace = true\n"}
    )
    (finding,) = vulnerable(told(capsys, "scan", "vulns", str(folder), "--db", known))
    assert (finding["location"]["path"], finding["location"]["line"]) == ("Cargo.toml", 4)
    said(capsys, "fix", "1", "--apply", "--verify", str(folder), "--db", known)
    assert (folder / "Cargo.toml").read_text() == root.replace("1.2.0", "1.3.0")


def test_what_only_a_person_can_do_is_not_called_proven(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = database(tmp_path, advisory("npm", "left-pad"))
    lock = {
        "lockfileVersion": 3,
        "packages": {"": {"dependencies": {"left-pad": "1.2.0"}}, "node_modules/left-pad": {"version": "1.2.0"}},
    }
    put(tmp_path / "web", {"package-lock.json": json.dumps(lock)})
    (change,) = json.loads(said(capsys, "plan", str(tmp_path / "web"), "--db", known, "-f", "json"))["changes"]
    capsys.readouterr()
    from fourc.cli.main import main  # noqa: PLC0415 - what is told on stderr matters here

    assert main(["fix", change["id"], "--verify", "--db", known, str(tmp_path / "web")]) == 0
    told_there = capsys.readouterr().err
    assert "done by hand" in told_there
    assert "its findings are gone" not in told_there


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_every_upgrade_is_shown_with_the_id_by_which_fix_makes_it_wherever_the_plan_has_it(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = database(tmp_path, *(advisory("PyPI", f"pad-{n}", identifier=f"GHSA-{n}") for n in range(2)))
    pod = "spec: {containers: [{name: web, image: 'web:1', securityContext: {privileged: true}}]}"
    texts: dict[str, str | bytes] = {
        "requirements.txt": "pad-0==1.2.0\npad-1==1.2.0\n",
        "pod.yaml": f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\n{pod}\n",
    }
    commit(put(tmp_path / "shop", texts))
    listed = said(capsys, "scan", "vulns", str(tmp_path / "shop"), "--db", known, "--lang", lang)
    hint = {"en": "numbers mean those of fourc plan", "zh-CN": "编号指的是 fourc plan"}[lang]
    assert "".join(hint.split()) in "".join(listed.split())
    entries = re.findall(r"^ \d  .*(pad-\d).*\n    (upgrade-\S+) · requirements.txt", listed, re.MULTILINE)
    assert {name for name, _ in entries} == {"pad-0", "pad-1"}
    name, identifier = entries[1]
    said(capsys, "fix", identifier, "--apply", str(tmp_path / "shop"), "--db", known)
    assert f"{name}==1.3.0" in (tmp_path / "shop" / "requirements.txt").read_text()
    assert (tmp_path / "shop" / "requirements.txt").read_text().count("1.2.0") == 1


@pytest.mark.parametrize("target", ["all", "secrets", "vulns"])
def test_what_a_baseline_holds_back_is_counted_in_the_text(
    target: str, shop: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(shop, {"app.py": "key = 'AKIA" + "Q3ZTW5RB6YJ2LXKD'\n"})
    known = str(shop / ".fourc" / "baseline.json")
    said(capsys, "baseline", "write", str(shop), "--db", db)
    count = {"all": 2, "secrets": 1, "vulns": 1}[target]
    words = ("scan", target, str(shop), "--db", db)
    one, many = f"1 known finding of {known} is not told again.", f"2 known findings of {known} are not told again."
    text = said(capsys, *words, "--baseline", known, "--baseline", known, "--lang", "en")
    assert " ".join((one, many)[count - 1].split()) in " ".join(text.split())
    assert "not told again" not in said(capsys, *words, "--lang", "en")
    chinese = said(capsys, *words, "--baseline", known, "--lang", "zh-CN")
    assert f"{known}中的{count}个已知问题不再报告。" in "".join(chinese.split())
    assert "withheld" not in told(capsys, *words, "--baseline", known)


def test_what_another_scanner_s_list_holds_back_is_told_without_a_count(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gitleaks.json").write_text("[]")
    flags = ("--baseline", str(tmp_path / "gitleaks.json"), "--lang", "en")
    said_of_it = f"What {tmp_path / 'gitleaks.json'} lists is not told again."
    assert said_of_it in said(capsys, "scan", "secrets", str(shop), *flags)
    assert said_of_it not in said(capsys, "scan", "all", str(shop), *flags)
