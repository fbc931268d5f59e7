"""`fourc rbac`: questions about permissions."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from fourc.app.rbac import Question, answer_admins, answer_unused, answer_who_can
from fourc.app.scan import Request
from fourc.cli.common import INCOMPLETE, OK, add_common, emit, lang_of, progress_of, request_of
from fourc.errors import UsageError
from fourc.model.gap import Gap
from fourc.model.location import Location
from fourc.model.subject import Ref
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
USAGE = "fourc rbac who-can VERB RESOURCE [NAME] [PATH], fourc rbac admins [PATH], fourc rbac unused [PATH]"


def run(parser: argparse.ArgumentParser, words: list[str]) -> int:
    """Answer a question."""
    parser.add_argument(
        "question", choices=QUESTIONS, help="who can do something, who can become administrator, what is unused"
    )
    parser.add_argument("words", nargs="*", metavar="WORD", help="who-can: VERB RESOURCE [NAME] [PATH]; else: [PATH]")
    parser.add_argument("-n", "--namespace", metavar="NS", help="who-can: in this namespace (default: in any)")
    parser.add_argument("-A", "--all-namespaces", action="store_true", help="who-can: in every namespace at once")
    add_common(parser)
    options = parser.parse_intermixed_args(words)
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
    progress("")
    emit(options, text)
    return _code(gaps)


def _who_can(options: argparse.Namespace) -> int:
    if len(options.words) < 2:
        raise UsageError("who can do what? a verb and a resource are missing", hint=USAGE)
    verb, resource, *rest = options.words
    name, paths = "", list(rest)
    if rest and not _is_path(rest[0]):
        name, paths = rest[0], rest[1:]
    request: Request = request_of(options, paths)
    question = Question(verb, resource, name, options.namespace, options.all_namespaces)
    progress, lang = progress_of(options), lang_of(options)
    answer = answer_who_can(request, question, progress)
    progress("")
    rows = [_row(grant, places) for grant, places in answer.grants]
    said = " ".join(w for w in (verb, resource, name) if w)
    if options.format == "json":
        asked = {"verb": verb, "resource": resource, "name": name or None, "namespace": options.namespace}
        emit(options, who_can_json(asked, rows, answer.gaps, lang))
    else:
        emit(options, _text(who_can_lines(said, rows, lang)))
    return _code(answer.gaps)


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
