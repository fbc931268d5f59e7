"""What changes who may connect to whom and is not modelled: each kind is one gap that names it.

The gaps are `named` nowhere: who asks about connections has to say that they are.
"""

from collections.abc import Callable, Iterator

from fourc.model.gap import Gap, GapReason
from fourc.model.inventory import Inventory
from fourc.model.location import Location, Origin
from fourc.model.text import Text
from fourc.patch.yaml.node import Path

_POLICY = Text(
    "{kind} ({group}): {count} of this kind limit or open connections in a way that is not modelled; they are left out",
    "{kind}（{group}）：有 {count} 个此类对象会限制或放行连接，其效果尚未建模，未计入结果",
)
_REMEDY = Text(
    "read the result as that of the Kubernetes policies alone, and look at these objects by hand",
    "请把结果理解为只考虑 Kubernetes 策略，并人工检查这些对象",
)
_NETWORK = Text(
    "{kind} ({group}): {count} of this kind give pods networks of their own, which are not modelled; the pod network is shown",
    "{kind}（{group}）：有 {count} 个此类对象为 Pod 提供独立网络，尚未建模；只显示默认 Pod 网络",
)
_MACHINE = Text(
    "{kind}: {count} virtual machines are not modelled; they are left out",
    "{kind}：有 {count} 台虚拟机尚未建模，未计入结果",
)
_DOMAINS = Text(
    "{name} has rules about domain names; to which addresses these lead is not known: the rules match nothing here",
    "{name} 有基于域名的规则；无法得知域名对应的地址，这些规则在此不匹配任何连接",
)
_NODES = Text(
    "{name} has rules about nodes with certain labels; nodes are not read: the rules match nothing here",
    "{name} 有针对特定标签节点的规则；这里不读取节点，这些规则不匹配任何连接",
)
_SAME_PRIORITY = Text(
    "{first} and {second} have the same priority {priority}: which one is asked first, the API leaves open; by name here",
    "{first} 与 {second} 的优先级同为 {priority}：API 没有规定先后，这里按名称排序",
)
_GIVE_PRIORITIES = Text("give them different priorities", "请设置不同的优先级")
_NETWORKS = frozenset(
    {"UserDefinedNetwork", "ClusterUserDefinedNetwork", "NetworkAttachmentDefinition", "MultiNetworkPolicy"}
)
_MACHINES = ("VirtualMachine", "VirtualMachineInstance")


def unmodelled(inventory: Inventory, locate: Callable[[Origin, Path], Location]) -> Iterator[Gap]:
    """One gap for each kind, at its first object, and one for each policy that cannot be judged in full."""
    counts: dict[tuple[str, str], list[Origin]] = {}
    for policy in inventory.foreign_policies:
        counts.setdefault((policy.meta.kind, policy.meta.group), []).append(policy.meta.origin)
    for (kind, group), origins in sorted(counts.items()):
        message = (_NETWORK if kind in _NETWORKS else _POLICY).of(kind=kind, group=group, count=len(origins))
        yield Gap(GapReason.UNSUPPORTED, message, _REMEDY, locate(origins[0], ("kind",)), kind, named=False)
    for kind in _MACHINES:
        if kind in inventory.other_kinds:
            message = _MACHINE.of(kind=kind, count=inventory.other_kinds[kind])
            yield Gap(GapReason.UNSUPPORTED, message, _REMEDY, subject=kind, named=False)
    for admin in inventory.admin_policies:
        peers = [peer for rule in (*admin.ingress, *admin.egress) for peer in rule.peers]
        place = locate(admin.meta.origin, ("spec",))
        if any(peer.domains for peer in peers):
            yield Gap(
                GapReason.UNSUPPORTED, _DOMAINS.of(name=admin.meta.name), _REMEDY, place, admin.meta.kind, named=False
            )
        if any(peer.nodes is not None and not peer.nodes.empty for peer in peers):
            yield Gap(
                GapReason.UNSUPPORTED, _NODES.of(name=admin.meta.name), _REMEDY, place, admin.meta.kind, named=False
            )
    seen: dict[tuple[object, int], str] = {}
    for admin in sorted(inventory.admin_policies, key=lambda p: (p.priority, p.meta.name)):
        first = seen.setdefault((admin.tier, admin.priority), admin.meta.name)
        if first != admin.meta.name:
            message = _SAME_PRIORITY.of(first=first, second=admin.meta.name, priority=admin.priority)
            place = locate(admin.meta.origin, ("spec", "priority"))
            yield Gap(GapReason.UNSUPPORTED, message, _GIVE_PRIORITIES, place, admin.meta.kind, named=False)
