"""What the API server calls stays open to it: its address is none of a pod's."""

import pytest
from tests.flows.system import app, inventory_of

from fourc.checks.api import Judge
from fourc.checks.registry import all_checks
from fourc.model.remedy import Remedy
from fourc.model.version import NEWEST
from fourc.patch.yaml.operations import Set

POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {matchLabels: {app: hook}}, ingress: [{}]}
"""
WEBHOOK = """apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: h}
webhooks: [{name: a.b.c, clientConfig: {service: {namespace: shop, name: hook}}}]
"""
API = """apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.x}
spec: {service: {namespace: shop, name: hook}}
"""
CHECK = next(c for c in all_checks() if c.id == "policy-allows-everything")


@pytest.mark.parametrize(("caller", "field"), [(WEBHOOK, "ports"), (API, "ports"), ("", "from")])
def test_it_is_limited_by_ports_and_not_by_peers(caller: str, field: str) -> None:
    (found,) = CHECK.run(Judge(inventory_of(app("hook"), POLICY, caller), NEWEST))
    assert isinstance(found.fix, Remedy)
    (operation,) = found.fix.operations
    assert isinstance(operation, Set)
    assert operation.path == ("spec", "ingress", 0, field)
