"""Secrets in programs: one edit reads each of them from the environment, wherever it stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from fourc.app.fix import apply, choose
from fourc.app.ignoring import own_ignores
from fourc.app.leaks import leaks_below
from fourc.app.plan import plan_for
from fourc.app.request import Request
from fourc.fix.recipes import remedy
from fourc.fix.rewrite import propose
from fourc.model.finding import Finding
from fourc.model.location import Location
from fourc.model.remedy import Bump, FixClass, Reading, Remedy
from fourc.model.subject import Ref
from fourc.secrets.finding import finding_told
from fourc.secrets.registry import all_rules

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


def test_a_secret_that_stands_twice_on_a_line_or_in_a_comment_too_is_left_to_a_person(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f'PAIR = ("{ONE}", "{ONE}")\n')
    (tmp_path / "b.py").write_text(f'GITHUB = "{TWO}"  # was {TWO}\n')
    assert set(map(tuple, variables(tmp_path).values())) == {()}


def test_no_secret_becomes_a_name(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f'X: Literal["{ONE}"] = "{TWO}"\n')
    (tmp_path / "b.js").write_text(f"const a = b ? '{THREE}' : 'x'\n")
    names = [name for its in variables(tmp_path).values() for name, _ in its]
    assert names == ["A_GITHUB_PAT"]


def test_a_teams_rule_may_be_called_anything(tmp_path: Path) -> None:
    (tmp_path / ".gitleaks.toml").write_text('[[rules]]\nid = \'corp "x"] (v2)\'\nregex = "corp-[0-9a-z]{16}"\n')
    (tmp_path / "a.py").write_text('send("corp-7h2k9m4q8w3e5r1t")\n')
    assert variables(tmp_path) == {"a.py:1": [("A_CORP_X_V2", "a.py")]}


def test_an_upgrade_and_a_secret_in_one_file_are_both_written() -> None:
    """The places of secrets are those of the text before any version was written."""
    text = f'setup(install_requires=["requests==2.19.0"])\nTOKEN = "{ONE}"\n'
    owner = Ref("File", None, "setup.py")
    bump = Bump("setup.py", "setup-py", "requests", "2.19.0", "2.32.0")
    remedies = (
        remedy("replace-secret", owner, bumps=(bump,)),
        replace(remedy("replace-secret", owner), readings=(Reading("setup.py", 2, 10, 10 + len(ONE), "TOKEN"),)),
    )
    findings = [finding(fix, str(number)) for number, fix in enumerate(remedies)]
    (file,) = propose(findings, lambda _: text).files
    assert file.after == ('import os\n\nsetup(install_requires=["requests==2.32.0"])\nTOKEN = os.environ["TOKEN"]\n')


def finding(fix: Remedy, identity: str) -> Finding:
    """A finding in `setup.py` with this fix."""
    place = Location("setup.py", 2, 10, 2, 10)
    (rule,) = (rule for rule in all_rules() if rule.id == "github-pat")
    return finding_told(rule, "", [place], identity, fix)
