"""`fourc scan vulns`: packages with known vulnerabilities, and the few upgrades that end most of them."""

import argparse

from fourc.app.vuln_scan import VulnScan, scan_vulns
from fourc.cli.common import progress_of, settings_of
from fourc.model.bill import Bill
from fourc.model.finding import Severity
from fourc.model.report import Report
from fourc.model.text import Text

FORMATS = ("cyclonedx", "spdx", "spdx3", "openvex")
"""What a list of packages is written as."""


def vulns_report(options: argparse.Namespace) -> tuple[Report, Bill]:
    """What a scan of packages has to say, and the packages themselves."""
    settings = settings_of(options)
    severity = next((s for s in Severity if s.word == options.severity), None) or settings.severity or Severity.INFO
    progress = progress_of(options)
    progress(Text("reading packages", "正在读取软件包"))
    scanned = scan_vulns(
        VulnScan(
            tuple(options.targets or ["."]),
            severity=severity,
            read_ignored=options.all_files,
            settings=settings,
            vex=tuple(options.vex),
            baselines=tuple(options.baseline),
        )
    )
    progress(None)
    return scanned.report, scanned.bill


def bill_text(bill: Bill, form: str) -> str:
    """The packages in one of the formats for them; one is loaded, not all."""
    if form == "cyclonedx":
        from fourc.report.cyclonedx import cyclonedx  # noqa: PLC0415 - one format is loaded, not all

        return cyclonedx(bill)
    if form == "openvex":
        from fourc.report.openvex import openvex  # noqa: PLC0415 - the same

        return openvex(bill)
    from fourc.report.spdx import spdx, spdx3  # noqa: PLC0415 - the same

    return spdx(bill) if form == "spdx" else spdx3(bill)
