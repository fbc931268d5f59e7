"""`fourc done N --took 40m`: teach the estimates."""

from fourc.app.numbers import number_in
from fourc.app.plan import plan_for
from fourc.app.request import Request, folder_of
from fourc.app.teach import TIMES, Applied, applied, hours_of, teach
from fourc.cli.arguments import Arguments
from fourc.cli.common import OK, PATHS, add_common, add_imported, emit, lang_of, request_of
from fourc.errors import UsageError
from fourc.model.text import Text


def run(arguments: Arguments, words: list[str]) -> int:
    """Remember how long a change took; what the last `fix --apply` did is still known by the number that it had."""
    arguments.positional(
        "change", metavar="N|ID", said=Text("its number in the plan, or its id", "它在计划中的编号，或它的 id")
    )
    arguments.positional("paths", nargs="*", metavar="PATH", said=PATHS)
    arguments.value(
        "--took",
        metavar="40m",
        said=Text("how long it took; without it, as long as was estimated", "实际用时；不写则按估计值记录"),
    )
    add_common(arguments, "text")
    add_imported(arguments)
    options = arguments.parse(words, lambda given: given.paths)
    request = request_of(options, options.paths, everything=True)
    if request.stdin is not None:
        raise UsageError(
            Text("done needs a folder to remember in", "done 需要一个目录来保存记录"),
            hint=Text("run it in the folder of the manifests", "请在清单所在的目录中运行"),
        )
    root = folder_of(request)
    done = applied(root, options.change) or _planned(request, options.change)
    teach(root, done, hours_of(options.took) if options.took else done.estimated)
    said = Text("Remembered in {f}: {t}", "已记录到 {f}：{t}").of(f=str(TIMES), t=done.title)
    emit(options, said.say(lang_of(options)) + "\n")
    return OK


def _planned(request: Request, word: str) -> Applied:
    changes = plan_for(request).plan.changes
    change = changes[number_in(changes, word) - 1]
    return Applied(change.id, change.kind, change.hours.likely, change.title)
