"""The files that may hold advisories, one after the other, out of folders, archives and what is packed alone."""

import io
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, cast

import zstandard

from fourc.collect.content.archives import tar_members, unpacked, zip_members
from fourc.collect.content.blob import Blob
from fourc.collect.content.inside import Allowance, SpentError
from fourc.collect.content.inside import Limits as InsideLimits
from fourc.collect.files import ABSENT, CORRECT
from fourc.collect.gaps import file_gap
from fourc.collect.limits import MIB, Budget, Limits, SourceFile
from fourc.collect.reading import error_gap, read_file
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

_ENDINGS = (".json", ".yaml", ".yml", ".md", ".csv", "Packages", "Release")
_TARS = (".tar", ".tar.zst", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2")
_PACKED = (".zst", ".gz", ".xz", ".bz2")
_LIMITS = Limits(file_bytes=256 * MIB, total_bytes=8192 * MIB, seconds=900.0)
# all of OSV is 600,000 records; lists of one line each shrink well
_INSIDE = InsideLimits(
    members=2_000_000,
    member_bytes=256 * MIB,
    total_bytes=8192 * MIB,
    ratio=300,
    free_bytes=256 * MIB,
    directory_bytes=256 * MIB,
    seconds=600.0,
)
_WINDOW = 128 * MIB  # what `zstd --long` asks for
_BAD = Text("the archive is broken: {why}", "归档已损坏：{why}")
_LARGE = Text("it has more than the {limit} MB that are read", "超过可读取的 {limit} MB")
_AGAIN = Text("fetch it again, or unpack it and name the folder", "请重新获取，或解压后指定该目录")
_NOTHING = Text("nothing in it can hold advisories", "其中没有可能包含公告的文件")
_KINDS = Text("name files, folders or archives of advisories", "请指定公告文件、目录或归档")


def files_of(sources: Iterable[Path]) -> Iterator[tuple[str, bytes] | Gap]:
    """Path and bytes of each file that by its name may hold advisories, and what stands in the way.

    A folder gives all files below it in the order of their paths, links left out; members of an archive are shown behind a
    `!` (`pypi.zip!PYSEC-2021-1.json`). A source that is named itself is read whatever it is called.
    """
    budget = Budget(_LIMITS)
    for source in sources:
        count = 0
        for file in _of_source(source, budget):
            count += 1
            yield file
        if not count:
            yield file_gap(GapReason.NO_DATA, str(source), _NOTHING, _KINDS)


def _of_source(source: Path, budget: Budget) -> Iterator[tuple[str, bytes] | Gap]:
    try:
        mode = source.stat().st_mode
    except FileNotFoundError:
        yield file_gap(GapReason.MISSING, str(source), ABSENT, CORRECT)
        return
    except (OSError, ValueError) as error:
        yield error_gap(error, str(source))
        return
    if not stat.S_ISDIR(mode):
        yield from _of_file(source, budget, named=True)
        return
    problems: list[OSError] = []
    for folder, below, names in os.walk(source, onerror=problems.append):
        below[:] = sorted(name for name in below if name != ".git")
        for name in sorted(names):
            if name.endswith((*_ENDINGS, *_TARS, ".zip")) or _inner(name).endswith(_ENDINGS):
                yield from _of_file(Path(folder, name), budget, named=False)
    for problem in problems:
        yield error_gap(problem, str(problem.filename))


def _inner(name: str) -> str:
    return name.rpartition(".")[0] if name.endswith(_PACKED) else name


def _of_file(path: Path, budget: Budget, *, named: bool) -> Iterator[tuple[str, bytes] | Gap]:
    shown = str(path)
    if not path.name.endswith((*_TARS, *_PACKED, ".zip")):
        data = read_file(SourceFile(path, shown, named), budget)
        yield data if isinstance(data, Gap) else (shown, data)
        return
    try:
        if not named and path.is_symlink():
            return
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as stream:
            yield from _unpacked(shown, stream)
    except OSError as error:
        yield error_gap(error, shown)


def _unpacked(shown: str, stream: IO[bytes]) -> Iterator[tuple[str, bytes] | Gap]:
    allowance = Allowance(os.fstat(stream.fileno()).st_size, _INSIDE)
    try:
        for part in _members(shown, stream, allowance):
            if isinstance(part, Gap):
                yield part
            elif part.shown.endswith(_ENDINGS):
                yield part.shown, part.data
    except SpentError as spent:
        yield file_gap(spent.reason, shown, spent.message, _AGAIN)
    except zstandard.ZstdError as error:
        yield file_gap(GapReason.MALFORMED, shown, _BAD.of(why=str(error)), _AGAIN)


def _members(shown: str, stream: IO[bytes], allowance: Allowance) -> Iterator[Blob | Gap]:
    if shown.endswith(".zip"):
        return zip_members(shown, stream, allowance)
    if shown.endswith(".zst"):
        reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(stream, read_across_frames=True)
        source = cast("IO[bytes]", reader)
        return tar_members(shown, source, allowance) if shown.endswith(".tar.zst") else _alone(shown, source, allowance)
    if shown.endswith(".tar"):
        return tar_members(shown, stream, allowance)
    return unpacked(shown, stream, allowance)


def _alone(shown: str, source: IO[bytes], allowance: Allowance) -> Iterator[Blob | Gap]:
    """The one file that zstd has packed."""
    held = io.BytesIO()
    while chunk := source.read(MIB):
        allowance.spend(len(chunk))
        held.write(chunk)
        if held.tell() > allowance.limits.member_bytes:
            message = _LARGE.of(limit=allowance.limits.member_bytes // MIB)
            yield file_gap(GapReason.TOO_LARGE, shown, message, _AGAIN)
            return
    yield Blob(f"{shown}!{_inner(shown.rpartition('/')[2])}", held.getvalue())
