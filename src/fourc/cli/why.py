"""`fourc why ID`: a finding, a change or an attack path by its id, or a change by its number."""

import argparse
from collections.abc import Iterable

from fourc.app.graph import attacks_of, closing_changes, path_named
from fourc.app.numbers import number_in
from fourc.app.plan import plan_for
from fourc.app.rule_pages import page_of
from fourc.cli.arguments import Arguments
from fourc.cli.common import OK, PATHS, add_common, add_imported, again_of, emit, lang_of, progress_of, request_of
from fourc.cli.show import change_text
from fourc.errors import UsageError
from fourc.model.text import Text
from fourc.plan.changes import is_change_id
from fourc.report.commands import as_typed
from fourc.report.graph_text import story
from fourc.report.listing import finding_lines

_DIGITS = 4
_NOTHING = Text("nothing has the id {id}", "没有 id 为 {id} 的内容")
_SEVERAL = Text("more than one finding has the id {id}", "id {id} 对应多个问题")


def run(arguments: Arguments, words: list[str]) -> int:
    """Print what is known about an id."""
    arguments.positional(
        "id",
        metavar="N|ID",
        said=Text(
            "a change's number or id, a finding's fingerprint or a path's id",
            "改动的编号或 id、问题的指纹或路径的 id",
        ),
    )
    arguments.positional("paths", nargs="*", metavar="PATH", said=PATHS)
    add_common(arguments, "text")
    add_imported(arguments)
    options = arguments.parse(words, lambda given: given.paths)
    progress = progress_of(options)
    planned = plan_for(request_of(options, options.paths, everything=True), progress)
    progress(None)
    lang = lang_of(options)
    numbers = {c.id: n for n, c in enumerate(planned.plan.changes, 1)}
    if is_change_id(options.id) or _is_number(options.id):
        emit(options, change_text(planned, number_in(planned.plan.changes, options.id), lang))
        return OK
    if options.id.startswith("path-"):
        attacks = attacks_of(planned)
        changes = closing_changes(planned)
        lines = story(path_named(attacks, options.id), attacks.report(), changes, lang)
        emit(options, _shown(lines, options))
        return OK
    hits = [f for f in planned.seen.findings if f.fingerprint.startswith(options.id)]
    if len(hits) != 1:
        raise UsageError(
            (_NOTHING if not hits else _SEVERAL).of(id=options.id),
            hint=Text("fourc scan all lists the findings with their ids", "fourc scan all 会列出问题及其 id"),
        )
    steps = [s for s in planned.graph.steps if hits[0].fingerprint in s.findings]
    number = next((numbers[d.id] for d in planned.drafts.values() if hits[0].fingerprint in d.fingerprints), None)
    emit(options, _shown(finding_lines(hits[0], page_of(hits[0]), steps, number, lang), options))
    return OK


def _shown(lines: Iterable[str], options: argparse.Namespace) -> str:
    """The text, its commands as they are to be typed to see the same."""
    again = again_of(options, options.paths)
    return "".join(f"{as_typed(line, again)}\n" for line in lines)


def _is_number(word: str) -> bool:
    """Whether a number of the plan is meant: nobody names a finding by so few digits of its fingerprint."""
    return word.isascii() and word.isdecimal() and len(word) <= _DIGITS
