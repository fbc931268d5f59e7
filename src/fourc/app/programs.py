"""Which workload runs the code of a folder: told by the names of the folder, the image and the workload."""

import re
from collections.abc import Iterator

from fourc.fix.images import parse_image
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Workload
from fourc.model.subject import Ref

_KIND = re.compile(r"[-_.]?(?:deployment|statefulset|daemonset|cronjob|job|deploy|sts|server|service|svc|app)$")
_LEAST = 3
"""Letters that a folder's name must have left to tell anything: every second repository has a `ui`."""


def workloads_of(path: str, inventory: Inventory) -> tuple[Ref, ...]:
    """The workloads whose image or name is that of the file's folder, or else of one above it; () where none is."""
    for folder in reversed(path.split("/")[:-1]):
        wanted = _plain(folder)
        if len(wanted) >= _LEAST:
            found = [w.meta.ref for w in inventory.workloads if any(_is(wanted, name) for name in _names(w))]
            if found:
                return tuple(dict.fromkeys(found))
    return ()


def is_code_of(path: str, name: str) -> bool:
    """Whether the file's folder, or else one above it, is called as an image (the last part of its name) is."""
    made = _plain(name)
    for folder in reversed(path.split("/")[:-1]):
        wanted = _plain(folder)
        if len(wanted) >= _LEAST:
            return _is(wanted, made)
    return False


def _plain(name: str) -> str:
    """A name without what only says what kind of thing it is: `health-check-deployment` is `health-check`."""
    return _KIND.sub("", name.lower()).replace("_", "-").replace(".", "-")


def _is(wanted: str, name: str) -> bool:
    """Whether a name is the one wanted, perhaps behind that of the product: `k8s-goat-health-check` is `health-check`."""
    return name == wanted or name.endswith(f"-{wanted}")


def _names(workload: Workload) -> Iterator[str]:
    yield _plain(workload.meta.name)
    for container in workload.pod.containers:
        if container.image:
            yield _plain(parse_image(container.image).repository.rpartition("/")[2])
