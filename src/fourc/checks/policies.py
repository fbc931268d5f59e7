"""Which network policies count for what: the questions that several checks ask."""

from collections.abc import Iterator

from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import NetworkPolicy, PolicyPart
from fourc.model.kubernetes.pod import Workload

_LIMITING = frozenset(
    {
        "AuthorizationPolicy",
        "CiliumClusterwideNetworkPolicy",
        "CiliumNetworkPolicy",
        "ClusterNetworkPolicy",
        "GlobalNetworkPolicy",
        "NetworkPolicy",
    }
)


def limited_otherwise(inventory: Inventory) -> bool:
    """Whether policies of other kinds limit connections too: then a statement about the usual ones is less certain."""
    return bool(inventory.admin_policies) or any(p.meta.kind in _LIMITING for p in inventory.foreign_policies)


def policies_of(inventory: Inventory, namespace: str) -> Iterator[NetworkPolicy]:
    """The policies of one namespace."""
    return iter(inventory.policies_by_namespace.get(namespace, ()))


def selecting(inventory: Inventory, workload: Workload) -> Iterator[NetworkPolicy]:
    """The policies that select the workload's pods; pods on the host's network are beyond policies."""
    labels = workload.pod.labels
    return (p for p in policies_of(inventory, workload.meta.namespace or "default") if p.selector.matches(labels))


def selected(inventory: Inventory, policy: NetworkPolicy) -> Iterator[Workload]:
    """The workloads that the policy selects."""
    near = inventory.labelled(policy.meta.namespace, policy.selector.labels)
    return (w for w in near if policy.selector.matches(w.pod.labels))


def admits_everyone(part: PolicyPart) -> bool:
    """Whether a rule is for all peers on all ports: without peers, or for every address."""
    return not part.ports and (not part.peers or any(p.cidr in {"0.0.0.0/0", "::/0"} for p in part.peers))


def denies_by_default(inventory: Inventory, namespace: str) -> bool:
    """Whether a policy is about the incoming connections of all pods of the namespace and leaves some out."""
    return any(
        p.selector.empty and p.ingress is not None and not any(admits_everyone(r) for r in p.ingress)
        for p in policies_of(inventory, namespace)
    )
