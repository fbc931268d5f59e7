"""A node agent leaves for a namespace of its own, with what belongs to it alone.

Pod Security knows exemptions for whole namespaces only (https://kubernetes.io/docs/concepts/security/pod-security-admission/),
so an agent among applications keeps their namespace open.
"""

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from fourc.fix.recipes import remedy
from fourc.model.finding import Confidence, Finding, Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.pod import Workload
from fourc.model.pod_security import PREFIX
from fourc.model.remedy import NewFile
from fourc.model.subject import Ref
from fourc.model.text import Text, join, same
from fourc.patch.yaml.operations import Operation, Set

AGENTS = "node-agents"
REASON, UNTIL = "fourc.dev/exempt-reason", "fourc.dev/exempt-until"
_RULE = "pod-security-not-enforced"
_SHARED = Text(
    "make the namespace {n} (label "
    + PREFIX
    + "enforce: privileged), copy or move {objects} there (it is shared, grants "
    "rights in the old namespace, or stands in no file), then change `namespace:` of {w} and of whatever names it",
    "请创建命名空间 {n}（标签 " + PREFIX + "enforce: privileged），把 {objects} 复制或移动过去"
    "（它被共用、在旧命名空间授权，或不在任何文件中），再修改 {w} 以及引用它的对象的 `namespace:`",
)
_FOUND_BY_NAME = Text(
    "{where} finds {w} by its old name {old}: change it to {new}", "{where} 按旧名称 {old} 查找 {w}：请改为 {new}"
)
_TWICE = Text(
    "Two copies cannot share the node's ports: delete the old {kind} first (kubectl delete {k} {name} -n {n}), then apply.",
    "两份副本不能共用节点端口：请先删除旧的 {kind}（kubectl delete {k} {name} -n {n}），再应用新清单。",
)


class Move(Struct, frozen=True):
    """What is edited, and what a person has to do where something cannot be."""

    findings: tuple[Finding, ...] = ()
    by_hand: Text | None = None
    cautions: tuple[Text, ...] = ()


def move(inventory: Inventory, agent: Workload, reason: Text, until: str) -> Move:
    """The agent's way into the namespace `node-agents`, which says why it is exempt and until when that holds (a date)."""
    ref, here = agent.meta.ref, agent.meta.namespace or "default"
    taken = [agent.meta, *_services(inventory, agent)]
    missing: list[str] = []
    for kind, name in sorted(_used(agent)):
        meta = _meta(inventory, kind, name, here)
        shared = any((kind, name) in _used(w) for w in inventory.workloads if w is not agent and _home(w) == here)
        if meta is None and kind == "ServiceAccount" and name == "default":
            continue
        if meta is None or shared or not meta.origin.editable:
            missing.append(f"{kind} {name}")
        else:
            taken.append(meta)
    bound = [b for b in inventory.bindings if any(_is(s.kind, s.namespace, s.name, agent) for s in b.subjects)]
    missing += [f"{b.meta.kind} {b.meta.name}" for b in bound if not b.cluster_wide]
    if missing or not agent.meta.origin.editable:
        objects = join([same(m) for m in missing or [f"{ref.kind} {ref.name}"]], ", ", "、")
        return Move(by_hand=_SHARED.of(objects=objects, n=AGENTS, w=f"{ref.kind} {ref.name}"))
    new = NewFile(
        posixpath.join(posixpath.dirname(agent.meta.origin.path), f"{AGENTS}.yaml"), _namespace(agent, reason, until)
    )
    first = _finding(agent, agent.meta, Set(("metadata", "namespace"), AGENTS), new=(new,))
    others = [_finding(agent, m, Set(("metadata", "namespace"), AGENTS)) for m in taken[1:]]
    for binding in bound:
        others += [
            _finding(agent, binding.meta, Set(("subjects", s.index, "namespace"), AGENTS))
            for s in binding.subjects
            if _is(s.kind, s.namespace, s.name, agent)
        ]
    return Move((first, *others), cautions=tuple(_cautions(inventory, agent, taken)))


def _home(workload: Workload) -> str:
    return workload.meta.namespace or "default"


def _services(inventory: Inventory, agent: Workload) -> Iterator[Meta]:
    for service in inventory.services_by_workload.get(id(agent), ()):
        if service.meta.origin.editable:
            yield service.meta


def _used(workload: Workload) -> frozenset[tuple[str, str]]:
    """Kind and name of every object of its own namespace that the pod refers to."""
    pod = workload.pod
    found = {("ServiceAccount", pod.service_account)}
    for volume in pod.volumes:
        found |= {("Secret", volume.secret), ("ConfigMap", volume.config_map), ("PersistentVolumeClaim", volume.claim)}
        found |= set(volume.projected)
    for container in pod.containers:
        found |= {(e.kind, e.name) for e in container.env_from}
        kinds = {"secretKeyRef": "Secret", "configMapKeyRef": "ConfigMap"}
        found |= {(kinds[e.source], e.source_name or "") for e in container.env if e.source in kinds}
    return frozenset((kind, name) for kind, name in found if name)


def _meta(inventory: Inventory, kind: str, name: str, namespace: str) -> Meta | None:
    metas = (*(d.meta for d in inventory.data), *(a.meta for a in inventory.accounts))
    return next((m for m in metas if (m.kind, m.name, m.namespace or "default") == (kind, name, namespace)), None)


def _is(kind: str, namespace: str, name: str, agent: Workload) -> bool:
    return (kind, namespace, name) == ("ServiceAccount", _home(agent), agent.pod.service_account) and name != "default"


def _finding(agent: Workload, meta: Meta, operation: Operation, new: tuple[NewFile, ...] = ()) -> Finding:
    return Finding(
        rule=_RULE,
        layer=Layer.CLUSTER,
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        message=Text("{n} shares its namespace with applications", "{n} 与应用共用命名空间").of(n=agent.meta.name),
        subject=meta.ref,
        origin=meta.origin,
        at=("metadata", "namespace"),
        container=None,
        detail=f"{agent.meta.name}:{meta.kind}/{meta.name}",
        references=(),
        fix=remedy("move-agent", agent.meta.ref, operation, new_files=new),
    )


def _namespace(agent: Workload, reason: Text, until: str) -> str:
    why = reason.en.replace('"', "'")
    return (
        f"# {agent.meta.name} needs the node; nothing else belongs here.\n"
        "apiVersion: v1\n"
        "kind: Namespace\n"
        "metadata:\n"
        f"  name: {AGENTS}\n"
        "  labels:\n"
        f"    {PREFIX}enforce: privileged\n"
        "  annotations:\n"
        f'    {REASON}: "{agent.meta.name}: {why}"\n'
        f'    {UNTIL}: "{until}"\n'
    )


def _cautions(inventory: Inventory, agent: Workload, taken: list[Meta]) -> Iterator[Text]:
    here = _home(agent)
    if agent.pod.host_network or any(p.host_port for c in agent.pod.containers for p in c.ports):
        kind = agent.meta.kind
        yield _TWICE.of(kind=kind, k=kind.lower(), name=agent.meta.name, n=here)
    for service in (m for m in taken if m.kind == "Service"):
        old, new = f"{service.name}.{here}", f"{service.name}.{AGENTS}"
        for where in _mentions(inventory, old):
            yield _FOUND_BY_NAME.of(where=str(where), w=agent.meta.name, old=old, new=new)


def _mentions(inventory: Inventory, name: str) -> Iterator[Ref]:
    """Who names the address: configuration data, and variables and arguments of containers."""
    for data in inventory.data:
        if not data.secret and any(name in text for text in data.values.values()):
            yield data.meta.ref
    for workload in inventory.workloads:
        texts = (*(e.value or "" for c in workload.pod.containers for e in c.env),)
        if any(name in text for text in (*texts, *(a for c in workload.pod.containers for a in (*c.command, *c.args)))):
            yield workload.meta.ref
