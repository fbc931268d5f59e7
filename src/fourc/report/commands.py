"""Commands in a text: each sees what the run saw that names it, and can be copied as it is printed."""

import re
import shlex
from collections.abc import Sequence

from fourc.report.text import WIDTH, width, wrap

_COMMAND = re.compile(r"`(fourc [^`]*)`")
_HOLD = "\0"
"""Keeps the place of a command while lines are broken, a column each."""
_HELD = re.compile(f"{_HOLD}+")


def with_commands(text: str, again: Sequence[str], columns: int = WIDTH) -> list[str]:
    """The text in lines, its commands (`fourc ...`, in backquotes) with the words `again` behind them.

    A command stands on one line; one that is wider goes on behind a backslash, as a shell reads it.
    """
    commands = [[*found.split(" "), *map(shlex.quote, again)] for found in _COMMAND.findall(text)]
    widths = iter([width(" ".join(command)) for command in commands])
    lines = wrap(_COMMAND.sub(lambda _: _HOLD * next(widths), text), columns)
    waiting = iter(commands)
    filled = (_HELD.sub(lambda held: _typed(next(waiting), len(held[0]), columns), line) for line in lines)
    return [part for line in filled for part in line.split("\n")]


def as_typed(line: str, again: Sequence[str]) -> str:
    """A line that is not broken, its commands with the words `again` behind them."""
    return _COMMAND.sub(lambda found: " ".join((found[1], *map(shlex.quote, again))), line)


def _typed(words: Sequence[str], wide: int, columns: int) -> str:
    """The command, in several lines if it is wider than one."""
    if wide <= columns:
        return " ".join(words)
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if width(longer) + 3 <= columns:  # a bracket before it, and what goes on behind
            lines[-1] = longer
        else:
            lines.append(f"  {word}")
    return " \\\n".join(lines)
