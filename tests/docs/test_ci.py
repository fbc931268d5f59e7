"""The pipeline files work as they are: their own lines run against a real repository."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
import yaml
from tests.secrets.ignoring.team import commit, git

ROOT = Path(__file__).parents[2]
CI = ROOT / "docs" / "ci"
RULES = '[[rules]]\nid = "acme-token"\ndescription = "ACME token"\nregex = "acme_[a-z0-9]{16}"\n'
OLD, NEW = "acme_0123456789abcdef", "acme_fedcba9876543210"

Part = Mapping[str, object]


def parsed(file: Path) -> Mapping[str, Part]:
    """The file's data."""
    return cast("Mapping[str, Part]", yaml.safe_load(file.read_text("utf-8")))


def ran(folder: Path, lines: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """The lines as a runner runs them, with the fourc of this environment first on the path."""
    assert isinstance(lines, list)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(folder.parent), "LANG": "C.UTF-8", **variables}
    script = "\n".join(map(str, lines))
    command = ["bash", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with an old secret on main, and a branch on it."""
    folder = tmp_path / "r"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / ".gitleaks.toml").write_text(RULES)
    (folder / "old.env").write_text(f"k={OLD}\n")
    commit(folder, "main")
    git(folder, "checkout", "-q", "-b", "work")
    return folder


def gate(folder: Path) -> subprocess.CompletedProcess[str]:
    """The job of a merge request that blocks."""
    file = parsed(CI / "gitlab-ci.yml")
    lines = cast("list[str]", file[".fourc"]["before_script"]) + cast("list[str]", file["secrets"]["script"])
    return ran(folder, lines, CI_MERGE_REQUEST_DIFF_BASE_SHA=git(folder, "rev-parse", "main"))


def test_the_gate_passes_with_an_old_secret_even_if_that_moves_and_leaves_the_work_tree_as_it_was(
    repository: Path,
) -> None:
    (repository / "moved.env").write_text(f"\n\nk={OLD}\n")
    (repository / "old.env").unlink()
    commit(repository)
    done = gate(repository)
    assert (done.returncode, done.stderr) == (0, "")
    assert git(repository, "status", "--porcelain") == ""
    assert git(repository, "worktree", "list", "--porcelain").count("worktree ") == 1


def test_the_gate_blocks_a_new_secret_and_names_its_place(repository: Path) -> None:
    (repository / "new.env").write_text(f"# x\nk={NEW}\n")
    commit(repository)
    done = gate(repository)
    assert done.returncode == 1
    assert "new.env:2" in done.stdout
    assert NEW not in done.stdout + done.stderr
    assert "old.env" not in done.stdout


def test_the_gate_blocks_a_new_secret_that_a_later_commit_took_out_again(repository: Path) -> None:
    (repository / "new.env").write_text(f"k={NEW}\n")
    commit(repository)
    (repository / "new.env").unlink()
    commit(repository)
    assert gate(repository).returncode == 1


def test_github_s_gate_runs_the_same_lines() -> None:
    steps = cast(
        "list[dict[str, str]]", cast("Part", parsed(CI / "github-workflow.yml")["jobs"]["new-secrets"])["steps"]
    )
    lines = steps[-1]["run"].replace("$BASE_SHA", "$CI_MERGE_REQUEST_DIFF_BASE_SHA").splitlines()
    assert lines == parsed(CI / "gitlab-ci.yml")["secrets"]["script"]


def test_gitlab_s_report_job_never_blocks_and_its_reports_are_where_it_says(repository: Path) -> None:
    file = parsed(CI / "gitlab-ci.yml")
    job = file["secrets-report"]
    assert job["allow_failure"] is True
    assert "allow_failure" not in file["secrets"]
    done = ran(repository, job["script"])
    assert done.returncode == 0, done.stderr
    reports = cast("dict[str, str]", cast("Part", job["artifacts"])["reports"])
    assert set(reports) == {"secret_detection", "codequality"}
    assert all(OLD[:4] in (repository / name).read_text() for name in reports.values())


def test_gitlab_s_jobs_reach_no_foreign_host_and_fetch_the_whole_history() -> None:
    file = parsed(CI / "gitlab-ci.yml")
    said = "\n".join(
        line for line in (CI / "gitlab-ci.yml").read_text().splitlines() if not line.lstrip().startswith("#")
    )
    assert "://" not in said
    assert "docker.io" not in said
    assert str(file["variables"]["FOURC_IMAGE"]).startswith("$CI_REGISTRY/")
    assert cast("Part", file[".fourc"]["variables"])["GIT_DEPTH"] == "0"
    assert [
        line
        for line in cast("list[str]", file[".fourc"]["before_script"])
        if "pip " in line and "--no-index" not in line
    ] == []


def test_github_s_report_job_never_blocks_and_may_upload_what_it_writes(repository: Path) -> None:
    job = cast("Part", parsed(CI / "github-workflow.yml")["jobs"]["report"])
    assert job["continue-on-error"] is True
    assert cast("dict[str, str]", job["permissions"])["security-events"] == "write"
    steps = cast("list[dict[str, object]]", job["steps"])
    assert cast("dict[str, object]", steps[0]["with"])["fetch-depth"] == 0
    assert ran(repository, [steps[2]["run"]]).returncode == 0
    written = cast("dict[str, str]", steps[3]["with"])["sarif_file"]
    assert '"ruleId": "acme-token"' in (repository / written).read_text()


def hooks() -> list[tuple[str, dict[str, object]]]:
    """The hooks by the file that they are in."""
    local = cast("list[dict[str, list[dict[str, object]]]]", parsed(CI / "pre-commit-hooks.yaml")["repos"])
    shared = cast("list[dict[str, object]]", parsed(ROOT / ".pre-commit-hooks.yaml"))
    return [("pre-commit-hooks.yaml", local[0]["hooks"][0]), *((".pre-commit-hooks.yaml", hook) for hook in shared)]


@pytest.mark.parametrize("hook", [hook for _, hook in hooks()], ids=lambda hook: str(hook["id"]))
def test_a_hook_stops_a_commit_with_a_secret_and_lets_others_through(tmp_path: Path, hook: dict[str, object]) -> None:
    assert (hook["pass_filenames"], hook["always_run"]) == (False, True)
    git(tmp_path, "init", "-q")
    (tmp_path / ".gitleaks.toml").write_text(RULES)
    commit(tmp_path)
    (tmp_path / "a").write_text("nothing\n")
    git(tmp_path, "add", "-A")
    assert ran(tmp_path, [hook["entry"]]).returncode == 0
    (tmp_path / "a").write_text(f"k={NEW}\n")
    git(tmp_path, "add", "-A")
    done = ran(tmp_path, [hook["entry"]])
    assert done.returncode == 1
    assert "a:1" in done.stdout
