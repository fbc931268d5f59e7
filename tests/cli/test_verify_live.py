"""`--verify-live` as a person uses it: what is said before the calls, what the report says after them."""

import json
import socket
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.cli.test_secrets import REPORT_SCHEMA, SCHEMAS, failed, run
from tests.fake_providers import Fake, Said, fake_provider

from fourc.cli.main import main

WORKS, GONE = "glpat-" + "x7Kq2mZ9Lw4vTr6Nn8Yb", "glpat-" + "Qw8Er2Ty6Ui4Op0As9Df"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "code"
    made.mkdir()
    (made / "a.env").write_text(f"GITLAB_TOKEN={GONE}\n")
    (made / "b.env").write_text(f"GITLAB_TOKEN={WORKS}\n")
    monkeypatch.chdir(made)
    for name in ("https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return made


def words(fake: Fake, *more: str) -> list[str]:
    return ["scan", "secrets", "--verify-live", "--live-host", f"gitlab={fake.base}/", *more]


def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("form", ["text", "json", "sarif", "gitlab", "code-quality"])
def test_every_format_says_what_works_first_and_nothing_shows_a_value(
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    caplog.set_level("DEBUG")
    with fake_provider(tmp_path, {WORKS: Said(200, b'{"username": "a"}')}) as fake:
        monkeypatch.setenv("SSL_CERT_FILE", str(fake.certificate))
        assert main(words(fake, "-f", form)) == 0
        assert fake.calls() == ["GET /api/v4/user", "GET /api/v4/user"]
    both = capsys.readouterr()
    assert f"  2 x GitLab: GET {fake.base}/api/v4/user\n" in both.err
    assert "glpat" not in both.err + caplog.text
    for value in (WORKS, GONE):
        assert value[:9] not in both.out
    if form == "text":
        assert "1  GitLab personal access token glpa…   [works today, " in both.out
        assert "2  GitLab personal access token glpa…   [no longer works, " in both.out
        assert both.out.index("b.env:1") < both.out.index("a.env:1")
    elif form == "json":
        made = json.loads(both.out)
        assert [(f["location"]["path"], f["live"]) for f in made["findings"]] == [
            ("b.env", "live"),
            ("a.env", "revoked"),
        ]
        schema = json.loads(REPORT_SCHEMA.read_text("utf-8"))
        assert [e.message for e in Draft202012Validator(schema).iter_errors(made)] == []
    elif form == "sarif":
        results = json.loads(both.out)["runs"][0]["results"]
        assert [result["properties"]["live"] for result in results] == ["live", "revoked"]
    elif form == "gitlab":
        made = json.loads(both.out)
        assert [v["details"]["live"]["value"] for v in made["vulnerabilities"]] == ["works today", "no longer works"]
        schema = json.loads((SCHEMAS / "gitlab.schema.json").read_text("utf-8"))
        assert [e.message for e in Draft202012Validator(schema).iter_errors(made)] == []


@pytest.mark.usefixtures("folder")
def test_what_cannot_be_reached_makes_the_run_incomplete(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fake_provider(tmp_path, {}) as fake:
        monkeypatch.setenv("SSL_CERT_FILE", str(fake.certificate))
    out = run(capsys, *words(fake), code=3)
    assert "GitLab did not say whether secrets of it still work: 2 (missing)" in out
    zh = run(capsys, *words(fake, "--lang", "zh-CN"), code=3)
    assert "GitLab 没有回答其密钥是否仍然有效：2 个" in zh


@pytest.mark.usefixtures("folder")
def test_without_the_flag_and_with_offline_no_connection_is_opened(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    no_connection(monkeypatch)
    assert '"live"' not in run(capsys, "scan", "secrets", "-f", "json")
    assert main(["scan", "secrets", "--verify-live", "--offline"]) == 0
    said = capsys.readouterr()
    assert "--offline: these calls are not made, each would hold a secret:\n" in said.err
    assert "  2 x GitLab: GET https://gitlab.com/api/v4/user\n" in said.err
    assert "[unknown whether it works, " in said.out


def test_what_nobody_can_be_asked_about_is_named(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_connection(monkeypatch)
    for file in ("a.env", "b.env"):
        (folder / file).unlink()
    assert main(["scan", "secrets", "--verify-live"]) == 0
    assert capsys.readouterr().err.endswith("nothing was found to ask about\n")
    (folder / ".npmrc").write_text("//npm.example.com/:_authToken=a9S8d7F6g5H4j3K2l1Q0w9E8r7T6y5U4i3O2\n")
    assert main(["scan", "secrets", "--verify-live"]) == 0
    assert "its other half is not beside it: npmrc-token (1)\n" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_an_address_that_a_secret_may_not_be_sent_to_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    def said(*hosts: str) -> str:
        flags = [word for host in hosts for word in ("--live-host", host)]
        return failed(capsys, "scan", "secrets", "--verify-live", *flags)

    for url in (
        "http://git.example.com",
        "https://",
        "git.example.com",
        "https://a@b.example.com",
        "https://b.example.com?x",
    ):
        assert "is no address that a secret may be sent to" in said(f"gitlab={url}")
    assert "stripe cannot be asked elsewhere" in said("stripe=https://evil.example.com")
    assert "aws, feishu, github, gitlab can" in said("nobody=https://evil.example.com")
    assert "--live-host says where --verify-live asks" in failed(
        capsys, "scan", "secrets", "--live-host", "gitlab=https://git.example.com"
    )
    assert "--verify-live is about secrets" in failed(capsys, "scan", "config", "--verify-live")
