"""SARIF and GitLab's reports against the schemas that their authors publish, where these are given.

No package on PyPI ships them, so a variable names each file. `FOURC_SARIF_SCHEMA`: OASIS' sarif-schema-2.1.0, which the npm
package @microsoft/jest-sarif has as lib/schemas/sarif-2.1.0-rtm.5.json. `FOURC_GITLAB_SCHEMA`: 15.0.7 or newer of
gitlab.com/gitlab-org/security-products/security-report-schemas, dist/secret-detection-report-format.json.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema.validators import validator_for
from tests.cli.test_secrets import POD, run
from tests.secrets.ignoring.team import commit, git

KEY_ID, KEY = "AKIAQ3EGSRDPL5DF6XJK", "kJ8sPq2mZx7Lw0vTr5Nn3YbHc6Gd1FeUa9iQoXsR"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history with secrets in odd places, a file that cannot be read, and a manifest."""
    git(tmp_path, "init", "-q")
    (tmp_path / "目录 %").mkdir()
    (tmp_path / "目录 %" / "a b.env").write_text(f"AWS_ACCESS_KEY_ID={KEY_ID}\nAWS_SECRET_ACCESS_KEY={KEY}\n")
    (tmp_path / "b.env").write_text(f"AWS_ACCESS_KEY_ID={KEY_ID}\n")
    (tmp_path / "pod.yaml").write_text(POD)
    commit(tmp_path)
    (tmp_path / "目录 %" / "a b.env").unlink()
    commit(tmp_path)
    (tmp_path / "c.7z").write_bytes(b"7z\xbc\xaf\x27\x1c")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def schema(variable: str) -> Any:  # noqa: ANN401 - JSON
    """The schema in the file that the variable names; without one the test is skipped."""
    if not os.environ.get(variable):
        pytest.skip(f"{variable} names no file: see the head of this one for where the schema is published")
    return json.loads(Path(os.environ[variable]).read_text("utf-8"))


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("lang", ["en", "zh-CN"])
@pytest.mark.parametrize("what", [("all", 0), ("config", 0), ("secrets", 3)], ids=lambda w: w[0])
def test_sarif_fits_the_schema_of_oasis(capsys: pytest.CaptureFixture[str], what: tuple[str, int], lang: str) -> None:
    wanted = schema("FOURC_SARIF_SCHEMA")
    flags = ("--history", "--verify-live", "--offline") if what[0] == "secrets" else ()
    made = json.loads(run(capsys, "scan", what[0], *flags, "-f", "sarif", "--lang", lang, code=what[1]))
    assert made["runs"][0]["results"] != []
    assert [e.message for e in validator_for(wanted)(wanted).iter_errors(made)] == []


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_the_report_of_secrets_fits_the_schema_of_gitlab(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    wanted = schema("FOURC_GITLAB_SCHEMA")
    flags = ("--history", "--verify-live", "--offline", "--lang", lang)
    made = json.loads(run(capsys, "scan", "secrets", *flags, "-f", "gitlab", code=3))
    assert made["vulnerabilities"] != []
    assert [e.message for e in validator_for(wanted)(wanted).iter_errors(made)] == []
