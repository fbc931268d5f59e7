"""Asking providers whether what was found works: over the real protocol, and only who was named."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.fake_providers import Said, fake_provider
from tests.secrets.ignoring.team import commit, git

from fourc.app.live import Asking, Call, Intent
from fourc.app.secret_scan import SecretScan, scan_secrets
from fourc.collect.live import Bounds
from fourc.model.finding import Finding
from fourc.model.gap import GapReason
from fourc.model.live import Live
from fourc.model.report import Report
from fourc.secrets.live.providers import PROVIDERS

GITHUB = "ghp_" + "x7Kq2mZ9Lw4vTr6Nn8YbJc3Gd5EhUf1Aa0Ss"
OTHER = "ghp_" + "Qw8Er2Ty6Ui4Op0As9Df3Gh7Jk1Lz5Xc2VbN"
NPM = "npm_" + "a9S8d7F6g5H4j3K2l1Q0w9E8r7T6y5U4i3O2"
KEY_ID, KEY = "AKIAQ3EGSRDPL5DF6XJK", "kJ8sPq2mZx7Lw0vTr5Nn3YbHc6Gd1FeUa9iQoXsR"
QUICK = Bounds(seconds=0.3, all_seconds=2)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "code"
    made.mkdir()
    return made


def asked(folder: Path, asking: Asking) -> Report:
    return scan_secrets(SecretScan((str(folder),)), asking=asking)


def by_place(report: Report) -> dict[str, Live | None]:
    return {f"{f.location.path}:{f.location.line}": f.live for f in report.findings if f.location}


def rules(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


def test_what_works_comes_first_what_does_not_is_revoked_and_the_list_is_told_before_the_first_call(
    tmp_path: Path, folder: Path
) -> None:
    (folder / "a.env").write_text(f"GITHUB_TOKEN={OTHER}\n")
    (folder / "b.env").write_text(f"GITHUB_TOKEN={GITHUB}\n")
    told: list[tuple[Intent, int]] = []
    with fake_provider(tmp_path, {GITHUB: Said(200, b'{"login": "a"}')}) as fake:
        asking = Asking(
            lambda intent: told.append((intent, len(fake.asked))), {"github": fake.base}, trusted=fake.trusted
        )
        report = asked(folder, asking)
        assert fake.calls() == ["GET /user", "GET /user"]
    assert told == [(Intent((Call("GitHub", f"GET {fake.base}/user", 2),), {}), 0)]
    assert by_place(report) == {"b.env:1": Live.LIVE, "a.env:1": Live.REVOKED}
    assert [f.live for f in report.findings] == [Live.LIVE, Live.REVOKED]
    assert report.gaps == ()


def test_a_pair_is_asked_about_once_and_both_halves_have_the_answer(tmp_path: Path, folder: Path) -> None:
    (folder / "a.env").write_text(f"AWS_ACCESS_KEY_ID={KEY_ID}\nAWS_SECRET_ACCESS_KEY={KEY}\n")
    with fake_provider(tmp_path, {KEY_ID: Said(200, b"<GetCallerIdentityResponse/>")}) as fake:
        report = asked(folder, Asking(lambda _: None, {"aws": fake.base}, trusted=fake.trusted))
        assert fake.calls() == ["POST /"]
        sent = repr(fake.asked)
    assert by_place(report) == {"a.env:1": Live.LIVE, "a.env:2": Live.LIVE}
    assert KEY not in sent, "a signature goes out, not what it is made with"


def test_half_a_pair_is_nobody_s_to_ask_about(tmp_path: Path, folder: Path) -> None:
    (folder / "a.env").write_text(f"AWS_ACCESS_KEY_ID={KEY_ID}\n")
    (folder / "b.env").write_text(f"AWS_SECRET_ACCESS_KEY={KEY}\n")
    told: list[Intent] = []
    with fake_provider(tmp_path, {}) as fake:
        report = asked(folder, Asking(told.append, {"aws": fake.base}, trusted=fake.trusted))
        assert fake.asked == []
    assert told == [Intent((), {"aws-access-token": 1, "aws-secret-access-key": 1})]
    assert by_place(report) == {"a.env:1": Live.UNKNOWN, "b.env:1": Live.UNKNOWN}


@pytest.mark.parametrize(
    ("answer", "reason"), [(Said(503), GapReason.NO_DATA), (Said(302, headers={"Location": "/"}), GapReason.NO_DATA)]
)
def test_an_answer_that_says_neither_is_a_gap(tmp_path: Path, folder: Path, answer: Said, reason: GapReason) -> None:
    (folder / "a.env").write_text(f"GITHUB_TOKEN={GITHUB}\n")
    with fake_provider(tmp_path, {GITHUB: answer}) as fake:
        report = asked(folder, Asking(lambda _: None, {"github": fake.base}, trusted=fake.trusted))
    assert by_place(report) == {"a.env:1": Live.UNKNOWN}
    assert [(gap.reason, gap.subject, gap.named) for gap in report.gaps] == [(reason, "GitHub", True)]


def test_a_provider_that_cannot_be_reached_is_a_gap_for_it_alone(tmp_path: Path, folder: Path) -> None:
    (folder / "a.env").write_text(f"GITHUB_TOKEN={GITHUB}\nNPM_TOKEN={NPM}\n")
    with fake_provider(tmp_path, {}) as gone:
        pass
    with fake_provider(tmp_path, {NPM: Said()}) as fake:
        hosts = {"github": gone.base, "npm": fake.base}
        report = asked(folder, Asking(lambda _: None, hosts, bounds=QUICK, trusted=fake.trusted))
    assert by_place(report) == {"a.env:2": Live.LIVE, "a.env:1": Live.UNKNOWN}
    assert [(gap.reason, gap.subject) for gap in report.gaps] == [(GapReason.MISSING, "GitHub")]


def test_offline_tells_what_would_be_asked_and_asks_nobody(tmp_path: Path, folder: Path) -> None:
    (folder / "a.env").write_text(f"GITHUB_TOKEN={GITHUB}\n")
    told: list[Intent] = []
    with fake_provider(tmp_path, {GITHUB: Said()}) as fake:
        report = asked(folder, Asking(told.append, {"github": fake.base}, offline=True, trusted=fake.trusted))
        assert fake.asked == []
    assert told == [Intent((Call("GitHub", f"GET {fake.base}/user", 1),), {})]
    assert by_place(report) == {"a.env:1": Live.UNKNOWN}
    assert report.gaps == ()


def test_what_is_ignored_and_what_a_rule_of_the_repository_s_own_finds_is_sent_to_nobody(
    tmp_path: Path, folder: Path
) -> None:
    """A repository that is not trusted could call anything a GitHub token, and so have it sent there."""
    rule = "[[rules]]\nid = 'github-pat'\nregex = '''pw=(\\w+)'''\n"
    (folder / ".gitleaks.toml").write_text(f"[extend]\nuseDefault = true\n{rule}")
    (folder / "a.env").write_text("pw=x7Kq2mZ9Lw4vTr6Nn8YbJc3Gd5Eh\n")
    (folder / "b.env").write_text(f"NPM_TOKEN={NPM} # gitleaks:allow\n")
    with fake_provider(tmp_path, {}) as fake:
        hosts = {"github": fake.base, "npm": fake.base}
        report = asked(folder, Asking(lambda _: None, hosts, trusted=fake.trusted))
        assert fake.asked == []
    assert rules(report.findings) == ["github-pat"]


def test_a_secret_that_only_the_history_holds_is_asked_about_too(tmp_path: Path, folder: Path) -> None:
    git(folder, "init", "-q")
    (folder / "a.env").write_text(f"AWS_ACCESS_KEY_ID={KEY_ID}\nAWS_SECRET_ACCESS_KEY={KEY}\n")
    commit(folder)
    (folder / "a.env").write_text("\n")
    commit(folder)
    with fake_provider(tmp_path, {KEY_ID: Said()}) as fake:
        scan = replace(SecretScan((str(folder),)), history=True)
        report = scan_secrets(scan, asking=Asking(lambda _: None, {"aws": fake.base}, trusted=fake.trusted))
    assert by_place(report) == {"a.env:1": Live.LIVE, "a.env:2": Live.LIVE}


def test_of_two_halves_a_refusal_says_nothing_for_it_may_be_the_other(tmp_path: Path, folder: Path) -> None:
    other = "Zt5kWq81Lw4vTr6Nn8YbJc3Gd5EhUf1Aa0SsQw9E"
    keys = f"AWS_ACCESS_KEY_ID={KEY_ID}\nAWS_SECRET_ACCESS_KEY={KEY}\n\n\nAWS_SECRET_ACCESS_KEY={other}\n"
    (folder / "a.env").write_text(keys)
    gone = Said(403, b"<Code>InvalidClientTokenId</Code>")
    with fake_provider(tmp_path, {KEY_ID: gone}) as fake:
        report = asked(folder, Asking(lambda _: None, {"aws": fake.base}, trusted=fake.trusted))
        assert fake.calls() == ["POST /"]
        (folder / "a.env").write_text(keys.partition("\n\n")[0])
        alone = asked(folder, Asking(lambda _: None, {"aws": fake.base}, trusted=fake.trusted))
    assert set(by_place(report).values()) == {Live.UNKNOWN}
    assert [(gap.reason, gap.subject) for gap in report.gaps] == [(GapReason.NO_DATA, "AWS")]
    assert by_place(alone) == {"a.env:1": Live.REVOKED, "a.env:2": Live.REVOKED}


def test_a_temporary_key_is_not_asked_about_without_its_third_part(tmp_path: Path, folder: Path) -> None:
    (folder / "a.env").write_text(f"AWS_ACCESS_KEY_ID=ASIA{KEY_ID[4:]}\nAWS_SECRET_ACCESS_KEY={KEY}\n")
    with fake_provider(tmp_path, {}) as fake:
        report = asked(folder, Asking(lambda _: None, {"aws": fake.base}, trusted=fake.trusted))
        assert fake.asked == []
    assert set(by_place(report).values()) == {Live.UNKNOWN}


def test_what_most_run_themselves_is_not_called_revoked_by_the_usual_address(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.env").write_text("GITLAB_TOKEN=glpat-" + "x7Kq2mZ9Lw4vTr6Nn8Yb\n")
    with fake_provider(tmp_path, {}) as fake:
        named = asked(folder, Asking(lambda _: None, {"gitlab": fake.base}, trusted=fake.trusted))
        moved = tuple(replace(p, base=fake.base) if p.key == "gitlab" else p for p in PROVIDERS)
        monkeypatch.setattr("fourc.app.live.PROVIDERS", moved)
        usual = asked(folder, Asking(lambda _: None, trusted=fake.trusted))
    assert by_place(named) == {"a.env:1": Live.REVOKED}
    assert by_place(usual) == {"a.env:1": Live.UNKNOWN}
    assert usual.gaps[0].remedy.en.startswith(
        "it may be that of another installation: say which with --live-host gitlab="
    )
