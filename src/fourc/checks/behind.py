"""What stands behind an entry: how much its images are worth to whoever gets in."""

from collections.abc import Iterable
from enum import IntEnum

from fourc.fix.images import known_image
from fourc.model.controllers import controller_class
from fourc.model.kubernetes.pod import Workload

_STORES = frozenset({"database", "cache", "queue", "search", "config", "admin"})
_TOOLS = frozenset({"ci", "registry", "monitoring"})
WEB_PORTS = frozenset({80, 443, 3000, 5000, 8000, 8080, 8443, 9443})
"""Ports on which a public service is usual."""


class Behind(IntEnum):
    """What an entry leads to; the order counts."""

    FRONT_DOOR = 0
    WEB = 1
    UNKNOWN = 2
    TOOL = 3
    STORE = 4


def behind(workloads: Iterable[Workload]) -> Behind:
    """The most delicate of the workloads; a program without sign-in counts as a store."""
    return max((_of(w) for w in workloads), default=Behind.UNKNOWN)


def _of(workload: Workload) -> Behind:
    if controller_class(workload):
        return Behind.FRONT_DOOR
    facts = [f for c in workload.pod.regular if (f := known_image(c.image))]
    kinds = {f.kind for f in facts}
    if kinds & _STORES or any(f.unauthenticated and f.kind not in {"web", "agent"} for f in facts):
        return Behind.STORE
    if kinds & _TOOLS:
        return Behind.TOOL
    return Behind.WEB if "web" in kinds else Behind.UNKNOWN
