"""`fourc scan`: every finding."""

import argparse

from fourc.app.scan import look, report_of
from fourc.cli.common import INCOMPLETE, OK, add_common, emit, lang_of, progress_of, request_of
from fourc.errors import UsageError
from fourc.model.report import Report
from fourc.model.text import Lang

TARGETS = ("all", "config")


def run(parser: argparse.ArgumentParser, words: list[str]) -> int:
    """Print the findings."""
    parser.add_argument("what", metavar="{all,config}", help="what to look at")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="folders or files, or - for the standard input")
    add_common(parser, "text", "json", "sarif")
    options = parser.parse_intermixed_args(words)
    if options.what not in TARGETS:
        raise UsageError(f"fourc cannot scan {options.what}", hint=f"it can scan {' or '.join(TARGETS)}")
    progress = progress_of(options)
    seen = look(request_of(options, options.targets), progress)
    progress("")
    report = report_of(seen)
    lang = lang_of(options)
    emit(options, rendered(report, options.format, lang))
    if any(g.named for g in report.gaps):
        return INCOMPLETE
    return int(options.exit_code) if report.findings else OK


def rendered(report: Report, form: str, lang: Lang) -> str:
    """The findings in the format asked for."""
    if form == "sarif":
        return sarif(report, lang)
    if form == "json":
        from fourc.report.as_json import render  # noqa: PLC0415 - one format is loaded, not all

        return render(report, lang)
    from fourc.report.listing import findings_lines  # noqa: PLC0415 - the same

    return "\n".join(findings_lines(report, lang)) + "\n"


def sarif(report: Report, lang: Lang) -> str:
    """The findings as SARIF, with the pages of their rules."""
    from fourc.checks.registry import all_checks  # noqa: PLC0415 - the same
    from fourc.report.sarif import render  # noqa: PLC0415 - the same

    return render(report, lang, {c.id: c.page for c in all_checks()})
