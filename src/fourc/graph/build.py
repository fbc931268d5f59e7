"""From facts and findings to the attack graph: who can enter, what each pod, identity and node leads to."""

from collections import defaultdict
from collections.abc import Sequence

from fourc.graph.accounts import Accounts
from fourc.graph.builder import (
    ADMIN,
    CLOUD,
    NETWORK,
    NODE,
    OUTAGE,
    SECRETS,
    Builder,
    identity_id,
    permission_id,
    workload_id,
)
from fourc.graph.clients import client_steps
from fourc.graph.cloud import cloud_steps
from fourc.graph.credentials import known_secrets, secret_steps
from fourc.graph.escapes import escape_steps, share_steps
from fourc.graph.exploits import Program, program_steps
from fourc.graph.footholds import Foothold
from fourc.graph.leaks import leak_steps
from fourc.graph.mending import Mending
from fourc.graph.network import Network
from fourc.graph.permissions import Permissions
from fourc.graph.rules import ROWS, Leads
from fourc.graph.scopes import Area, Scopes
from fourc.graph.solve import START
from fourc.graph.supply import supply_steps
from fourc.graph.volumes import far_steps, volume_steps
from fourc.model.finding import Finding, Severity
from fourc.model.inventory import Inventory
from fourc.model.step import GoalKind, Graph
from fourc.model.subject import Ref
from fourc.model.text import Text
from fourc.rbac.resolve import authorization

__all__ = [
    "ADMIN",
    "BROKEN_IN",
    "CLOUD",
    "NETWORK",
    "NODE",
    "OUTAGE",
    "SECRETS",
    "build",
    "identity_id",
    "permission_id",
    "workload_id",
]

BROKEN_IN = "broken-in"

_ADMIN = Text("cluster-admin may do everything", "集群管理员可以做任何事")
_AMONG = Text("a token of an administrator lies among the Secrets", "Secret 中存有管理员的令牌")
_SECRETS_ON_NODE = Text("the Secrets of the pods on the node can be read", "可以读取节点上各个 Pod 的 Secret")
_DATA_ON_NODE = Text("the volumes of {n} may be mounted on the node", "{n} 的卷可能挂载在该节点上")
_POD_ON_NODE = Text("{n} may run on the same node (co-residency)", "{n} 可能运行在同一节点上")
_TRAFFIC = Text("what is sent to {n} in {s} passes through the attacker", "发往 {s} 中 {n} 的内容会经过攻击者")


def build(
    inventory: Inventory,
    findings: Sequence[Finding],
    explained: Sequence[Finding] = (),
    footholds: Sequence[Foothold] = (),
    programs: Sequence[Program] = (),
    *,
    enforced: bool | None = None,
) -> Graph:
    """The graph of everything that was read; a step names the findings whose fixing removes it.

    `explained` findings are what platform programs need: an attacker can use them all the same, and no fix removes them.
    `enforced` is what was declared about the cluster enforcing network policies; None leaves it to what was read.
    """
    builder = Builder(inventory, Mending(findings, explained), authorization(inventory))
    builder.node(NODE, "node", NODE)
    builder.goal(NODE, GoalKind.NODE_ROOT, NODE)
    builder.goal(ADMIN, GoalKind.CLUSTER_ADMIN, ADMIN)
    builder.goal(OUTAGE, GoalKind.OUTAGE, OUTAGE)
    scopes = Scopes(builder)
    secrets = scopes.at(Area.SECRETS, None)
    accounts = Accounts(builder)
    network = Network(builder, scopes, footholds, enforced=enforced)
    supply_steps(builder, network)
    network.steps()
    for workload in inventory.workloads:
        me = workload_id(workload.meta.ref)
        accounts.steps(workload, me)
        escape_steps(builder, workload, me)
        share_steps(builder, workload, me)
        volume_steps(builder, accounts, workload, me)
    secret_steps(builder)
    client_steps(builder)
    leak_steps(builder)
    program_steps(builder, programs)
    Permissions(builder, accounts, scopes).steps()
    network.through_ports()
    _findings_steps(builder, scopes)
    accounts.finish()
    cloud_steps(builder, accounts, network)
    far_steps(builder, accounts.tokens())
    scopes.coming_back()
    scopes.finish()
    known_secrets(builder)
    _far_ends(builder, scopes, secrets)
    return builder.graph()


def _findings_steps(builder: Builder, scopes: Scopes) -> None:
    """Steps that a finding opens by itself, from anywhere or towards an outage."""
    hungry: dict[Ref, list[Finding]] = defaultdict(list)
    workloads = {w.meta.ref for w in builder.inventory.workloads}
    for finding in builder.mending.findings:
        row = ROWS.get(finding.rule)
        if row is None or row.leads is Leads.POD_TO_NODE:
            continue
        if row.leads is Leads.POD_TO_OUTAGE:
            if finding.subject in workloads:
                hungry[finding.subject].append(finding)
            continue
        secret = row.leads is Leads.ANYONE_TO_SECRETS
        target = scopes.at(Area.SECRETS, finding.subject.namespace or "default") if secret else OUTAGE
        builder.step(
            finding.rule, START, target, finding.message, findings=(finding,), places=[(finding.origin, finding.at)],
            chance=row.odds_of(finding.severity), references=row.references, tail=finding.fingerprint,
        )  # fmt: skip
    for ref, found in hungry.items():
        row = ROWS["missing-memory-limit"]
        builder.step(
            "exhaust-node", workload_id(ref), OUTAGE, found[0].message, findings=found,
            places=[(found[0].origin, found[0].at)], chance=row.odds_of(Severity.HIGH),
        )  # fmt: skip


def _far_ends(builder: Builder, scopes: Scopes, secrets: str) -> None:
    """What holding a node, every Secret, the traffic of a namespace or the cluster leads to."""
    for goal in (NODE, secrets, OUTAGE):
        builder.step("own-everything", ADMIN, goal, _ADMIN)
    builder.step("token-among-secrets", secrets, ADMIN, _AMONG)
    builder.step("read-secrets-on-node", NODE, secrets, _SECRETS_ON_NODE)
    redirected = frozenset(scopes.made(Area.TRAFFIC))
    alone = len(builder.inventory.workloads) < 2  # a node without neighbours leads only back to where one came from
    for workload in builder.inventory.workloads:
        ref = workload.meta.ref
        me = workload_id(ref)
        if not alone:
            builder.step("attach-to-pod-on-node", NODE, me, _POD_ON_NODE.of(n=f"{ref.kind} {ref}"))
        builder.step("read-data-on-node", NODE, f"data:{me}", _DATA_ON_NODE.of(n=f"{ref.kind} {ref}"))
        namespace = ref.namespace or "default"
        if namespace in redirected and id(workload) in builder.inventory.services_by_workload:
            builder.step(
                "read-redirected-traffic", scopes.at(Area.TRAFFIC, namespace), f"data:{me}",
                _TRAFFIC.of(n=ref.name, s=namespace),
            )  # fmt: skip
