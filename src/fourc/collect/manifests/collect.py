"""From a folder, files or standard input to the inventory and everything that could not be seen."""

import hashlib
import json
import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fourc.collect.files import KUSTOMIZATIONS, list_files
from fourc.collect.gaps import file_gap
from fourc.collect.limits import Budget, Limits, Options, SourceFile
from fourc.collect.locate import span
from fourc.collect.manifests.documents import Document, late_gap, read_documents
from fourc.collect.manifests.facts import inventory_of
from fourc.collect.manifests.fields import Problem
from fourc.collect.manifests.kustomizations import Kustomization, Overlay, overlays, read_kustomization
from fourc.collect.manifests.objects import Decoded, decode_object, is_object, unpack
from fourc.collect.reading import read_file
from fourc.collect.render import Rendered, Renderer
from fourc.model.gap import Gap, GapReason
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.location import STDIN, Location, Origin
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.patch.yaml.node import Json
from fourc.patch.yaml.reader import RawDocument, YamlError, compose

_CHART = "Chart.yaml"
_SNIFFED = (b'"kind"', b'"apiVersion"')
_VOLATILE = frozenset({"managedFields", "resourceVersion", "uid", "generation", "creationTimestamp"})
_MAX_OUTSIDE = 200

_REFUSED = Text(
    "correct it: the API server takes the object only with the right type here",
    "请修正：API 服务器只接受类型正确的字段",
)
_MORE = Text(
    "and {count} more fields of this document that the cluster refuses", "此文档还有 {count} 个字段会被集群拒绝"
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at: charts and overlays by their files, patches that were not taken for objects, tools that were there.

    `tools` holds `helm` and `kustomize` where they were found and rendering was asked for; charts without `helm`, or
    overlays without `kustomize`, were not rendered. `components` are kustomize components, rendered only by overlays.
    """

    files: int = 0
    documents: int = 0
    charts: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    patches: tuple[str, ...] = ()
    rendered: tuple[str, ...] = ()
    tools: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Collected:
    """The facts, the gaps, what was covered, and where else an object was seen.

    `sights` maps an object that stands in a file (its name and the path of its file) to the overlays that render it too;
    `variants` are these renderings as facts: the same objects as the overlays change them.
    """

    inventory: Inventory = field(default_factory=Inventory)
    gaps: tuple[Gap, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    sights: Mapping[tuple[Ref, str], tuple[Origin, ...]] = field(default_factory=dict)
    variants: Inventory = field(default_factory=Inventory)


def collect_manifests(root: Path, paths: Sequence[Path] = (), options: Options | None = None) -> Collected:
    """Everything that the paths (by default the root) hold; paths in reports are relative to the root."""
    return _Collection(root, options or Options()).run(paths or (root,))


def collect_stdin(data: bytes, options: Options | None = None) -> Collected:
    """Everything that was piped in; an object that comes twice with the same content counts once."""
    limits = (options or Options()).limits
    budget = Budget(limits)
    sink = _Sink(limits)
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


class _Sink:
    """Where objects become facts, and their problems gaps."""

    def __init__(self, limits: Limits) -> None:
        self.decoded = Decoded()
        self.gaps: list[Gap] = []
        self._limits = limits

    def add(self, value: Mapping[str, Json], origin: Origin) -> None:
        decode_object(value, origin, self.decoded)

    def tell_problems(self, raw: RawDocument | None) -> None:
        """Make gaps of the problems since the last call, placed in their document where there is one."""
        problems, self.decoded.problems = self.decoded.problems, []
        if not problems:
            return
        tree = None
        if raw is not None:
            try:
                tree = compose(raw, self._limits.document)
            except YamlError:
                tree = None
        for origin, problem in problems[: self._limits.problems]:
            start, line, column = 0, origin.line, 1
            end_line, end_column = line, column
            if tree is not None and raw is not None:
                start, end = span(tree, (*origin.item, *problem.path))
                line, column = raw.position(start - raw.offset)
                end_line, end_column = raw.position(end - raw.offset)
            place = Location(origin.path, line, column, end_line, end_column)
            self.gaps.append(Gap(GapReason.MALFORMED, problem.message, _REFUSED, place))
        left = len(problems) - self._limits.problems
        if left > 0:
            origin = problems[self._limits.problems][0]
            gap = file_gap(GapReason.MALFORMED, origin.path, _MORE.of(count=left), _REFUSED, line=origin.line)
            self.gaps.append(gap)


class _Collection:
    """One run over a folder."""

    def __init__(self, root: Path, options: Options) -> None:
        self._root = Path(root).resolve()
        self._options = options
        self._limits = options.limits
        self._budget = Budget(options.limits)
        self._raw = _Sink(options.limits)
        self._variants = _Sink(options.limits)
        self._documents = self._files = 0

    def run(self, paths: Sequence[Path]) -> Collected:
        files, gaps = list_files(self._root, paths, self._budget, read_ignored=self._options.read_ignored)
        self._raw.gaps += gaps
        charts = tuple(file.shown for file in files if posixpath.basename(file.shown) == _CHART)
        chart_folders = {posixpath.dirname(chart) for chart in charts}
        plain = [file for file in files if not _in_templates(file.shown, chart_folders)]
        kustomizations = self._read_kustomizations(plain)
        patches = {patch for k in kustomizations.values() for patch in k.patches}
        for file in plain:
            if self._budget.late:
                self._raw.gaps.append(late_gap(file.shown, self._limits))
                break
            if posixpath.basename(file.shown) in KUSTOMIZATIONS and not file.named:
                continue
            self._read_objects(file, is_patch=file.shown in patches)
        found = overlays(kustomizations)
        tops = tuple(_independent(charts))
        renderer = Renderer(self._root, self._options)
        sights = _Sights(self._raw.decoded.metas)
        rendered = []
        for result in (*renderer.charts(tops), *renderer.overlays(self._with_outside(found, kustomizations))):
            self._take_rendered(result, sights)
            if not result.gaps:
                rendered.append(...)
        raise NotImplementedError
