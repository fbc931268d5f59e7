"""`fourc scan image`: what is in an image."""

import argparse
import shlex
from pathlib import Path

from fourc.app.image_scan import ImageScan, scan_image, scan_images
from fourc.app.opened_image import Asking
from fourc.app.vuln_scan import VulnScan
from fourc.cli.common import progress_of, settings_of
from fourc.cli.scan_vulns import severity_of
from fourc.errors import UsageError
from fourc.model.bill import Bill
from fourc.model.report import Report
from fourc.model.text import Text

_LAYOUT = ("index.json", "oci-layout", "manifest.json")
_SEVERAL = "images"
_NONE = Text("no image was named", "没有指定镜像")
_NAME_ONE = Text(
    "fourc scan image nginx:1.27, or image.tar; --all takes those that the manifests here name",
    "fourc scan image nginx:1.27，或 image.tar；--all 检查此处清单引用的全部镜像",
)
_NO_LAYOUT = Text("{folder} is a folder without an image", "{folder} 目录中没有镜像")
_ALL = Text(
    "the images that its manifests name: fourc scan image --all {folder}",
    "检查其中清单引用的镜像：fourc scan image --all {folder}",
)


def image_report(options: argparse.Namespace) -> tuple[Report, Bill]:
    """What a scan of an image, or of all that the manifests' workloads run, has to say, and the packages."""
    vulns = VulnScan(
        severity=severity_of(options),
        read_ignored=options.all_files,
        settings=settings_of(options),
        vex=tuple(options.vex),
        baselines=tuple(options.baseline),
    )
    progress = progress_of(options)
    asking = asking_of(options)
    if options.all:
        from fourc.app.running_images import scan_running  # noqa: PLC0415 - what reads manifests, where they are asked for

        done = scan_running(tuple(options.targets or ["."]), vulns, asking, progress)
    elif len(options.targets) == 1:
        done = scan_image(ImageScan(one_image(options.targets[0]), vulns, asking), progress)
    elif options.targets:
        done = scan_images(tuple(options.targets), vulns, asking, _SEVERAL, progress)
    else:
        raise UsageError(_NONE, hint=_NAME_ONE)
    progress(None)
    return done.report, done.bill


def asking_of(options: argparse.Namespace) -> Asking:
    """How the flags want images to be got at."""
    return Asking(options.platform or "", offline=options.offline, plain=options.insecure)


def one_image(named: str) -> str:
    """The image, unless it is a folder of manifests.

    Raises:
        UsageError: it is one.
    """
    folder = Path(named)
    try:
        is_other = folder.is_dir() and not any((folder / file).exists() for file in _LAYOUT)
    except (OSError, ValueError):
        is_other = False
    if is_other:
        raise UsageError(_NO_LAYOUT.of(folder=named), hint=_ALL.of(folder=shlex.quote(named)))
    return named
