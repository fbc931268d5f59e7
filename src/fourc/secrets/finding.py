"""A secret that was found, as a finding: told without its value."""

from collections.abc import Callable, Sequence

from fourc.model.finding import Finding, History, Layer, Severity
from fourc.model.location import Location, Origin
from fourc.model.remedy import ByHand, NoFix
from fourc.model.subject import Ref
from fourc.model.text import Text, same
from fourc.secrets.providers import advice_for
from fourc.secrets.rule import Rule

_SHOWN = 4
_PART = 4
_FOUND = Text("{title} {value}", "{title} {value}")


def redacted(value: str) -> str:
    """The first characters of a secret, never more than four nor a quarter of it, and dots for the rest."""
    shown = value[: min(_SHOWN, len(value) // _PART)]
    return (shown if shown.isprintable() else "") + "…"


def finding_of(
    rule: Rule,
    value: str,
    places: Sequence[Location],
    fingerprint: Callable[[str, str], str],
    history: History | None = None,
) -> Finding:
    """The finding of a value in its places, of which the first one is where it is told; there is at least one."""
    where = places[0]
    about_file = value == where.path
    return Finding(
        rule=rule.id,
        layer=Layer.CODE,
        severity=rule.severity,
        confidence=rule.confidence,
        message=rule.title if about_file else _FOUND.of(title=rule.title, value=same(redacted(value))),
        subject=Ref("File", None, where.path),
        origin=Origin(where.path, 0, where.line),
        at=(),
        container=None,
        detail="",
        references=rule.references,
        fix=_fix(rule, where.path),
        location=where,
        places=tuple(places[1:]),
        identity=fingerprint(rule.id, value),
        history=history,
    )


def _fix(rule: Rule, path: str) -> NoFix:
    """What a person has to do; what is no secret by itself is no work."""
    if rule.severity <= Severity.LOW:
        return NoFix(advice_for(rule).text)
    from fourc.fix.recipes import remedy  # noqa: PLC0415 - most scans of a commit find nothing
    from fourc.secrets.replacing import FORGET, steps_for  # noqa: PLC0415 - the same

    made = remedy("replace-secret", Ref("File", None, path), caution=FORGET)
    return ByHand(steps_for(rule, path), made.kind, remedy=made)
