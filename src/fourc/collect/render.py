"""Charts and overlays as the user's own `helm` and `kubectl` make them, without a network and in their order."""

import json
import posixpath
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from fourc.collect.gaps import file_gap
from fourc.collect.limits import Options
from fourc.collect.manifests.documents import read_documents
from fourc.collect.manifests.kustomizations import Overlay
from fourc.collect.process import Ending, Output, run
from fourc.collect.workers import worker_count
from fourc.model.gap import Gap, GapReason
from fourc.model.location import Origin
from fourc.model.text import Text, same
from fourc.patch.yaml.node import Json

HELM, KUSTOMIZE = "helm", "kustomize"
_SOURCE = re.compile(r"^# Source: ([^\n\r]+)", re.MULTILINE)
_NO_NAME = re.compile(r"[^a-z0-9]+")
_NOWHERE = "http://127.0.0.1:9"  # the discard port: what a tool would fetch fails at once
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
_MESSAGE_LENGTH = 300

_FAILED = Text("{tool} cannot render it: {why}", "{tool} 无法渲染它：{why}")
_TRY = Text("run `{command}` and correct what it says", "请运行 `{command}` 并修正它指出的问题")
_SLOW = Text("{tool} did not finish within {seconds} s", "{tool} 在 {seconds} 秒内没有完成")
_LARGE = Text("{tool} printed more than the {limit} MB that are read", "{tool} 的输出超过可读取的 {limit} MB")
_PIPE = Text("render it yourself and pipe it in: {command} | fourc -", "请自行渲染后通过管道传入：{command} | fourc -")
_DEPENDENCIES = Text(
    "the chart's dependencies are not there, and fourc fetches nothing",
    "缺少该 chart 的依赖，而 fourc 不会下载任何东西",
)
_FETCH = Text(
    "run `helm dependency build {folder}`, then scan again", "请运行 `helm dependency build {folder}`，然后重新扫描"
)
_NOT_RENDERED = Text("the overlay was not rendered: {why}", "该 overlay 没有渲染：{why}")
_NOT_FOUND = Text("add what is missing, or remove the reference", "请补上缺少的内容，或删除该引用")


class Rendered(Struct, frozen=True):
    """The objects of one chart or overlay, given by its file, or what kept it from being rendered.

    `overlay` is None for a chart.
    """

    file: str
    objects: tuple[tuple[Mapping[str, Json], Origin], ...] = ()
    gaps: tuple[Gap, ...] = ()
    overlay: Overlay | None = None


class _Call(Struct, frozen=True):
    command: tuple[str, ...]
    folder: Path


class Renderer:
    """Calls the tools that it finds; without them nothing is rendered, and the caller's coverage says so."""

    def __init__(self, root: Path, options: Options) -> None:
        self._root = root
        self._limits = options.limits
        self._helm = shutil.which("helm", path=options.tools) if options.render else None
        self._kubectl = shutil.which("kubectl", path=options.tools) if options.render else None
        self._deadline = time.monotonic() + options.limits.all_render_seconds

    @property
    def tools(self) -> frozenset[str]:
        """The tools that were found: `helm`, `kustomize`."""
        return frozenset(name for name, path in ((HELM, self._helm), (KUSTOMIZE, self._kubectl)) if path)

    def charts(self, files: Sequence[str]) -> Iterator[Rendered]:
        """Each chart, given by the shown path of its `Chart.yaml`."""
        if self._helm is None:
            return
        commands = [("template", self._release(file), posixpath.dirname(file) or ".") for file in files]
        calls = [
            _Call((self._helm, *command[:2], str(self._root / command[2])), self._root / command[2])
            for command in commands
        ]
        for file, command, output in zip(files, commands, self._outputs(calls), strict=True):
            if output.ending is Ending.DONE:
                yield self._read(output.out, HELM, file)
            elif "missing in charts/" in output.errors or "helm dependency" in output.errors:
                gap = file_gap(GapReason.MISSING, file, _DEPENDENCIES, _FETCH.of(folder=command[2]), named=False)
                yield Rendered(file, gaps=(gap,))
            elif "library charts are not installable" not in output.errors:
                yield Rendered(file, gaps=(self._gap(output, file, HELM, " ".join(("helm", *command))),))

    def overlays(self, found: Sequence[Overlay]) -> Iterator[Rendered]:
        """Each overlay; one that would fetch something or run a plug-in is refused before any tool is called."""
        if self._kubectl is None:
            return
        calls = [_Call((self._kubectl, "kustomize", "."), self._root / o.top.folder) for o in found if not o.refusal]
        outputs = self._outputs(calls)
        for overlay in found:
            file = overlay.top.file
            command = f"kubectl kustomize {overlay.top.folder}"
            if overlay.refusal is not None:
                reason = GapReason.MISSING if overlay.refusal.missing else GapReason.UNSUPPORTED
                remedy = _NOT_FOUND if overlay.refusal.missing else _PIPE.of(command=command)
                why = _NOT_RENDERED.of(why=overlay.refusal.why)
                yield Rendered(file, gaps=(file_gap(reason, file, why, remedy, named=False),), overlay=overlay)
                continue
            output = next(outputs)
            if output.ending is Ending.DONE:
                rendered = self._read(output.out, KUSTOMIZE, file)
                yield replace(rendered, overlay=overlay)
            else:
                yield Rendered(file, gaps=(self._gap(output, file, KUSTOMIZE, command),), overlay=overlay)

    def _release(self, chart: str) -> str:
        """The release's name, made of the chart's folder."""
        folder = (self._root / posixpath.dirname(chart)).resolve().name
        return _NO_NAME.sub("-", folder.lower()).strip("-")[:53].strip("-") or "release"

    def _outputs(self, calls: Sequence[_Call]) -> Iterator[Output]:
        """What the calls print, in their order; as many run at a time as can, and no more is held than these print."""
        if not calls:
            return
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - only where there is something to render

        count = worker_count()
        with ThreadPoolExecutor(count) as pool:
            for first in range(0, len(calls), count):
                yield from pool.map(lambda call: self._run(call.command, call.folder), calls[first : first + count])

    def _run(self, command: Sequence[str], folder: Path) -> Output:
        left = min(self._limits.render_seconds, self._deadline - time.monotonic())
        if left <= 0:
            return Output(Ending.TIMED_OUT)
        with tempfile.TemporaryDirectory(prefix="fourc-") as home:
            return run(
                command,
                folder=folder,
                env=_environment(home),
                seconds=left,
                max_bytes=self._limits.render_bytes,
            )

    def _read(self, out: bytes, tool: str, file: str) -> Rendered:
        objects: list[tuple[Mapping[str, Json], Origin]] = []
        gaps: list[Gap] = []
        for item in read_documents(out, file, self._limits):
            if isinstance(item, Gap):
                gaps.append(item)
            elif isinstance(item.data, dict):
                path = self._template(item.raw.text, file) if tool == HELM else file
                objects.append((item.data, Origin(path, item.raw.index, 1, (), tool)))
        return Rendered(file, tuple(objects), tuple(gaps))

    def _template(self, text: str, chart: str) -> str:
        """The template that helm names before each object; the chart's own file where it lies in an archive."""
        source = _SOURCE.search(text)
        if source is None:
            return chart
        below = source[1].strip().partition("/")[2]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(chart), below))
        return path if below and (self._root / path).is_file() else chart

    def _gap(self, output: Output, file: str, tool: str, command: str) -> Gap:
        limits = self._limits
        match output.ending:
            case Ending.TIMED_OUT:
                reason, message = GapReason.TIMED_OUT, _SLOW.of(tool=tool, seconds=int(limits.render_seconds))
                remedy = _PIPE
            case Ending.TOO_LARGE:
                reason, message = GapReason.TOO_LARGE, _LARGE.of(tool=tool, limit=limits.render_bytes >> 20)
                remedy = _PIPE
            case _:
                reason, remedy = GapReason.MALFORMED, _TRY
                message = _FAILED.of(tool=tool, why=_first_words(output.errors))
        return file_gap(reason, file, message, remedy.of(command=command), named=False)


def _no_cluster(home: str) -> str:
    """A kubeconfig of which no client can be made, so that a kubectl that first asks a server for its version cannot.

    Without any configuration it would ask localhost:8080; the file of the authority is not there, and that is looked at
    before anything is opened.
    """
    file = Path(home) / "kubeconfig"
    name = "none"
    cluster = {"server": _NOWHERE, "certificate-authority": str(Path(home) / "absent.crt")}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": cluster}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "users": [{"name": name, "user": {}}],
    }
    file.write_text(json.dumps(config), "utf-8")
    return str(file)


def _environment(home: str) -> dict[str, str]:
    """An environment in which the tools find no cluster, no plug-in, no `git`, no cache and no way out."""
    places = ("HOME", "PATH", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    helm = ("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HELM_PLUGINS")
    return {
        **dict.fromkeys(_PROXIES, _NOWHERE),
        **dict.fromkeys((*places, *helm), home),
        "HELM_NO_PLUGINS": "1",
        "KUBECONFIG": _no_cluster(home),
        "KUBERC": "off",
        "LC_ALL": "C",
    }


def _first_words(errors: str) -> Text:
    """The tool's own first line that says something, short enough for a report."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    if not lines:
        return Text("no reason given", "没有给出原因")
    first = next((line for line in lines if "rror" in line), lines[0])
    return same(first if len(first) <= _MESSAGE_LENGTH else first[: _MESSAGE_LENGTH - 1] + "…")
