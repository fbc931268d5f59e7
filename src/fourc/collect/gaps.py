"""Gaps about files."""

from fourc.model.gap import Gap, GapReason
from fourc.model.location import Location
from fourc.model.text import Text

EXCLUDE = Text(
    "if it is no manifest, leave it out with .gitignore or name the paths to scan",
    "如果它不是清单文件，请用 .gitignore 排除它，或只指定要扫描的路径",
)


def file_gap(
    reason: GapReason, path: str, message: Text, remedy: Text, *, line: int = 1, column: int = 1, named: bool = True
) -> Gap:
    """A gap at a place of a file, by default its start."""
    return Gap(reason, message, remedy, Location(path, line, column, line, column), None, named)
