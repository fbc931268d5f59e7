"""Upgrades in the order of what each ends for its time, where nothing else is known of what runs."""

from collections.abc import Mapping, Sequence
from math import fsum

from fourc.model.change import Change, Range
from fourc.plan import costs
from fourc.plan.changes import Draft

_SPREAD = 3.0
"""How far off the worth of an upgrade may be in either direction (guess)."""
_LITTLE = 0.005
"""A share of the whole below which an upgrade is not among those to begin with."""


def in_order(drafts: Sequence[Draft], worth: Mapping[str, float]) -> tuple[Change, ...]:
    """The drafts as changes, most worth for an hour first; `worth` is by the findings' fingerprints."""
    whole = fsum(worth.values()) or 1.0  # exact, since the fingerprints of a draft have no order
    made = [(_change(draft, fsum(worth.get(f, 0.0) for f in draft.fingerprints) / whole)) for draft in drafts]
    return tuple(sorted(made, key=lambda c: (-c.risk_removed.likely / c.hours.likely, c.id)))


def stop_of(changes: Sequence[Change]) -> int:
    """How many of the changes are worth their time: those before the first that ends next to nothing, at least one."""
    few = next((i for i, c in enumerate(changes) if c.risk_removed.likely < _LITTLE), len(changes))
    return max(few, min(1, len(changes)))


def _change(draft: Draft, share: float) -> Change:
    return Change(
        id=draft.id,
        kind=draft.kind,
        owner=draft.owner,
        title=draft.title,
        story=draft.story,
        hours=costs.hours(draft.kind, draft.files, len(draft.restarts), draft.fix_class),
        upkeep=costs.WORK[draft.kind].upkeep,
        money=0.0,
        risk_removed=Range(share / _SPREAD, share, min(1.0, share * _SPREAD)),
        restarts=draft.restarts,
        breaks=costs.breaks(draft.kind, draft.fix_class),
        findings=tuple(sorted(draft.fingerprints)),
        steps=(),
        after=(),
        cautions=draft.cautions,
        fix_class=draft.fix_class,
        places=tuple(sorted(draft.paths)),
        by_hand=draft.by_hand,
    )
