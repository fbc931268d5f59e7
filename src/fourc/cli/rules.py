"""`fourc rules`: all rules in one list."""

import json

from fourc.app.rule_pages import rule_pages
from fourc.cli.arguments import Arguments
from fourc.cli.common import OK, add_common, emit, lang_of


def run(arguments: Arguments, words: list[str]) -> int:
    """Print id, severity and title of every rule."""
    add_common(arguments)
    options = arguments.parse(words)
    lang = lang_of(options)
    pages = rule_pages().values()
    if options.format == "json":
        rows = [
            {
                "id": c.id,
                "layer": c.layer.value,
                "severity": c.severity.word,
                "title": c.title.say(lang),
                "references": list(c.references),
            }
            for c in pages
        ]
        emit(options, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    else:
        emit(options, "".join(f"{c.id:<36} {c.severity.word:<9} {c.title.say(lang)}\n" for c in pages))
    return OK
