"""The listed connections are those that every pair of ends is allowed, in the order of the names."""

from tests.reach.reading import inventory, pod, workload
from tests.reach.test_engine import policy

from fourc.reach.connections import CONTROLLER, connections, sources_of, targets_of
from fourc.reach.engine import reachability
from fourc.reach.peers import named_workloads

PODS = "".join(pod(name, labels=f"{{app: {name}}}") for name in "abc")
INSIDE = "{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}"
OUTSIDE = "{to: [{ipBlock: {cidr: 9.0.0.0/8}}], ports: [{port: 53}]}"
POLICIES = (
    policy(f"{{podSelector: {{matchLabels: {{app: a}}}}, ingress: [{INSIDE}]}}", "p")
    + policy("{podSelector: {matchLabels: {app: b}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}", "q")
    + policy(f"{{podSelector: {{matchLabels: {{app: c}}}}, policyTypes: [Egress], egress: [{OUTSIDE}]}}", "r")
)


def test_what_is_listed_is_what_each_pair_is_allowed() -> None:
    reach = reachability(inventory(PODS + POLICIES), strangers=(CONTROLLER,))
    workloads = named_workloads(reach)
    listed = [(p.source.name, p.target.name, p.ports) for p in connections(reach, workloads)]
    expected = [
        (s.name, t.name, ports)
        for s in sources_of(reach, workloads)
        for t in targets_of(reach, workloads)
        if s is not t and (ports := reach.allowed(s.end, t.end))
    ]
    assert listed == expected
    assert ("10.0.0.0-10.0.255.255[External]", "shop/a[Pod]") in {(s, t) for s, t, _ in listed}


def test_only_the_ends_that_are_asked_for_are_given() -> None:
    read = inventory(PODS)
    reach = reachability(read)
    a, b, c = (reach.class_of(workload(read, name)) for name in "abc")
    assert dict(reach.targets(a, 1 << b)) == {b: reach.allowed(a, b)}
    assert {b, c} <= dict(reach.targets(a)).keys()
