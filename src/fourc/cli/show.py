"""`fourc show N`: one change in full."""

from fourc.app.numbers import number_in
from fourc.app.plan import Planned, plan_for, with_edits
from fourc.cli.arguments import Arguments
from fourc.cli.common import OK, PATHS, add_common, add_imported, emit, lang_of, progress_of, request_of
from fourc.model.text import Lang, Text
from fourc.report.listing import change_lines


def run(arguments: Arguments, words: list[str]) -> int:
    """Print a change: why, how sure, what may break, and its diff, unindented, last."""
    arguments.positional(
        "number", metavar="N|ID", said=Text("its number in the plan, or its id", "它在计划中的编号，或它的 id")
    )
    arguments.positional("paths", nargs="*", metavar="PATH", said=PATHS)
    add_common(arguments)
    add_imported(arguments)
    options = arguments.parse(words, lambda given: given.paths)
    progress = progress_of(options)
    planned = plan_for(request_of(options, options.paths, everything=True), progress)
    progress(None)
    number = number_in(planned.plan.changes, options.number)
    chosen = planned.plan.changes[number - 1]
    lang = lang_of(options)
    if options.format == "json":
        change = with_edits(chosen, planned.drafts[chosen.id], planned.seen)
        import json  # noqa: PLC0415 - only for this format

        from fourc.report.as_json import change as as_json  # noqa: PLC0415 - the same

        emit(options, json.dumps(as_json(change, lang), ensure_ascii=False, indent=1) + "\n")
        return OK
    emit(options, change_text(planned, number, lang))
    return OK


def change_text(planned: Planned, number: int, lang: Lang) -> str:
    """The change that has this number in the plan, with its diff."""
    chosen = planned.plan.changes[number - 1]
    draft = planned.drafts[chosen.id]
    change = with_edits(chosen, draft, planned.seen)
    return "\n".join(change_lines(number, change, draft.findings, lang)) + "\n"
