"""A git repository that is read but runs nothing: what it is, and what of it is not here."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from msgspec import Struct, field

from fourc.collect.gaps import file_gap
from fourc.collect.git import command, environment
from fourc.collect.process import Ending, Output, run
from fourc.collect.streaming import Stream
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

_MAX_ANSWER = 1 << 20
# git would keep 96 MB of bases, and map a pack of any size whole
_BOUNDED = (
    *("-c", "core.deltaBaseCacheLimit=32m"),
    *("-c", "core.packedGitWindowSize=16m"),
    *("-c", "core.packedGitLimit=64m"),
)
_NO_GIT = Text("git could not be started: {why}", "无法启动 git：{why}")
_INSTALL = Text("install git; the history is read with it", "请安装 git；读取历史需要它")
_NO_REPOSITORY = Text("no git repository", "不是 git 仓库")
_NAME_ONE = Text("name a folder in a git repository", "请指定 git 仓库中的目录")
_REFUSED = Text("git refuses to read it: another user owns it", "git 拒绝读取：它属于另一个用户")
_TRUST = Text(
    "if you trust it: git config --global --add safe.directory {folder}",
    "如果信任它：git config --global --add safe.directory {folder}",
)
_SHALLOW = Text("the clone is shallow: commits before its border are not here", "这是浅克隆：边界之前的提交不在本地")
_DEEPEN = Text(
    "git fetch --unshallow (in GitLab CI: GIT_DEPTH: 0)", "git fetch --unshallow（GitLab CI 中：GIT_DEPTH: 0）"
)
_SUBMODULE = Text("a submodule: its history is another repository's", "子模块：它的历史属于另一个仓库")
_EACH = Text("scan its folder as well", "请另外扫描它的目录")


class Repository(Struct, frozen=True):
    """Where git runs, until when (monotonic time), and what the repository itself says is not in it.

    `extra` are the variables of git's environment that it gets from us nevertheless.
    """

    folder: Path
    deadline: float
    gaps: tuple[Gap, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    def ask(self, *arguments: str, max_bytes: int = _MAX_ANSWER) -> Output:
        """What a command of git prints."""
        return run(
            command(*arguments),
            folder=self.folder,
            env=self._environment(),
            seconds=max(0.0, self.deadline - time.monotonic()),
            max_bytes=max_bytes,
        )

    def stream(self, *commands: tuple[str, ...], given: IO[bytes] | None = None) -> Stream:
        """What some commands of git print, each reading what the one before prints."""
        return Stream(
            *(command(*_BOUNDED, *arguments) for arguments in commands),
            folder=self.folder,
            env=self._environment(),
            deadline=self.deadline,
            given=given,
        )

    def _environment(self) -> dict[str, str]:
        # replaced and grafted history hides what is stored
        return {**environment(), "GIT_GRAFT_FILE": os.devnull, "GIT_NO_REPLACE_OBJECTS": "1", **self.extra}


def find_repository(folder: Path, shown: str, seconds: float) -> Repository | Gap:
    """The repository that the folder lies in (a bare one, a linked work tree, a submodule too), or why there is none."""
    repository = Repository(folder, time.monotonic() + seconds)
    answer = repository.ask("rev-parse", "--is-shallow-repository", "--git-dir")
    if answer.ending is not Ending.DONE:
        return why_not(answer, folder, shown)
    gaps = [file_gap(GapReason.UNSUPPORTED, path, _SUBMODULE, _EACH, named=False) for path in _submodules(repository)]
    if answer.out.startswith(b"true"):
        gaps.append(file_gap(GapReason.MISSING, shown, _SHALLOW, _DEEPEN))
    return Repository(folder, repository.deadline, tuple(gaps))


def why_not(answer: Output, folder: Path, shown: str) -> Gap:
    """What git's refusal to answer means."""
    if answer.ending is Ending.NOT_STARTED:
        return file_gap(GapReason.MISSING, shown, _NO_GIT.of(why=answer.errors), _INSTALL)
    if "dubious ownership" in answer.errors or "unsafe repository" in answer.errors:
        return file_gap(GapReason.DENIED, shown, _REFUSED, _TRUST.of(folder=str(folder)))
    return file_gap(GapReason.MISSING, shown, _NO_REPOSITORY, _NAME_ONE)


def _submodules(repository: Repository) -> list[str]:
    answer = repository.ask("config", "-z", "--blob", "HEAD:.gitmodules", "--get-regexp", r"\.path$")
    entries = answer.out.split(b"\0") if answer.ending is Ending.DONE else []
    return [printable(path) for _, _, path in (entry.partition(b"\n") for entry in entries) if path]


def printable(path: bytes) -> str:
    """The path as reports show it; bytes that are not UTF-8 are written in hex."""
    return path.decode("utf-8", "backslashreplace")
