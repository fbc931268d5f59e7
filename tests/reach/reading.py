"""Manifests in a test become an inventory and its reachability."""

from textwrap import dedent

from fourc.collect.manifests.collect import collect_stdin
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Workload
from fourc.model.ports import PortSet
from fourc.reach.classes import Reading
from fourc.reach.engine import Reach, reachability

POD = "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {space}, labels: {labels}}}\nspec: {spec}\n"


def inventory(text: str) -> Inventory:
    """The facts of the manifests."""
    return collect_stdin(dedent(text).encode()).inventory


def pod(name: str, space: str = "shop", labels: str = "{}", spec: str = "{containers: [{name: c}]}") -> str:
    """The manifest of a pod, with what separates it from the next."""
    return POD.format(name=name, space=space, labels=labels, spec=spec) + "---\n"


def workload(read: Inventory, name: str) -> Workload:
    """The workload of this name."""
    return next(w for w in read.workloads if w.meta.name == name)


def ports(text: str, source: str, target: str, reading: Reading = Reading.API) -> PortSet:
    """The ports on which one pod of the manifests may connect to another one."""
    read = inventory(text)
    reach: Reach = reachability(read, reading=reading)
    return reach.allowed(reach.class_of(workload(read, source)), reach.class_of(workload(read, target)))
