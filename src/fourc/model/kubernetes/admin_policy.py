"""Policies of the cluster's administrators (policy.networking.k8s.io), and those of plug-ins and meshes."""

from enum import Enum

from msgspec import Struct

from fourc.model.kubernetes.meta import Meta
from fourc.model.kubernetes.network import Selector


class Tier(Enum):
    """Before (admin) or after (baseline) the NetworkPolicies."""

    ADMIN = "Admin"
    BASELINE = "Baseline"


class Action(Enum):
    """What a rule does with the connections that it matches; PASS leaves them to the next tier."""

    ALLOW = "Allow"
    DENY = "Deny"
    PASS = "Pass"  # noqa: S105 - an action, no password


class AdminPeer(Struct, frozen=True):
    """One peer: pods of namespaces, or nodes, or networks, or domain names; with none of them (`unknown`) it fails closed.

    `namespaces` alone means all their pods; with `pods` both must match.
    """

    namespaces: Selector | None = None
    pods: Selector | None = None
    nodes: Selector | None = None
    networks: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()

    @property
    def unknown(self) -> bool:
        """Whether no known field is set: a later version of the API wrote it."""
        return self.namespaces is None and self.nodes is None and not self.networks and not self.domains


class AdminPort(Struct, frozen=True):
    """Ports `first` to `last` of a protocol, or the container ports called `name` (of every protocol if that is "")."""

    protocol: str
    first: int = 1
    last: int = 65535
    name: str = ""


class AdminRule(Struct, frozen=True):
    """One rule; without ports it is about every port. The first rule that matches decides."""

    index: int
    name: str
    action: Action
    peers: tuple[AdminPeer, ...]
    ports: tuple[AdminPort, ...] | None


class AdminPolicy(Struct, frozen=True):
    """AdminNetworkPolicy, BaselineAdminNetworkPolicy or ClusterNetworkPolicy; a lower `priority` is asked first."""

    meta: Meta
    tier: Tier
    priority: int
    namespaces: Selector
    pods: Selector | None
    ingress: tuple[AdminRule, ...]
    egress: tuple[AdminRule, ...]


class ForeignPolicy(Struct, frozen=True):
    """A policy of a plug-in or mesh, or another network of the pods: it changes who reaches whom, and is not modelled."""

    meta: Meta
