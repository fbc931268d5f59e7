"""Secrets in programs: one edit reads each of them from the environment, wherever it stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fourc.app.fix import apply, choose
from fourc.app.ignoring import own_ignores
from fourc.app.leaks import leaks_below
from fourc.app.plan import plan_for
from fourc.app.request import Request
from fourc.model.remedy import FixClass, Remedy

ONE = "ghp_" + "NqVwYS81VP7Hb1DX8pPd5khxE3pyIgKpaUnA"
TWO = "ghp_" + "ErsEz5jhy0I9lO7F3vlfFrGYJ3GxeYYXwSLQ"
THREE = "glpat-" + "x3scB8fnvGNx6jvr7SIf"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def variables(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """By the file that a finding is told at, the variable and the file of each reading; empty where a person has to edit."""
    found = leaks_below((str(folder),), own_ignores(folder), read_ignored=False).findings
    return {
        f"{f.origin.path}:{f.origin.line}": [(r.name, r.path) for r in f.fix.readings]
        if isinstance(f.fix, Remedy)
        else []
        for f in found
    }


def test_each_secret_gets_a_name_of_its_own_and_the_same_one_everywhere(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f'GITHUB = "{ONE}"\n')
    (tmp_path / "b.js").write_text(f"const c = f({{ token: '{ONE}' }})\nconst github = '{TWO}'\n")
    (tmp_path / "c.py").write_text(f'import os\ngitlab = "{THREE}"\nother = os.environ["GITLAB"]\n')
    assert variables(tmp_path) == {
        "a.py:1": [("GITHUB", "a.py"), ("GITHUB", "b.js")],
        "b.js:2": [("GITHUB_2", "b.js")],
        "c.py:2": [("GITLAB_2", "c.py")],
    }


def test_a_name_that_says_nothing_is_told_by_the_file_and_the_rule(tmp_path: Path) -> None:
    (tmp_path / "mail-out.py").write_text(f'send("{ONE}")\npassword = "vQ8mZr4tLw"\n')
    assert variables(tmp_path) == {
        "mail-out.py:1": [("MAIL_OUT_GITHUB_PAT", "mail-out.py")],
        "mail-out.py:2": [("MAIL_OUT_PASSWORD", "mail-out.py")],
    }


def test_what_also_stands_where_no_edit_reaches_is_left_to_a_person(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f'GITHUB = "{ONE}"\n')
    (tmp_path / "notes.md").write_text(f"the token is {ONE}\n")
    (tmp_path / "b.py").write_bytes(f'# gr\xfc\xdfe\ngithub = "{TWO}"\n'.encode("latin-1"))
    (tmp_path / "c.py").write_text(f'GITHUB = """\n{THREE}"""\n')
    assert set(map(tuple, variables(tmp_path).values())) == {()}


def test_the_edits_are_made_and_nothing_is_found_afterwards(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f'GITHUB = "{ONE}"\nGITLAB = "{THREE}"\n')
    (tmp_path / "b.js").write_text(f"const again = '{ONE}'\n")
    request = Request((str(tmp_path),), secrets=True)
    fixing = choose(plan_for(request), ["all"], FixClass.DECISION)
    assert sorted(apply(fixing, force=True)) == ["a.py", "b.js"]
    assert (tmp_path / "a.py").read_text() == (
        'import os\n\nGITHUB = os.environ["GITHUB"]\nGITLAB = os.environ["GITLAB"]\n'
    )
    assert (tmp_path / "b.js").read_text() == "const again = process.env.GITHUB\n"
    assert variables(tmp_path) == {}
