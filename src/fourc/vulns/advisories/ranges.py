"""Ranges of versions, in the three ways that advisories write them: OSV's events, conditions, and what is left unmended.

A condition is `(operator, version)`; all of a group must hold, one of several groups is enough.
"""

import re
from collections.abc import Iterable, Sequence

from fourc.vulns.advisories.ordering import key_of
from fourc.vulns.advisories.record import Span
from fourc.vulns.versions import VersionError

Event = tuple[str, str]
Condition = tuple[str, str]
_OPERATOR = re.compile(r"\s*(~>|[<>!=~^]=?|)\s*([^\s,<>=~^|]+)\s*,?")
_WILD = re.compile(r"^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.[xX*])*$")
EVERY = Span()


class RangeError(ValueError):
    """A range that cannot be understood."""


def _key(base: str, version: str) -> bytes:
    try:
        return key_of(base, version)
    except VersionError as error:
        raise RangeError(f"no version: {version[:80]!r}") from error


def of_events(base: str, events: Iterable[Event]) -> tuple[Span, ...]:
    """The spans of one OSV range (https://ossf.github.io/osv-schema/#evaluation), whatever order its events stand in."""
    limits: list[str] = []
    ordered: list[tuple[bytes, str, str]] = []
    for kind, version in events:
        if kind == "limit":
            limits.append(version)
        else:
            ordered.append((b"" if kind == "introduced" and version == "0" else _key(base, version), kind, version))
    ordered.sort(key=lambda event: event[0])
    spans: list[Span] = []
    low: str | None = None
    begun = b""
    for at, kind, version in ordered:
        if kind == "introduced":
            if low is None:
                low, begun = "" if at == b"" else version, at
        elif low is not None:
            if kind == "last_affected" or at > begun:
                spans.append(Span(low, version, through=kind == "last_affected"))
            low = None
    if low is not None:
        spans.append(Span(low))
    if limits and "*" not in limits:
        last = max(limits, key=lambda version: _key(base, version))
        return tuple(span for span in (_cut(base, span, last) for span in spans) if span)
    return tuple(spans)


def _cut(base: str, span: Span, limit: str) -> Span | None:
    """The span's part before a limit."""
    at = _key(base, limit)
    if span.low and _key(base, span.low) >= at:
        return None
    return span if span.high and _key(base, span.high) < at else Span(span.low, limit, span.after)


def conditions(text: str) -> list[Condition]:
    """The conditions of one group as they are written: `>= 1.2, < 2` or `>=1.2 <2`."""
    found: list[Condition] = []
    at = 0
    text = text.strip().rstrip(",")
    while at < len(text):
        match = _OPERATOR.match(text, at)
        if match is None:
            raise RangeError(f"no condition on versions: {text[:80]!r}")
        found.append((match[1], match[2]))
        at = match.end()
    return found


def of_conditions(base: str, group: Sequence[Condition]) -> Span | None:
    """The versions for which every condition of a group holds, None where they contradict each other."""
    span: Span | None = EVERY
    for operator, version in group:
        if span is None:
            return None
        span = _intersection(base, span, _of_condition(operator, version))
    return span


def _of_condition(operator: str, version: str) -> Span:  # noqa: PLR0911 - one line for each operator
    match operator:
        case "<":
            return Span(high=version)
        case "<=":
            return Span(high=version, through=True)
        case ">":
            return Span(version, after=True)
        case ">=":
            return Span(version)
        case "~>":
            return Span(version, _next(version, -2))
        case "^" | "^=":
            return Span(_whole(version), _caret(version))
        case "~" | "~=":
            return Span(_whole(version), _next(version, 1))
        case "" | "=" | "==":
            return _exactly(version)
        case _:
            raise RangeError(f"no condition on versions: {operator!r}")


def _exactly(version: str) -> Span:
    if version in {"*", "x", "X"}:
        return EVERY
    if version[-1] in "xX*" and (found := _WILD.match(version)):
        numbers = [number for number in found.groups() if number is not None]
        return Span(_whole(".".join(numbers)), _next(".".join(numbers), len(numbers) - 1))
    return Span(version, version, through=True)


def _numbers(version: str) -> list[str]:
    found = re.match(r"v?(\d+(?:\.\d+)*)", version)
    if found is None:
        raise RangeError(f"no version: {version[:80]!r}")
    return found[1].split(".")


def _whole(version: str) -> str:
    """A partial version filled with zeros."""
    numbers = _numbers(version)
    return version if len(numbers) > 2 else ".".join([*numbers, "0", "0"][:3])


def _next(version: str, position: int) -> str:
    """The first version in which the number at a position is greater; the last where there is none at it."""
    numbers = _numbers(version)
    at = max(len(numbers) + position, 0) if position < 0 else min(position, len(numbers) - 1)
    kept = [*numbers[:at], str(int(numbers[at][:40]) + 1)]
    return ".".join(kept if position < 0 else [*kept, "0", "0"][:3])


def _caret(version: str) -> str:
    numbers = _numbers(version)
    first = next((at for at, number in enumerate(numbers) if int(number[:40])), len(numbers) - 1)
    return _next(version, first)


def _low(base: str, span: Span) -> tuple[bytes, bool]:
    return (_key(base, span.low) if span.low else b"", span.after)


def _high(base: str, span: Span) -> tuple[bytes, bool]:
    return (_key(base, span.high) if span.high else b"\xff" * 16, span.through)


def _empty(base: str, span: Span) -> bool:
    if not span.low or not span.high:
        return False
    low, high = _low(base, span), _high(base, span)
    return low[0] > high[0] or (low[0] == high[0] and (span.after or not span.through))


def _intersection(base: str, one: Span, other: Span) -> Span | None:
    low = max(one, other, key=lambda span: _low(base, span))
    high = min(one, other, key=lambda span: _high(base, span))
    span = Span(low.low, high.high, low.after, high.through)
    return None if _empty(base, span) else span


def rest(base: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The versions outside all of the spans."""
    left: list[Span] = []
    low, after = "", False
    for span in sorted(spans, key=lambda span: _low(base, span)):
        if span.low:
            # what ends where the next begins leaves nothing between
            gap = Span(low, span.low, after, span.after)
            if not _empty(base, gap):
                left.append(gap)
        if not span.high:
            return tuple(left)
        if not low or _high(base, span) > (_key(base, low), after):
            low, after = span.high, span.through
    left.append(Span(low, "", after))
    return tuple(left)
