"""`fourc graph`: what an attacker can reach from where."""

from collections.abc import Callable, Mapping

from fourc.app.graph import attacks_for
from fourc.cli.arguments import Arguments
from fourc.cli.common import INCOMPLETE, OK, PATHS, add_common, emit, lang_of, progress_of, request_of
from fourc.model.attack import Attack
from fourc.model.text import Lang


def run(arguments: Arguments, words: list[str]) -> int:
    """Print the attack graph, or its likeliest paths."""
    arguments.positional("paths", nargs="*", metavar="PATH", said=PATHS)
    add_common(arguments, *FORMATS)
    options = arguments.parse(words, lambda given: given.paths)
    progress = progress_of(options)
    attacks = attacks_for(request_of(options, options.paths, everything=True), progress)
    attack = attacks.report(places=options.format in {"json", "html"})
    progress(None)
    emit(options, FORMATS[options.format](attack, lang_of(options)))
    return INCOMPLETE if any(g.named for g in attack.gaps) else OK


def _text(attack: Attack, lang: Lang) -> str:
    from fourc.report.graph_text import screen  # noqa: PLC0415 - one format is loaded, not all

    return "\n".join(screen(attack, lang)) + "\n"


def _json(attack: Attack, lang: Lang) -> str:
    from fourc.report.graph_json import render  # noqa: PLC0415 - the same

    return render(attack, lang)


def _html(attack: Attack, lang: Lang) -> str:
    from fourc.report.graph_html import render  # noqa: PLC0415 - the same

    return render(attack, lang)


def _dot(attack: Attack, lang: Lang) -> str:
    from fourc.report.graph_files import dot  # noqa: PLC0415 - the same

    return dot(attack, lang)


def _graphml(attack: Attack, lang: Lang) -> str:
    from fourc.report.graph_files import graphml  # noqa: PLC0415 - the same

    return graphml(attack, lang)


FORMATS: Mapping[str, Callable[[Attack, Lang], str]] = {
    "text": _text,
    "json": _json,
    "dot": _dot,
    "html": _html,
    "graphml": _graphml,
}
