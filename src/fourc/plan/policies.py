"""The plan's network policies: internal services answer their known clients only.

They come from the same flows and the same generator as `netpol synth`, incoming connections only. Ports that an entry leads
to stay open to everyone. Where no client is named, the pods of the service's own namespace stay allowed and the fix is a
decision. Where clients are found through a registry there is none.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec.structs import replace

from fourc.fix.recipes import remedy
from fourc.flows.targets import pod_port
from fourc.graph.stores import store_of
from fourc.model.finding import Finding
from fourc.model.flows import Evidence, Flow, FlowPort, Needed, PartyKind
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import NetworkPolicy, Selector
from fourc.model.kubernetes.pod import Workload
from fourc.model.netpol import Drafted, Stage, file_name
from fourc.model.remedy import ChangeKind, FixClass, NewFile, NoFix
from fourc.model.subject import Ref
from fourc.model.text import Lang, Text
from fourc.plan import default_deny
from fourc.plan.netpol.draft import GROUP, by_end, never_everything, own_namespace, surroundings
from fourc.plan.netpol.files import policy_text
from fourc.plan.netpol.rules import Rules, Surroundings, incoming
from fourc.plan.netpol.withheld import unknown_namespaces

OWNER = Ref("NetworkPolicy", None, "internal-services")
_RULE = "workload-without-policy"
_OPEN_TO_ALL = frozenset({PartyKind.ANYWHERE, PartyKind.OUTSIDE, PartyKind.API_SERVER, PartyKind.CLUSTER})


def with_policies(
    inventory: Inventory, findings: Sequence[Finding], moved: Collection[str], known: Callable[[], Needed]
) -> list[Finding]:
    """The findings, where a generated policy closes a workload with that policy as their remedy.

    `known` gives what is needed, and is asked only where a finding wants a policy. The namespaces `moved` are not those in
    which their workloads will run: no default deny is made for them.
    """
    if not any(_wants_policy(f) for f in findings):
        return list(findings)
    wanted = known()
    unknown = unknown_namespaces(wanted)
    callers, _ = by_end(wanted.flows)
    around = surroundings(inventory, {})
    workloads = {(w.meta.ref, w.meta.origin): w for w in reversed(inventory.workloads)}
    served = {w.meta.ref for w in inventory.workloads if id(w) in inventory.services_by_workload}
    made: list[Finding] = []
    for finding in findings:
        namespace = finding.detail if finding.rule == default_deny.RULE else finding.subject.namespace or "default"
        if _wants_policy(finding) and namespace in unknown:
            why = _why_unknown(unknown[namespace], wanted)
            made.append(replace(finding, fix=NoFix(why, ChangeKind.RESTRICT_NETWORK)))
            continue
        workload = workloads.get((finding.subject, finding.origin))
        flows = callers.get(finding.subject, ())
        labels = around.selectors.get(finding.subject, {})
        if (
            workload is None
            or not (_may_close(finding) and finding.subject in served and labels)
            or workload.pod.host_network
            or not Selector(labels).matches(workload.pod.labels)
            or _nothing_to_close(inventory, workload, flows)
        ):
            made.append(finding)
        else:
            made.append(_closed(inventory, finding, workload, flows, around))
    return default_deny.with_default_deny(inventory, made, unknown, moved)


def _why_unknown(refs: Sequence[Ref], wanted: Needed) -> Text:
    finders = ", ".join(sorted({wanted.unknown[r].finder for r in refs}))
    return _UNKNOWN.of(w=", ".join(r.name for r in refs[:3]), r=finders)


_UNKNOWN = Text(
    "{w} finds its peers through {r}, so who calls what here is not known; fourc netpol synth --flows takes what was seen",
    "{w} 通过 {r} 发现对端，因此不知道这里谁访问谁；fourc netpol synth --flows 可以提供观测到的流量",
)


def _wants_policy(finding: Finding) -> bool:
    return finding.rule in {_RULE, default_deny.RULE} and isinstance(finding.fix, NoFix)


def _may_close(finding: Finding) -> bool:
    return finding.rule == _RULE and isinstance(finding.fix, NoFix)


def _public(flows: Iterable[Flow]) -> set[FlowPort]:
    """The ports that stay open to everyone."""
    return {f.port for f in flows if f.source.kind in _OPEN_TO_ALL and f.port is not None}


def _nothing_to_close(inventory: Inventory, workload: Workload, flows: Sequence[Flow]) -> bool:
    """Whether everything that it listens on is open to outsiders anyway, or a store's own port is among that."""
    opened = {p.port for p in _public(flows)}
    services = inventory.services_by_workload.get(id(workload), ())
    listening: set[int | str] = {pod_port(workload, p).port for s in services for p in s.ports}
    listening |= {p.container_port for c in workload.pod.regular for p in c.ports}
    return bool(opened) and (store_of(inventory, workload) is not None or listening <= opened)


def _closed(
    inventory: Inventory, finding: Finding, workload: Workload, flows: Sequence[Flow], around: Surroundings
) -> Finding:
    ref = workload.meta.ref
    clients = sorted({f.source.ref.name for f in flows if f.source.ref is not None and f.source.ref != ref})
    rules = incoming(ref, flows, around)
    if clients:
        caution = Text("Try first: does anyone but {c} call {n}?", "请先确认：除了 {c}，还有谁访问 {n}？")
        said, fix_class = caution.of(c=", ".join(clients), n=ref.name), FixClass.TRY_FIRST
    else:
        rules = Rules((*rules.rules, own_namespace(inventory, workload, len(rules.rules))))
        said, fix_class = _NOBODY.of(n=ref.name), FixClass.DECISION
    public = sorted(_public(flows), key=str)
    if public:
        stays = _STAYS.of(p=", ".join(str(p.port) for p in public))
        said = Text(said.en + stays.en, said.zh + stays.zh)
    drafted = _drafted(workload, never_everything(rules, workload), around.selectors[ref])
    folder = PurePosixPath(finding.origin.path).parent if finding.origin.editable else PurePosixPath("network-policies")
    text = policy_text(drafted, _place, Lang.EN)
    new = NewFile(str(folder / f"{file_name(ref.name)}-network-policy.yaml"), text)
    fix = remedy("restrict-network", OWNER, caution=said, fix_class=fix_class, new_files=(new,))
    leaves_open = frozenset(p.port for p in public if isinstance(p.port, int))
    return replace(finding, fix=replace(fix, leaves_open=leaves_open, admits_neighbours=not clients))


_NOBODY = Text(
    "No client of {n} is named in the manifests: its own namespace stays allowed.",
    "清单中没有写明 {n} 的客户端：仅保留本命名空间的访问。",
)
_STAYS = Text(
    " Port {p} stays open to everyone, because an entry leads there.",
    " 端口 {p} 仍对所有人开放，因为有入口通向它。",
)


def _drafted(workload: Workload, rules: Rules, labels: Mapping[str, str]) -> Drafted:
    meta = replace(workload.meta, kind="NetworkPolicy", group=GROUP, name=f"{workload.meta.name}-clients")
    parts = tuple(r.part for r in rules.rules)
    policy = NetworkPolicy(meta, Selector(dict(labels)), parts, None, types_written=True)
    return Drafted(policy, Stage.INCOMING, (workload.meta.ref,), tuple(r.reasons for r in rules.rules))


def _place(evidence: Evidence) -> str:
    """The file and the name that was found there; lines move, and a file of the repository must not."""
    where = evidence.place if evidence.origin is None else evidence.origin.path
    return f"{where} ({evidence.says})"
