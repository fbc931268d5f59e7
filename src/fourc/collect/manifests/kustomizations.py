"""What kustomizations refer to: which are overlays, which files are patches, and what may not be rendered."""

import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from fourc.model.text import Text
from fourc.patch.yaml.node import Json

_REMOTE = re.compile(
    r"://|@[^/]*:|\A(?:git::|gh:|file:|git@|(?:www\.)?git(?:hub|lab)\.com[:/])|[?&](?:ref|version)=|_git/|\.git\Z"
)
_TREES = ("resources", "bases", "components")
_FILES = ("crds", "configurations")
_MAYBE_INLINE = ("transformers", "validators", "patchesStrategicMerge")
_WITH_PATH = ("patches", "patchesJson6902", "replacements")
_GENERATED = ("configMapGenerator", "secretGenerator")
_HELM = ("helmCharts", "helmChartInflationGenerator", "helmGlobals")

_IS_REMOTE = Text(
    "{file} refers to {reference}, which would be fetched from the network", "{file} 引用了 {reference}，需要从网络获取"
)
_IS_MISSING = Text("{file} refers to {reference}, which does not exist", "{file} 引用了 {reference}，但它不存在")
_INFLATES = Text("{file} inflates a Helm chart", "{file} 会展开 Helm chart")
_GENERATES = Text("{file} runs generator plug-ins", "{file} 会运行生成器插件")


class Refusal(Struct, frozen=True):
    """Why a kustomization is not handed to `kubectl kustomize`; `missing` where a local file is simply not there."""

    why: Text
    missing: bool = False


class Kustomization(Struct, frozen=True):
    """One kustomization: its file and folder as shown, the paths that it names, what speaks against rendering it."""

    file: str
    folder: str
    component: bool
    trees: tuple[str, ...]
    patches: tuple[str, ...]
    prefix: str
    suffix: str
    refusal: Refusal | None


def read_kustomization(data: Mapping[str, Json], file: str, root: Path) -> Kustomization:
    """The kustomization that the file's data describes; paths are taken from its own folder."""
    folder = posixpath.dirname(file) or "."

    def resolved(reference: str) -> str:
        return posixpath.normpath(posixpath.join(folder, reference))

    refusal = None
    for reference in _references(data):
        if _REMOTE.search(reference):
            refusal = Refusal(_IS_REMOTE.of(file=file, reference=reference))
            break
        if refusal is None and ("\0" in reference or not os.path.lexists(root / resolved(reference))):
            refusal = Refusal(_IS_MISSING.of(file=file, reference=reference), missing=True)
    if any(data.get(key) for key in _HELM):
        refusal = Refusal(_INFLATES.of(file=file))
    elif data.get("generators"):
        refusal = Refusal(_GENERATES.of(file=file))
    return Kustomization(
        file=file,
        folder=folder,
        component=data.get("kind") == "Component",
        trees=tuple(resolved(r) for key in _TREES for r in _strings(data.get(key))),
        patches=tuple(resolved(r) for r in _patches(data) if not _inline(r)),
        prefix=_text(data.get("namePrefix")),
        suffix=_text(data.get("nameSuffix")),
        refusal=refusal,
    )


def _references(data: Mapping[str, Json]) -> Iterator[str]:
    """Every path that kustomize would open."""
    for key in (*_TREES, *_FILES):
        yield from _strings(data.get(key))
    for key in _MAYBE_INLINE:
        yield from (r for r in _strings(data.get(key)) if not _inline(r))
    for key in _WITH_PATH:
        yield from _strings([entry.get("path") for entry in _mappings(data.get(key))])
    for key in _GENERATED:
        for entry in _mappings(data.get(key)):
            named = [*_strings(entry.get("files")), *_strings(entry.get("envs")), *_strings([entry.get("env")])]
            yield from (reference.rpartition("=")[2] if "?" not in reference else reference for reference in named)
    openapi = data.get("openapi")
    if isinstance(openapi, dict):
        yield from _strings([openapi.get("path")])


def _patches(data: Mapping[str, Json]) -> Iterator[str]:
    yield from _strings(data.get("patchesStrategicMerge"))
    for key in ("patches", "patchesJson6902"):
        yield from _strings([entry.get("path") for entry in _mappings(data.get(key))])


def _inline(reference: str) -> bool:
    return "\n" in reference or reference.lstrip().startswith("{")


def _strings(value: Json) -> list[str]:
    return [item for item in value if isinstance(item, str) and item] if isinstance(value, list) else []


def _mappings(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


class Overlay(Struct, frozen=True):
    """A kustomization that no other of the tree includes, with everything that it includes."""

    top: Kustomization
    reached: tuple[Kustomization, ...]
    files: frozenset[str]
    refusal: Refusal | None

    def may_name(self, raw: str, rendered: str) -> bool:
        """Whether the overlay's prefixes and suffixes can make the one name of the other."""
        if raw == rendered:
            return True
        before, found, after = rendered.partition(raw)
        prefixes = [k.prefix for k in self.reached if k.prefix]
        suffixes = [k.suffix for k in self.reached if k.suffix]
        return bool(found) and _made_of(before, prefixes) and _made_of(after, suffixes)


def _made_of(text: str, parts: list[str]) -> bool:
    if not text:
        return True
    return any(
        _made_of(text.removeprefix(p), [q for q in parts if q is not p]) for p in parts[:8] if text.startswith(p)
    )


def overlays(found: Mapping[str, Kustomization]) -> list[Overlay]:
    """The overlays to render, by folder: kustomizations (keyed by folder) that no other includes, and no components.

    Those that include one another in a circle belong to no overlay; the first of a circle stands for it.
    """
    included = {tree for k in found.values() for tree in k.trees if tree != k.folder}
    tops = [k for folder, k in sorted(found.items()) if folder not in included and not k.component]
    result = [_overlay(top, found) for top in tops]
    seen = {k.folder for overlay in result for k in overlay.reached}
    for folder, kustomization in sorted(found.items()):
        if folder not in seen and not kustomization.component:
            result.append(_overlay(kustomization, found))
            seen |= {k.folder for k in result[-1].reached}
    return sorted(result, key=lambda overlay: overlay.top.folder)


def _overlay(top: Kustomization, found: Mapping[str, Kustomization]) -> Overlay:
    reached: dict[str, Kustomization] = {top.folder: top}
    files: set[str] = set()
    waiting = [top]
    while waiting:
        for tree in waiting.pop().trees:
            following = found.get(tree)
            if following is None:
                files.add(tree)
            elif tree not in reached:
                reached[tree] = following
                waiting.append(following)
    every = tuple(reached.values())
    refusals = [k.refusal for k in every if k.refusal is not None]
    return Overlay(top, every, frozenset(files), min(refusals, key=lambda r: r.missing, default=None))
