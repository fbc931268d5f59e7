"""First form of the generated network policies: internal services answer their known clients only.

Ports that an entry leads to stay open to everyone. A client is a workload whose variables, arguments or ConfigMaps name
the Service. Where none is named, the pods of the service's own namespace stay allowed and the fix is a decision. Egress
stays open.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from fourc.fix.recipes import remedy
from fourc.graph.stores import listening, store_of
from fourc.model.exposure import entries
from fourc.model.finding import Finding
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import Service
from fourc.model.kubernetes.pod import Workload
from fourc.model.remedy import FixClass, NewFile, NoFix
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.plan.default_deny import with_default_deny

Port = tuple[str | int, str]
OWNER = Ref("NetworkPolicy", None, "internal-services")
_RULE = "workload-without-policy"
_WORD = re.compile(r"[A-Za-z0-9-]+")


def with_policies(inventory: Inventory, findings: Sequence[Finding]) -> list[Finding]:
    """The findings, where a generated policy closes a workload with that policy as their remedy."""
    if not any(f.rule == _RULE for f in findings):
        return with_default_deny(inventory, findings)
    public = _public_ports(inventory)
    workloads = {w.meta.ref: w for w in reversed(inventory.workloads)}
    served = _services(inventory)
    words = {w.meta.ref: _words(inventory, w) for w in inventory.workloads} if served else {}
    made: list[Finding] = []
    for finding in findings:
        workload = workloads.get(finding.subject)
        services = served.get(finding.subject, ())
        closable = finding.rule == _RULE and isinstance(finding.fix, NoFix) and bool(services)
        if workload is None or not closable or workload.pod.host_network or not workload.pod.labels:
            made.append(finding)
        else:
            open_ports = public.get(finding.subject, ())
            if _nothing_to_close(inventory, workload, open_ports):
                made.append(finding)
                continue
            clients = list(_clients(inventory, workload, services, words))
            made.append(_closed(finding, workload, clients, open_ports))
    return with_default_deny(inventory, made)


def _public_ports(inventory: Inventory) -> Mapping[Ref, tuple[Port, ...]]:
    """The pods' ports that are reached from outside the cluster or through an entry: these stay open to everyone."""
    found: dict[Ref, set[Port]] = {}
    for entry in entries(inventory):
        ports = found.setdefault(entry.workload.meta.ref, set())
        for service in inventory.services_by_workload.get(id(entry.workload), ()):
            ports |= {
                (p.target if p.target is not None else p.port, p.protocol)
                for p in service.ports
                if entry.via.ref == service.meta.ref or entry.port in {p.port, p.name, p.target, None}
            }
    return {ref: tuple(sorted(ports, key=str)) for ref, ports in found.items()}


def _nothing_to_close(inventory: Inventory, workload: Workload, public: Sequence[Port]) -> bool:
    """Whether everything that it listens on is open to outsiders anyway, or a store's own port is among that."""
    numbers = {p.name: p.container_port for c in workload.pod.regular for p in c.ports if p.name}
    opened = {numbers.get(port, port) if isinstance(port, str) else port for port, _ in public}
    return bool(opened) and (store_of(inventory, workload) is not None or listening(inventory, workload) <= opened)


def _services(inventory: Inventory) -> Mapping[Ref, tuple[Service, ...]]:
    served: dict[Ref, tuple[Service, ...]] = {}
    for service in inventory.services:
        for workload in inventory.selected_by(service):
            served[workload.meta.ref] = (*served.get(workload.meta.ref, ()), service)
    return served


def _words(inventory: Inventory, workload: Workload) -> frozenset[str]:
    """Every word of the workload's variables, arguments and ConfigMaps: host names are among them."""
    texts: list[str] = []
    maps = {v.config_map for v in workload.pod.volumes if v.config_map}
    for container in workload.pod.containers:
        texts += [*container.command, *container.args, *(e.value or "" for e in container.env)]
        maps |= {e.name for e in container.env_from if e.kind == "ConfigMap"}
        maps |= {e.source_name for e in container.env if e.source == "configMapKeyRef" and e.source_name}
    for data in inventory.data:
        if data.meta.name in maps and data.meta.namespace == workload.meta.namespace and not data.secret:
            texts += data.values.values()
    return frozenset(word for text in texts for word in _WORD.findall(text))


def _clients(
    inventory: Inventory, workload: Workload, services: Sequence[Service], words: Mapping[Ref, frozenset[str]]
) -> Iterator[Workload]:
    names = {s.meta.name for s in services}
    for other in inventory.workloads:
        known = words[other.meta.ref] & names
        near = other.meta.namespace == workload.meta.namespace
        if known and other.meta.ref != workload.meta.ref and (near or workload.meta.namespace in words[other.meta.ref]):
            yield other


def _closed(finding: Finding, workload: Workload, clients: Sequence[Workload], public: Sequence[Port]) -> Finding:
    name, namespace = workload.meta.name, workload.meta.namespace or "default"
    folder = PurePosixPath(finding.origin.path).parent if finding.origin.editable else PurePosixPath("network-policies")
    path = str(folder / f"{name}-network-policy.yaml")
    if clients:
        listed = ", ".join(sorted({c.meta.name for c in clients}))
        caution = Text("Try first: does anyone but {c} call {n}?", "请先确认：除了 {c}，还有谁访问 {n}？")
        said, fix_class = caution.of(c=listed, n=name), FixClass.TRY_FIRST
    else:
        caution = Text(
            "No client of {n} is named in the manifests: its own namespace stays allowed.",
            "清单中没有写明 {n} 的客户端：仅保留本命名空间的访问。",
        )
        said, fix_class = caution.of(n=name), FixClass.DECISION
    if public:
        ports = ", ".join(str(port) for port, _ in public)
        stays = Text(
            " Port {p} stays open to everyone, because an entry leads there.",
            " 端口 {p} 仍对所有人开放，因为有入口通向它。",
        )
        said = Text(said.en + stays.of(p=ports).en, said.zh + stays.of(p=ports).zh)
    new = NewFile(path, _policy(workload, namespace, clients, public))
    return replace(finding, fix=remedy("restrict-network", OWNER, caution=said, fix_class=fix_class, new_files=(new,)))


def _policy(workload: Workload, namespace: str, clients: Sequence[Workload], public: Sequence[Port]) -> str:
    lines = [
        "apiVersion: networking.k8s.io/v1",
        "kind: NetworkPolicy",
        "metadata:",
        f"  name: {workload.meta.name}-clients",
        *([f"  namespace: {namespace}"] if workload.meta.namespace_written else []),
        "spec:",
        "  podSelector:",
        "    matchLabels:",
        *_labels(_stable(workload.pod.labels), 6),
        "  policyTypes:",
        "    - Ingress",
        "  ingress:",
    ]
    for target, protocol in public:
        lines += ["    - ports:", f"        - port: {target}", f"          protocol: {protocol}"]
    lines.append("    - from:")
    peers: list[list[str]] = []
    for client in [workload, *clients]:
        peer = ["        - podSelector:", "            matchLabels:", *_labels(_stable(client.pod.labels), 14)]
        if not client.pod.labels:
            peer = ["        - podSelector: {}"]
        if client.meta.namespace != workload.meta.namespace:
            other = client.meta.namespace or "default"
            peer += ["          namespaceSelector:", "            matchLabels:"]
            peer += [f"              kubernetes.io/metadata.name: {other}"]
        if peer not in peers:
            peers.append(peer)
    if not clients:
        peers = [["        - podSelector: {}"]]
    return "\n".join([*lines, *(line for peer in peers for line in peer)]) + "\n"


_UNSTABLE = ("pod-template-hash", "controller-revision-hash", "helm.sh/chart", "app.kubernetes.io/version", "version")


def _stable(labels: Mapping[str, str]) -> Mapping[str, str]:
    """The labels that survive the next release, all of them where none does."""
    kept = {k: v for k, v in labels.items() if k not in _UNSTABLE}
    return kept or labels


def _labels(labels: Mapping[str, str], indent: int) -> list[str]:
    return [f"{' ' * indent}{key}: {_quoted(value)}" for key, value in sorted(labels.items())]


def _quoted(value: str) -> str:
    plain = re.fullmatch(r"[a-z]{2,}[a-z0-9._-]*", value) and value not in {
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
    }
    return value if plain else f'"{value}"'
