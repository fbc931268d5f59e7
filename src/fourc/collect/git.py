"""What git ignores in a folder, asked so that the repository's own configuration runs nothing."""

import os
from pathlib import Path

from fourc.collect.process import Ending, Output, run

_SECONDS = 10.0
_MAX_NAME = 64 * 1024
_MAX_LISTING = 64 * 1024 * 1024
_SAFE = (
    "--no-optional-locks",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.untrackedCache=false",
    "-c",
    "core.preloadIndex=false",
    "-c",
    "protocol.allow=never",
)


def work_tree_of(folder: Path) -> Path | None:
    """The top of the git work tree that the folder, a real path, lies in, by the `.git` there; git itself is not asked."""
    return next((above for above in (folder, *folder.parents) if os.path.lexists(above / ".git")), None)


def has_commits(top: Path) -> bool:
    """Whether the git work tree with this top has any commit, by the files of its repository; git itself is not asked.

    A linked work tree and a submodule have a file `.git` that names their folder, and `commondir` names where the refs are
    (gitrepository-layout(5)). What cannot be read counts as a yes: then somebody should look.
    """
    git = top / ".git"
    try:
        if git.is_file():
            git = top / git.read_text("utf-8", "replace")[:_MAX_NAME].removeprefix("gitdir:").strip()
        common = git / "commondir"
        shared = git / common.read_text("utf-8", "replace")[:_MAX_NAME].strip() if common.is_file() else git
        if (shared / "packed-refs").is_file() or (shared / "reftable").is_dir():
            return True
        detached = not (git / "HEAD").read_text("utf-8", "replace")[:_MAX_NAME].startswith("ref:")
        return detached or any(files for _, _, files in os.walk(shared / "refs"))
    except OSError:
        return True


def ignored(folder: Path, seconds: float) -> frozenset[str] | None:
    """Paths below the folder that git ignores and does not track; an ignored folder stands for all that is in it.

    None where there is no git, no work tree, or git refuses it. A folder that is itself ignored but was named ignores
    nothing.
    """
    paths = _listed(folder, seconds, "--directory")
    if paths is None or not paths & {".", ""}:
        return paths
    # git ignores all that is in the folder, or the folder itself
    itself = _git(folder, seconds, "check-ignore", "--quiet", ".").ending is Ending.DONE
    return frozenset() if itself else _listed(folder, seconds)


def _listed(folder: Path, seconds: float, *options: str) -> frozenset[str] | None:
    output = _git(folder, seconds, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", *options)
    if output.ending is not Ending.DONE:
        return None
    return frozenset(os.fsdecode(path).rstrip("/") for path in output.out.split(b"\0") if path)


def _git(folder: Path, seconds: float, *arguments: str) -> Output:
    return run(
        command(*arguments),
        folder=folder,
        env=environment(),
        seconds=min(seconds, _SECONDS),
        max_bytes=_MAX_LISTING,
    )


def command(*arguments: str) -> list[str]:
    """The command line of git with these arguments, in which no configuration of the repository runs anything."""
    return ["git", *_SAFE, *arguments]


def environment() -> dict[str, str]:
    """The environment that git runs in: nothing of the caller's own git, nothing fetched, nothing asked."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | {
        "GIT_ALLOW_PROTOCOL": "none",  # stronger than `protocol.allow`: the repository's configuration cannot lift it
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }
