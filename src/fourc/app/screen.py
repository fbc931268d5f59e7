"""The plan's first screen: the leading changes are proven before they are praised."""

from collections.abc import Sequence

from msgspec.structs import replace

from fourc.app.plan import Planned
from fourc.app.verify import APPLIES, PARSES, parses
from fourc.fix.notes import cautions
from fourc.fix.rewrite import propose
from fourc.model.change import Change
from fourc.model.text import Lang, Text
from fourc.report.screen import SHOWN, plan_lines


def plan_screen(planned: Planned, lang: Lang, seconds: float | None, again: Sequence[str] = ()) -> str:
    """At most 25 lines of at most 100 columns; `again` are the words with which another command sees the same."""
    changes = planned.plan.changes
    proven = tuple(_proven(c, planned) for c in changes[:SHOWN]) + changes[SHOWN:]
    report = replace(planned, plan=replace(planned.plan, changes=proven)).report()
    return "\n".join(plan_lines(report, lang, seconds, again)) + "\n"


def _proven(change: Change, planned: Planned) -> Change:
    """The change with what was really checked: its edits apply and the files still parse."""
    draft = planned.drafts[change.id]
    proposal = propose(draft.findings, planned.seen.read)
    proofs: list[Text] = []
    if (proposal.files or proposal.patches) and not proposal.refused:
        proofs.append(APPLIES)
        if parses(proposal.files).held:
            proofs.append(PARSES)
    lost = cautions(proposal.files)
    return replace(change, proofs=tuple(proofs), by_hand=draft.by_hand, cautions=lost + change.cautions)
