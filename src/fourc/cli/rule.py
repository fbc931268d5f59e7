"""`fourc rule ID`: the page of one rule."""

from difflib import get_close_matches

from fourc.app.rule_pages import rule_pages
from fourc.cli.arguments import Arguments
from fourc.cli.common import OK, add_common, emit, lang_of
from fourc.errors import UsageError
from fourc.model.text import Text


def run(arguments: Arguments, words: list[str]) -> int:
    """Print a page; the id of another tool finds ours too (`fourc rule CKV_K8S_16`)."""
    arguments.positional(
        "id",
        metavar="ID",
        said=Text("a rule's id, or another tool's id for the same idea", "规则的 id，或其他工具中同一规则的 id"),
    )
    add_common(arguments, "text")
    options = arguments.parse(words)
    pages = rule_pages()
    found = [pages[options.id]] if options.id in pages else []
    found = found or [c for c in pages.values() if any(r.partition(":")[2] == options.id for r in c.references)]
    if not found:
        near = get_close_matches(options.id, list(pages), 3, 0.5)
        meant = Text("did you mean {rules}?", "是否想写 {rules}？").of(rules=", ".join(near))
        hint = meant if near else Text("fourc rules lists them all", "fourc rules 会列出全部规则")
        raise UsageError(Text("there is no rule {id}", "没有规则 {id}").of(id=options.id), hint=hint)
    lang = lang_of(options)
    texts = [
        f"{c.id} ({c.severity.word}, {c.layer.value})\n\n{c.page.say(lang)}\n\n{' '.join(c.references)}\n"
        for c in found
    ]
    emit(options, "\n".join(texts))
    return OK
