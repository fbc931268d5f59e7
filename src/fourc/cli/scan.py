"""`fourc scan`: every finding."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fourc.cli.arguments import Arguments
from fourc.cli.common import INCOMPLETE, OK, add_common, again_of, emit, lang_of, progress_of, request_of
from fourc.cli.scan_flags import OF, add_flags, check_flags
from fourc.errors import UsageError
from fourc.model.report import Report
from fourc.model.text import Lang, Text

if TYPE_CHECKING:
    from fourc.model.bill import Bill

_BEGAN = datetime.now(UTC)
_MACHINES = ("json", "sarif", "gitlab", "code-quality")
_BILLS = ("cyclonedx", "spdx", "spdx3", "openvex")
"""What a list of packages is written as."""
_NAMED = frozenset({"vulns", "image", "node"})
"""What is looked at only where it is named, not in what is piped in."""
_TARGETS = Text(
    "folders, files or images; for config and secrets also - for the standard input",
    "目录、文件或镜像；config 和 secrets 还可用 - 表示标准输入",
)
_NO_PIPE = Text("scan {what} reads no standard input", "scan {what} 不读取标准输入")
_NAME_IT = Text("write it into a file and name that", "请写入文件，再指定该文件")


def run(arguments: Arguments, words: list[str]) -> int:
    """Print the findings."""
    arguments.positional("what", metavar=f"{{{','.join(OF)}}}", said=Text("what to look at", "检查什么"))
    arguments.positional("targets", nargs="*", metavar="TARGET", said=_TARGETS)
    add_flags(arguments)
    add_common(arguments, "text", *_MACHINES, *_BILLS)
    options = arguments.parse(words, lambda given: given.targets)
    check_flags(options)
    if "-" in options.targets and options.what in _NAMED:
        raise UsageError(_NO_PIPE.of(what=options.what), hint=_NAME_IT)
    if options.format in _BILLS and options.what not in {"vulns", "image"}:
        raise UsageError(
            Text("{format} lists packages", "{format} 用于列出软件包").of(format=options.format),
            hint=Text("fourc scan vulns -f {format}", "fourc scan vulns -f {format}").of(format=options.format),
        )
    report, bill = _scanned(options)
    lang = lang_of(options)
    emit(options, _text(report, bill, options, lang))
    if options.format != "text" and not options.quiet:
        sys.stderr.write("".join(f"fourc: {entry.told().say(lang)}\n" for entry in report.stale))
    if any(g.named for g in report.gaps):
        return INCOMPLETE
    return int(options.exit_code) if report.findings else OK


def _scanned(options: argparse.Namespace) -> "tuple[Report, Bill | None]":
    """The report of a target, and the packages where it has some; only what looks there is loaded."""
    if options.what == "secrets":
        from fourc.cli.scan_secrets import secrets_report  # noqa: PLC0415 - one target is loaded, not all

        return secrets_report(options), None
    if options.what in {"all", "config"}:
        return _config_report(options), None
    if options.what == "node":
        from fourc.cli.scan_node import node_report  # noqa: PLC0415 - the same

        return node_report(options), None
    if options.what == "image":
        from fourc.cli.scan_image import image_report  # noqa: PLC0415 - the same

        return image_report(options)
    from fourc.cli.scan_vulns import vulns_report  # noqa: PLC0415 - the same

    return vulns_report(options)


def _config_report(options: argparse.Namespace) -> Report:
    from fourc.app.ignoring import baselines_in, new_against  # noqa: PLC0415 - a scan for secrets needs none of what reads manifests
    from fourc.app.look import look, report_of  # noqa: PLC0415

    progress = progress_of(options)
    request = request_of(options, options.targets, everything=options.what == "all")
    seen = look(replace(request, vex=tuple(options.vex)), progress)
    progress(None)
    report = report_of(seen)
    findings, withheld = new_against(baselines_in(options.baseline), report.findings)
    return replace(report, findings=findings, withheld=withheld)


def _text(report: Report, bill: "Bill | None", options: argparse.Namespace, lang: Lang) -> str:
    """The run in the format asked for."""
    if bill is not None and options.format in _BILLS:
        from fourc.cli.scan_vulns import bill_text  # noqa: PLC0415 - one format is loaded, not all

        return bill_text(bill, options.format, lang)
    if bill is not None and options.format == "gitlab":
        from fourc.cli.scan_vulns import gitlab_text  # noqa: PLC0415 - the same

        return gitlab_text(bill, report, lang, _BEGAN)
    # what was piped in has no folder of its own
    paths = [] if options.targets == ["-"] or options.diff else options.targets
    return rendered(report, options.format, lang, options.what, again_of(options, paths))


def rendered(report: Report, form: str, lang: Lang, what: str = "all", again: Sequence[str] = ()) -> str:
    """The findings of a target in the format asked for; one format is loaded, not all.

    `again` are the words with which another command sees the same.
    """
    if form == "sarif":
        return sarif(report, lang)
    if form == "json":
        from fourc.report.as_json import render  # noqa: PLC0415

        return render(report, lang)
    if form == "gitlab":
        from fourc.report.gitlab import ScanType, gitlab_report  # noqa: PLC0415

        kind = ScanType.SECRET_DETECTION if what == "secrets" else ScanType.SAST
        return gitlab_report(report, lang, kind, _BEGAN)
    if form == "code-quality":
        from fourc.report.code_quality import code_quality  # noqa: PLC0415

        return code_quality(report, lang)
    return "".join(f"{line}\n" for line in _lines(report, lang, what, again))


def _lines(report: Report, lang: Lang, what: str, again: Sequence[str]) -> Iterator[str]:
    """The text for people, as each target has it."""
    if what == "secrets":
        from fourc.report.secrets import secret_lines  # noqa: PLC0415 - one target is loaded, not all

        return secret_lines(report, lang, again)
    if what in {"vulns", "image"}:
        from fourc.report.vulns import vulnerability_lines  # noqa: PLC0415 - the same

        return vulnerability_lines(report, lang, again)
    if what == "node":
        from fourc.report.node import node_lines  # noqa: PLC0415 - the same

        return node_lines(report, lang)
    from fourc.report.listing import findings_lines  # noqa: PLC0415 - the same

    return findings_lines(report, lang)


def sarif(report: Report, lang: Lang) -> str:
    """The findings as SARIF, with the pages of their rules."""
    from fourc.report.sarif import render  # noqa: PLC0415

    pages = dict(report.pages)
    if any(f.rule not in pages for f in report.findings):
        from fourc.app.rule_pages import page_of  # noqa: PLC0415 - every rule there is, where a run brings no pages

        pages = {f.rule: page_of(f) for f in report.findings} | pages
    return render(report, lang, pages)
