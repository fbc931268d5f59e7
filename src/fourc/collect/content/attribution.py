"""Which commits brought a blob: asked only for what was found, for all of it in one pass over the history.

A commit brings a blob where it has it at a path at which no parent has it. So what a merge takes from one side belongs to
the commit of that side, and what only the merge itself has (an "evil merge") belongs to the merge.
"""

from collections.abc import Hashable, Iterator, Mapping
from contextlib import ExitStack
from itertools import chain, zip_longest
from typing import Generic, NamedTuple, TypeVar

from msgspec import Struct, field

from fourc.collect.content.history import first_line, late_gap
from fourc.collect.content.repository import Repository, printable
from fourc.collect.gaps import file_gap
from fourc.collect.streaming import Stream, scratch
from fourc.model.finding import Commit, History
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

Secret = TypeVar("Secret", bound=Hashable)

_HEADER = b"\x01"
_CHANGES = (
    "diff-tree",
    *("--stdin", "--root", "--always", "-r", "-c", "--raw", "-z", "--no-abbrev", "--no-renames", "--encoding=UTF-8"),
    "--format=%x01%H%n%an <%ae>%n%aI",
)
_CHUNK = 1 << 20
_SHARED = 4000  # commits from which on a second process is worth its start
_RESTARTS = 5
_BROKEN = Text(
    "git cannot compare commit {commit}: {why}; what it brought is told of later commits",
    "git 无法比较提交 {commit}：{why}；它引入的内容归于之后的提交",
)
_CUT = Text(
    "git cannot compare all commits: {why}; what earlier ones brought is told of later ones",
    "git 无法比较全部提交：{why}；更早的提交引入的内容归于之后的提交",
)
_CHECK = Text("see what git fsck says, and fetch the object again", "请查看 git fsck 的结果，并重新获取该对象")


class _Sight(NamedTuple):
    """A commit that brought a blob; the lower the rank the later the commit."""

    rank: int
    blob: str
    path: bytes
    header: bytes


class Spot(NamedTuple):
    """Where in a blob something stands: its line, in what lies there where the blob holds others (`!conf/ci.env`)."""

    line: int
    inside: str = ""


class Commits(Struct, frozen=True):
    """Lines with the ids of commits, each before its parents, and what git says where there are more."""

    lines: list[bytes]
    gaps: tuple[Gap, ...] = ()


class Attributed(Struct, frozen=True):
    """When something came, and every path that it was at with its line in the latest version there, newest first."""

    history: History
    places: tuple[tuple[str, int], ...]


class Attribution(Struct, Generic[Secret], frozen=True):
    """What is known of the secrets; those that no commit brought are not in `known`."""

    known: dict[Secret, Attributed]
    gaps: tuple[Gap, ...]


class _Seen(Struct):
    first: _Sight
    last: _Sight
    paths: dict[bytes, _Sight] = field(default_factory=dict)

    def add(self, sight: _Sight) -> None:
        self.first = max(self.first, sight)
        self.last = min(self.last, sight)
        known = self.paths.get(sight.path)
        self.paths[sight.path] = sight if known is None else min(known, sight)


def attribute(
    repository: Repository,
    secrets: Mapping[Secret, Mapping[str, Spot]],
    tips: tuple[str, ...] = ("--all",),
    commits: Commits | None = None,
) -> Attribution[Secret]:
    """For secrets, each known by the blobs that hold it with its spot in them, the commits that brought these.

    `tips` are the revisions to start from, and options of `git rev-list` that stand for some; `commits` what they reach,
    where that is known already.
    """
    holders: dict[str, list[Secret]] = {}
    for secret, blobs in secrets.items():
        for blob in blobs:
            holders.setdefault(blob, []).append(secret)
    seen: dict[Secret, _Seen] = {}
    gaps: list[Gap] = []
    try:
        known = (commits or commits_of(repository, tips)) if holders else Commits([])
        gaps += known.gaps
        for sight in _sights(repository, frozenset(map(str.encode, holders)), known.lines, gaps):
            for secret in holders[sight.blob]:
                seen.setdefault(secret, _Seen(sight, sight)).add(sight)
    except TimeoutError:
        gaps.append(late_gap())
    return Attribution({secret: _attributed(secrets[secret], its) for secret, its in seen.items()}, tuple(gaps))


def _attributed(spots: Mapping[str, Spot], seen: _Seen) -> Attributed:
    places = tuple(_place(sight, spots) for sight in sorted(seen.paths.values()))
    return Attributed(History(_commit(seen.first, spots), _commit(seen.last, spots)), places)


def _place(sight: _Sight, spots: Mapping[str, Spot]) -> tuple[str, int]:
    spot = spots[sight.blob]
    return printable(sight.path) + spot.inside, spot.line


def _commit(sight: _Sight, spots: Mapping[str, Spot]) -> Commit:
    commit, author, time = sight.header.removeprefix(_HEADER).decode("utf-8", "replace").split("\n")
    return Commit(commit, *_place(sight, spots), author, time)


def _sights(
    repository: Repository, wanted: frozenset[bytes], commits: list[bytes], gaps: list[Gap]
) -> Iterator[_Sight]:
    half = len(commits) // 2 if len(commits) > _SHARED else len(commits)
    parts = [_Part(repository, commits[start:end], start, wanted) for start, end in ((0, half), (half, len(commits)))]
    with ExitStack() as stack:
        for part in parts:
            stack.callback(part.close)
        # in turns: what is not read makes its process wait
        for some in chain.from_iterable(zip_longest(*(part.sights(gaps) for part in parts), fillvalue=())):
            yield from some


def commits_of(repository: Repository, tips: tuple[str, ...] = ("--all",)) -> Commits:
    """The commits that the tips reach; where git cannot list each before its parents, those that it meets before it ends."""
    options = [tip for tip in tips if tip.startswith("--")]
    commits, why = list[bytes](), ""
    try:
        for order in (["--date-order"], []):
            # on stdin there is room for any number; a ref whose object is gone is told where the history is read
            given = scratch(f"{tip}\n".encode() for tip in tips if tip not in options)
            command = ("rev-list", "--ignore-missing", *order, *options, "--stdin")
            with given, repository.stream(command, given=given) as stream:
                commits = stream.out.readlines()
                if not stream.failed():
                    return Commits(commits)
                why = first_line(stream.errors())
    except TimeoutError:
        return Commits([], (late_gap(),))
    return Commits(commits, (file_gap(GapReason.MALFORMED, ".git", _CUT.of(why=why), _CHECK),))


class _Part:
    """Some commits in a row, compared with their parents by a process of its own."""

    def __init__(self, repository: Repository, commits: list[bytes], rank: int, wanted: frozenset[bytes]) -> None:
        self._repository = repository
        self._commits = commits
        self._rank = rank
        self._wanted = wanted
        self._done = 0
        self._stream = self._started()

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def sights(self, gaps: list[Gap]) -> Iterator[list[_Sight]]:
        """A list for each chunk that git prints; a commit that it cannot compare is left out with a gap."""
        failures = 0
        while self._stream is not None:
            yield from self._parsed(self._stream)
            failed, why = self._stream.failed(), first_line(self._stream.errors())
            self.close()
            if not failed:
                return
            failures += 1
            if failures > _RESTARTS or self._done >= len(self._commits):
                gaps.append(file_gap(GapReason.MALFORMED, ".git", _CUT.of(why=why), _CHECK))
                return
            # git prints a commit once it has compared it, so it stumbled over the one after the last printed
            broken = self._commits[self._done].decode().strip()
            gaps.append(file_gap(GapReason.MALFORMED, ".git", _BROKEN.of(commit=broken, why=why), _CHECK))
            self._done += 1
            self._stream = self._started()

    def _started(self) -> Stream | None:
        if self._done >= len(self._commits):
            return None
        with scratch(self._commits[self._done :]) as given:
            return self._repository.stream(_CHANGES, given=given)

    def _parsed(self, stream: Stream) -> Iterator[list[_Sight]]:
        rest, header, brought = b"", b"", b""
        path_next = False
        wanted = self._wanted
        while chunk := stream.out.read1(_CHUNK):
            found: list[_Sight] = []
            *tokens, rest = (rest + chunk).split(b"\0")
            for token in tokens:
                if path_next:
                    path_next = False
                    if brought in wanted:
                        found.append(_Sight(self._rank + self._done - 1, brought.decode(), token, header))
                elif token.startswith((b":", b"\n:")):
                    brought = token.rsplit(b" ", 2)[1]  # modes, ids before, id now, status
                    path_next = True
                elif token.startswith(_HEADER):
                    header = token
                    self._done += 1
            yield found
