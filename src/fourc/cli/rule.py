"""`fourc rule ID`: the page of one rule."""

import argparse
from difflib import get_close_matches

from fourc.checks.registry import all_checks
from fourc.cli.common import OK, add_common, emit, lang_of
from fourc.errors import UsageError


def run(parser: argparse.ArgumentParser, words: list[str]) -> int:
    """Print a page; the id of another tool finds ours too (`fourc rule CKV_K8S_16`)."""
    parser.add_argument("id", metavar="ID", help="a rule's id, or another tool's id for the same idea")
    add_common(parser, "text")
    options = parser.parse_intermixed_args(words)
    checks = {c.id: c for c in all_checks()}
    found = [checks[options.id]] if options.id in checks else []
    found = found or [c for c in checks.values() if any(r.partition(":")[2] == options.id for r in c.references)]
    if not found:
        near = get_close_matches(options.id, list(checks), 3, 0.5)
        hint = f"did you mean {', '.join(near)}?" if near else "fourc rules lists them all"
        raise UsageError(f"there is no rule {options.id}", hint=hint)
    lang = lang_of(options)
    pages = [
        f"{c.id} ({c.severity.word}, {c.layer.value})\n\n{c.page.say(lang)}\n\n{' '.join(c.references)}\n"
        for c in found
    ]
    emit(options, "\n".join(pages))
    return OK
