"""Real git repositories for tests: nothing of the user's own configuration, and a clock that ticks once a commit."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from fourc.collect.content.blob import Blob
from fourc.collect.content.history import Piece, pieces, read_blobs
from fourc.collect.content.repository import Repository, find_repository
from fourc.model.gap import Gap

START = 1_700_000_000


class Repo:
    """A repository at `path`; `tick` is the number of commits so far, and their time in minutes."""

    def __init__(self, path: Path, *options: str) -> None:
        self.path = path
        self.tick = 0
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *arguments: str | bytes, given: bytes = b"", check: bool = True) -> str:
        """What git prints, without the last line's end."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        author = {"NAME": "Zoë 王", "EMAIL": "zoe@example.com", "DATE": f"{START + 60 * self.tick} +0800"}
        env = kept | {f"GIT_{who}_{key}": value for who in ("AUTHOR", "COMMITTER") for key, value in author.items()}
        env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_ALLOW_PROTOCOL": "file"}
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, env=env, input=given, capture_output=True, check=False
        )
        assert not check or done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def write(self, files: dict[str, str | bytes]) -> None:
        """Write files and stage them."""
        for name, content in files.items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        if files:
            self.git("add", "-f", "--", *files)

    def commit(self, files: dict[str, str | bytes], *options: str) -> str:
        """Commit what is staged and these files; the commit's id."""
        self.write(files)
        self.tick += 1
        self.git("commit", "-q", "--allow-empty", "-m", f"commit {self.tick}", *options)
        return self.git("rev-parse", "HEAD")

    def id(self, revision: str) -> str:
        """The full id of `HEAD:path`, a tag, a branch."""
        return self.git("rev-parse", revision)

    def object_file(self, object_id: str) -> Path:
        """The file of a loose object, made writable."""
        file = self.path / ".git/objects" / object_id[:2] / object_id[2:]
        file.chmod(0o644)
        return file


def opened(path: Path) -> Repository:
    """The repository, which must be one."""
    repository = find_repository(path, ".", 60)
    assert isinstance(repository, Repository)
    return repository


def contents(
    found: Iterable[Piece | Gap], repository: Repository
) -> tuple[set[tuple[str, bytes]], list[tuple[str, str]]]:
    """Name and content of each blob, and reason and path of each gap."""
    blobs: set[tuple[str, bytes]] = set()
    gaps: list[Gap] = []
    for piece in found:
        for part in [piece] if isinstance(piece, Gap) else read_blobs(repository, piece):
            if isinstance(part, Blob):
                assert part.object_id is not None
                blobs.add((part.shown, part.data))
            else:
                gaps.append(part)
    return blobs, told(gaps)


def told(gaps: Iterable[Gap]) -> list[tuple[str, str]]:
    """Reason and path of each gap."""
    return [(gap.reason.value, gap.location.path if gap.location else "") for gap in gaps]


def read(path: Path) -> tuple[set[tuple[str, bytes]], list[tuple[str, str]]]:
    """Name and content of all blobs of the history, and the gaps."""
    repository = opened(path)
    return contents(pieces(repository), repository)
