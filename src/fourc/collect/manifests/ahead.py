"""The contents of files in their order; of many files, workers read ahead while the facts of the first are made."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from typing import TypeAlias

from msgspec import Struct

from fourc.collect.gaps import file_gap
from fourc.collect.limits import MIB, Budget, Limits, SourceFile
from fourc.collect.manifests.documents import Document, late_gap, read_documents
from fourc.collect.reading import read_file
from fourc.collect.workers import LostError, Worker, shares, worker_count
from fourc.model.gap import Gap, GapReason
from fourc.model.text import Text

WORTH_IT = MIB
"""Bytes from which on workers save more time than they cost."""
_LARGEST = 4 * MIB  # what a worker sends is held twice
_GRACE = 0.5

_LOST = Text("the process that read this file ended before it was done", "读取该文件的进程提前结束")
_ALONE = Text("scan this file by itself, or leave it out with .gitignore", "请单独扫描该文件，或用 .gitignore 排除它")


class Opened(Struct, frozen=True):
    """A file was read; what follows are its documents and gaps, none where it is `foreign`: JSON of other programs."""

    size: int
    foreign: bool


Item: TypeAlias = Opened | Document | Gap
_SNIFFED = (b'"kind"', b'"apiVersion"')


def contents(file: SourceFile, budget: Budget) -> Iterator[Item]:
    """What a file holds, read here and now."""
    data = read_file(file, budget)
    if isinstance(data, Gap):
        yield data
        return
    foreign = not file.named and file.shown.endswith(".json") and not all(word in data for word in _SNIFFED)
    yield Opened(len(data), foreign)
    if not foreign:
        yield from read_documents(data, file.shown, budget.limits, lambda: budget.late)


def contents_of_all(
    files: Sequence[SourceFile], budget: Budget
) -> Generator[tuple[SourceFile, Iterator[Item]], None, None]:
    """What each file holds, in the order of the files; the caller ends it by closing the iterator."""
    sizes = [_size(file) for file in files]
    count = worker_count()
    if count == 1 or not WORTH_IT <= sum(sizes) <= budget.limits.total_bytes:
        yield from ((file, contents(file, budget)) for file in files)
        return
    sent = [i for i, size in enumerate(sizes) if size <= _LARGEST]
    owners = dict(zip(sent, shares((sizes[i] for i in sent), count), strict=True))
    workers = [_worker([files[i] for i in sent if owners[i] == number], budget) for number in range(count)]
    lost = {number for number, worker in enumerate(workers) if worker.lost}
    try:
        for i, file in enumerate(files):
            owner = owners.get(i)
            if owner is None or owner in lost:
                yield file, contents(file, budget)
                continue
            try:
                items = workers[owner].take(time.monotonic() + budget.seconds_left + _GRACE)
            except LostError:
                lost.add(owner)
                gap = late_gap if budget.late else _lost_gap
                items = [gap(file.shown, budget.limits)]
            budget.spend(sum(item.size for item in items if isinstance(item, Opened)))
            yield file, iter(items)
    finally:
        for worker in workers:
            worker.close()


def _worker(files: Sequence[SourceFile], budget: Budget) -> Worker[list[Item]]:
    return Worker(lambda: ([*contents(file, budget)] for file in files))


def _lost_gap(shown: str, _limits: Limits) -> Gap:
    return file_gap(GapReason.UNREADABLE, shown, _LOST, _ALONE)


def _size(file: SourceFile) -> int:
    with suppress(OSError, ValueError):  # reading it will say why
        return file.path.stat().st_size
    return 0
