"""A report of trivy or grype feeds the same plan."""

import json
from pathlib import Path

import pytest
from tests.app.advised import Json, put, said, told, vulnerable

from fourc.app.imported import imported_from
from fourc.cli.main import main


def trivy(version: str = "0.12", fixed: str = "1.0.3, 0.12.3, 0.9", target: str = "web/requirements.txt") -> str:
    """As `trivy fs --format json` writes it."""
    flask: Json = {"Name": "flask", "Version": version, "Identifier": {"PURL": f"pkg:pypi/flask@{version}"}}
    told_of: Json = {
        "VulnerabilityID": "CVE-2018-1000656",
        "PkgName": "flask",
        "PkgIdentifier": flask["Identifier"],
        "InstalledVersion": version,
        "FixedVersion": fixed,
        "Severity": "HIGH",
        "Title": "flask: denial of service",
    }
    result = {"Target": target, "Class": "lang-pkgs", "Type": "pip", "Packages": [flask], "Vulnerabilities": [told_of]}
    return json.dumps({"SchemaVersion": 2, "ArtifactName": ".", "ArtifactType": "filesystem", "Results": [result]})


def grype() -> str:
    """As `grype dir:. -o json` writes it."""
    match = {
        "vulnerability": {"id": "GHSA-562c-5r94-xh97", "severity": "High", "fix": {"versions": ["0.12.3", "0.9"]}},
        "relatedVulnerabilities": [{"id": "CVE-2018-1000656"}],
        "artifact": {
            "name": "flask",
            "version": "0.12",
            "type": "python",
            "locations": [{"path": "/web/requirements.txt"}],
            "purl": "pkg:pypi/flask@0.12",
        },
    }
    return json.dumps({"matches": [match], "source": {"type": "directory", "target": "."}})


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with the package that the reports are about."""
    return put(tmp_path / "shop", {"web/requirements.txt": "flask==0.12\n"})


@pytest.mark.parametrize(("scanner", "report"), [("trivy", trivy()), ("grype", grype())])
def test_a_report_becomes_a_change_with_the_edit_of_the_file_that_it_names(
    scanner: str, report: str, shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, {"report.json": report})
    planned = told(capsys, "import", scanner, str(tmp_path / "report.json"), str(shop))
    (finding,) = vulnerable(planned)
    assert "cve:CVE-2018-1000656" in finding["references"]
    (change,) = [c for c in planned["changes"] if c["id"] == finding["fixes"][0]["change"]]
    assert change["title"] == "Upgrade flask 0.12 to 0.12.3"
    assert "-flask==0.12\n+flask==0.12.3\n" in change["edits"][0]["diff"]


def test_versions_that_mend_are_those_above_the_one_in_use_in_their_order(tmp_path: Path) -> None:
    put(tmp_path, {"report.json": trivy("0.12", "1.10, 1.9, 0.9, not-a-version!, 0.12, 1.0rc1")})
    _, (match,) = imported_from([str(tmp_path / "report.json")])
    assert match.fixed == ("1.0rc1", "1.9", "1.10")


def test_a_file_that_has_moved_on_since_the_report_is_told_by_the_report(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(shop, {"web/requirements.txt": "flask==1.0.3\n"})
    put(tmp_path, {"report.json": trivy()})
    (finding,) = vulnerable(told(capsys, "import", "trivy", str(tmp_path / "report.json"), str(shop)))
    assert (finding["subject"]["version"], finding["fixes"]) == ("0.12", [])


def test_two_reports_of_the_same_are_one_finding(tmp_path: Path) -> None:
    put(tmp_path, {"a.json": trivy(), "b.json": trivy(target="api/requirements.txt")})
    listings, matches = imported_from([str(tmp_path / "a.json"), str(tmp_path / "b.json")])
    assert [listing.path for listing in listings] == ["web/requirements.txt", "api/requirements.txt"]
    assert [match.vulnerability.id for match in matches] == ["CVE-2018-1000656"]


@pytest.mark.parametrize("text", [None, "", "{", "{}", "[]", '{"Results": 7}', "[" * 100_000])
def test_what_is_no_report_ends_with_2(
    text: str | None, shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        put(tmp_path, {"report.json": text})
    said(capsys, "import", "trivy", str(tmp_path / "report.json"), str(shop), code=2)
    said(capsys, "import", "snyk", str(tmp_path / "report.json"), str(shop), code=2)


def test_the_commands_that_are_printed_see_the_report_too(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = str(put(tmp_path, {"a report.json": trivy()}) / "a report.json")
    screen = said(capsys, "import", "trivy", report, str(shop), "--lang", "en")
    following = screen.replace(" \\\n  ", " ")
    assert f"fourc show 1 --imported '{report}' {shop}" in following
    assert "Upgrade flask 0.12 to 0.12.3" in said(capsys, "show", "1", "--imported", report, str(shop), "--lang", "en")
    said(capsys, "fix", "1", "--apply", "--force", "--upto", "try-first", "--imported", report, str(shop))
    assert (shop / "web/requirements.txt").read_text() == "flask==0.12.3\n"


def test_doctor_and_done_see_the_report_too(shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = str(put(tmp_path, {"a report.json": trivy()}) / "a report.json")
    said(capsys, "doctor", "--imported", report, str(shop))
    remembered = said(capsys, "done", "1", "--took", "40m", "--imported", report, str(shop), "--lang", "en")
    assert "Upgrade flask 0.12 to 0.12.3" in remembered


def test_only_what_must_be_given_is_called_required(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["import", "trivy", "--lang", "en"])
    assert capsys.readouterr().err.endswith("the following arguments are required: FILE\n")
