"""Labels by which a policy selects a workload: few, stable over releases, and not those of its neighbours."""

from collections import defaultdict
from collections.abc import Mapping

from fourc.model.inventory import Inventory
from fourc.model.subject import Ref

Labels = Mapping[str, str]
_RECOMMENDED = ("app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component")
_COMMON = ("app", "k8s-app", "name", "component", "tier", "role")
_CHANGING = frozenset({
    "pod-template-hash", "controller-revision-hash", "pod-template-generation", "controller-uid",
    "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name", "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index", "helm.sh/chart", "chart", "app.kubernetes.io/version", "version", "heritage",
    "app.kubernetes.io/managed-by", "rollouts-pod-template-hash", "commit", "build", "revision", "date", "git-sha",
})  # fmt: skip


def stable(labels: Labels) -> dict[str, str]:
    """The labels that survive the next release, all of them where none does."""
    kept = {k: v for k, v in labels.items() if k not in _CHANGING}
    return kept or dict(labels)


def selectors(inventory: Inventory) -> Mapping[Ref, dict[str, str]]:
    """For each workload with labels those that select it; two that no label tells apart get the same."""
    known: dict[Ref, dict[str, str]] = {}
    for workload in inventory.workloads:
        labels = stable(workload.pod.labels)
        if not labels:
            continue
        before = known.get(workload.meta.ref, labels)  # a copy elsewhere in the tree: what both have
        known[workload.meta.ref] = {k: v for k, v in labels.items() if before.get(k) == v}
    near: dict[str | None, list[Ref]] = defaultdict(list)
    for ref in known:
        near[ref.namespace].append(ref)
    return {ref: _chosen(ref, known, near[ref.namespace]) for ref, labels in known.items() if labels}


def _chosen(ref: Ref, known: Mapping[Ref, Labels], near: list[Ref]) -> dict[str, str]:
    mine = known[ref]
    chosen = {k: mine[k] for k in _RECOMMENDED if k in mine}
    rest = [k for k in _COMMON if k in mine] + sorted(k for k in mine if k not in _COMMON)
    others = [r for r in near if r != ref and _matches(chosen, known[r])]
    for key in rest:
        if chosen and not others:
            break
        left = [r for r in others if known[r].get(key) == mine[key]]
        if not chosen or len(left) < len(others):
            chosen[key] = mine[key]
            others = left
    return chosen


def _matches(wanted: Labels, labels: Labels) -> bool:
    return all(labels.get(k) == v for k, v in wanted.items())
