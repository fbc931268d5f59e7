"""Namespaces whose labels ask the API server to judge pods: what the checks of Pod Security look at."""

from collections.abc import Iterator

from fourc.checks.api import Judge
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.config import Namespace
from fourc.model.pod_security import SYSTEM_NAMESPACES

_FIRST_VERSION = 23  # labels count from Kubernetes 1.23 (beta) on


def each_namespace(inventory: Inventory) -> Iterator[Namespace]:
    """Every namespace that was read."""
    return iter(inventory.namespaces)


def labels_count(namespace: Namespace, judge: Judge) -> bool:
    """Whether a label is missed here: the namespace is not the cluster's own, and its version goes by labels."""
    return namespace.meta.name not in SYSTEM_NAMESPACES and judge.version.minor >= _FIRST_VERSION
