"""`fourc baseline`: what is known today, so that only what is new counts."""

from collections.abc import Iterator

from fourc.app.ignoring import BASELINE, own_ignores, text_of
from fourc.app.known import Difference, difference, findings_of, place_of, pruned, written
from fourc.app.repository import write_files
from fourc.app.request import folder_of
from fourc.cli.arguments import Arguments
from fourc.cli.common import OK, PATHS, add_common, emit, lang_of, request_of
from fourc.errors import UsageError
from fourc.model.text import Lang, Text
from fourc.report.listing import place_of as place_of_finding

ACTIONS = ("write", "diff", "prune")
_WROTE = Text("{file}: {n} known findings", "{file}：{n} 个已知问题")
_NEW, _GONE = Text("new", "新增"), Text("gone", "消失")
_SAME = Text("nothing is new, nothing is gone", "没有新增，也没有消失")


def run(arguments: Arguments, words: list[str]) -> int:
    """Write a baseline, or compare with it."""
    arguments.positional("action", metavar="{write,diff,prune}", said=Text("what to do with it", "要执行的操作"))
    arguments.positional("paths", nargs="*", metavar="PATH", said=PATHS)
    arguments.value(
        "--baseline",
        metavar="FILE",
        said=Text("the baseline (default: .fourc/baseline.json)", "基线文件（默认：.fourc/baseline.json）"),
    )
    arguments.switch("--history", said=Text("also secrets of the git history", "也包括 git 历史中的密钥"))
    add_common(arguments, "text")
    options = arguments.parse(words, lambda given: given.paths)
    if options.action not in ACTIONS:
        raise UsageError(
            Text("fourc baseline cannot {what}", "fourc baseline 不支持 {what}").of(what=options.action),
            hint=Text("it can write, diff and prune", "可以使用 write、diff 和 prune"),
        )
    request = request_of(options, options.paths)
    own = own_ignores(folder_of(request))
    findings = findings_of(request, own, history=options.history)
    file = place_of(own.folder, options.baseline, BASELINE)
    lang = lang_of(options)
    if options.action == "write":
        text, said = written(findings, own), _WROTE.of(file=str(file), n=len(findings)).say(lang)
    else:
        before = text_of(file)
        if before is None:
            raise UsageError(
                Text("there is no baseline {file}", "没有基线 {file}").of(file=str(file)),
                hint=Text("fourc baseline write makes it", "fourc baseline write 可以生成"),
            )
        changed = difference(before, str(file), findings)
        text, said = pruned(before, changed), "\n".join(_lines(changed, lang))
    if options.action != "diff":
        write_files(file.parent, {file.name: text}) if options.baseline else write_files(own.folder, {BASELINE: text})
    emit(options, f"{said}\n")
    return OK


def _lines(changed: Difference, lang: Lang) -> Iterator[str]:
    for found in changed.new:
        yield f"{_NEW.say(lang)}  {place_of_finding(found)} {found.message.say(lang)} [{found.rule} {found.fingerprint}]"
    for row in changed.gone:
        yield f"{_GONE.say(lang)}  {row['path']} [{row['rule']} {row['fingerprint']}]"
    if not (changed.new or changed.gone):
        yield _SAME.say(lang)
