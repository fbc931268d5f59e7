"""conda's order (conda.models.version.VersionOrder): epoch, parts of numbers and words, a local version.

`dev` < any other word < a number < `post`. What is missing is 0: in a part, and as a part.
"""

import re

from fourc.vulns.versions.encoding import number, text

_parts = re.compile("[._]").split
_runs = re.compile("[0-9]+|[*]+|[^0-9*]+").findall
_valid = re.compile(r"(?:[0-9]+!)?[a-z0-9*_.]+(?:\+[a-z0-9*_.]+)?").fullmatch

_WORD, _ZERO_BEFORE, _END, _ZERO_AFTER, _POST = "\1\2\3\4\x7f"
_SPECIAL = {"dev": _WORD + text("DEV"), "post": _POST}
_PART_BEFORE, _NONE_BEFORE, _LAST, _NONE_AFTER, _PART_AFTER = "\1\2\3\4\5"


def _filled(marks: list[str], before: str, after: str, sign: int) -> int:
    """Writes what stands for a 0, if anything follows it, and says on which side of nothing it is."""
    if sign:
        marks.append(before if sign < 0 else after)
    return sign


def _part(part: str) -> tuple[str, int]:
    """The key of one part, and whether it sorts before (-1), as (0) or after (1) a part that is missing."""
    runs = _runs(part)
    if not runs or not "0" <= runs[0][0] <= "9":
        runs.insert(0, "0")
    marks = [_END]
    sign = 0
    for run in reversed(runs):
        if not run.strip("0"):
            sign = _filled(marks, _ZERO_BEFORE, _ZERO_AFTER, sign)
            continue
        if "0" <= run[0] <= "9":
            marks.append(number(run))
        else:
            marks.append(_SPECIAL.get(run) or _WORD + text(run))
        sign = -1 if marks[-1][0] == _WORD else 1
    marks.reverse()
    return "".join(marks), sign


def _all(dotted: str) -> str:
    marks = [_LAST]
    sign = 0
    for part in reversed(_parts(dotted)):
        key, side = _part(part)
        if side:
            marks.append((_PART_BEFORE if side < 0 else _PART_AFTER) + key)
            sign = side
        else:
            sign = _filled(marks, _NONE_BEFORE, _NONE_AFTER, sign)
    marks.reverse()
    return "".join(marks)


def _normal(version: str) -> str:
    version = version.strip().lower()
    return version if "_" in version else version.replace("-", "_")


def key(version: str) -> str:
    """Anything has a place; case does not count."""
    epoch, mark, rest = _normal(version).rpartition("!")
    main, _, local = rest.partition("+")
    return number(epoch if mark and epoch.isdigit() and epoch.isascii() else "0") + _all(main) + _all(local)


def valid(version: str) -> bool:
    """What conda accepts."""
    return _valid(_normal(version)) is not None
