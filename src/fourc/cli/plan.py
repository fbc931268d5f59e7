"""`fourc plan`: the first screen."""

import argparse
import time

from msgspec.structs import replace

from fourc.app.plan import Planned, plan_for
from fourc.app.suppose import supposed
from fourc.app.teach import BUDGET, hours_of
from fourc.cli.arguments import Arguments
from fourc.cli.common import (
    INCOMPLETE,
    OK,
    PATHS,
    add_common,
    add_imported,
    again_of,
    emit,
    lang_of,
    progress_of,
    request_of,
)
from fourc.model.text import Text
from fourc.plan.order import Objective, Terms


def run(arguments: Arguments, words: list[str]) -> int:
    """Print the plan."""
    arguments.positional("paths", nargs="*", metavar="PATH", said=PATHS)
    arguments.value(
        "--budget", metavar="4h", said=Text("the best changes for so much time", "在这么多时间内最值得做的改动")
    )
    arguments.value(
        "--objective",
        choices=[o.value for o in Objective],
        default="hours",
        said=Text("rank by hours or by changes", "按时间还是按改动数排序"),
    )
    arguments.values(
        "--assume",
        metavar="compromised=NS/POD",
        said=Text("suppose that this pod is broken into already", "假设这个 Pod 已被攻破"),
    )
    arguments.values(
        "--without",
        metavar="N|ID",
        said=Text("what is left if this change is never done", "如果永远不做这项改动，还剩下什么"),
    )
    arguments.values(
        "--image",
        metavar="REF",
        said=Text(
            "look into this image, too: from the local stores, else from its registry; REF=FILE for one in a file (may be"
            " repeated)",
            "同时检查该镜像：先查本地存储，再访问其仓库；镜像在文件中时写 REF=文件（可重复）",
        ),
    )
    arguments.switch(
        "--images",
        said=Text(
            "look into every image that the workloads run; asks their registries unless --offline",
            "检查工作负载运行的全部镜像；除非加 --offline，否则会访问它们的仓库",
        ),
    )
    add_common(arguments, "text", "json", "sarif")
    add_imported(arguments)
    options = arguments.parse(words, lambda given: given.paths)
    began = time.monotonic()
    progress = progress_of(options)
    budget = hours_of(options.budget, BUDGET) if options.budget else None
    request = replace(
        request_of(options, options.paths, everything=True),
        terms=Terms(Objective(options.objective), budget),
        suppose=supposed(options.assume, options.without),
        images=tuple(options.image),
        all_images=options.images,
        offline=options.offline,
    )
    planned = plan_for(request, progress)
    progress(None)
    emit(options, rendered(planned, options, time.monotonic() - began))
    named = any(g.named for g in planned.seen.gaps)
    return INCOMPLETE if named else options.exit_code if options.exit_code and planned.seen.findings else OK


def rendered(planned: Planned, options: argparse.Namespace, seconds: float) -> str:
    """The plan in the format asked for."""
    lang = lang_of(options)
    if options.format == "json":
        from fourc.report.as_json import render  # noqa: PLC0415 - one format is loaded, not all

        return render(planned.report(edits=True), lang)
    if options.format == "sarif":
        from fourc.cli.scan import sarif  # noqa: PLC0415 - the same

        return sarif(planned.report(), lang)
    from fourc.app.screen import plan_screen  # noqa: PLC0415 - the same

    return plan_screen(planned, lang, seconds, again_of(options, options.paths))
