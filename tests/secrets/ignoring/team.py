"""A small repository of a team that has used gitleaks and detect-secrets, and what these programs wrote about it.

The lists were made by the programs themselves (gitleaks 8.30.1 with its default rules, `gitleaks dir .` and `gitleaks git .`;
detect-secrets 1.5.0, `detect-secrets scan`), on this folder and this commit. All secrets are made up.
"""

import os
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
FILES = {
    "config/app.env": "STRIPE_KEY=sk_test_" + "4eC39HqLyjWDarjtT1zdp7dc\nDB_PASSWORD=Tr0ub4dor3xQz91\n",
    "config/deploy.yml": "token: ghp_" + "Zk3vQ9x2M7q1Lw5RtYp8Bn4Hc6Jd0Fs1Ga2e\n",
    "src/client.py": 'api_key = "f7Kq2Lx9Pz4Rm8Tv1Wb6Yd3Hn5Jc0Gs"\n',
    "docs/readme.txt": "nothing here\n",
}
_ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05+00:00",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05+00:00",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
CONFIG = """
[[rules]]
id = "stripe-access-token"
regex = '''sk_test_[0-9a-zA-Z]{10,99}'''
[[rules]]
id = "github-pat"
regex = '''ghp_[0-9a-zA-Z]{36}'''
[[rules]]
id = "generic-api-key"
regex = '''(?i)(?:key|token|password)["' ]{0,3}[=:]\\s*"?([0-9a-zA-Z_]{10,})'''
"""
"""Rules that find the same secrets, and one that finds more: what is new to them is not on the lists."""


def write(folder: Path) -> Path:
    """The folder."""
    for path, text in FILES.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def git(folder: Path, *words: str) -> str:
    """What git prints; the same commits get the same ids."""
    environment = {**os.environ, **_ENVIRONMENT}
    done = subprocess.run(
        ["git", "-C", str(folder), "-c", "init.defaultBranch=main", *words],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def commit(folder: Path, message: str = "x") -> str:
    """Commit everything; the id."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def repository(folder: Path) -> Path:
    """The folder as a repository with one commit."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q")
    commit(write(folder), "everything")
    return folder
