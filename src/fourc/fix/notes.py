"""Notes that people left beside what an edit takes away: often the only word on why it is there."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from fourc.fix.rewrite import Rewritten
from fourc.model.text import Text

_COMMENT = re.compile(r"(?:^|\s)#+\s*(?P<note>[^\s#].*?)\s*$")
_LONGEST = 120

NOTE = Text(
    "a note stands beside what goes: “{note}” - ask whoever wrote it, or try it out",
    "要去掉的内容旁有一条注释：“{note}”——请询问写下它的人，或先行试验",
)


def cautions(files: Iterable[Rewritten]) -> tuple[Text, ...]:
    """One caution for each comment that the edits take out of the files, in the order of the files' lines."""
    return tuple(NOTE.of(note=note) for file in files for note in lost_notes(file))


def lost_notes(file: Rewritten) -> Iterator[str]:
    """The comments of a file that stand nowhere in it after the edit, each once and cut to a readable length."""
    if file.before is None:
        return
    gone = Counter(file.before.splitlines())
    gone.subtract(file.after.splitlines())
    lines = {line for line, times in gone.items() if times > 0}
    if not lines:
        return
    kept = set(_notes(file.after.splitlines()))
    for note in dict.fromkeys(_notes(line for line in file.before.splitlines() if line in lines)):
        if note not in kept:
            yield note if len(note) <= _LONGEST else f"{note[:_LONGEST].rstrip()}…"


def _notes(lines: Iterable[str]) -> Iterator[str]:
    return (match["note"] for line in lines if "#" in line and (match := _COMMENT.search(line)))
