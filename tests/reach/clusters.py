"""Small random clusters in which everything that policies can say comes up."""

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any  # raw manifests, for the oracle

from tests.reach.oracle import Cluster

ADDRESSES = ("1.2.3.4", "10.0.0.1", "10.1.2.3", "10.1.3.3", "192.168.7.1", "255.255.255.255", "2001:db8::5", "fd00::1")
PORTS = (1, 53, 79, 80, 81, 443, 5000, 5001, 6000, 8080, 65535)
PROTOCOLS = ("TCP", "UDP", "SCTP")
_CIDRS = (
    "0.0.0.0/0",
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.1.2.0/24",
    "192.168.0.0/16",
    "::/0",
    "2001:db8::/32",
    "1.2.3.4/32",
)
_EXCEPT: Mapping[str, Sequence[str]] = {
    "0.0.0.0/0": ("10.0.0.0/8", "192.168.7.0/24"),
    "10.0.0.0/8": ("10.1.0.0/16", "10.0.0.0/24"),
    "10.1.0.0/16": ("10.1.2.0/24",),
    "::/0": ("fd00::/8",),
}
_NAMES = ("http", "dns", "none")
Raw = dict[str, Any]


class Maker:
    """Makes the objects of one cluster from a seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - the same clusters every time

    def cluster(self) -> Cluster:
        """A cluster of a few pods, and up to a dozen policies."""
        spaces = [f"n{i}" for i in range(self.dice.randint(1, 3))]
        declared = [s for s in spaces if self.dice.random() < 0.8]
        return Cluster(
            [self._object("v1", "Namespace", name, labels=self._labels("ns")) for name in declared],
            [self._pod(i, self.dice.choice(spaces)) for i in range(self.dice.randint(2, 6))],
            [self._policy(i, self.dice.choice(spaces)) for i in range(self.dice.randint(0, 5))],
            [self._admin(i) for i in range(self.dice.choice([0, 0, 1, 2, 4]))],
        )

    def _object(self, version: str, kind: str, name: str, space: str = "", labels: Raw | None = None) -> Raw:
        meta: Raw = {"name": name, "labels": labels or {}}
        if space:
            meta["namespace"] = space
        return {"apiVersion": version, "kind": kind, "metadata": meta}

    def _labels(self, kind: str) -> Raw:
        return {f"{kind}{k}": self.dice.choice("abc") for k in "xy" if self.dice.random() < 0.7}

    def _pod(self, number: int, space: str) -> Raw:
        pod = self._object("v1", "Pod", f"p{number}", space, self._labels("pod"))
        ports = [
            {"name": name, "containerPort": self.dice.choice(PORTS), "protocol": self.dice.choice(("TCP", *PROTOCOLS))}
            for name in _NAMES[:2]
            if self.dice.random() < 0.8
        ]
        return pod | {"spec": {"containers": [{"name": "c", "ports": ports}], "hostNetwork": self.dice.random() < 0.1}}

    def _selector(self, kind: str) -> Raw:
        selector: Raw = {}
        if self.dice.random() < 0.6:
            selector["matchLabels"] = {f"{kind}{self.dice.choice('xy')}": self.dice.choice("abc")}
        if self.dice.random() < 0.3:
            operator = self.dice.choice(["In", "NotIn", "Exists", "DoesNotExist"])
            entry: Raw = {"key": f"{kind}{self.dice.choice('xyz')}", "operator": operator}
            if operator in {"In", "NotIn"}:
                entry["values"] = self.dice.sample("abcd", self.dice.randint(1, 2))
            selector["matchExpressions"] = [entry]
        if kind == "ns" and self.dice.random() < 0.2:
            selector["matchLabels"] = {"kubernetes.io/metadata.name": self.dice.choice(["n0", "n1"])}
        return selector

    def _policy(self, number: int, space: str) -> Raw:
        spec: Raw = {"podSelector": self._selector("pod")}
        for way, key in (("ingress", "from"), ("egress", "to")):
            if self.dice.random() < 0.7:
                spec[way] = [self._rule(key) for _ in range(self.dice.randint(0, 3))]
        if self.dice.random() < 0.6:
            spec["policyTypes"] = self.dice.choice([["Ingress"], ["Egress"], ["Ingress", "Egress"]])
        return self._object("networking.k8s.io/v1", "NetworkPolicy", f"np{number}", space) | {"spec": spec}

    def _rule(self, key: str) -> Raw:
        rule: Raw = {}
        if self.dice.random() < 0.8:
            rule[key] = [self._peer() for _ in range(self.dice.randint(1, 2))]
        if self.dice.random() < 0.6:
            rule["ports"] = [self._port() for _ in range(self.dice.randint(1, 3))]
        return rule

    def _peer(self) -> Raw:
        if self.dice.random() < 0.3:
            cidr = self.dice.choice(_CIDRS)
            block: Raw = {"cidr": cidr}
            if cidr in _EXCEPT and self.dice.random() < 0.5:
                block["except"] = list(_EXCEPT[cidr])
            return {"ipBlock": block}
        peer: Raw = {}
        if self.dice.random() < 0.6:
            peer["namespaceSelector"] = self._selector("ns")
        if not peer or self.dice.random() < 0.6:
            peer["podSelector"] = self._selector("pod")
        return peer

    def _port(self) -> Raw:
        port: Raw = {} if self.dice.random() < 0.3 else {"protocol": self.dice.choice(PROTOCOLS)}
        kind = self.dice.random()
        if kind < 0.3:
            port["port"] = self.dice.choice(_NAMES[:2])
        elif kind < 0.9:
            port["port"] = self.dice.choice(PORTS)
            if self.dice.random() < 0.4:
                port["endPort"] = self.dice.choice([p for p in PORTS if p >= port["port"]])
        return port

    def _admin(self, number: int) -> Raw:
        kind = self.dice.choice(["AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"])
        later = kind == "ClusterNetworkPolicy"
        tier = "Baseline" if kind == "BaselineAdminNetworkPolicy" else "Admin"
        tier = self.dice.choice(["Admin", "Baseline"]) if later else tier
        actions = ["Accept" if later else "Allow", "Deny", *(["Pass"] if tier == "Admin" else [])]
        spec: Raw = {"subject": self._chooser()}
        if kind != "BaselineAdminNetworkPolicy":
            spec["priority"] = self.dice.randint(0, 3)
        if later:
            spec["tier"] = tier
        for way, key in (("ingress", "from"), ("egress", "to")):
            spec[way] = [self._admin_rule(key, actions, later=later) for _ in range(self.dice.randint(0, 3))]
        version = f"policy.networking.k8s.io/v1alpha{2 if later else 1}"
        return self._object(version, kind, f"anp{number}") | {"spec": spec}

    def _chooser(self) -> Raw:
        if self.dice.random() < 0.5:
            return {"namespaces": self._selector("ns")}
        return {"pods": {"namespaceSelector": self._selector("ns"), "podSelector": self._selector("pod")}}

    def _admin_rule(self, key: str, actions: Sequence[str], *, later: bool) -> Raw:
        peers = [self._admin_peer(key) for _ in range(self.dice.randint(1, 2))]
        rule: Raw = {"name": "r", "action": self.dice.choice(actions), key: peers}
        if self.dice.random() < 0.6:
            make = self._protocol if later else self._admin_port
            rule["protocols" if later else "ports"] = [make() for _ in range(self.dice.randint(1, 2))]
        return rule

    def _admin_peer(self, key: str) -> Raw:
        if key == "to" and self.dice.random() < 0.3:
            return {"networks": self.dice.sample(_CIDRS, self.dice.randint(1, 2))}
        return self._chooser()

    def _admin_port(self) -> Raw:
        protocol = self.dice.choice(PROTOCOLS)
        kind = self.dice.random()
        if kind < 0.3:
            return {"namedPort": self.dice.choice(_NAMES)}
        first = self.dice.choice(PORTS[:-1])
        if kind < 0.7:
            return {"portNumber": {"protocol": protocol, "port": first}}
        return {
            "portRange": {
                "protocol": protocol,
                "start": first,
                "end": self.dice.choice([p for p in PORTS if p > first]),
            }
        }

    def _protocol(self) -> Raw:
        kind = self.dice.random()
        if kind < 0.3:
            return {"destinationNamedPort": self.dice.choice(_NAMES)}
        name = self.dice.choice(PROTOCOLS).lower()
        first = self.dice.choice(PORTS[:-1])
        if kind < 0.5:
            return {name: {}}
        if kind < 0.7:
            return {name: {"destinationPort": {"number": first}}}
        return {
            name: {
                "destinationPort": {"range": {"start": first, "end": self.dice.choice([p for p in PORTS if p > first])}}
            }
        }


def manifests(cluster: Cluster) -> bytes:
    """The cluster as what is piped in."""
    objects = [*cluster.namespaces, *cluster.pods, *cluster.policies, *cluster.admin]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}).encode()
