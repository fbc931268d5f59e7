"""`fourc doctor`: what could not be seen, and how to have it seen."""

from fourc.app.look import look, report_of
from fourc.cli.arguments import Arguments
from fourc.cli.common import OK, PATHS, add_common, add_imported, emit, lang_of, progress_of, request_of
from fourc.report.listing import doctor_lines


def run(arguments: Arguments, words: list[str]) -> int:
    """Print every gap and everything that nobody asked for, each with its remedy."""
    arguments.positional("paths", nargs="*", metavar="PATH", said=PATHS)
    add_common(arguments, "text", "json")
    add_imported(arguments)
    options = arguments.parse(words, lambda given: given.paths)
    progress = progress_of(options)
    report = report_of(look(request_of(options, options.paths, everything=True), progress))
    progress(None)
    lang = lang_of(options)
    if options.format == "json":
        from fourc.report.as_json import render  # noqa: PLC0415 - one format is loaded, not all

        emit(options, render(report, lang))
    else:
        emit(options, "\n".join(doctor_lines(report, lang)) + "\n")
    return OK
