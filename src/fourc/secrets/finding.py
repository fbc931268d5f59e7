"""A secret that was found, as a finding: told without its value."""

from collections.abc import Callable, Sequence

from fourc.model.finding import Finding, History, Layer, Severity
from fourc.model.location import Location, Origin
from fourc.model.remedy import ByHand, NoFix, Remedy
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
    shown = "" if value == places[0].path else redacted(value)
    fix = _fix(rule, places[0].path, gone=history is not None and history.gone)
    return finding_told(rule, shown, places, fingerprint(rule.id, value), fix, history=history)


def finding_told(
    rule: Rule,
    shown: str,
    places: Sequence[Location],
    identity: str,
    fix: Remedy | NoFix,
    *,
    layer: Layer = Layer.CODE,
    history: History | None = None,
) -> Finding:
    """The finding of a value of which only what may be `shown` is known; that is empty where the file itself is the secret."""
    where = places[0]
    return Finding(
        rule=rule.id,
        layer=layer,
        severity=rule.severity,
        confidence=rule.confidence,
        message=_FOUND.of(title=rule.title, value=same(shown)) if shown else rule.title,
        subject=Ref("File", None, where.path),
        origin=Origin(where.path, 0, where.line),
        at=(),
        container=None,
        detail="",
        references=rule.references,
        fix=fix,
        location=where,
        places=tuple(places[1:]),
        identity=identity,
        history=history,
    )


def _fix(rule: Rule, path: str, *, gone: bool) -> NoFix:
    """What a person has to do; what is no secret by itself is no work."""
    if rule.severity <= Severity.LOW:
        return NoFix(advice_for(rule).text)
    from fourc.fix.recipes import remedy  # noqa: PLC0415 - most scans of a commit find nothing
    from fourc.secrets.replacing import FORGET, steps_for, steps_for_gone  # noqa: PLC0415 - the same

    made = remedy("replace-secret", Ref("File", None, path), last=FORGET)
    return ByHand(steps_for_gone(rule) if gone else steps_for(rule, path), made.kind, remedy=made)
