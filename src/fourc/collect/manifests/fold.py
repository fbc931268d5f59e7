"""What a cluster makes of other objects counts once, at its owner."""

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from fourc.model.kubernetes.config import Autoscaler
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.monitoring import PodAddress
from fourc.model.kubernetes.pod import Workload
from fourc.model.subject import Ref

_GENERATED = re.compile(r"-[a-z0-9]+\Z")
_MAKERS = {"ReplicaSet": ("Deployment", "Rollout"), "Job": ("CronJob", "AdvancedCronJob")}
_MAX_OWNERS = 8


def fold(workloads: Sequence[Workload], metas: Sequence[Meta]) -> tuple[Workload, ...]:
    """The workloads that no other workload of the input makes, in their order; `metas` are all objects of the input."""
    owners = {meta.ref: meta.owner for meta in metas if meta.owner is not None}
    present = {workload.meta.ref for workload in workloads}
    return tuple(w for w in workloads if not any(o in present for o in _owners(w.meta, owners)))


def _owners(meta: Meta, owners: Mapping[Ref, Ref | None]) -> Iterator[Ref]:
    """The owner, its owner and so on; where a ReplicaSet or Job was not read, who must have made it by its name."""
    owner, steps = meta.owner, 0
    while owner is not None and owner != meta.ref and steps < _MAX_OWNERS:
        yield owner
        if owner.kind in _MAKERS and owner not in owners:
            maker = _GENERATED.sub("", owner.name)
            yield from (Ref(kind, owner.namespace, maker) for kind in _MAKERS[owner.kind])
        owner, steps = owners.get(owner), steps + 1


def mark_autoscaled(workloads: Sequence[Workload], autoscalers: Sequence[Autoscaler]) -> tuple[Workload, ...]:
    """The workloads with `autoscaled` set where an autoscaler of the same namespace names them."""
    targets = {Ref(a.target_kind, a.meta.namespace, a.target_name) for a in autoscalers}
    return tuple(replace(w, autoscaled=True) if w.meta.ref in targets else w for w in workloads)


def addresses_of(
    addresses: Sequence[PodAddress], workloads: Sequence[Workload], metas: Sequence[Meta]
) -> Mapping[str, Ref]:
    """By a pod's address the workload that it belongs to; pods of workloads that were not read stand for themselves."""
    owners = {meta.ref: meta.owner for meta in metas if meta.owner is not None}
    present = {workload.meta.ref for workload in workloads}
    return {
        a.address: next((o for o in _owners(a.meta, owners) if o in present), a.meta.ref)
        for a in sorted(addresses, key=lambda a: a.address)
    }
