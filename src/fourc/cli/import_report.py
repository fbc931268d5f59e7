"""`fourc import`: the plan, with the vulnerabilities that another scanner has reported."""

import time

from fourc.app.plan import plan_for
from fourc.cli.arguments import Arguments
from fourc.cli.common import INCOMPLETE, OK, PATHS, add_common, add_imported, emit, progress_of, request_of
from fourc.cli.plan import rendered
from fourc.errors import UsageError
from fourc.model.text import Text

_SCANNERS = ("trivy", "grype")


def run(arguments: Arguments, words: list[str]) -> int:
    """Print the plan."""
    arguments.positional(
        "scanner", metavar=f"{{{','.join(_SCANNERS)}}}", said=Text("whose report it is", "报告来自哪个扫描器")
    )
    arguments.positional("file", metavar="FILE", said=Text("the report, in JSON", "JSON 格式的报告"))
    arguments.positional("paths", nargs="*", metavar="PATH", said=PATHS)
    add_common(arguments, "text", "json", "sarif")
    add_imported(arguments)
    options = arguments.parse(words, lambda given: given.paths)
    if options.scanner not in _SCANNERS:
        raise UsageError(
            Text("fourc reads no reports of {name}", "fourc 不能读取 {name} 的报告").of(name=options.scanner),
            hint=Text("it reads those of trivy and grype", "可以读取 trivy 和 grype 的报告"),
        )
    began = time.monotonic()
    progress = progress_of(options)
    options.imported = [options.file, *options.imported]
    planned = plan_for(request_of(options, options.paths, everything=True), progress)
    progress(None)
    emit(options, rendered(planned, options, time.monotonic() - began))
    named = any(g.named for g in planned.seen.gaps)
    return INCOMPLETE if named else options.exit_code if options.exit_code and planned.seen.findings else OK
