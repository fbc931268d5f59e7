"""The user's git repository, as far as a fix needs it: what is uncommitted, a branch with one commit, our own last edits."""

import hashlib
import json
import logging
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from fourc.errors import FourcError, UsageError
from fourc.model.text import Text
from fourc.patch.yaml.reader import encode

log = logging.getLogger(__name__)
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


class GitError(FourcError):
    """git refused."""


def git(folder: Path, *arguments: str, text: str | None = None) -> str:
    """Git's output.

    Raises:
        GitError: git is missing or says no.
    """
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, check=True, env={**os.environ, **_QUIET}, timeout=60
        )
    except FileNotFoundError as error:
        raise GitError(
            Text("git is not installed", "没有安装 git"),
            hint=Text("install git, or use --diff and apply the patch", "请安装 git，或用 --diff 输出补丁后自行应用"),
        ) from error
    except subprocess.TimeoutExpired as error:
        raise GitError(
            Text("git did not answer within a minute", "git 一分钟内没有响应"), hint=Text("try again", "请重试")
        ) from error
    except subprocess.CalledProcessError as error:
        raise GitError(
            Text("git says: {why}", "git 报告：{why}").of(why=error.stderr.strip()),
            hint=Text("see what git status says", "请查看 git status 的输出"),
        ) from error
    return done.stdout


def top_of(folder: Path) -> Path | None:
    """The work tree that holds the folder, None outside of one."""
    try:
        return Path(git(folder, "rev-parse", "--show-toplevel").strip())
    except GitError:
        return None


def uncommitted(root: Path, paths: Sequence[str]) -> list[str]:
    """Which of the files hold changes that git has not committed and that are not our own last edits.

    Each is asked of the work tree that it lies in: a submodule or a clone inside the folder has its own. What git ignores
    has no other copy either.
    """
    own = _own_edits(root)
    dirty: list[str] = []
    for path in paths:
        full = Path(os.path.realpath(root / path))
        if not full.exists() or top_of(full.parent) is None:
            continue
        status = git(
            full.parent, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--ignored", "--", full.name
        )
        if status and own.get(str(full)) != _digest(full.read_bytes()):
            dirty.append(path)
    return dirty


def write_files(root: Path, files: Mapping[str, str], named: Sequence[str] = ()) -> None:
    """Write every file whole or not at all, and remember what we wrote.

    Raises:
        UsageError: a path leads out of the folder and out of the `named` paths, or cannot be written.
    """
    inside = [p.resolve() for p in (root, *map(Path, named))]
    own = _own_edits(root)
    # what is there may be refused, and a new file alone would be half a change
    for path, text in sorted(files.items(), key=lambda file: not (root / file[0]).exists()):
        target = root / path
        if not any(target.resolve().is_relative_to(p) for p in inside):
            raise UsageError(
                Text("{path} lies outside of the folder", "{path} 在目录之外").of(path=path),
                hint=Text("run fourc in the folder that holds the file", "请在包含该文件的目录中运行 fourc"),
            )
        target = Path(os.path.realpath(target))  # a link stays one: what it leads to is edited
        data = encode(text, target.read_bytes()) if target.is_file() else text.encode()
        try:
            _replace(target, data)
        except OSError as error:
            raise UsageError(
                Text("{path} cannot be written: {why}", "无法写入 {path}：{why}").of(
                    path=path, why=error.strerror or ""
                ),
                hint=Text("check the file's permissions", "请检查文件权限"),
            ) from error
        own[str(target.resolve())] = _digest(data)
    _remember(root, own)


def _replace(target: Path, data: bytes) -> None:
    """Write the file whole or not at all, with the mode and, where we may, the owner that it had."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as new:
        new.write(data)
    try:
        if target.exists():
            before = target.stat()
            Path(new.name).chmod(before.st_mode)
            if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
                with suppress(PermissionError):  # only root may give files away; the text is what counts
                    os.chown(new.name, before.st_uid, before.st_gid)
        else:
            Path(new.name).chmod(0o644)
        Path(new.name).replace(target)
    except OSError:
        Path(new.name).unlink(missing_ok=True)
        raise


def commit_on_branch(root: Path, branch: str, files: Mapping[str, str], message: str) -> None:
    """Make a branch at HEAD with one commit of the files; the work tree and the current branch stay as they are."""
    top = top_of(root)
    if top is None:
        raise UsageError(
            Text("this folder is not in a git repository", "该目录不在 git 仓库中"),
            hint=Text("use --apply instead of --branch", "请用 --apply 代替 --branch"),
        )
    prefix = root.resolve().relative_to(top.resolve())
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        git(top, "worktree", "add", "--quiet", "-b", branch, str(tree), "HEAD")
        try:
            for path, text in files.items():
                target = tree / prefix / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(encode(text, target.read_bytes()) if target.is_file() else text.encode())
                git(tree, "add", "--", str(prefix / path))
            git(tree, "commit", "--quiet", "-F", "-", text=message)
        except GitError:
            git(top, "worktree", "remove", "--force", str(tree))
            git(top, "branch", "--quiet", "-D", branch)  # nothing was committed on it, and it would block the next try
            raise
        git(top, "worktree", "remove", "--force", str(tree))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _memory(root: Path) -> Path | None:
    try:
        return Path(git(root, "rev-parse", "--absolute-git-dir").strip()) / "fourc-last-edits.json"
    except GitError:
        return None


def _own_edits(root: Path) -> dict[str, str]:
    memory = _memory(root)
    if memory is None or not memory.is_file():
        return {}
    try:
        data = json.loads(memory.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in data.items()} if isinstance(data, dict) else {}


def _remember(root: Path, own: Mapping[str, str]) -> None:
    memory = _memory(root)
    try:
        if memory is not None:
            memory.write_text(json.dumps(dict(sorted(own.items())), indent=1), "utf-8")
    except (
        OSError
    ) as error:  # the files are written; that they are ours is forgotten, and the next fix asks for --force
        log.warning("%s cannot be written: %s", memory, error.strerror)
