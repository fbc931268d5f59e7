"""PEP 440 (https://packaging.python.org/en/latest/specifications/version-specifiers/) and what came before it.

Text that PEP 440 refuses sorts before all that it accepts, among itself by setuptools' older order, as `packaging` did
until 22 and OSV does.
"""

import re

from fourc.vulns.versions.encoding import number, text

_usual = re.compile(r"[0-9]+(?:\.[0-9]+)*").fullmatch
_version = re.compile(
    r"""\s*v?(?:([0-9]+)!)?
    ([0-9]+(?:\.[0-9]+)*)
    (?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?([0-9]+)?)?
    (?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]+)?)?
    (?:[-_.]?(dev)[-_.]?([0-9]+)?)?
    (?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
).fullmatch
_parts = re.compile(r"([0-9]+|[a-z]+|\.|-)").split
_separators = re.compile(r"[-_.]").split

_LEGACY = "\0"
_DEV_ONLY, _ALPHA, _BETA, _CANDIDATE, _NO_PRE = "\1\2\3\4\5"
_PRE = {"a": _ALPHA, "alpha": _ALPHA, "b": _BETA, "beta": _BETA}
_REPLACED = {"pre": "c", "preview": "c", "-": "final-", "rc": "c", "dev": "@"}

_FINAL = _NO_PRE + "\1\2"
"""Neither pre- nor post- nor development release."""


def _release(dotted: str) -> str:
    numbers = dotted.split(".")
    while len(numbers) > 1 and not numbers[-1].strip("0"):
        numbers.pop()
    return "".join(map(number, numbers))


def _local(segments: str) -> str:
    key = "\2"
    for segment in _separators(segments.lower()):
        key += "\3" + number(segment) if segment.isdigit() else "\2" + text(segment)
    return key + "\1"


def key(version: str) -> str:
    """Epoch, release, pre-, post-, development release, local part."""
    if _usual(version):
        return "110" + _release(version) + _FINAL
    match = _version(version)
    if match is None:
        return _LEGACY + _legacy(version)
    epoch, release, pre, pre_number, implicit, post, post_number, dev, dev_number, local = match.groups()
    posted = post is not None or implicit is not None
    if pre is not None:
        mark = _PRE.get(pre.lower(), _CANDIDATE) + number(pre_number or "0")
    else:
        mark = _DEV_ONLY if dev is not None and not posted else _NO_PRE
    return (
        "1"
        + number(epoch or "0")
        + _release(release)
        + mark
        + ("\2" + number(implicit or post_number or "0") if posted else "\1")
        + ("\1" + number(dev_number or "0") if dev is not None else "\2")
        + (_local(local) if local else "")
    )


def _legacy(version: str) -> str:
    """Runs of digits padded to eight, words; zeros and hyphens in front of a word that means "before" vanish."""
    parts: list[str] = []
    for piece in [*_parts(version.lower()), "final"]:
        part = _REPLACED.get(piece, piece)
        if not part or part == ".":
            continue
        if part[0] in "0123456789":
            parts.append(part.zfill(8))
            continue
        if part < "final":
            while parts and parts[-1] == "*final-":
                parts.pop()
        while parts and parts[-1] == "00000000":
            parts.pop()
        parts.append("*" + part)
    return "".join(map(text, parts))


def valid(version: str) -> bool:
    """What PEP 440 accepts, before normalisation."""
    return _version(version) is not None
