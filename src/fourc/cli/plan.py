"""`fourc plan`: the first screen."""

import argparse
import time
from dataclasses import replace

from fourc.app.scan import Planned, plan_for
from fourc.cli.common import INCOMPLETE, OK, add_common, emit, lang_of, progress_of, request_of
from fourc.plan.order import Objective


def run(parser: argparse.ArgumentParser, words: list[str]) -> int:
    """Print the plan."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="folders or files, or - for the standard input")
    parser.add_argument("--budget", metavar="4h", help="stop when so much time is used")
    parser.add_argument(
        "--objective", choices=[o.value for o in Objective], default="hours", help="rank by hours or by changes"
    )
    add_common(parser, "text", "json", "sarif")
    options = parser.parse_intermixed_args(words)
    began = time.monotonic()
    progress = progress_of(options)
    request = replace(request_of(options, options.paths), objective=Objective(options.objective))
    planned = plan_for(request, progress)
    if options.budget:
        planned = within(planned, options.budget)
    progress("")
    emit(options, rendered(planned, options, time.monotonic() - began))
    named = any(g.named for g in planned.seen.gaps)
    return INCOMPLETE if named else options.exit_code if options.exit_code and planned.seen.findings else OK


def within(planned: Planned, budget: str) -> Planned:
    """The plan cut where the likely hours pass the budget."""
    from fourc.app.teach import hours_of  # noqa: PLC0415 - only when asked for

    left = hours_of(budget)
    kept = []
    for change in planned.plan.changes:
        left -= change.hours.likely
        if left < 0:
            break
        kept.append(change)
    plan = planned.plan
    cut = replace(plan, changes=tuple(kept), stop=min(plan.stop, len(kept)), ways_after=plan.ways_after[: len(kept)])
    return replace(planned, plan=cut)


def rendered(planned: Planned, options: argparse.Namespace, seconds: float) -> str:
    """The plan in the format asked for."""
    lang = lang_of(options)
    if options.format == "json":
        from fourc.report.as_json import render  # noqa: PLC0415 - one format is loaded, not all

        return render(planned.report(edits=True), lang)
    if options.format == "sarif":
        from fourc.cli.scan import sarif  # noqa: PLC0415 - the same

        return sarif(planned.report(), lang)
    from fourc.app.screen import plan_screen  # noqa: PLC0415 - the same

    return plan_screen(planned, lang, seconds)
