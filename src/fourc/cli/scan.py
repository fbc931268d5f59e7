"""`fourc scan`: every finding."""

from fourc.app.scan import look, report_of
from fourc.cli.arguments import Arguments
from fourc.cli.common import INCOMPLETE, OK, PATHS, add_common, emit, lang_of, progress_of, request_of
from fourc.errors import UsageError
from fourc.model.report import Report
from fourc.model.text import Lang, Text, join, same

TARGETS = ("all", "config")


def run(arguments: Arguments, words: list[str]) -> int:
    """Print the findings."""
    arguments.positional("what", metavar="{all,config}", said=Text("what to look at", "检查什么"))
    arguments.positional("targets", nargs="*", metavar="TARGET", said=PATHS)
    add_common(arguments, "text", "json", "sarif")
    options = arguments.parse(words, lambda given: given.targets)
    if options.what not in TARGETS:
        raise UsageError(
            Text("fourc cannot scan {what}", "fourc 不能扫描 {what}").of(what=options.what),
            hint=Text("it can scan {some}", "可以扫描 {some}").of(
                some=join([same(t) for t in TARGETS], " or ", " 或 ")
            ),
        )
    progress = progress_of(options)
    seen = look(request_of(options, options.targets), progress)
    progress(None)
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
