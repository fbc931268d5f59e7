"""Images as part of the plan: what is vulnerable in them leads into the workloads that run them, and what ends it."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.image_scan import Look, Looked, once
from fourc.app.opened_image import ROOT, Asking, Progress, identity_of, split_alias
from fourc.app.programs import is_code_of
from fourc.app.request import Request, folder_of
from fourc.app.running_images import Use, images_in, is_run, nameless
from fourc.app.vuln_scan import VulnScan
from fourc.app.vulnerabilities import Vulnerable
from fourc.collect.content.folder import list_all
from fourc.fix.images import parse_image
from fourc.fix.recipes import remedy
from fourc.model.finding import Finding
from fourc.model.gap import Gap, GapReason
from fourc.model.image_identity import rewritten
from fourc.model.inventory import Inventory
from fourc.model.location import Location, Origin
from fourc.model.remedy import ByHand, NoFix
from fourc.model.subject import Ref
from fourc.model.text import Text, same
from fourc.patch.yaml.node import Path as FieldPath
from fourc.vulns.choice import is_distribution

_DOCKERFILE = re.compile(r"(?:.*/)?(?:Dockerfile(?:\.[\w.-]+)?|[\w.-]+\.Dockerfile|Containerfile)")
_FROM = re.compile(r"^[ \t]*+FROM[ \t]++(?:--\S+[ \t]++)*+(\S++)", re.IGNORECASE | re.MULTILINE)
_MOST_BYTES = 1 << 20
_AT = Text("{message}, in {where} of the image", "{message}，位于镜像的 {where}")
_NOT_RUN = Text(
    "no workload that was read runs {image}: what is vulnerable in it is listed, and no part of the order",
    "读到的工作负载都不运行 {image}：其中的漏洞会列出，但不参与排序",
)
_NAME_IT = Text(
    "name it as the manifest does: fourc plan --image {image}=FILE for an image in a file",
    "请使用清单中的名称：镜像在文件中时用 fourc plan --image {image}=文件",
)
_NEWER = Text("Take a newer version of {image}", "改用更新版本的 {image}")
_TAKE = Text(
    "write a newer tag: `image: {newer}`, with the newest one of this release line in the place of TAG; which there are"
    " its registry tells",
    "写入更新的标签，如 `image: {newer}`，TAG 处填该版本线的最新标签；有哪些标签请查看其仓库",
)
_REBUILD = Text("Rebuild {image} on a newer base image", "基于更新的基础镜像重新构建 {image}")
_FROM_LINE = Text(
    "in {path}: FROM {base} becomes the newest tag of the same release line (where the tag stays the same: docker build --pull)."
    " Build, push with a new tag, and write that into the manifest",
    "{path}：将 FROM {base} 改为同一版本线的最新标签（标签不变时：docker build --pull）。构建、以新标签推送，并写入清单",
)
_THEN_BUILD = Text("then build {image} again and roll it out", "然后重新构建并发布 {image}")


class SeenImage(Struct, frozen=True):
    """An image of the plan, and who runs it."""

    name: str
    found: Vulnerable
    updates: tuple[Finding, ...]
    uses: tuple[Use, ...]


class PlannedImages(Struct, frozen=True):
    """All images of a plan: their findings, at the lines of the manifests that name them, and what could not be had."""

    images: tuple[SeenImage, ...] = ()
    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()


Locate = Callable[[Origin, FieldPath], Location]


def planned_images(
    request: Request, inventory: Inventory, locate: Locate, repository: Sequence[Finding], progress: Progress
) -> PlannedImages:
    """Look into the images that were named, or into all that the workloads run; `repository` are findings of its packages.

    Raises:
        DatabaseError: the database is broken.
        UsageError: a file of ignores makes no sense.
    """
    running = images_in(inventory)
    unnamed = running.pop("", ())
    gaps = nameless(unnamed) if request.all_images else []
    scan = VulnScan(request.paths, read_ignored=request.read_ignored, settings=request.settings)
    look = Look(scan, Asking(request.platform, offline=request.offline, plain=request.plain))
    wanted = {named: _uses(named, running) for named in request.images}
    if request.all_images:
        known = {id(use) for uses in wanted.values() for use in uses}
        wanted |= {name: uses for name, uses in running.items() if not all(id(use) in known for use in uses)}
    files = _Dockerfiles(request)
    own = {f.remedy.owner for f in repository if f.package is not None and f.remedy is not None}
    images: list[SeenImage] = []
    findings: list[Finding] = []
    for named, uses in wanted.items():
        seen = look.gap_or_image(named, progress)
        if isinstance(seen, Gap):
            gaps.append(seen)
            continue
        gaps += (replace(gap, named=False) for gap in seen.gaps)
        name = seen.facts.name
        if not uses:
            gaps.append(
                Gap(GapReason.MISSING, _NOT_RUN.of(image=name), _NAME_IT.of(image=name), None, name, named=False)
            )
        mend = _Mend(seen, uses, files.of(name), frozenset(own))
        place = _Placed(name, uses, locate)
        found = replace(seen.found, findings=tuple(place(mend(f)) for f in seen.found.findings))
        updates = tuple(place(mend(f)) for f in seen.updates)
        images.append(SeenImage(name, found, updates, uses))
        findings += (*found.findings, *updates, *(place(f) for f in seen.others))
        gaps += (gap for gap in found.gaps if gap not in gaps)
    return PlannedImages(tuple(images), once(findings), tuple(gaps))


def _uses(named: str, running: dict[str, tuple[Use, ...]]) -> tuple[Use, ...]:
    name = split_alias(named)[0]
    return tuple(use for image, uses in running.items() if is_run(image, name) for use in uses)


class _Placed:
    """Puts findings where manifests name the image: there is what people change."""

    def __init__(self, name: str, uses: tuple[Use, ...], locate: Locate) -> None:
        self._name = name
        self._origin = uses[0].workload.meta.origin if uses else None
        self._places = tuple(
            dict.fromkeys(locate(use.workload.meta.origin, (*use.container.path, "image")) for use in uses)
        )

    def __call__(self, finding: Finding) -> Finding:
        known = replace(finding, identity=finding.fingerprint, image=self._name)
        if finding.location is not None and finding.package is None and finding.rule != ROOT:
            where = f"{finding.location.path}:{finding.location.line}"
            known = replace(known, message=_AT.of(message=finding.message, where=where))
        if self._origin is None:
            return known
        return replace(known, origin=self._origin, location=self._places[0], places=self._places[1:])


class _Mend:
    """What ends the findings in an image: its Dockerfile where it is the team's own, else a newer version of it."""

    def __init__(
        self, seen: Looked, uses: tuple[Use, ...], dockerfile: tuple[str, str] | None, own: frozenset[Ref]
    ) -> None:
        self._name = seen.facts.name
        self._own = own
        self._dockerfile = dockerfile
        self._owner = Ref("Image", None, identity_of(self._name))
        pairs = zip(seen.found.findings, seen.found.told, strict=True)
        self._fixed = {f.fingerprint for f, match in pairs if match.fixed}
        self._system = {
            f.fingerprint
            for f, match in zip(seen.found.findings, seen.found.told, strict=True)
            if is_distribution(match.package.ecosystem)
        }
        written = uses[0].written if uses else self._name
        self._newer = rewritten(written, "TAG")

    def __call__(self, finding: Finding) -> Finding:
        """The finding with what ends it; what no version mends stays without."""
        mended = finding.remedy is not None or finding.fingerprint in self._fixed
        if not mended:
            return finding
        if self._dockerfile is None:
            title = _NEWER.of(image=same(self._owner.name))
            return replace(finding, fix=self._fix(_TAKE.of(newer=self._newer), title))
        known = finding.remedy
        if known is not None and finding.fingerprint not in self._system and known.owner in self._own:
            said = _THEN_BUILD.of(image=self._name)
            return replace(finding, fix=ByHand(said, known.kind, remedy=replace(known, operations=(), bumps=())))
        path, base = self._dockerfile
        if finding.fingerprint in self._system or finding.rule == "pending-security-update" or known is None:
            title = _REBUILD.of(image=same(self._owner.name))
            return replace(finding, fix=self._fix(_FROM_LINE.of(path=path, base=base), title))
        return finding

    def _fix(self, why: Text, title: Text) -> NoFix:
        made = remedy("upgrade-package", self._owner, title=title)
        return ByHand(why, made.kind, remedy=made)


class _Dockerfiles:
    """The Dockerfiles below the paths, found by the name of the image that their folder makes."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._root = folder_of(request)
        self._listed: list[str] | None = None

    def of(self, image: str) -> tuple[str, str] | None:
        """The Dockerfile of an image, and the base of its last stage."""
        name = parse_image(image).repository.rpartition("/")[2]
        for path in self._files():
            folder = f"{self._root.resolve().name}/{path}"
            if is_code_of(folder, name) and (base := self._base(path)):
                return path, base
        return None

    def _files(self) -> list[str]:
        if self._listed is None:
            paths = [Path(path) for path in self._request.paths] if self._request.stdin is None else []
            there = [path for path in paths if path.exists()]
            files = list_all(self._root, there, read_ignored=self._request.read_ignored).files if there else ()
            self._listed = [file for file in files if _DOCKERFILE.fullmatch(file)]
        return self._listed

    def _base(self, path: str) -> str:
        try:
            with (self._root / path).open("rb") as file:
                text = file.read(_MOST_BYTES).decode("utf-8", "replace")
        except OSError:
            return ""
        found = _FROM.findall(text)
        return str(found[-1]) if found else ""
