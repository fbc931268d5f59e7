"""The images that workloads run, and the manifests' lines that name them."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.image_scan import reference_of, scan_images
from fourc.app.look import read_manifests
from fourc.app.opened_image import Asking, Progress
from fourc.app.request import Request, folder_of
from fourc.app.vuln_scan import Scanned, VulnScan
from fourc.model.gap import Gap, GapReason
from fourc.model.image_identity import image_identity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Container, Workload
from fourc.model.text import Text

_NO_NAME = Text("{image} is not the name of an image", "{image} 不是镜像名称")
_RENDER = Text(
    "render the template, or name the image: fourc scan image REF", "请渲染模板，或指定镜像：fourc scan image REF"
)


class Use(Struct, frozen=True):
    """A container that runs an image; `written` is how its manifest names it."""

    written: str
    workload: Workload
    container: Container


def images_in(inventory: Inventory) -> dict[str, tuple[Use, ...]]:
    """Who runs each image, by its whole name, in the order of the manifests; what names none is under the empty name."""
    found: dict[str, list[Use]] = {}
    for workload in inventory.workloads:
        for container in workload.pod.containers:
            if container.image:
                use = Use(container.image, workload, container)
                found.setdefault(reference_of(container.image), []).append(use)
    return {name: tuple(uses) for name, uses in found.items()}


def nameless(uses: Sequence[Use]) -> list[Gap]:
    """What cannot be looked into because it names no image."""
    return [
        Gap(GapReason.MALFORMED, _NO_NAME.of(image=written), _RENDER, None, written)
        for written in dict.fromkeys(use.written for use in uses)
    ]


def is_run(image: str, named: str) -> bool:
    """Whether a container that runs an image runs the one that was named: a mirror's copy is what it copies.

    Without a tag and digest any version was meant.
    """
    mine, other = image_identity(image), image_identity(named)
    if mine is None or other is None:
        return image == named
    one, two = mine.upstream or mine.address, other.upstream or other.address
    if (one.registry, one.path) != (two.registry, two.path):
        return False
    if two.digest:
        return one.digest == two.digest or (not one.digest and bool(two.tag) and one.tag == two.tag)
    return one.tag == two.tag or not two.tag


def scan_running(
    paths: tuple[str, ...], scan: VulnScan, asking: Asking, progress: Progress = lambda _: None
) -> Scanned:
    """Look into every image that the workloads below the paths run.

    Raises:
        UsageError: no path exists, or a file of ignores makes no sense.
        DatabaseError: the database is broken.
    """
    request = Request(paths, read_ignored=scan.read_ignored, settings=scan.settings)
    _, collected, _, _ = read_manifests(request)
    images = images_in(collected.inventory)
    unnamed = nameless(images.pop("", ()))
    name = folder_of(request).resolve().name or str(Path.cwd().name)
    done = scan_images(tuple(images), scan, asking, name, progress)
    report = done.report
    return replace(done, report=replace(report, gaps=(*collected.gaps, *unnamed, *report.gaps)))
