"""Look for hard-coded secrets: a plain stand-in, rule by rule and file by file, until the engine takes its place."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from fourc.collect.content.blob import Blob
from fourc.model.finding import Finding
from fourc.model.gap import Gap
from fourc.model.location import STDIN, Location
from fourc.secrets.finding import finding_of
from fourc.secrets.hit import Hit
from fourc.secrets.ignoring.go_patterns import compiled
from fourc.secrets.ignoring.sight import Lines, sight_of
from fourc.secrets.rule import Rule, Token


class SecretsRequest(Struct, frozen=True):
    """Where to look, paths being shown relative to `root`, and for what; `standing` says which hits in a text are reported.

    `history` looks at every reachable blob too, `unreferenced` also at those that nothing reaches, `staged` only at what the
    next commit would hold, `stdin` only at what was piped in (`is_diff`: at the lines that it adds).
    """

    root: Path
    paths: tuple[Path, ...]
    rules: tuple[Rule, ...]
    fingerprint: Callable[[str, str], str]
    standing: Callable[[Sequence[Hit], bytes, str, int], Sequence[Hit]]
    read_ignored: bool = False
    history: bool = False
    unreferenced: bool = False
    staged: bool = False
    stdin: bytes | None = None
    is_diff: bool = False


class Secrets(Struct, frozen=True):
    """What was found, after everything but our own ignores and baseline was applied."""

    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...] = ()
    files: int = 0


def look_for_secrets(request: SecretsRequest) -> Secrets:
    """Every secret once for each rule and value, with its places."""
    rules = {rule.id: rule for rule in request.rules}
    places: dict[tuple[str, str], list[Location]] = {}
    files = 0
    for blob in _blobs(request):
        files += 1
        found = [hit for rule in rules.values() for hit in _hits(rule, blob)]
        lines = Lines(blob.data, blob.lines_from)
        for hit in request.standing(found, blob.data, blob.shown, blob.lines_from):
            sight = sight_of(hit, blob.data, blob.shown, rules, lines)
            column = hit.start - blob.data.rfind(b"\n", 0, hit.start)
            place = Location(blob.shown, sight.line, column, sight.last_line, column + hit.end - hit.start)
            places.setdefault((hit.rule, hit.value), []).append(place)
    findings = [
        finding_of(rules[rule], value, sorted(where), request.fingerprint) for (rule, value), where in places.items()
    ]
    return Secrets(tuple(sorted(findings, key=lambda f: (f.origin.path, f.origin.line, f.rule))), files=files)


def _blobs(request: SecretsRequest) -> Iterator[Blob]:
    if request.stdin is not None:
        yield Blob(STDIN, request.stdin)
        return
    for named in request.paths:
        files = [named] if named.is_file() else [Path(at, f) for at, _, names in os.walk(named) for f in names]
        for file in sorted(files):
            if ".git" not in file.parts and file.is_file():
                shown = Path(os.path.relpath(file, request.root)).as_posix()
                yield Blob(shown, file.read_bytes())


def _hits(rule: Rule, blob: Blob) -> Iterator[Hit]:
    if not isinstance(rule.shape, Token) or (rule.path and not compiled(rule.path).search(blob.shown.encode())):
        return
    if not rule.shape.pattern:
        yield Hit(rule.id, 0, 0, blob.shown)
        return
    pattern = compiled(rule.shape.pattern)
    for match in pattern.finditer(blob.data):
        named = pattern.groupindex.get(b"secret")
        groups = [named] if named else range(1, pattern.groups + 1)
        spans = [span for group in groups if (span := match.span(group))[1] > span[0]]
        start, end = spans[0] if spans else match.span()
        yield Hit(rule.id, start, end, blob.data[start:end].decode("utf-8", "replace"))
