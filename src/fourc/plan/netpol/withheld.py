"""For whom no policy is offered: what nobody can say whom it talks to, its neighbours, and what no policy can select."""

from collections.abc import Iterator, Mapping

from fourc.model.flows import Needed
from fourc.model.inventory import Inventory
from fourc.model.netpol import Withheld
from fourc.model.pod_security import SYSTEM_NAMESPACES
from fourc.model.subject import Ref
from fourc.model.text import Text, join, same

_OWN = Text(
    "a namespace of the cluster itself: a default deny there can stop the cluster",
    "集群自身的命名空间：在这里默认拒绝可能使集群停摆",
)
_REGISTRY = Text(
    "{w} {v} through {r}, so what is called in this namespace is not known: give observed flows, the registry's export "
    "(--flows) or the sources",
    "{w} 通过 {r} 发现对端{v}，因此不知道本命名空间里谁会被访问：请提供观测到的流量、注册中心的导出（--flows）或源代码",
)
_NO_LABELS = Text(
    "the pods of {w} have no labels: no policy can select them alone, and a default deny would cut them off",
    "{w} 的 Pod 没有标签：策略无法单独选中它们，而默认拒绝会切断它们",
)
_HOST = Text(
    "on the host's network: policies do not hold for these pods",
    "使用主机网络：策略对这些 Pod 不起作用",
)


def unknown_namespaces(needed: Needed) -> Mapping[str, tuple[Ref, ...]]:
    """The namespaces whose connections are not known, with the workloads that are the reason.

    They hold a workload whose flows are unknown, or something that its namespace is known to call: what a registry or its
    configuration adds to that stands in no manifest.
    """
    reasons: dict[str, dict[Ref, None]] = {}
    for ref in needed.unknown:
        reasons.setdefault(ref.namespace or "default", {})[ref] = None
    first = {namespace: tuple(refs) for namespace, refs in reasons.items()}
    for flow in needed.flows:
        source, target = flow.source.ref, flow.target.ref
        if source is not None and target is not None and (source.namespace or "default") in first:
            found = reasons.setdefault(target.namespace or "default", {})
            found.update(dict.fromkeys(first[source.namespace or "default"]))
    return {n: tuple(sorted(refs)) for n, refs in sorted(reasons.items()) if n not in SYSTEM_NAMESPACES}


def withheld(inventory: Inventory, needed: Needed) -> Iterator[Withheld]:
    """What is left out, by namespace; a namespace that is named here for a reason of its own gets no default deny."""
    unknown = unknown_namespaces(needed)
    for namespace in inventory.used_namespaces:
        mine = [w for w in inventory.workloads if (w.meta.namespace or "default") == namespace]
        refs = tuple(dict.fromkeys(w.meta.ref for w in mine))
        if namespace in SYSTEM_NAMESPACES:
            yield Withheld(namespace, refs, _OWN, no_default_deny=True)
            continue
        if namespace in unknown:
            names = join([same(r.name) for r in unknown[namespace][:3]])
            finders = join([same(f) for f in sorted({needed.unknown[r].finder for r in unknown[namespace]})])
            verb = Text("finds its peers" if len(unknown[namespace]) == 1 else "find their peers", "")
            yield Withheld(namespace, refs, _REGISTRY.of(w=names, v=verb, r=finders), no_default_deny=True)
            continue
        on_host = tuple(dict.fromkeys(w.meta.ref for w in mine if w.pod.host_network))
        if on_host:
            yield Withheld(namespace, on_host, _HOST, no_default_deny=False)
        named = {w.meta.ref for w in mine if w.pod.labels or w.pod.host_network}
        bare = tuple(r for r in refs if r not in named)
        if bare:
            yield Withheld(
                namespace, bare, _NO_LABELS.of(w=join([same(r.name) for r in bare[:3]])), no_default_deny=True
            )
