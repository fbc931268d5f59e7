"""`fourc plan`: the first screen."""

import argparse
import time
from dataclasses import replace

from fourc.app.scan import Planned, plan_for
from fourc.cli.arguments import Arguments
from fourc.cli.common import INCOMPLETE, OK, PATHS, add_common, emit, lang_of, progress_of, request_of
from fourc.model.text import Text
from fourc.plan.order import Objective


def run(arguments: Arguments, words: list[str]) -> int:
    """Print the plan."""
    arguments.positional("paths", nargs="*", metavar="PATH", said=PATHS)
    arguments.value("--budget", metavar="4h", said=Text("stop when so much time is used", "用完这么多时间就停止"))
    arguments.value(
        "--objective",
        choices=[o.value for o in Objective],
        default="hours",
        said=Text("rank by hours or by changes", "按时间还是按改动数排序"),
    )
    add_common(arguments, "text", "json", "sarif")
    options = arguments.parse(words, lambda given: given.paths)
    began = time.monotonic()
    progress = progress_of(options)
    request = replace(request_of(options, options.paths), objective=Objective(options.objective))
    planned = plan_for(request, progress)
    if options.budget:
        planned = within(planned, options.budget)
    progress(None)
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
