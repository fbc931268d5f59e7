"""What only readers of a repository know of it and all of them do: the facts that the salt of fingerprints follows from."""

import os
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from fourc.collect.git import command, environment, work_tree_of
from fourc.collect.process import Ending, run

_SECONDS = 20.0
_MAX_BYTES = 256 * 1024 * 1024
_MACHINE = Path("/etc/machine-id")


class Facts(Struct, frozen=True):
    """Bytes that nobody else can guess; `shared` says that every full clone gives the same ones.

    `shallow` says that the clone lacks the first commit, so that they are those of its last one; `refused` that git would not
    tell anything, or is not installed.
    """

    data: bytes
    shared: bool = True
    shallow: bool = False
    refused: bool = False


def facts_of(folder: Path) -> Facts:
    """The first commit of the folder's repository, with the names and contents of all its files.

    It is the oldest commit on the first line of parents: branches, merges and rebases of later work leave it as it is, and
    its id alone (which logs print) does not tell it. In a shallow clone the last commit has to do; without commits, what is
    peculiar to this machine and this folder.
    """
    shallow = _git(folder, "rev-parse", "--is-shallow-repository").strip() == b"true"
    start = b"HEAD" if shallow else _git(folder, "rev-list", "--first-parent", "--max-parents=0", "HEAD").strip()
    commit = os.fsdecode(start)
    if commit and (message := _git(folder, "cat-file", "commit", commit)):
        files = _git(folder, "ls-tree", "-r", "-z", "--full-tree", commit)
        return Facts(message + b"\0" + files, shared=not shallow, shallow=shallow)
    in_repository = work_tree_of(Path(os.path.realpath(folder))) is not None
    return Facts(_of_machine(folder), shared=False, refused=not shallow and in_repository and not _works(folder))


def _works(folder: Path) -> bool:
    """Whether git is there and answers: a repository without any commit is one that it knows."""
    return bool(_git(folder, "rev-parse", "--git-dir"))


def _of_machine(folder: Path) -> bytes:
    """The folder on this machine: the machine's own secret id where it has one, and where the folder lies on its disk."""
    import socket  # noqa: PLC0415 - folders without any commit are few

    machine = b""
    with suppress(OSError):
        machine = _MACHINE.read_bytes()
    top = Path(os.path.realpath(folder))
    stat = top.stat()
    where = f"{socket.gethostname()}\0{top}\0{stat.st_dev}\0{stat.st_ino}"
    return machine + b"\0" + os.fsencode(where)


def _git(folder: Path, *arguments: str) -> bytes:
    """What git prints; nothing where it fails or is not there."""
    env = environment() | {"GIT_NO_REPLACE_OBJECTS": "1"}  # replacements are of this clone alone
    ran = run(command(*arguments), folder=folder, env=env, seconds=_SECONDS, max_bytes=_MAX_BYTES)
    return ran.out if ran.ending is Ending.DONE else b""
