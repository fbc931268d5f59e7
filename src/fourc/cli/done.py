"""`fourc done N --took 40m`: teach the estimates."""

import argparse

from fourc.app.fix import number_of
from fourc.app.scan import plan_for
from fourc.app.teach import TIMES, hours_of, teach
from fourc.cli.common import OK, add_common, emit, lang_of, request_of
from fourc.errors import UsageError
from fourc.model.text import Text


def run(parser: argparse.ArgumentParser, words: list[str]) -> int:
    """Remember how long a change took (run it before the change is applied: the plan is then still the same)."""
    parser.add_argument("change", metavar="N|ID", help="its number in the plan, or its id")
    parser.add_argument("paths", nargs="*", metavar="PATH")
    parser.add_argument("--took", metavar="40m", help="how long it took; without it, as long as was estimated")
    add_common(parser, "text")
    options = parser.parse_intermixed_args(words)
    request = request_of(options, options.paths)
    if request.stdin is not None:
        raise UsageError("done needs a folder to remember in", hint="run it in the folder of the manifests")
    planned = plan_for(request)
    changes = planned.plan.changes
    by_id = {c.id: c for c in changes}
    change = by_id.get(options.change) or changes[number_of(options.change, len(changes)) - 1]
    teach(planned.seen.root, change, hours_of(options.took) if options.took else change.hours.likely)
    said = Text("Remembered in {f}: {t}", "已记录到 {f}：{t}").of(f=str(TIMES), t=change.title)
    emit(options, said.say(lang_of(options)) + "\n")
    return OK
