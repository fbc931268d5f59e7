"""`fourc admit verify`: whether a real API server judges pods as we predict."""

import signal
import sys
from typing import NoReturn

from fourc.app.admit_verify import verify
from fourc.cli.arguments import Arguments
from fourc.cli.common import FAILED, INCOMPLETE, OK, PATHS, add_common, emit, lang_of, progress_of, request_of
from fourc.collect.api_server import Cluster
from fourc.model.pod_security import Level
from fourc.model.text import Text
from fourc.report.admit_verify import verified_json, verified_lines


def run(arguments: Arguments, words: list[str]) -> int:
    """Predict and, where a cluster is named, compare: 1 where the server says otherwise, 3 where it could not be asked all."""
    arguments.positional("paths", PATHS, nargs="*", metavar="PATH")
    arguments.value(
        "--kubeconfig",
        metavar="FILE",
        said=Text("ask this cluster (dry runs: nothing is changed)", "询问该集群（dry run，不作任何改动）"),
    )
    arguments.value(
        "--context",
        metavar="NAME",
        said=Text(
            "ask the cluster of this context (dry runs: nothing is changed)",
            "询问该 context 的集群（dry run，不作任何改动）",
        ),
    )
    levels = {level.word: level for level in (Level.BASELINE, Level.RESTRICTED)}
    arguments.value(
        "--to",
        choices=levels,
        default=Level.RESTRICTED.word,
        said=Text("the level to get to (default: restricted)", "目标级别（默认：restricted）"),
    )
    add_common(arguments)
    options = arguments.parse(words, lambda given: given.paths)
    progress, lang = progress_of(options), lang_of(options)
    named = options.kubeconfig or options.context
    cluster = Cluster(options.kubeconfig, options.context) if named else None
    request = request_of(options, options.paths)
    before = signal.signal(signal.SIGTERM, _ended)  # a cancelled CI job must not leave kubectl behind
    try:
        verified = verify(request, levels[options.to], cluster, progress)
    finally:
        signal.signal(signal.SIGTERM, before)
    progress(None)
    lines = verified_lines(verified, lang)
    emit(options, verified_json(verified, lang) if options.format == "json" else "\n".join(lines) + "\n")
    if verified.differences:
        return FAILED
    return INCOMPLETE if any(g.named for g in verified.gaps) else OK


def _ended(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)
