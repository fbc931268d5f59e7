"""`fourc rbac`: questions about permissions."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from fourc.app.rbac import Question, answer_admins, answer_unused, answer_who_can
from fourc.app.request import Request
from fourc.cli.arguments import Arguments
from fourc.cli.common import INCOMPLETE, OK, add_common, emit, lang_of, progress_of, request_of
from fourc.errors import UsageError
from fourc.model.gap import Gap
from fourc.model.location import Location
from fourc.model.subject import Ref
from fourc.model.text import Text, same
from fourc.rbac.identities import Identity
from fourc.rbac.resolve import Grant
from fourc.report.rbac import (
    Row,
    admin_json,
    admin_lines,
    unused_json,
    unused_lines,
    who_can_json,
    who_can_lines,
)

QUESTIONS = ("who-can", "admins", "unused")
USAGE = same("fourc rbac who-can VERB RESOURCE [NAME] [PATH], fourc rbac admins [PATH], fourc rbac unused [PATH]")
_QUESTION = Text(
    "who can do something, who can become administrator, what is unused", "谁能做某件事、谁能成为管理员、哪些没有人用"
)
_WORDS = Text(
    "who-can: VERB RESOURCE [NAME] [PATH]; else: [PATH]", "who-can：VERB RESOURCE [NAME] [PATH]；其他：[PATH]"
)


def run(arguments: Arguments, words: list[str]) -> int:
    """Answer a question."""
    arguments.positional("question", _QUESTION, metavar="|".join(QUESTIONS))
    arguments.positional("words", _WORDS, nargs="*", metavar="WORD")
    add_common(arguments)
    options = arguments.parse(words, lambda given: _paths(given.question, given.words))
    if options.question not in QUESTIONS:
        raise UsageError(
            Text("fourc rbac has no question {q}", "fourc rbac 没有 {q} 这个问题").of(q=options.question), hint=USAGE
        )
    if options.question == "who-can":
        return _who_can(options)
    request = request_of(options, options.words)
    progress, lang = progress_of(options), lang_of(options)
    if options.question == "unused":
        found, gaps = answer_unused(request, progress)
        rows = tuple(found.rows())
        text = unused_json(rows, gaps, lang) if options.format == "json" else _text(unused_lines(rows, lang))
    else:
        admins = answer_admins(request, progress)
        gaps = admins.gaps
        if options.format == "json":
            text = admin_json(admins.ways, admins.names, gaps, lang)
        else:
            text = _text(admin_lines(admins.ways, admins.names, lang))
    progress(None)
    emit(options, text)
    return _code(gaps)


def _who_can(options: argparse.Namespace) -> int:
    if len(options.words) < 2:
        raise UsageError(
            Text("who can do what? a verb and a resource are missing", "谁能做什么？缺少动词和资源"), hint=USAGE
        )
    if len(options.namespace) > 1:
        raise UsageError(Text("who-can asks about one namespace", "who-can 一次只能问一个命名空间"), hint=USAGE)
    verb, resource, *rest = options.words
    paths = _paths(options.question, options.words)
    name = rest[0] if len(paths) < len(rest) else ""
    namespace = options.namespace[0] if options.namespace else None
    # a permission is asked for in a namespace; what grants it may stand in any
    request: Request = replace(request_of(options, paths), namespaces=frozenset())
    question = Question(verb, resource, name, namespace, options.all_namespaces)
    progress, lang = progress_of(options), lang_of(options)
    answer = answer_who_can(request, question, progress)
    progress(None)
    rows = [_row(grant, places) for grant, places in answer.grants]
    said = " ".join(w for w in (verb, resource, name) if w)
    if options.format == "json":
        asked = {"verb": verb, "resource": resource, "name": name or None, "namespace": namespace}
        emit(options, who_can_json(asked, rows, answer.gaps, lang))
    else:
        emit(options, _text(who_can_lines(said, rows, lang)))
    return _code(answer.gaps)


def _paths(question: str, words: list[str]) -> list[str]:
    """The paths among the words."""
    rest = words[2:] if question == "who-can" else words
    return rest[1:] if question == "who-can" and rest and not _is_path(rest[0]) else rest


def _is_path(word: str) -> bool:
    return word in {"-", ".", ".."} or "/" in word or Path(word).exists()


def _row(grant: Grant, places: tuple[Location, ...]) -> Row:
    rule = grant.held.rule
    return Row(
        who=_ref(grant.identity),
        scope=grant.scope,
        role=grant.role.meta.ref,
        rule={
            "verbs": rule.verbs, "apiGroups": rule.groups, "resources": rule.resources, "resourceNames": rule.names,
            "nonResourceURLs": rule.urls,
        },
        binding=grant.binding.meta.ref,
        places=places,
        built_in=not places,
    )  # fmt: skip


def _ref(identity: Identity) -> Ref:
    return Ref(identity.kind, identity.namespace or None, identity.name)


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _code(gaps: tuple[Gap, ...]) -> int:
    return INCOMPLETE if any(g.named for g in gaps) else OK
