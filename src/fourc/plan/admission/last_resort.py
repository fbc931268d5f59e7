"""Edits that make a pod meet a level where no check dares to: decisions, each with what must be looked at or done before.

A check gives no fix where one may well stop the program. Whoever wants a namespace to refuse unsafe pods has to make that
decision all the same, so here it is an edit of the class `decision`, and the check's own words are its caution.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from fourc.checks.pss import GUESSED_USER, forbidden_to_add, wants_root
from fourc.fix.recipes import remedy
from fourc.model.finding import Finding
from fourc.model.kubernetes.pod import Container, ContainerRole, Workload
from fourc.model.remedy import Remedy
from fourc.patch.yaml.node import Path
from fourc.patch.yaml.operations import Operation, Remove, Set


def dared(finding: Finding, workload: Workload) -> Finding:
    """The finding with an edit that ends the violation; one that has a fix already stays as it is."""
    if isinstance(finding.fix, Remedy):
        return finding
    container = _container(workload, finding.at)
    if container is not None and container.role is ContainerRole.INIT and wants_root(container):
        operations: tuple[Operation, ...] = (Remove(container.path),)
    else:
        operations = tuple(_operations(finding, workload, container))
    made = remedy("meet-the-level", workload.meta.ref, *operations, caution=finding.fix.why)
    return replace(finding, fix=made)


def _container(workload: Workload, at: Path) -> Container | None:
    return next((c for c in workload.pod.containers if at[: len(c.path)] == c.path), None)


def _operations(finding: Finding, workload: Workload, container: Container | None) -> Iterator[Operation]:
    place = (*(container.path if container else workload.pod.path), "securityContext")
    match finding.rule:
        case "capabilities-not-dropped":
            yield Set((*place, "capabilities", "drop"), ["ALL"])
            if container is not None and forbidden_to_add(container):
                yield Remove((*place, "capabilities", "add"))
        case "may-run-as-root" | "runs-as-root-user":
            yield Set((*place, "runAsNonRoot"), True)
            yield Set((*place, "runAsUser"), GUESSED_USER)
        case "privilege-escalation-allowed":
            yield Set((*place, "allowPrivilegeEscalation"), False)
        case "seccomp-not-set" | "seccomp-unconfined":
            yield Set((*place, "seccompProfile"), {"type": "RuntimeDefault"})
        case "host-path-volume" | "restricted-volume-type" | "sensitive-host-path":
            volume = next((v for v in workload.pod.volumes if finding.at[: len(v.path)] == v.path), None)
            if volume is not None:
                yield Set(volume.path, {"name": volume.name, "emptyDir": {}})
        case _:
            yield Remove(finding.at)
