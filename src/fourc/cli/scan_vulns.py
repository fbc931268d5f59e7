"""`fourc scan vulns`: packages with known vulnerabilities, and the few upgrades that end most of them."""

import argparse
from datetime import datetime

from fourc.app.vuln_scan import VulnScan, scan_vulns
from fourc.cli.common import progress_of, settings_of
from fourc.model.bill import Bill
from fourc.model.finding import Severity
from fourc.model.report import Report
from fourc.model.settings import Settings
from fourc.model.text import Lang, Text


def vulns_report(options: argparse.Namespace) -> tuple[Report, Bill]:
    """What a scan of packages has to say, and the packages themselves."""
    settings = settings_of(options)
    progress = progress_of(options)
    progress(Text("reading packages", "正在读取软件包"))
    scanned = scan_vulns(
        VulnScan(
            tuple(options.targets or ["."]),
            severity=severity_of(options),
            read_ignored=options.all_files,
            settings=settings,
            vex=tuple(options.vex),
            baselines=tuple(options.baseline),
        )
    )
    progress(None)
    return scanned.report, scanned.bill


def severity_of(options: argparse.Namespace) -> Severity:
    """The least severity that is reported."""
    settings: Settings = options.settings
    return next((s for s in Severity if s.word == options.severity), None) or settings.severity or Severity.INFO


def bill_text(bill: Bill, form: str, lang: Lang) -> str:
    """The packages in one of the formats for them; one is loaded, not all."""
    if form == "cyclonedx":
        from fourc.report.cyclonedx import cyclonedx  # noqa: PLC0415 - one format is loaded, not all

        return cyclonedx(bill, lang)
    if form == "openvex":
        from fourc.report.openvex import openvex  # noqa: PLC0415 - the same

        return openvex(bill, lang)
    if form == "spdx3":
        from fourc.report.spdx3 import spdx3  # noqa: PLC0415 - the same

        return spdx3(bill)
    from fourc.report.spdx import spdx  # noqa: PLC0415 - the same

    return spdx(bill)


def gitlab_text(bill: Bill, report: Report, lang: Lang, began: datetime) -> str:
    """GitLab's report of dependencies, or of a container where the bill is an image's."""
    from fourc.report.vulns_gitlab import vulns_gitlab  # noqa: PLC0415 - one format is loaded, not all

    return vulns_gitlab(bill, report.gaps, lang, began)
