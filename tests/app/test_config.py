"""What the configuration says, where it is found, and what it refuses."""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from fourc.app.config import KEYS, settings_for
from fourc.cli.main import main
from fourc.errors import UsageError
from fourc.model.finding import Severity
from fourc.model.settings import NO_SETTINGS, Settings
from fourc.model.text import Lang
from fourc.model.version import KubeVersion

EVERYTHING = """
lang = "zh-CN"
kubernetes-version = "1.30"
severity = "high"
hourly-rate = 80
network-policies-enforced = false
own-checks = ["policy/checks", "more.yaml"]
"""
SAID = Settings(Lang.ZH, KubeVersion(30), Severity.HIGH, 80.0, network_policies_enforced=False)


def test_every_key_is_read_from_fourc_toml(tmp_path: Path) -> None:
    (tmp_path / "fourc.toml").write_text(EVERYTHING)
    own_checks = (str(tmp_path / "policy/checks"), str(tmp_path / "more.yaml"))
    assert settings_for(tmp_path, None, {}) == replace(SAID, own_checks=own_checks)


def test_every_key_is_read_from_the_environment_and_overrules_the_file(tmp_path: Path) -> None:
    (tmp_path / "fourc.toml").write_text('lang = "en"\nhourly-rate = 1\n')
    variables = {
        "FOURC_LANG": "zh-CN",
        "FOURC_KUBERNETES_VERSION": "1.30",
        "FOURC_SEVERITY": "high",
        "FOURC_HOURLY_RATE": "80",
        "FOURC_NETWORK_POLICIES_ENFORCED": "false",
        "FOURC_DB": "known.db",
        "FOURC_DB_KEY": "known.pub",
        "FOURC_OWN_CHECKS": f"/etc/checks{os.pathsep}more.yaml",
    }
    assert {v.removeprefix("FOURC_").lower().replace("_", "-") for v in variables} == set(KEYS)
    said = settings_for(tmp_path, None, {**variables, "HOME": "/", "FOURC_LOG": "DEBUG", "FOURC_X": "1"})
    assert said == replace(SAID, own_checks=("/etc/checks", "more.yaml"), database="known.db", database_key="known.pub")


def test_the_nearest_ancestor_counts_and_a_pyproject_only_with_our_table(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (tmp_path / "fourc.toml").write_text("hourly-rate = 1\n")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.fourc]\nhourly-rate = 2\n")
    (deep / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert settings_for(deep, None, {}).hourly_rate == 2
    (deep.parent / "pyproject.toml").write_text("[tool.fourc\n")  # another tool's affair
    assert settings_for(deep, None, {}).hourly_rate == 2
    (deep / "fourc.toml").write_text("")
    assert settings_for(deep, None, {}) == NO_SETTINGS
    assert settings_for(deep / "web.yaml", tmp_path / "a" / "pyproject.toml", {}).hourly_rate == 2


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        ("severty = 'high'", "there is no setting severty", "did you mean severity?"),
        ("colour = 'red'", "there is no setting colour", "the settings are lang"),
        ("hourly_rate = 80", "there is no setting hourly_rate", "did you mean hourly-rate?"),
        ("hourly-rate = -1", "hourly-rate cannot be -1", "a number above 0"),
        ("hourly-rate = true", "hourly-rate cannot be True", "a number above 0"),
        ("hourly-rate = inf", "hourly-rate cannot be inf", "a number above 0"),
        ("severity = 'bad'", "severity cannot be bad", "one of info, low"),
        ("kubernetes-version = 1.30", "kubernetes-version cannot be 1.3", "a version in quotes"),
        ("network-policies-enforced = 'maybe'", "network-policies-enforced cannot be maybe", "one of true, false"),
        ("lang = ", "cannot be read", "correct it"),
        ("[lang]\nx = 1", "lang cannot be", "one of en, zh-CN"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_nearest_key_or_the_right_kind(
    tmp_path: Path, text: str, says: str, hint: str
) -> None:
    file = tmp_path / "fourc.toml"
    file.write_text(text)
    with pytest.raises(UsageError) as caught:
        settings_for(tmp_path, None, {})
    assert caught.value.hint is not None
    assert says in caught.value.message.en
    assert str(file) in caught.value.message.en
    assert hint in caught.value.hint.en
    assert caught.value.message.zh != caught.value.message.en


@pytest.mark.parametrize("name", ["none.toml", "folder", "large.toml", "pyproject.toml"])
def test_a_file_that_is_named_must_be_there_and_ours(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "large.toml").write_bytes(b"#" * 2_000_000)
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n")
    with pytest.raises(UsageError):
        settings_for(tmp_path, tmp_path / name, {})


def test_a_misspelt_variable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="FOURC_SEVERTY"):
        settings_for(tmp_path, None, {"FOURC_SEVERTY": "high"})


POD = """
apiVersion: v1
kind: Pod
metadata: {{name: {0}, namespace: {0}}}
spec: {{hostPID: true, containers: [{{name: a, image: "registry.example.com/a:1"}}]}}
---
"""


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A folder with two namespaces."""
    (tmp_path / "pods.yaml").write_text(POD.format("shop") + POD.format("bank"))
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(words) == code
    return capsys.readouterr().out


def test_the_file_decides_what_the_flags_leave_open(capsys: pytest.CaptureFixture[str], two: Path) -> None:
    (two / "fourc.toml").write_text('severity = "critical"\nlang = "zh-CN"\nkubernetes-version = "1.20"\n')
    assert "0 个问题" in said(capsys, "scan", "all", str(two))
    assert "host-namespace" in said(capsys, "scan", "all", str(two), "--severity", "high", "--lang", "en")
    assert '"kubernetes_version": "1.20"' in said(capsys, "scan", "all", str(two), "-f", "json")
    assert main(["show", "99", str(two)]) == 2
    assert capsys.readouterr().err.startswith("fourc: 没有改动 99")
    (two / "fourc.toml").write_text("nonsense = 1\n")
    assert main([str(two)]) == 2
    assert "nonsense" in capsys.readouterr().err
    other = two / "other.toml"
    other.write_text("")
    assert "fourc · " in said(capsys, str(two), "-c", str(other))


def test_a_namespace_restricts_findings_and_plan(capsys: pytest.CaptureFixture[str], two: Path) -> None:
    everything = said(capsys, "scan", "all", str(two))
    assert "in bank" in everything or "bank" in everything
    assert said(capsys, "scan", "all", str(two), "-A") == everything
    shop = said(capsys, "scan", "all", str(two), "-n", "shop")
    assert "shop" in shop
    assert "bank" not in shop
    assert said(capsys, "scan", "all", str(two), "-n", "shop", "-n", "bank") == everything
    plan = said(capsys, "plan", str(two), "-n", "shop")
    assert "1 application," in plan
    assert "bank" not in plan
    diff = said(capsys, "fix", "all", str(two), "--upto", "decision", "--diff", "--namespace", "bank")
    assert "name: shop" not in "".join(line for line in diff.splitlines() if line.startswith(("+", "-")))


def test_a_namespace_that_is_not_there_is_an_error_with_the_nearest_name(
    capsys: pytest.CaptureFixture[str], two: Path
) -> None:
    assert main([str(two), "-n", "shp"]) == 2
    assert "did you mean shop?" in capsys.readouterr().err
