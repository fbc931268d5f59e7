"""`fourc doctor`: what could not be seen, and how to have it seen."""

import argparse

from fourc.app.scan import look, report_of
from fourc.cli.common import OK, add_common, emit, lang_of, progress_of, request_of
from fourc.report.listing import doctor_lines


def run(parser: argparse.ArgumentParser, words: list[str]) -> int:
    """Print every gap and everything that nobody asked for, each with its remedy."""
    parser.add_argument("paths", nargs="*", metavar="PATH")
    add_common(parser, "text", "json")
    options = parser.parse_intermixed_args(words)
    progress = progress_of(options)
    report = report_of(look(request_of(options, options.paths), progress))
    progress("")
    lang = lang_of(options)
    if options.format == "json":
        from fourc.report.as_json import render  # noqa: PLC0415 - one format is loaded, not all

        emit(options, render(report, lang))
    else:
        emit(options, "\n".join(doctor_lines(report, lang)) + "\n")
    return OK
