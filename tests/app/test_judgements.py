"""What a team or its supplier has said of a vulnerability already is not told again."""

from pathlib import Path

import pytest
from tests.app.advised import advisory, database, put, said, told, vulnerable

CVE = "CVE-2026-1"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with one vulnerable package."""
    return put(tmp_path / "shop", {"requirements.txt": "left-pad==1.2.0\n"})


@pytest.fixture
def db(tmp_path: Path) -> str:
    """Its vulnerability, and one of something else."""
    return database(tmp_path, advisory("PyPI", "left-pad", aliases=[CVE]))


@pytest.mark.parametrize(
    ("name", "text", "is_told"),
    [
        (".trivyignore", f"# why\n{CVE}\n", False),
        (".trivyignore", f"{CVE} exp:2099-01-01\n", False),
        (".trivyignore", f"{CVE} exp:2020-01-01\n", True),
        (".trivyignore", "CVE-2026-11\n", True),
        (".trivyignore.yaml", f"vulnerabilities:\n - id: {CVE}\n   expired_at: 2099-01-01\n", False),
        (".trivyignore.yaml", f"vulnerabilities:\n - id: {CVE}\n   expired_at: 2020-01-01\n", True),
        (".trivyignore.yaml", f"vulnerabilities:\n - id: {CVE}\n   paths: ['api/*']\n", True),
        (".trivyignore.yaml", f"vulnerabilities:\n - id: {CVE}\n   paths: ['requirements.txt']\n", False),
    ],
)
@pytest.mark.parametrize("command", [("scan", "vulns"), ("plan",)])
def test_what_trivy_is_told_to_ignore_is_left_out_until_that_ends(
    command: tuple[str, ...],
    name: str,
    text: str,
    is_told: bool,
    shop: Path,
    db: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(shop, {name: text})
    assert bool(vulnerable(told(capsys, *command, str(shop), "--db", db))) is is_told


@pytest.mark.parametrize("text", ["{[", "vulnerabilities: 7\n", "- 1\n"])
def test_a_list_that_makes_no_sense_ends_with_2(
    text: str, shop: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(shop, {".trivyignore.yaml": text})
    said(capsys, "scan", "vulns", str(shop), "--db", db, code=2)


def _statement(status: str) -> str:
    return (
        '{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/1", "author": "a", "version": 1,'
        f' "timestamp": "2026-01-01T00:00:00Z", "statements": [{{"vulnerability": {{"name": "{CVE}"}},'
        f' "products": [{{"@id": "pkg:pypi/left-pad@1.2.0"}}], "status": "{status}",'
        ' "justification": "vulnerable_code_not_in_execute_path"}]}'
    )


@pytest.mark.parametrize(("status", "is_told"), [("not_affected", False), ("fixed", False), ("affected", True)])
def test_a_vex_document_clears_what_it_says_is_not_affected(
    status: str, is_told: bool, shop: Path, db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, {"vex.json": _statement(status)})
    vex = str(tmp_path / "vex.json")
    for what in ("vulns", "all"):
        assert bool(vulnerable(told(capsys, "scan", what, str(shop), "--db", db, "--vex", vex))) is is_told
    if not is_told:
        out = said(capsys, "scan", "vulns", str(shop), "--db", db, "--vex", vex, "--lang", "en")
        assert "1 known vulnerability is left out" in out.replace("\n", " ")


@pytest.mark.parametrize("text", [None, "{}", "[]", "not json"])
def test_a_document_that_is_no_vex_ends_with_2(
    text: str | None, shop: Path, db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        put(tmp_path, {"vex.json": text})
    said(capsys, "scan", "vulns", str(shop), "--db", db, "--vex", str(tmp_path / "vex.json"), code=2)


def test_a_finding_is_ignored_by_its_fingerprint_in_every_command(
    shop: Path, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (finding,) = vulnerable(told(capsys, "scan", "vulns", str(shop), "--db", db))
    fingerprint = finding["fingerprint"]
    words = (fingerprint, str(shop), "--reason", "never called", "--until", "2099-01-01", "--db", db)
    said(capsys, "ignore", *words)
    assert 'rule = "vulnerable-package"' in (shop / ".fourc/ignore.toml").read_text()
    for command in (("scan", "vulns"), ("scan", "all"), ("plan",)):
        assert vulnerable(told(capsys, *command, str(shop), "--db", db)) == []


def test_an_ignore_is_stale_once_the_package_is_upgraded_but_not_where_nobody_looked(
    shop: Path, db: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    (finding,) = vulnerable(told(capsys, "scan", "vulns", str(shop), "--db", db))
    said(capsys, "ignore", finding["fingerprint"], str(shop), "--reason", "x", "--until", "2099-01-01", "--db", db)
    assert "is stale" not in said(capsys, "scan", "vulns", str(shop), "--lang", "en")
    assert "is stale" not in said(capsys, "scan", "vulns", str(shop / "requirements.txt"), "--db", db, "--lang", "en")
    put(shop, {"requirements.txt": "left-pad==1.3.0\n"})
    assert "is stale" in said(capsys, "scan", "vulns", str(shop), "--db", db, "--lang", "en")


def test_a_baseline_holds_vulnerabilities_and_what_comes_later_is_new(
    shop: Path, db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "baseline", "write", str(shop), "--db", db)
    baseline = str(shop / ".fourc/baseline.json")
    assert vulnerable(told(capsys, "scan", "vulns", str(shop), "--db", db, "--baseline", baseline)) == []
    Path(db).unlink()
    db = database(tmp_path, advisory("PyPI", "left-pad", aliases=[CVE]), advisory("PyPI", "left-pad", "", "GHSA-2"))
    (later,) = vulnerable(told(capsys, "scan", "vulns", str(shop), "--db", db, "--baseline", baseline))
    assert later["references"] == ["osv:GHSA-2"]
    out = said(capsys, "baseline", "diff", str(shop), "--db", db, "--lang", "en")
    assert out.startswith("new  requirements.txt:1:1")
    assert later["fingerprint"] in out


def test_why_tells_of_a_finding_and_show_of_its_change(shop: Path, db: str, capsys: pytest.CaptureFixture[str]) -> None:
    (finding,) = vulnerable(told(capsys, "scan", "vulns", str(shop), "--db", db))
    why = said(capsys, "why", finding["fingerprint"], str(shop), "--db", db, "--lang", "en")
    assert "left-pad 1.2.0 has CVE-2026-1" in why
    assert "Mended by change 1" in why
    shown = said(capsys, "show", "1", str(shop), "--db", db, "--lang", "en")
    assert "+left-pad==1.3.0" in shown.splitlines()
