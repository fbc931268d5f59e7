"""`fourc why ID`: a finding, a change or an attack path by its id."""

import argparse

from fourc.app.graph import attacks_of, closing_changes, path_named
from fourc.app.scan import plan_for
from fourc.checks.registry import all_checks
from fourc.cli.common import OK, add_common, emit, lang_of, progress_of, request_of
from fourc.errors import UsageError
from fourc.report.graph_text import story
from fourc.report.listing import change_lines, finding_lines


def run(parser: argparse.ArgumentParser, words: list[str]) -> int:
    """Print what is known about an id."""
    parser.add_argument("id", metavar="ID", help="a finding's fingerprint, a change's id or a path's id")
    parser.add_argument("paths", nargs="*", metavar="PATH")
    add_common(parser, "text")
    options = parser.parse_intermixed_args(words)
    progress = progress_of(options)
    planned = plan_for(request_of(options, options.paths), progress)
    progress("")
    lang = lang_of(options)
    numbers = {c.id: n for n, c in enumerate(planned.plan.changes, 1)}
    if options.id in numbers:
        change = planned.plan.changes[numbers[options.id] - 1]
        found = planned.drafts[options.id].findings
        emit(options, "\n".join(change_lines(numbers[options.id], change, found, lang)) + "\n")
        return OK
    if options.id.startswith("path-"):
        attacks = attacks_of(planned)
        changes = closing_changes(planned)
        lines = story(path_named(attacks, options.id), attacks.report(), changes, lang)
        emit(options, "\n".join(lines) + "\n")
        return OK
    hits = [f for f in planned.seen.findings if f.fingerprint.startswith(options.id)]
    if len(hits) != 1:
        word = "nothing has" if not hits else "more than one finding has"
        raise UsageError(f"{word} the id {options.id}", hint="fourc scan all lists the findings with their ids")
    page = next(c.page for c in all_checks() if c.id == hits[0].rule)
    steps = [s for s in planned.graph.steps if hits[0].fingerprint in s.findings]
    number = next((numbers[d.id] for d in planned.drafts.values() if hits[0].fingerprint in d.fingerprints), None)
    emit(options, "\n".join(finding_lines(hits[0], page, steps, number, lang)) + "\n")
    return OK
