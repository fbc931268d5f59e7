"""From a folder, files or standard input to the inventory and everything that could not be seen."""

from collections.abc import Sequence
from pathlib import Path

from fourc.collect.limits import Budget, Options
from fourc.collect.manifests.collected import Collected, Coverage
from fourc.collect.manifests.documents import read_documents
from fourc.collect.manifests.facts import inventory_of
from fourc.collect.manifests.folder import Collection
from fourc.collect.manifests.sink import Sink
from fourc.model.gap import Gap
from fourc.model.location import STDIN


def collect_manifests(root: Path, paths: Sequence[Path] = (), options: Options | None = None) -> Collected:
    """Everything that the paths (by default the root) hold; paths in reports are relative to the root."""
    return Collection(root, options or Options()).run(paths or (root,))


def collect_stdin(data: bytes, options: Options | None = None) -> Collected:
    """Everything that was piped in; an object that comes twice with the same content counts once."""
    options = options or Options()
    limits = options.limits
    budget = Budget(limits)
    sink = Sink(budget, once=True, keep=options.keep)
    documents = 0
    for item in read_documents(data, STDIN, limits, lambda: budget.late):
        if isinstance(item, Gap):
            sink.tell(item)
            continue
        documents += 1
        if not sink.take(item, STDIN):
            break
    coverage = Coverage(files=1 if data else 0, documents=documents)
    return Collected(inventory_of(sink.decoded), tuple(sink.gaps), coverage, plain=tuple(sink.decoded.plain))
