"""Commands in a text see what the run saw, and can be copied as they stand on the screen."""

import shlex

import pytest

from fourc.report.commands import with_commands
from fourc.report.text import width


def test_without_words_of_the_run_a_command_stays_as_it_is() -> None:
    assert with_commands("See `fourc show 1`, then go.", ()) == ["See fourc show 1, then go."]


def test_a_file_s_name_is_quoted_as_a_shell_reads_it() -> None:
    assert with_commands("`fourc show 1`", ("--db", "my db; x")) == ["fourc show 1 --db 'my db; x'"]


@pytest.mark.parametrize("columns", [24, 30, 60, 100])
def test_a_command_moves_to_the_next_line_whole(columns: int) -> None:
    lines = with_commands("Something to check first: `fourc show 12 --db x`", (), columns)
    assert "fourc show 12 --db x" in lines[-1]
    assert max(map(width, lines)) <= columns


@pytest.mark.parametrize("columns", [24, 30, 60])
@pytest.mark.parametrize("folder", ["shop", "商店", "my shop"])
def test_a_command_that_is_wider_than_a_line_goes_on_behind_a_backslash(columns: int, folder: str) -> None:
    again = ("--db", "known.db", "--namespace", "shop", "--namespace", "bank", folder)
    lines = with_commands("下一步：`fourc fix 1 --diff`", again, columns)
    assert max(map(width, lines)) <= columns
    command = "\n".join(lines).removeprefix("下一步：").replace("\\\n", "")
    assert shlex.split(command) == ["fourc", "fix", "1", "--diff", *again]
