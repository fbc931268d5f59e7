"""Every verdict has its reasons, and they add up to what the engine says."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reach.clusters import Maker, manifests
from tests.reach.reading import inventory, pod, workload

from fourc.collect.manifests.collect import collect_stdin
from fourc.model.connectivity import End, EndKind, Explained, Verb
from fourc.model.ports import PortSet
from fourc.reach.engine import reachability
from fourc.reach.explain import Explainer
from fourc.report.netpol_text import explained_text

PODS = pod("a", labels="{app: a}") + pod("b", labels="{app: b}")
POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: shop}}
spec: {{podSelector: {{matchLabels: {{app: b}}}}, ingress: {rules}}}
---
"""


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_the_allowed_parts_are_what_the_engine_allows(seed: int) -> None:
    reach = reachability(collect_stdin(manifests(Maker(seed).cluster())).inventory)
    explainer = Explainer(reach)
    ends = range(reach.space.first_range + len(reach.ranges))
    for source in ends:
        for target in ends:
            if min(source, target) >= reach.space.first_stranger:
                continue
            allowed = whole = PortSet()
            for part in explainer.parts(source, target):
                assert not whole.intersection(part.ports)
                whole = whole.union(part.ports)
                allowed = allowed.union(part.ports) if part.allowed else allowed
            assert whole.everything
            assert allowed == reach.allowed(source, target)


def explained(policies: str) -> Explained:
    """Why `a` may connect to `b`."""
    read = inventory(PODS + policies)
    reach = reachability(read)
    a, b = (reach.class_of(workload(read, name)) for name in "ab")
    named = [End(f"shop/{name}[Pod]", EndKind.WORKLOAD, "shop") for name in "ab"]
    return Explained(named[0], named[1], Explainer(reach).parts(a, b))


def test_of_several_policies_that_deny_each_one_is_named_in_order() -> None:
    text = explained_text(
        [
            explained(
                POLICY.format(name="z", rules="[]")
                + POLICY.format(name="x", rules="[{from: [{podSelector: {matchLabels: {app: c}}}]}]")
            )
        ]
    )
    assert (
        "\t\tIngress (Denied)\n"
        "\t\t\tNetworkPolicy list:\n"
        "\t\t\t\t- NetworkPolicy 'shop/x' selects shop/b[Pod], but shop/a[Pod] is not allowed by any Ingress rule\n"
        "\t\t\t\t- NetworkPolicy 'shop/z' selects shop/b[Pod], but shop/a[Pod] is not allowed by any Ingress rule"
        " (no rules defined)\n"
    ) in text


def test_a_rule_for_other_ports_and_one_with_an_unknown_name_are_told_apart() -> None:
    other = explained(POLICY.format(name="p", rules="[{from: [{podSelector: {}}], ports: [{port: 80}]}]"))
    denied = next(p for p in other.parts if not p.allowed)
    assert [r.verb for r in denied.ingress.reasons] == [Verb.OTHER_PORTS]
    nameless = explained(POLICY.format(name="p", rules="[{from: [{podSelector: {}}], ports: [{port: http}]}]"))
    assert [r.verb for p in nameless.parts for r in p.ingress.reasons] == [Verb.NO_SUCH_NAME]


def test_without_policies_the_default_is_the_only_reason() -> None:
    assert explained("").by_default
