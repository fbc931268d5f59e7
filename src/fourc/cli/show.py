"""`fourc show N`: one change in full."""

from fourc.app.numbers import number_in
from fourc.app.scan import plan_for, with_edits
from fourc.cli.arguments import Arguments
from fourc.cli.common import OK, PATHS, add_common, emit, lang_of, progress_of, request_of
from fourc.model.text import Text
from fourc.report.listing import change_lines


def run(arguments: Arguments, words: list[str]) -> int:
    """Print a change: why, how sure, what may break, and its diff, unindented, last."""
    arguments.positional(
        "number", metavar="N|ID", said=Text("its number in the plan, or its id", "它在计划中的编号，或它的 id")
    )
    arguments.positional("paths", nargs="*", metavar="PATH", said=PATHS)
    add_common(arguments)
    options = arguments.parse(words, lambda given: given.paths)
    progress = progress_of(options)
    planned = plan_for(request_of(options, options.paths), progress)
    progress(None)
    number = number_in(planned.plan.changes, options.number)
    chosen = planned.plan.changes[number - 1]
    change = with_edits(chosen, planned.drafts[chosen.id], planned.seen)
    lang = lang_of(options)
    if options.format == "json":
        import json  # noqa: PLC0415 - only for this format

        from fourc.report.as_json import change as as_json  # noqa: PLC0415 - the same

        emit(options, json.dumps(as_json(change, lang), ensure_ascii=False, indent=1) + "\n")
        return OK
    findings = planned.drafts[chosen.id].findings
    emit(options, "\n".join(change_lines(number, change, findings, lang)) + "\n")
    return OK
