"""Whether a version lies in a range of npm (https://github.com/npm/node-semver#ranges)."""

import re

_NUMBER = r"(0|[1-9]\d{0,14}|[xX*])"
_PARTIAL = re.compile(rf"[v=\s]*{_NUMBER}(?:\.{_NUMBER}(?:\.{_NUMBER}(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?)?)?")
_COMPARATOR = re.compile(r"(>=|<=|>|<|=|\^|~>?)?\s*([^\s<>=^~][^\s<>=^~]*)")
_HYPHEN = re.compile(r"\s*(\S+)\s+-\s+(\S+)\s*")
_LONGEST = 300

_Version = tuple[int, int, int]


def allows(range_: str, version: str) -> bool | None:
    """Whether the range takes the version; None where the range is none of npm's (an address, a tag) or either has a preview."""
    have = _PARTIAL.fullmatch(version)
    if have is None or have[4] or "x" in version.lower() or have[3] is None or len(range_) > _LONGEST:
        return None
    number = (int(have[1]), int(have[2]), int(have[3]))
    answers = [_all(part, number) for part in range_.split("||")]
    if True in answers:
        return True
    return None if None in answers else False


def _all(part: str, have: _Version) -> bool | None:
    """Whether every comparator of a set takes the version."""
    hyphen = _HYPHEN.fullmatch(part)
    comparators = [(">=", hyphen[1]), ("<=", hyphen[2])] if hyphen else []
    if not hyphen:
        rest = _COMPARATOR.sub("", part)
        if rest.strip():
            return None
        comparators = [(match[1] or "", match[2]) for match in _COMPARATOR.finditer(part)]
    for operator, text in comparators:
        bounds = _bounds(operator, text)
        if bounds is None:
            return None
        low, high = bounds
        if have < low or (high is not None and have >= high):
            return False
    return True


def _bounds(operator: str, text: str) -> tuple[_Version, _Version | None] | None:
    """The first version that a comparator takes, and the first above that it does not."""
    match = _PARTIAL.fullmatch(text)
    if match is None or match[4]:
        return None
    parts = [int(part) for part in match.groups()[:3] if part is not None and part not in "xX*"]
    padded = [*parts, 0, 0, 0]
    low: _Version = (padded[0], padded[1], padded[2])
    if not parts:
        return (0, 0, 0), (0, 0, 0) if operator in {"<", ">"} else None
    fixed = next((at for at, part in enumerate(parts) if part), len(parts) - 1)
    ends: dict[str, tuple[_Version, _Version | None]] = {
        "": (low, _above(parts, len(parts) - 1)),
        "~": (low, _above(parts, min(1, len(parts) - 1))),
        "^": (low, _above(parts, fixed)),
        ">=": (low, None),
        "<": ((0, 0, 0), low),
        "<=": ((0, 0, 0), _above(parts, len(parts) - 1)),
        ">": (_above(parts, len(parts) - 1), None),
    }
    return ends[{"=": "", "~>": "~"}.get(operator, operator)]


def _above(parts: list[int], at: int) -> _Version:
    """The first version whose number at that place is higher."""
    numbers = [*parts[:at], parts[at] + 1, 0, 0, 0]
    return numbers[0], numbers[1], numbers[2]
