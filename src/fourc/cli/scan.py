"""`fourc scan`: every finding."""

import argparse
import sys
from datetime import UTC, datetime

from msgspec.structs import replace

from fourc.cli.arguments import Arguments
from fourc.cli.common import INCOMPLETE, OK, PATHS, add_common, emit, lang_of, progress_of, request_of
from fourc.cli.scan_secrets import FLAGS, add_flags, secrets_report
from fourc.errors import UsageError
from fourc.model.report import Report
from fourc.model.text import Lang, Text, join, same

TARGETS = ("all", "config", "secrets")
_BEGAN = datetime.now(UTC)
_MACHINES = ("json", "sarif", "gitlab", "code-quality")


def run(arguments: Arguments, words: list[str]) -> int:
    """Print the findings."""
    arguments.positional("what", metavar="{all,config,secrets}", said=Text("what to look at", "检查什么"))
    arguments.positional("targets", nargs="*", metavar="TARGET", said=PATHS)
    add_flags(arguments)
    add_common(arguments, "text", *_MACHINES)
    options = arguments.parse(words, lambda given: given.targets)
    if options.what not in TARGETS:
        raise UsageError(
            Text("fourc cannot scan {what}", "fourc 不能扫描 {what}").of(what=options.what),
            hint=Text("it can scan {some}", "可以扫描 {some}").of(
                some=join([same(t) for t in TARGETS], " or ", " 或 ")
            ),
        )
    report = secrets_report(options) if options.what == "secrets" else _config_report(options)
    lang = lang_of(options)
    emit(options, rendered(report, options.format, lang, secrets=options.what == "secrets"))
    if options.format != "text" and not options.quiet:
        sys.stderr.write("".join(f"fourc: {entry.told().say(lang)}\n" for entry in report.stale))
    if any(g.named for g in report.gaps):
        return INCOMPLETE
    return int(options.exit_code) if report.findings else OK


def _config_report(options: argparse.Namespace) -> Report:
    from fourc.app.ignoring import known_in  # noqa: PLC0415 - a scan for secrets needs none of what reads manifests
    from fourc.app.look import look, report_of  # noqa: PLC0415

    given = [flag for flag in FLAGS if getattr(options, flag.removeprefix("--").replace("-", "_"))]
    if given:
        raise UsageError(
            Text("{flags} is about secrets", "{flags} 只用于密钥").of(flags=", ".join(given)),
            hint=Text("fourc scan secrets {flags}", "fourc scan secrets {flags}").of(flags=" ".join(given)),
        )
    progress = progress_of(options)
    seen = look(request_of(options, options.targets, secrets=options.what == "all"), progress)
    progress(None)
    known = known_in(options.baseline)
    report = report_of(seen)
    return (
        replace(report, findings=tuple(f for f in report.findings if f.fingerprint not in known)) if known else report
    )


def rendered(report: Report, form: str, lang: Lang, *, secrets: bool = False) -> str:
    """The findings in the format asked for; one format is loaded, not all."""
    if form == "sarif":
        return sarif(report, lang)
    if form == "json":
        from fourc.report.as_json import render  # noqa: PLC0415

        return render(report, lang)
    if form == "gitlab":
        from fourc.report.gitlab import ScanType, gitlab_report  # noqa: PLC0415

        return gitlab_report(report, lang, ScanType.SECRET_DETECTION if secrets else ScanType.SAST, _BEGAN)
    if form == "code-quality":
        from fourc.report.code_quality import code_quality  # noqa: PLC0415

        return code_quality(report, lang)
    if secrets:
        from fourc.report.secrets import secret_lines  # noqa: PLC0415

        return "\n".join(secret_lines(report, lang)) + "\n"
    from fourc.report.listing import findings_lines  # noqa: PLC0415

    return "\n".join(findings_lines(report, lang)) + "\n"


def sarif(report: Report, lang: Lang) -> str:
    """The findings as SARIF, with the pages of their rules."""
    from fourc.app.rule_pages import page_of  # noqa: PLC0415
    from fourc.report.sarif import render  # noqa: PLC0415

    return render(report, lang, {f.rule: page_of(f) for f in report.findings} | dict(report.pages))
