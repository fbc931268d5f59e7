"""`fourc image`: what an image says of itself, and the list of what is in it."""

import argparse

from fourc.app.image_scan import ImageScan, inspect_image, scan_image
from fourc.app.vuln_scan import VulnScan
from fourc.cli.arguments import Arguments
from fourc.cli.common import INCOMPLETE, OK, add_common, emit, lang_of, progress_of, settings_of
from fourc.cli.scan_flags import add_image_flags
from fourc.cli.scan_image import asking_of, one_image
from fourc.errors import UsageError
from fourc.model.settings import NO_SETTINGS
from fourc.model.text import Text, join, same

_ACTIONS = {
    "inspect": Text("how it starts, what it is built of, and whose it is", "如何启动、由什么构成、来自谁"),
    "sbom": Text(
        "all its packages, as CycloneDX or SPDX (as scan image -f does, without a database)",
        "全部软件包，CycloneDX 或 SPDX 格式（与 scan image -f 相同，不使用数据库）",
    ),
}
_LATER = ("sign", "verify")
_BILLS = ("cyclonedx", "spdx", "spdx3")
_EXAMPLE = Text("fourc image inspect nginx:1.27, or image.tar", "fourc image inspect nginx:1.27，或 image.tar")


def run(arguments: Arguments, words: list[str]) -> int:
    """Do what the action says."""
    about = join([Text(f"{name}: {said.en}", f"{name}：{said.zh}") for name, said in _ACTIONS.items()], "; ", "；")
    arguments.positional("action", metavar=f"{{{','.join(_ACTIONS)}}}", said=about)
    arguments.positional(
        "images",
        nargs="*",
        metavar="IMAGE",
        said=Text("a file, a folder, or the name of an image", "文件、目录或镜像名称"),
    )
    add_image_flags(arguments)
    add_common(arguments, "text", "json", *_BILLS)
    options = arguments.parse(words)
    if options.action in _LATER:
        raise UsageError(
            Text("fourc image {what} comes with a later version", "fourc image {what} 将在以后的版本提供").of(
                what=options.action
            ),
            hint=Text("until then cosign {what} does it", "在此之前可使用 cosign {what}").of(what=options.action),
        )
    if options.action not in _ACTIONS:
        raise UsageError(
            Text("fourc image cannot {what}", "fourc image 不能 {what}").of(what=options.action),
            hint=Text("it can {some}", "可以 {some}").of(some=join([same(a) for a in _ACTIONS], ", ", "、")),
        )
    if len(options.images) != 1:
        raise UsageError(Text("one image is looked into at a time", "一次检查一个镜像"), hint=_EXAMPLE)
    return _inspect(options) if options.action == "inspect" else _sbom(options)


def _inspect(options: argparse.Namespace) -> int:
    if options.format in _BILLS:
        raise _wrong(options.format, "sbom")
    progress = progress_of(options)
    scan = ImageScan(one_image(options.images[0]), VulnScan(settings=settings_of(options)), asking_of(options))
    inspected = inspect_image(scan, progress)
    progress(None)
    if options.format == "json":
        from fourc.report.as_json import inspected_json  # noqa: PLC0415 - one format is loaded, not all

        text = inspected_json(inspected, lang_of(options))
    else:
        from fourc.report.image_text import image_lines  # noqa: PLC0415 - the same

        text = "".join(f"{line}\n" for line in image_lines(inspected, lang_of(options)))
    emit(options, text)
    return INCOMPLETE if any(gap.named for gap in inspected.gaps) else OK


def _sbom(options: argparse.Namespace) -> int:
    if options.format == "json":
        raise _wrong(options.format, "inspect")
    from fourc.cli.scan_vulns import bill_text  # noqa: PLC0415 - one action is loaded, not all

    progress = progress_of(options)
    scan = ImageScan(one_image(options.images[0]), VulnScan(settings=NO_SETTINGS), asking_of(options), bare=True)
    done = scan_image(scan, progress)
    progress(None)
    form = "cyclonedx" if options.format == "text" else options.format
    emit(options, bill_text(done.bill, form, lang_of(options)))
    return INCOMPLETE if any(gap.named for gap in done.report.gaps) else OK


def _wrong(form: str, action: str) -> UsageError:
    return UsageError(
        Text("{format} is about {action}", "{format} 只用于 {action}").of(format=form, action=action),
        hint=Text("fourc image {action} IMAGE -f {format}", "fourc image {action} 镜像 -f {format}").of(
            action=action, format=form
        ),
    )
