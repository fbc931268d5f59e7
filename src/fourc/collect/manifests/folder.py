"""One run over a folder: files, then what charts and overlays make of them."""

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from fourc.collect.files import KUSTOMIZATIONS, list_files
from fourc.collect.limits import Budget, Options, SourceFile
from fourc.collect.manifests.ahead import Item, Opened, contents, contents_of_all
from fourc.collect.manifests.collected import Collected, Coverage
from fourc.collect.manifests.documents import Document, late_gap, read_documents
from fourc.collect.manifests.facts import inventory_of
from fourc.collect.manifests.kustomizations import Kustomization, overlays, read_kustomization
from fourc.collect.manifests.objects import UNSEARCHED, Decoded, decode_object, unpack
from fourc.collect.manifests.sights import Sights
from fourc.collect.manifests.sink import Sink
from fourc.collect.reading import read_file
from fourc.collect.render import Rendered, Renderer
from fourc.model.gap import Gap

_CHART = "Chart.yaml"
_MAX_OUTSIDE = 200
"""Bases outside the scanned folder that are read to see whether they would fetch anything."""


class Collection:
    """Reads each file once; what is rendered comes after, and only adds what stands in no file."""

    def __init__(self, root: Path, options: Options) -> None:
        self._root = Path(root).resolve()
        self._options = options
        self._limits = options.limits
        self._budget = Budget(options.limits)
        self._raw = Sink(self._budget, keep=options.keep)
        self._variants = Sink(self._budget)
        self._files = self._documents_read = 0

    def run(self, paths: Sequence[Path]) -> Collected:
        """Everything that the paths hold."""
        files, gaps = list_files(self._root, paths, self._budget, read_ignored=self._options.read_ignored)
        self._raw.gaps += gaps
        charts = [file.shown for file in files if posixpath.basename(file.shown) == _CHART]
        folders = {posixpath.dirname(chart) for chart in charts}
        plain = [file for file in files if file.named or not _in_templates(file.shown, folders)]
        kustomizations = self._kustomizations(plain)
        patches = {patch for k in kustomizations.values() for patch in k.patches}
        self._read_all(plain, patches)
        found = overlays(kustomizations)
        renderer = Renderer(self._root, self._options)
        sights = Sights(self._raw.decoded.metas)
        charts = [*_independent(charts)]
        rendered = [*self._take(renderer.charts(charts), sights), *self._take(renderer.overlays(found), sights)]
        return Collected(
            inventory=inventory_of(self._raw.decoded),
            gaps=tuple(self._raw.gaps),
            coverage=Coverage(
                files=self._files,
                documents=self._documents_read,
                charts=tuple(charts),
                overlays=tuple(overlay.top.file for overlay in found),
                components=tuple(sorted(k.file for k in kustomizations.values() if k.component)),
                patches=tuple(file.shown for file in plain if file.shown in patches),
                rendered=tuple(rendered),
                tools=renderer.tools,
            ),
            sights=sights.result(),
            variants=inventory_of(self._variants.decoded),
            plain=tuple(self._raw.decoded.plain),
        )

    def _read_all(self, files: Sequence[SourceFile], patches: set[str]) -> None:
        plain = [file for file in files if posixpath.basename(file.shown) not in KUSTOMIZATIONS]
        with closing(contents_of_all(plain, self._budget)) as found:
            for file, items in found:
                if self._budget.late:
                    self._raw.gaps.append(late_gap(file.shown, self._limits))
                    return
                for document in self._documents(items):
                    if file.shown not in patches and not self._raw.take(document, file.shown):
                        return
                if self._budget.overdrawn:
                    return

    def _documents(self, items: Iterable[Item]) -> Iterator[Document]:
        """Count the file and its documents, tell its gaps."""
        for item in items:
            match item:
                case Opened(foreign=foreign):
                    self._files += not foreign
                case Gap():
                    self._raw.tell(item)
                case Document():
                    self._documents_read += 1
                    yield item

    def _kustomizations(self, files: Sequence[SourceFile]) -> dict[str, Kustomization]:
        """By folder; with those outside the scanned folder that these include."""
        found: dict[str, Kustomization] = {}
        for file in files:
            if posixpath.basename(file.shown) in KUSTOMIZATIONS:
                for document in self._documents(contents(file, self._budget)):
                    if isinstance(document.data, dict):
                        kustomization = read_kustomization(document.data, file.shown, self._root)
                        found.setdefault(kustomization.folder, kustomization)
        waiting = [tree for k in found.values() for tree in k.trees]
        outside = 0
        while waiting and outside < _MAX_OUTSIDE:
            folder = waiting.pop()
            if folder in found or not (self._root / folder).is_dir():
                continue
            outside += 1
            kustomization_there = self._outside(folder)
            if kustomization_there is not None:
                found[folder] = kustomization_there
                waiting += kustomization_there.trees
        return found

    def _outside(self, folder: str) -> Kustomization | None:
        for name in sorted(KUSTOMIZATIONS):
            shown = posixpath.join(folder, name)
            data = read_file(SourceFile(self._root / shown, shown), self._budget)
            if isinstance(data, bytes):
                for item in read_documents(data, shown, self._limits):
                    if isinstance(item, Document) and isinstance(item.data, dict):
                        return read_kustomization(item.data, shown, self._root)
        return None

    def _take(self, results: Iterable[Rendered], sights: Sights) -> Iterator[str]:
        """Add what was rendered, and return the files of what could be."""
        for result in results:
            self._raw.gaps += result.gaps
            if result.objects or not result.gaps:
                yield result.file
            for data, document in result.objects:
                for value, origin in unpack(data, document):
                    if value.get("kind") in UNSEARCHED:
                        continue
                    decoded = Decoded(keep=self._options.keep)
                    decode_object(value, origin, decoded)
                    overlay = result.overlay
                    again = overlay is not None and any(sights.note(meta, overlay) for meta in decoded.metas)
                    if again:
                        self._variants.decoded.extend(decoded)  # its problems are told where it stands
                    else:
                        self._raw.take_rendered(decoded)


def _in_templates(shown: str, charts: set[str]) -> bool:
    """Whether it is a template of a chart: no YAML before helm has filled it in."""
    parts = shown.split("/")
    return any(part == "templates" and "/".join(parts[:place]) in charts for place, part in enumerate(parts[:-1]))


def _independent(charts: Sequence[str]) -> Iterator[str]:
    """The charts that are not part of another chart, which renders them."""
    folders = [posixpath.join(posixpath.dirname(chart), "charts") + "/" for chart in charts]
    return (chart for chart in charts if not any(chart.startswith(folder) for folder in folders))
