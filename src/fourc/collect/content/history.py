"""Every blob that the git history reaches, once.

Walking the trees says which there are (one process); their bytes are a multiple of that work and can be read in any
process: `pieces` yields lists of blobs, `read_blobs` reads one of them.
"""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from fourc.collect.content.blob import Blob
from fourc.collect.content.repository import Repository, printable
from fourc.collect.gaps import file_gap
from fourc.collect.limits import MIB
from fourc.collect.process import Ending
from fourc.collect.streaming import Stream, scratch
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

BLOB_BYTES = 50 * MIB
_PIECE_BLOBS = 2048
_PIECE_BYTES = 24 * MIB
_SORTED = 400_000
_MAX_TIPS_BYTES = 8 * MIB
# `%(rest)` is what follows the id on the line that was read: the path
_SIZES = ("cat-file", "--buffer", "--batch-check=%(objectsize) %(objectname) %(rest)")
_CONTENTS = ("cat-file", "--buffer", "--batch=%(objectsize) %(objectname) %(rest)")
BLOBS_ONLY = ("--filter=object:type=blob", "--filter-provided-objects", "--missing=print")

_LARGE = Text(
    "blob {id} has {size} MB, more than the {limit} MB that are read",
    "对象 {id} 有 {size} MB，超过可读取的 {limit} MB",
)
_LOOK = Text("look at it yourself: git cat-file -p {id}", "请自行查看：git cat-file -p {id}")
_ABSENT = Text(
    "{count} objects of the history are not here (a partial clone) or broken, the first {id}",
    "历史中有 {count} 个对象不在本地（部分克隆）或已损坏，第一个是 {id}",
)
_COMPLETE = Text("use a full clone: git fetch --refetch --no-filter", "请使用完整克隆：git fetch --refetch --no-filter")
_BROKEN = Text("blob {id} cannot be read", "对象 {id} 无法读取")
_CHECK = Text("see what git fsck says, and fetch the object again", "请查看 git fsck 的结果，并重新获取该对象")
_WALK = Text("git cannot follow the whole history: {why}", "git 无法遍历完整的历史：{why}")
_STOPPED = Text("git stopped: {why}", "git 已停止：{why}")
_LATE = Text("the time was over; the rest of the history was not read", "已超时；其余历史没有读取")
_LONGER = Text("allow more time", "请允许更长时间")


class Piece(Struct, frozen=True):
    """Some blobs to read: lines `id path`, and the bytes that they have together."""

    lines: bytes
    size: int
    count: int


def tips(repository: Repository) -> tuple[str, ...]:
    """The ids that the refs have now; what they reach can be left out of a later walk."""
    answer = repository.ask("rev-parse", "--all", max_bytes=_MAX_TIPS_BYTES)
    return tuple(answer.out.decode("ascii").split()) if answer.ending is Ending.DONE else ()


def pieces(
    repository: Repository,
    *,
    skip: Callable[[str], bool] = lambda _: False,
    without: tuple[str, ...] = (),
    blob_bytes: int = BLOB_BYTES,
) -> Iterator[Piece | Gap]:
    """Every blob that a commit or tag reaches, but those whose id is to be skipped, and what stands in the way.

    What the ids `without` reach is left out, as far as git can tell quickly. Where git cannot follow the history, because
    an object of it is broken, all blobs that there are follow.
    """
    walk = ("rev-list", "--objects", *BLOBS_ONLY, "--all", "--stdin")
    yield from repository.gaps
    cutting = _Cutting(skip, blob_bytes)
    try:
        with (
            scratch(_still_there(repository, without)) as known,
            repository.stream(walk, _SIZES, given=known) as stream,
        ):
            yield from cutting.pieces(stream.out)
            failed, why = stream.failed(), stream.errors()
        if failed:
            yield walk_gap(why)
            cutting = _Cutting(skip, blob_bytes)
            yield from _everything(repository, cutting)
    except TimeoutError:
        yield late_gap()
    except OSError as error:
        yield file_gap(GapReason.UNREADABLE, ".git", _STOPPED.of(why=str(error)), _CHECK)
    yield from cutting.absent()


def _still_there(repository: Repository, ids: tuple[str, ...]) -> list[bytes]:
    """Those of the ids that still are, as lines that leave out what they reach.

    Not left to `--ignore-missing`: that would say nothing of a ref whose object is gone either.
    """
    if not ids:
        return []
    given = scratch(f"{object_id}\n".encode() for object_id in ids)
    with given, repository.stream(("cat-file", "--buffer", "--batch-check=^%(objectname)"), given=given) as stream:
        return [line for line in stream.out if line.startswith(b"^")]


def listed(
    repository: Repository, lines: Iterable[bytes], *, skip: Callable[[str], bool] = lambda _: False
) -> Iterator[Piece | Gap]:
    """The blobs of these lines `id path`."""
    cutting = _Cutting(skip, BLOB_BYTES)
    with scratch(lines) as given, repository.stream(_SIZES, given=given) as stream:
        yield from cutting.pieces(stream.out)
    yield from cutting.absent()


def _everything(repository: Repository, cutting: "_Cutting") -> Iterator[Piece | Gap]:
    """All blobs that the repository and those that it borrows from have, reached or not."""
    listing = (
        "cat-file",
        "--batch-all-objects",
        "--unordered",
        "--buffer",
        "--batch-check=%(objecttype) %(objectname)",
    )
    with repository.stream(listing) as stream:
        ids = (line[5:] for line in stream.out if line.startswith(b"blob "))
        with scratch(ids) as given, repository.stream(_SIZES, given=given) as sizes:
            yield from cutting.pieces(sizes.out)


class _Cutting:
    """Cuts a list of blobs with their sizes into pieces, and keeps in mind what is not there."""

    def __init__(self, skip: Callable[[str], bool], blob_bytes: int) -> None:
        self._skip = skip
        self._blob_bytes = blob_bytes
        self._absent = 0
        self._first = ""

    def pieces(self, lines: Iterable[bytes]) -> Iterator[Piece | Gap]:
        """Lines are `size id path` or `id missing`.

        The versions of a file are deltas of each other: read one after the other they cost git a third of what they cost
        in the order of commits. Hence sorted, as many at once as memory has room for.
        """
        kept: list[tuple[bytes, int, bytes]] = []
        for line in lines:
            head, _, rest = line.partition(b" ")
            if not head.isdigit() or rest == b"missing\n":
                self._absent += 1
                self._first = self._first or head.lstrip(b"?").decode("ascii", "replace")
                continue
            size = int(head)
            id_, _, path = rest.rstrip(b"\n").partition(b" ")
            object_id = id_.decode("ascii")
            if size == 0 or self._skip(object_id):
                continue
            if size > self._blob_bytes:
                message = _LARGE.of(id=object_id, size=size // MIB, limit=self._blob_bytes // MIB)
                shown = printable(path) or object_id
                yield file_gap(GapReason.TOO_LARGE, shown, message, _LOOK.of(id=object_id))
                continue
            kept.append((path, size, rest))
            if len(kept) == _SORTED:
                yield from _cut(kept)
                kept = []
        yield from _cut(kept)

    def absent(self) -> Iterator[Gap]:
        """The gap for what is not there."""
        if self._absent:
            yield file_gap(GapReason.MISSING, ".git", _ABSENT.of(count=self._absent, id=self._first), _COMPLETE)


def _cut(blobs: list[tuple[bytes, int, bytes]]) -> Iterator[Piece]:
    lines: list[bytes] = []
    total = 0
    for _, size, line in sorted(blobs, key=lambda blob: blob[0]):
        lines.append(line)
        total += size
        if len(lines) == _PIECE_BLOBS or total >= _PIECE_BYTES:
            yield Piece(b"".join(lines), total, len(lines))
            lines, total = [], 0
    if lines:
        yield Piece(b"".join(lines), total, len(lines))


def read_blobs(repository: Repository, piece: Piece) -> Iterator[Blob | Gap]:
    """The blobs of the piece, in its order; a broken one is a gap, and the rest goes on."""
    left = piece.lines.splitlines(keepends=True)
    try:
        while left:
            with scratch(left) as given, repository.stream(_CONTENTS, given=given) as stream:
                answered = 0
                for blob in _blobs(stream):
                    answered += 1
                    yield blob
            if answered == len(left):
                return
            # git ends at an object that it cannot read; the ones behind it may be sound
            yield broken_gap(*left[answered].rstrip(b"\n").partition(b" ")[::2])
            left = left[answered + 1 :]
    except TimeoutError:
        yield late_gap()
    except OSError as error:
        yield file_gap(GapReason.UNREADABLE, ".git", _STOPPED.of(why=str(error)), _CHECK)


def _blobs(stream: Stream) -> Iterator[Blob | Gap]:
    """One value for each object that git answers for; it ends where git does."""
    out = stream.out
    while header := out.readline():
        head, _, rest = header.rstrip(b"\n").partition(b" ")
        if not head.isdigit() or rest == b"missing":
            yield broken_gap(head, b"")
            continue
        size = int(head)
        data = out.read(size)
        if len(data) < size or not out.read(1):
            return
        object_id, _, path = rest.partition(b" ")
        name = object_id.decode("ascii")
        yield Blob(printable(path) or name, data, object_id=name)


def broken_gap(object_id: bytes, path: bytes) -> Gap:
    """The gap for a blob that is there but cannot be read."""
    name = object_id.decode("ascii", "replace")
    return file_gap(GapReason.MALFORMED, printable(path) or name, _BROKEN.of(id=name), _CHECK)


def walk_gap(errors: str) -> Gap:
    """The gap for a history that git cannot follow to its end."""
    return file_gap(GapReason.MALFORMED, ".git", _WALK.of(why=first_line(errors)), _CHECK)


def late_gap() -> Gap:
    """The gap for what was not read in time."""
    return file_gap(GapReason.TIMED_OUT, ".git", _LATE, _LONGER)


def first_line(errors: str) -> str:
    """What git says that a person should read: its last complaint."""
    lines = [line for line in errors.splitlines() if line.startswith(("fatal:", "error:"))]
    return lines[-1].partition(": ")[2] if lines else errors.strip()[:200]
