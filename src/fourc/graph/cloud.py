"""From pods to the cloud account: the metadata service of the node, and roles that a service account is given."""

import ipaddress
from collections import defaultdict
from collections.abc import Mapping

from fourc.graph.accounts import CLOUD_ROLES, Accounts
from fourc.graph.builder import CLOUD, NODE, Builder, identity_id, shown, workload_id
from fourc.graph.network import Network
from fourc.model.connectivity import Direction
from fourc.model.kubernetes.pod import Workload
from fourc.model.step import GoalKind
from fourc.model.text import Text
from fourc.rbac.identities import Identity

METADATA = int(ipaddress.IPv4Address("169.254.169.254"))
OF_NODE = "cloud-role:node"
_AZURE, _AZURE_USE = "azure.workload.identity/client-id", "azure.workload.identity/use"
# Their webhooks mount a token of its own audience; GKE's metadata server answers every pod of the account.
# Sources: amazon-eks-pod-identity-webhook, GKE's Workload Identity, ACK's RRSA and Azure Workload Identity manuals.
_INJECTED_KEYS = frozenset(
    {
        "eks.amazonaws.com/role-arn",
        "iam.gke.io/gcp-service-account",
        "pod-identity.alibabacloud.com/role-name",
        "tke.cloud.tencent.com/role-arn",
    }
)

_ASKS = Text(
    "{w} asks the cloud's metadata service (169.254.169.254) for the role of its node",
    "{w} 向云的元数据服务（169.254.169.254）索取节点的角色",
)
_NODE_ASKS = Text(
    "whoever holds a node gets its cloud role from the metadata service (169.254.169.254)",
    "控制节点的人可以从元数据服务（169.254.169.254）得到节点的云角色",
)
_GIVEN = Text("ServiceAccount {a} is given the cloud role {r} ({k})", "ServiceAccount {a} 被授予云角色 {r}（{k}）")
_INJECTED = Text(
    "{w} gets the cloud role {r} of ServiceAccount {a} ({k}), with or without automountServiceAccountToken",
    "无论是否设置 automountServiceAccountToken，{w} 都会得到 ServiceAccount {a} 的云角色 {r}（{k}）",
)
_MAY = Text("the cloud role {r} may do more than it needs", "云角色 {r} 的权限可能超出需要")


def cloud_steps(builder: Builder, accounts: Accounts, network: Network) -> None:
    """Everything that leads into the cloud account."""
    goal = builder.goal(CLOUD, GoalKind.CLOUD_ADMIN, CLOUD)
    builder.node(OF_NODE, "cloud-role", "node")
    builder.step("ask-metadata-service", NODE, OF_NODE, _NODE_ASKS)
    builder.step("use-cloud-role", OF_NODE, goal, _MAY.of(r="node"))
    for workload in builder.inventory.workloads:
        if may_ask_metadata(network, workload):
            said = _ASKS.of(w=shown(workload.meta.ref))
            builder.step("ask-metadata-service", workload_id(workload.meta.ref), OF_NODE, said)
    users = _users(builder, accounts)
    for (namespace, name), account in builder.inventory.accounts_by_name.items():
        identity = Identity("ServiceAccount", namespace, name)
        role = _role(account.meta.annotations)
        if role is None or not accounts.matters(identity):
            continue
        key, value = role
        given = [w for w in users.get(identity, ()) if _gets(w, key)]
        held = identity_id(identity) in builder.nodes and (key != _AZURE or bool(given))
        if not given and not held:
            continue
        node = builder.node(f"cloud-role:{value}", "cloud-role", value)
        place = (account.meta.origin, ("metadata", "annotations", key))
        said = _GIVEN.of(a=name, r=value, k=key)
        if held:
            builder.step("take-cloud-role", identity_id(identity), node, said, places=[place])
        for workload in given:
            who = shown(workload.meta.ref)
            said = _INJECTED.of(w=who, a=name, r=value, k=key)
            builder.step("take-cloud-role", workload_id(workload.meta.ref), node, said, places=[place])
        builder.step("use-cloud-role", node, goal, _MAY.of(r=value))


def _users(builder: Builder, accounts: Accounts) -> Mapping[Identity, list[Workload]]:
    found: dict[Identity, list[Workload]] = defaultdict(list)
    for workload in builder.inventory.workloads:
        found[accounts.account_of(workload)].append(workload)
    return found


def _gets(workload: Workload, key: str) -> bool:
    """Whether the provider gives the pod the role, whatever the pod says about its token for the API server."""
    if key == _AZURE:
        return workload.pod.labels.get(_AZURE_USE) == "true"
    return key in _INJECTED_KEYS


def may_ask_metadata(network: Network, workload: Workload) -> bool:
    """Whether no policy keeps the pod from the metadata service's address."""
    reach = network.reach
    ranges = reach.ranges_for(Direction.EGRESS)
    end = next(end for end, part in ranges if part.version == 4 and part.first <= METADATA <= part.last)
    return reach.allowed(reach.class_of(workload), end).contains("TCP", 80)


def _role(annotations: Mapping[str, str]) -> tuple[str, str] | None:
    return next(((key, annotations[key]) for key in CLOUD_ROLES if annotations.get(key)), None)
