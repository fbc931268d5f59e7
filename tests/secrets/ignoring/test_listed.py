"""Lists that other scanners wrote hide what they list, and nothing else."""

import hashlib
import json
from pathlib import Path

import pytest
from tests.secrets.ignoring import team

from fourc.app.ignoring import own_ignores, secret_ignores
from fourc.app.secret_scan import SecretScan, scan_secrets
from fourc.errors import UsageError
from fourc.secrets.ignoring.listed import GitleaksIgnore, baseline_of
from fourc.secrets.ignoring.sight import Sight
from fourc.secrets.registry import all_rules

DIR, GIT, REDACTED = (team.HERE / f"team-{name}.json" for name in ("dir", "git", "redacted"))
DETECT_SECRETS = team.HERE / "team.secrets.baseline"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The team's folder, with rules that find all of its secrets."""
    (tmp_path / ".gitleaks.toml").write_text(team.CONFIG)
    return team.write(tmp_path)


def found(folder: Path, *baselines: Path) -> set[tuple[str, int]]:
    """Path and line of everything that is reported, under whichever rule's name."""
    report = scan_secrets(SecretScan((str(folder),), baselines=tuple(map(str, baselines))))
    return {(p.path, p.line) for f in report.findings for p in (f.location, *f.places) if p}


def listed(report: Path) -> set[tuple[str, int]]:
    """Path and line of everything that a report of gitleaks lists."""
    return {(row["File"], row["StartLine"]) for row in json.loads(report.read_text())}


def test_without_a_list_every_secret_of_the_team_is_found(folder: Path) -> None:
    assert found(folder) == listed(DIR) == listed(GIT)


@pytest.mark.parametrize("report", [DIR, GIT, REDACTED], ids=lambda p: p.stem)
def test_a_report_of_gitleaks_hides_everything_that_it_lists_whichever_rule_finds_it(
    folder: Path, report: Path
) -> None:
    """Our rule for assignments finds the tokens too that gitleaks lists under their providers' names."""
    assert found(folder, report) == set()


def test_a_report_that_was_made_at_another_folder_or_by_absolute_paths_counts(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = json.loads(DIR.read_text())
    for number, prefix in enumerate(["/builds/team/", "team/"]):
        named = tmp_path_factory.mktemp("reports") / f"{number}.json"
        named.write_text(json.dumps([r | {"File": prefix + r["File"]} for r in rows]))
        assert found(folder, named) == set()


def test_a_moved_line_stays_known_and_another_secret_on_a_listed_line_is_new(folder: Path) -> None:
    file = folder / "config" / "app.env"
    file.write_text("\n\n# moved\n" + file.read_text())
    assert found(folder, DIR) == set()
    file.write_text(team.FILES["config/app.env"].replace("Tr0ub4dor3xQz91", "Qx7mK2pVr8Lw4Z"))
    assert found(folder, DIR) == {("config/app.env", 2)}


def test_a_listed_secret_is_new_in_a_file_that_is_not_listed(folder: Path) -> None:
    (folder / "copy.env").write_text(team.FILES["config/app.env"])
    assert {path for path, _ in found(folder, DIR)} == {"copy.env"}


def test_a_redacted_report_knows_no_secrets_so_the_line_decides(folder: Path) -> None:
    file = folder / "config" / "app.env"
    file.write_text("\n\n" + file.read_text())
    assert found(folder, REDACTED) == {("config/app.env", 3), ("config/app.env", 4)}


def test_an_empty_report_hides_nothing(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = tmp_path_factory.mktemp("reports") / "empty.json"
    empty.write_text("[]")
    assert found(folder, empty) == found(folder)


def test_what_detect_secrets_lists_is_hidden_where_it_lies_in_the_folder_or_is_named(folder: Path) -> None:
    by_name = found(folder, DETECT_SECRETS)
    assert by_name == set()
    (folder / ".secrets.baseline").write_text(DETECT_SECRETS.read_text())
    assert found(folder) == by_name


def test_another_secret_in_a_file_that_detect_secrets_lists_is_new(folder: Path) -> None:
    (folder / "src" / "client.py").write_text('api_key = "Zz7Kq2Lx9Pz4Rm8Tv1Wb6Yd3Hn5Jc0Gs"\n')
    assert ("src/client.py", 1) in found(folder, DETECT_SECRETS)


def test_gitleaksignore_hides_a_rule_at_a_line_of_a_file_and_in_one_commit(folder: Path) -> None:
    (folder / ".gitleaksignore").write_text(
        "# why\n\nconfig\\app.env:stripe-access-token:1\nabc:src/client.py:generic-api-key:1\nnonsense\na:b:c\n"
    )
    assert ("config/app.env", 1) not in found(folder)
    assert ("src/client.py", 1) in found(folder)
    ignores = secret_ignores(folder, own_ignores(folder), all_rules())
    sight = Sight("generic-api-key", "src/client.py", 1, "v", names=frozenset({"generic-api-key"}), commit="abc")
    assert ignores.hides(sight)


def test_gitleaksignore_knows_our_rule_by_gitleaks_name_for_it() -> None:
    listed = GitleaksIgnore.of("a.txt:generic-api-key:3")
    assert listed.lists(
        Sight("password-assignment", "a.txt", 3, "v", names=frozenset({"password-assignment", "generic-api-key"}))
    )
    assert not listed.lists(Sight("password-assignment", "a.txt", 3, "v", names=frozenset({"password-assignment"})))


def test_a_digest_of_betterleaks_hides_its_secret_everywhere() -> None:
    listed = GitleaksIgnore.of(hashlib.sha256(b"v").hexdigest())
    assert [listed.lists(Sight("r", path, 1, value)) for path, value in (("a", "v"), ("b", "v"), ("a", "w"))] == [
        True,
        True,
        False,
    ]


def test_lists_at_the_top_of_the_repository_count_in_a_folder_of_it(tmp_path: Path) -> None:
    folder = team.repository(tmp_path / "r")
    (folder / ".gitleaks.toml").write_text(team.CONFIG)
    assert ("app.env", 1) in found(folder / "config")
    (folder / ".gitleaksignore").write_text("config/app.env:stripe-access-token:1\n")
    assert ("app.env", 1) not in found(folder / "config")


def test_an_allowlist_at_the_top_of_the_repository_knows_files_by_their_path_from_there(tmp_path: Path) -> None:
    folder = team.repository(tmp_path / "r")
    (folder / ".gitleaks.toml").write_text(team.CONFIG + "[[allowlists]]\npaths = ['^config/app']\n")
    assert found(folder / "config") == {("deploy.yml", 1)}


def test_the_lists_themselves_are_not_searched(folder: Path) -> None:
    (folder / "known.json").write_text(DIR.read_text())
    assert {path for path, _ in found(folder)} == {"known.json", *(p for p in team.FILES if "readme" not in p)}
    assert found(folder, folder / "known.json") == set()


@pytest.mark.parametrize(
    "text", ["", "{}", "3", '{"a": 1}', "[1]", '[{"RuleID": "a"}]', '{"results": 3}', '{"known": [{}]}', "{"]
)
def test_what_is_no_list_is_refused_with_the_formats_that_are_known(text: str) -> None:
    with pytest.raises(UsageError, match=r"known\.json is no list of known secrets") as error:
        baseline_of(text, "known.json")
    assert error.value.hint
    assert "gitleaks" in error.value.hint.en


def test_a_baseline_that_is_not_there_is_an_error(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.json cannot be read"):
        found(folder, folder / "none.json")
