"""`fourc scan image`: what is in an image."""

import argparse

from fourc.app.image_scan import ImageScan, scan_image
from fourc.app.opened_image import Asking
from fourc.app.vuln_scan import VulnScan
from fourc.cli.common import progress_of, settings_of
from fourc.cli.scan_vulns import severity_of
from fourc.errors import UsageError
from fourc.model.bill import Bill
from fourc.model.report import Report
from fourc.model.text import Text


def image_report(options: argparse.Namespace) -> tuple[Report, Bill]:
    """What a scan of an image has to say, and its packages."""
    if len(options.targets) != 1:
        raise UsageError(
            Text("one image is looked into at a time", "一次检查一个镜像"),
            hint=Text("fourc scan image nginx:1.27, or image.tar", "fourc scan image nginx:1.27，或 image.tar"),
        )
    vulns = VulnScan(
        severity=severity_of(options),
        settings=settings_of(options),
        vex=tuple(options.vex),
        baselines=tuple(options.baseline),
    )
    progress = progress_of(options)
    asking = Asking(options.platform or "", offline=options.offline, plain=options.insecure)
    done = scan_image(ImageScan(options.targets[0], vulns, asking), progress)
    progress(None)
    return done.report, done.bill
