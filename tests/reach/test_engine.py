"""Single rules of the API, each in the smallest cluster that shows it."""

from tests.reach.reading import inventory, pod, ports, workload

from fourc.model.ports import ALL, PortSet
from fourc.reach.classes import Reading
from fourc.reach.engine import reachability

TWO = pod("a", labels="{app: a}") + pod(
    "b", labels="{app: b}", spec="{containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}"
)


def policy(spec: str, name: str = "p", space: str = "shop") -> str:
    """A NetworkPolicy."""
    head = f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: {space}}}\n"
    return f"{head}spec: {spec}\n---\n"


def admin(spec: str, name: str = "x", kind: str = "AdminNetworkPolicy", version: str = "v1alpha1") -> str:
    """An administrator's policy."""
    return (
        f"apiVersion: policy.networking.k8s.io/{version}\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n---\n"
    )


def tcp(*numbers: int) -> PortSet:
    """A set of TCP ports."""
    return PortSet.of(("TCP", n, n) for n in numbers)


def test_without_policies_everything_is_allowed() -> None:
    assert ports(TWO, "a", "b") == ALL


def test_a_policy_without_rules_denies_what_it_selects() -> None:
    assert not ports(TWO + policy("{podSelector: {matchLabels: {app: b}}}"), "a", "b")
    assert ports(TWO + policy("{podSelector: {matchLabels: {app: b}}}"), "b", "a") == ALL


def test_a_port_name_means_the_port_of_the_destination() -> None:
    named = policy("{podSelector: {}, ingress: [{ports: [{port: http}]}]}")
    assert ports(TWO + named, "a", "b") == tcp(8080)
    assert not ports(TWO + named, "b", "a")
    out = policy("{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: http}]}]}")
    assert ports(TWO + out, "a", "b") == tcp(8080)


def test_a_port_without_number_is_the_whole_protocol_and_an_end_port_a_range() -> None:
    rule = policy("{podSelector: {}, ingress: [{ports: [{protocol: SCTP}, {port: 80, endPort: 82}]}]}")
    assert ports(TWO + rule, "a", "b") == PortSet.of([("SCTP", 1, 65535), ("TCP", 80, 82)])


def test_pods_and_namespaces_in_one_peer_must_both_match_and_in_two_peers_either() -> None:
    other = pod("c", space="other", labels="{app: a}")
    both = policy(
        "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: a}}}]}]}"
    )
    own = policy("{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]}")
    assert ports(TWO + other + both, "c", "b") == ALL
    assert not ports(TWO + other + own, "c", "b")
    assert ports(TWO + other + own, "a", "b") == ALL


def test_every_namespace_has_its_name_as_a_label() -> None:
    other = pod("c", space="other")
    rule = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}}]}]}"
    assert ports(TWO + other + policy(rule), "c", "b") == ALL
    assert not ports(TWO + other + policy(rule), "a", "b")


def test_no_policy_holds_on_the_host_s_network_unless_it_is_read_as_np_guard_does() -> None:
    host = pod("h", labels="{app: b}", spec="{hostNetwork: true, containers: [{name: c}]}")
    deny = policy("{podSelector: {matchLabels: {app: b}}}")
    assert ports(TWO + host + deny, "a", "h") == ALL
    assert not ports(TWO + host + deny, "a", "h", Reading.NP_GUARD)
    peers = policy("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}")
    assert not ports(TWO + host + peers, "h", "b")


def test_addresses_are_cut_at_the_borders_of_the_ranges() -> None:
    block = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 80}]}]}"
    read = inventory(TWO + policy(block))
    reach = reachability(read)
    b = reach.class_of(workload(read, "b"))
    found = {
        str(r): str(reach.allowed(reach.space.first_range + i, b)) for i, r in enumerate(reach.ranges) if r.version == 4
    }
    assert found == {
        "0.0.0.0-9.255.255.255": "No Connections",
        "10.0.0.0-10.0.255.255": "TCP 80",
        "10.1.0.0-10.1.255.255": "No Connections",
        "10.2.0.0-10.255.255.255": "TCP 80",
        "11.0.0.0-255.255.255.255": "No Connections",
    }
    assert reach.from_outside(b) == tcp(80)
    assert reach.to_outside(b) == ALL


def test_an_administrator_s_rules_go_by_priority_and_pass_leaves_the_word_to_policies() -> None:
    subject = "subject: {namespaces: {}}"
    deny = admin(f"{{priority: 5, {subject}, ingress: [{{action: Deny, from: [{{namespaces: {{}}}}]}}]}}", "deny")
    some = admin(
        f"{{priority: 4, {subject}, ingress: [{{action: Pass, from: [{{namespaces: {{}}}}], "
        "ports: [{portNumber: {protocol: TCP, port: 80}}]}]}",
        "some",
    )
    assert not ports(TWO + deny, "a", "b")
    assert ports(TWO + deny + some, "a", "b") == tcp(80)
    own = policy("{podSelector: {matchLabels: {app: b}}}")
    assert not ports(TWO + deny + some + own, "a", "b")


def test_the_baseline_speaks_only_for_pods_that_no_policy_selects() -> None:
    base = admin(
        "{subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}",
        "default",
        "BaselineAdminNetworkPolicy",
    )
    own = policy("{podSelector: {matchLabels: {app: b}}, ingress: [{}]}")
    assert not ports(TWO + base, "a", "b")
    assert ports(TWO + base + own, "a", "b") == ALL


def test_a_peer_of_an_unknown_kind_fails_closed() -> None:
    head = "tier: Admin, priority: 1, subject: {namespaces: {}}"
    deny = f"{{{head}, ingress: [{{action: Deny, from: [{{later: {{}}}}]}}]}}"
    accept = f"{{{head}, ingress: [{{action: Accept, from: [{{later: {{}}}}]}}]}}"
    assert not ports(TWO + admin(deny, kind="ClusterNetworkPolicy", version="v1alpha2"), "a", "b")
    assert ports(TWO + admin(accept, kind="ClusterNetworkPolicy", version="v1alpha2"), "a", "b") == ALL


def test_pods_that_no_selector_tells_apart_are_one_class() -> None:
    many = "".join(pod(f"p{i}", labels=f"{{app: web, hash: h{i}}}") for i in range(20)) + pod("q", labels="{app: db}")
    read = inventory(many + policy("{podSelector: {matchLabels: {app: web}}}"))
    reach = reachability(read)
    assert sorted(c.pods for c in reach.classes) == [1, 20]
    assert (reach.pods(), reach.pairs()) == (21, 20)


def test_replicas_count_as_pods() -> None:
    text = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: shop}
    spec: {replicas: 3, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}}
    """
    reach = reachability(inventory(text))
    assert (reach.pods(), reach.pairs()) == (3, 6)
