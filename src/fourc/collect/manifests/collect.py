"""From a folder, files or standard input to the inventory and everything that could not be seen."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from fourc.collect.limits import Budget, Options
from fourc.collect.manifests.collected import Collected, Coverage
from fourc.collect.manifests.documents import read_documents
from fourc.collect.manifests.facts import inventory_of
from fourc.collect.manifests.folder import Collection
from fourc.collect.manifests.objects import unpack
from fourc.collect.manifests.sink import Sink
from fourc.model.gap import Gap
from fourc.model.location import STDIN, Origin
from fourc.patch.yaml.node import Json

_VOLATILE = frozenset({"managedFields", "resourceVersion", "uid", "generation", "creationTimestamp"})


def collect_manifests(root: Path, paths: Sequence[Path] = (), options: Options | None = None) -> Collected:
    """Everything that the paths (by default the root) hold; paths in reports are relative to the root."""
    return Collection(root, options or Options()).run(paths or (root,))


def collect_stdin(data: bytes, options: Options | None = None) -> Collected:
    """Everything that was piped in; an object that comes twice with the same content counts once."""
    limits = (options or Options()).limits
    budget = Budget(limits)
    sink = Sink(limits)
    seen: set[bytes] = set()
    documents = 0
    for item in read_documents(data, STDIN, limits, lambda: budget.late):
        if isinstance(item, Gap):
            sink.gaps.append(item)
            continue
        documents += 1
        for value, origin in unpack(item.data, Origin(STDIN, item.raw.index, item.raw.line)):
            content = _content(value)
            if content not in seen:
                seen.add(content)
                sink.add(value, origin)
        sink.tell_problems(item.raw)
    return Collected(
        inventory_of(sink.decoded), tuple(sink.gaps), Coverage(files=1 if data else 0, documents=documents)
    )


def _content(value: Mapping[str, Json]) -> bytes:
    """A digest of what a person wrote: without status and what the cluster keeps in the metadata."""
    written = {key: child for key, child in value.items() if key != "status"}
    metadata = value.get("metadata")
    if isinstance(metadata, dict):
        written["metadata"] = {key: child for key, child in metadata.items() if key not in _VOLATILE}
    return hashlib.sha256(json.dumps(written, sort_keys=True).encode("utf-8", "surrogatepass")).digest()
