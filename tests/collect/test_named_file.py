"""A file that somebody named is read whole, or it is told why not and what to do."""

import os
from pathlib import Path

import pytest

from fourc.collect.named_file import Hints, named_file
from fourc.errors import UsageError
from fourc.model.text import Text

LIMIT = 1 << 20
HINTS = Hints(Text("special", "特殊"), Text("unread", "未读"), Text("large", "过大"))


def refusal(file: Path) -> tuple[str, str]:
    """What is said of the file, without its path, and the hint."""
    with pytest.raises(UsageError) as refused:
        named_file(str(file), LIMIT, HINTS)
    assert refused.value.hint is not None
    return refused.value.message.en.removeprefix(f"{file} "), refused.value.hint.en


@pytest.mark.parametrize("size", [0, 7, LIMIT])
def test_a_file_up_to_the_limit_is_read_whole(tmp_path: Path, size: int) -> None:
    (tmp_path / "vex.json").write_bytes(b"x" * size)
    assert named_file(str(tmp_path / "vex.json"), LIMIT, HINTS) == b"x" * size


def test_a_larger_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vex.json").write_bytes(b"x" * (LIMIT + 1))
    assert refusal(tmp_path / "vex.json") == ("has more than 1 MB", "large")


def test_an_absent_one_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "vex.json") == ("cannot be read: No such file or directory", "unread")


def test_a_folder_and_a_pipe_nobody_writes_to_are_refused_unopened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for file in (tmp_path, tmp_path / "pipe"):
        assert refusal(file) == ("is no ordinary file", "special")
