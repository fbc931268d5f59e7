"""The namespaces in which workloads run, each with the object that names it in the files."""

from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct

from fourc.checks.api import Found
from fourc.checks.availability import beside, scalar
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.pod import Workload
from fourc.model.pod_security import SYSTEM_NAMESPACES
from fourc.model.remedy import NoFix, Remedy
from fourc.model.subject import Ref
from fourc.model.text import Text


class UsedNamespace(Struct, frozen=True):
    """A namespace with its workloads; `meta` is the Namespace where it was read, else the first of them."""

    name: str
    meta: Meta
    workloads: tuple[Workload, ...]

    @property
    def owner(self) -> Ref:
        """Whose change it is."""
        return Ref("Namespace", None, self.name)

    def bounded(self, inventory: Inventory, kind: str) -> bool:
        """Whether it has a ResourceQuota or LimitRange."""
        return any(b.meta.kind == kind and b.meta.namespace == self.name for b in inventory.bounds)

    def found(self, message: Text, fix: Remedy | NoFix) -> Found:
        """A finding where the namespace is named; `{name}` in the message is filled."""
        field = "name" if self.meta.kind == "Namespace" else "namespace"
        return Found(self.meta, message.of(name=self.name), ("metadata", field), fix, detail=self.name)

    def beside(self, what: str) -> str:
        """The path of a new file beside the object that names the namespace."""
        return beside(self.meta, f"{self.name}-{what}.yaml")

    def new_object(self, kind: str, *lines: str) -> str:
        """The text of a new object of the core group in the namespace, named after it."""
        name = scalar(self.name)
        head = ("apiVersion: v1", f"kind: {kind}", "metadata:", f"  name: {name}", f"  namespace: {name}")
        return "\n".join((*head, *lines)) + "\n"


def each_used_namespace(inventory: Inventory) -> Iterator[UsedNamespace]:
    """Every namespace that a workload names; the system's own, and an unwritten default, are left out."""
    workloads: dict[str, list[Workload]] = defaultdict(list)
    for workload in inventory.workloads:
        if workload.meta.namespace_written and workload.meta.namespace:
            workloads[workload.meta.namespace].append(workload)
    named = {n.meta.name: n.meta for n in reversed(inventory.namespaces)}
    for name in sorted(workloads.keys() - SYSTEM_NAMESPACES):
        mine = tuple(workloads[name])
        yield UsedNamespace(name, named.get(name, mine[0].meta), mine)
