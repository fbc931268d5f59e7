"""`fourc ignore ID --reason TEXT`: leave one finding out from now on."""

import sys
from datetime import date

from fourc.app.ignoring import Salting, add, own_ignores
from fourc.app.known import named
from fourc.app.request import folder_of
from fourc.cli.arguments import Arguments
from fourc.cli.common import OK, PATHS, add_common, emit, lang_of, request_of
from fourc.errors import UsageError
from fourc.model.text import Text
from fourc.secrets.ignoring.own import EVERYWHERE, FILE, Ignore, day

_HINT = Text('fourc ignore ID --reason "why it may stay"', 'fourc ignore ID --reason "可以保留的原因"')
_DONE = Text("{file}: {id} is ignored", "{file}：已忽略 {id}")
_UNTIL = Text("{file}: {id} is ignored up to {day}", "{file}：{id} 在 {day} 之前（含当天）被忽略")
_PAST = Text(
    "{file}: {id} is written, but its end {day} is in the past: it hides nothing",
    "{file}：已写入 {id}，但截止日期 {day} 已过：不会隐藏任何内容",
)
_UNSEEN = Text(
    "nothing in this folder has this id; it is ignored wherever it turns up, in the history for one",
    "该目录中没有此 id 的问题；无论它出现在哪里（例如历史中）都会被忽略",
)


def run(arguments: Arguments, words: list[str]) -> int:
    """Write the entry; a second one for the same finding replaces the first."""
    arguments.positional(
        "id", metavar="ID", said=Text("the finding's fingerprint, or its beginning", "问题的指纹，或其开头部分")
    )
    arguments.positional("paths", nargs="*", metavar="PATH", said=PATHS)
    arguments.value(
        "--reason", metavar="TEXT", required=True, said=Text("why it may stay, in your words", "可以保留的原因")
    )
    arguments.value(
        "--until",
        metavar="DATE",
        said=Text("the last day on which it is ignored, such as 2027-01-31", "忽略的最后一天，例如 2027-01-31"),
    )
    arguments.value(
        "--in",
        metavar="GLOB",
        default=EVERYWHERE,
        said=Text("only in files whose path fits, such as tests/**", "只在路径匹配的文件中，例如 tests/**"),
    )
    add_common(arguments, "text")
    options = arguments.parse(words, lambda given: given.paths)
    until: date | None = day(options.until) if options.until else None
    if options.until and until is None:
        raise UsageError(
            Text("{day} is no date", "{day} 不是日期").of(day=options.until),
            hint=Text("write it as 2027-01-31", "请写成 2027-01-31"),
        )
    if not options.reason.strip():
        raise UsageError(Text("an ignore needs a reason", "忽略需要写明理由"), hint=_HINT)
    request = request_of(options, options.paths)
    if request.stdin is not None:
        raise UsageError(
            Text("ignore needs a folder to write in", "ignore 需要一个可写入的目录"),
            hint=Text("run it in the repository", "请在仓库中运行"),
        )
    found = named(request, options.id)
    own = own_ignores(folder_of(request))
    fingerprint = found.fingerprint if found else options.id
    entry = Ignore(fingerprint, options.reason, found.rule if found else "", getattr(options, "in"), until)
    add(own, entry, Salting(own).salt)
    lang = lang_of(options)
    if found is None and not options.quiet:
        sys.stderr.write(f"fourc: {_UNSEEN.say(lang)}\n")
    said = _DONE if until is None else _PAST if entry.has_ended(date.today()) else _UNTIL  # noqa: DTZ011 - as people count
    emit(options, said.of(file=FILE, id=fingerprint, day=until.isoformat() if until else "").say(lang) + "\n")
    return OK
