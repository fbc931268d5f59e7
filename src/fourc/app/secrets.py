"""Look for hard-coded secrets: every one once, with all its places and the commits that brought it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fourc import __version__
from fourc.app.pattern_cache import LITTLE, MUCH, Progress, finder_for
from fourc.app.searching import Search, Searched, Standing
from fourc.app.told import Hides, Told
from fourc.collect.content.blob import Blob
from fourc.collect.content.folder import Listing, list_all
from fourc.model.finding import Finding
from fourc.model.gap import Gap, GapReason
from fourc.model.location import STDIN
from fourc.model.text import Text
from fourc.secrets.engine import Engine, Meaning, sought_of
from fourc.secrets.rule import Rule

if TYPE_CHECKING:
    from fourc.collect.content.attribution import Attributed

_GIT_SECONDS = 3600.0


class SecretsRequest(Struct, frozen=True):
    """Where to look, paths being shown relative to `root`, and for what.

    `fingerprint` names the secret of a rule and value, `standing` says which of the hits in a file count. `history` looks at
    every reachable blob too, `unreferenced` also at those that nothing reaches, `staged` only at what the next commit would
    bring, `stdin` only at what was piped in (`is_diff`: at what that adds). `hides` says of what only the history holds
    whether it is not to be reported, now that its commit is known. `keep` gives the secrets back beside the findings, for
    who has to ask about them.
    """

    root: Path
    paths: tuple[Path, ...]
    rules: tuple[Rule, ...]
    meaning: Meaning
    fingerprint: Callable[[str, str], str]
    standing: Standing = lambda hits, _text, _path, _line: hits
    hides: Hides = lambda _rule, _value, _commit: False
    read_ignored: bool = False
    history: bool = False
    unreferenced: bool = False
    staged: bool = False
    stdin: bytes | None = None
    is_diff: bool = False
    keep: bool = False


class Secrets(Struct, frozen=True):
    """What was found in so many files, and what could not be looked at.

    `values` are the secrets by fingerprint, where they were to be kept.
    """

    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...] = ()
    files: int = 0
    values: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Without the values, which must not reach a log or an exception's text."""
        return f"Secrets({len(self.findings)} findings)"


class _Look(Struct):
    """One run: what looks, and what it has seen so far."""

    request: SecretsRequest
    search: Search
    told: Told
    gaps: list[Gap]
    files: int = 0

    def take(self, searched: Searched) -> None:
        self.told.add(searched.sights)
        self.gaps += searched.gaps

    def blobs(self, blobs: Iterable[Blob | Gap]) -> None:
        for blob in blobs:
            if isinstance(blob, Gap):
                self.gaps.append(blob)
            else:
                self.files += 1
                self.take(self.search.blob(blob))


def look_for_secrets(request: SecretsRequest, progress: Progress = lambda _: None) -> Secrets:
    """Every secret once for each value, by place."""
    sought = sought_of(request.rules, request.meaning.expression)
    listing, blobs = _listing(request), _blobs(request)
    first, size = _first(blobs)
    size = MUCH if request.history else max(size, listing.size_up_to(MUCH), len(request.stdin or b""))
    engine = Engine(request.rules, sought, request.meaning, finder_for(sought, progress, size=size))
    rules = {rule.id: rule for rule in request.rules}
    look = _Look(
        request,
        Search(engine, rules, request.standing),
        Told(rules, kept={} if request.keep else None),
        [*listing.gaps],
    )
    known: Mapping[str, Attributed] = {}
    look.blobs(chain(first, blobs))
    if request.stdin is None and not request.staged:
        look.files = len(listing.files)
        for searched in look.search.folder(listing):
            look.take(searched)
        if request.history:
            from fourc.app.past import look_back  # noqa: PLC0415 - the same

            known = look_back(
                request.root, look.search, look.told, look.gaps, _digest(request.rules), left_over=request.unreferenced
            )
    if look.told.full:
        look.gaps.append(_too_many(look.told.most))
    findings = tuple(look.told.findings(request.fingerprint, known, request.hides))
    return Secrets(findings, tuple(look.gaps), look.files, look.told.kept or {})


def _too_many(most: int) -> Gap:
    return Gap(
        GapReason.TOO_LARGE,
        Text("more than {n} secrets; the others are not told", "密钥超过 {n} 个；其余的没有列出").of(n=most),
        Text(
            "leave lists of passwords out with .gitignore, or scan parts", "请用 .gitignore 排除密码列表，或分部分扫描"
        ),
        subject="secrets",
    )


def _listing(request: SecretsRequest) -> Listing:
    """The files to look at; none where only something else is looked at."""
    if request.stdin is not None or request.staged:
        return Listing(str(request.root), (), ())
    return list_all(request.root, request.paths, read_ignored=request.read_ignored)


def _blobs(request: SecretsRequest) -> Iterator[Blob | Gap]:
    """What is looked at instead of files."""
    if request.stdin is not None:
        yield from _piped(request)
    elif request.staged:
        from fourc.collect.content.staged import staged  # noqa: PLC0415 - each source is loaded where it is asked for

        yield from staged(request.root, _GIT_SECONDS)


def _first(blobs: Iterator[Blob | Gap]) -> tuple[list[Blob | Gap], int]:
    """The first ones, taken off until they are more than little, and their bytes."""
    first: list[Blob | Gap] = []
    size = 0
    while size < LITTLE and (blob := next(blobs, None)) is not None:
        first.append(blob)
        size += len(blob.data) if isinstance(blob, Blob) else 0
    return first, size


def _piped(request: SecretsRequest) -> Iterator[Blob | Gap]:
    from fourc.collect.content.diffs import diff_blobs, revisions  # noqa: PLC0415 - the same
    from fourc.collect.content.staged import received  # noqa: PLC0415 - the same

    text = request.stdin or b""
    pushed = revisions(text) if request.is_diff else None
    if pushed is not None:
        yield from received(request.root, pushed, _GIT_SECONDS)
    elif request.is_diff:
        yield from diff_blobs(text)
    else:
        yield Blob(STDIN, text)


def _digest(rules: Iterable[Rule]) -> str:
    """Of all that decides whether a blob is clean."""
    import hashlib  # noqa: PLC0415 - brings OpenSSL, and only the history asks

    told = "\0".join(f"{r.id} {r.shape} {r.entropy} {r.path} {r.generic}" for r in rules)
    return hashlib.sha256(f"{__version__}\0{told}".encode()).hexdigest()
