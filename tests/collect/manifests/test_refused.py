"""What the API server would refuse has no effect: no part of it may come to mean more than was written."""

from textwrap import dedent

import pytest

from fourc.collect.manifests.collect import collect_stdin
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.network import Selector

_BAD_SELECTORS = [
    "{matchLabels: {app: yes}}",
    "{matchLabels: {app: 1}}",
    "{matchLabels: {app: web, tier: true}}",
    "{matchLabels: [app]}",
    "{matchExpressions: {key: app}}",
    "{matchExpressions: [app]}",
    "{matchExpressions: [null]}",
    "{matchExpressions: [{key: app, operator: In, values: [yes]}]}",
    "{matchExpressions: [{key: app, operator: In}]}",
    "{matchExpressions: [{key: app, operator: NotIn, values: [a, 1]}]}",
    "{matchExpressions: [{key: app, operator: Is, values: [a]}]}",
    "{matchExpressions: [{key: app, operator: Exists, values: [a]}]}",
    "{matchExpressions: [{key: 5, operator: Exists}]}",
    "{matchExpressions: [{operator: DoesNotExist}]}",
    "web",
]
_BAD_PEERS = [
    "null",
    "{}",
    "web",
    "{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}",
    "{ipBlock: {}}",
    "{ipBlock: {cidr: 10}}",
    "{ipBlock: {cidr: nowhere}}",
    "{ipBlock: {cidr: 10.0.0.0/8, except: [5]}}",
    "{ipBlock: {cidr: 10.0.0.0/8, except: [nowhere]}}",
    "{ipBlock: {cidr: 10.0.0.0/8, except: 10.1.0.0/16}}",
    *(f"{{{key}: {selector}}}" for key in ("podSelector", "namespaceSelector") for selector in _BAD_SELECTORS),
]
_BAD_PORTS = [
    "http",
    "{port: true}",
    "{port: 1.5}",
    "{port: 0}",
    "{port: 80, protocol: 6}",
    "{port: 80, protocol: ICMP}",
    "{port: 80, endPort: '90'}",
    "{port: 80, endPort: 70}",
    "{port: http, endPort: 90}",
    "{endPort: 90}",
]


def read(text: str) -> Inventory:
    """The facts of a text in which something is malformed, and said to be."""
    result = collect_stdin(f"---\n{dedent(text)}".encode())
    assert result.gaps
    assert all(gap.message.en.endswith("; the cluster refuses it") for gap in result.gaps)
    return result.inventory


def policy(spec: str) -> str:
    """A NetworkPolicy with this spec."""
    return f"{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: it}}, spec: {spec}}}"


def admin(spec: str) -> str:
    """An AdminNetworkPolicy with this spec."""
    return f"{{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {{name: it}}, spec: {spec}}}"


@pytest.mark.parametrize("selector", _BAD_SELECTORS)
def test_a_policy_with_a_refused_pod_selector_isolates_nothing(selector: str) -> None:
    assert read(policy(f"{{podSelector: {selector}}}")).policies == ()


@pytest.mark.parametrize("direction", [("ingress", "from"), ("egress", "to")])
@pytest.mark.parametrize("peer", _BAD_PEERS)
def test_a_policy_with_a_refused_peer_has_no_effect(peer: str, direction: tuple[str, str]) -> None:
    rules, peers = direction
    assert read(policy(f"{{podSelector: {{}}, {rules}: [{{{peers}: [{peer}]}}]}}")).policies == ()


@pytest.mark.parametrize("port", _BAD_PORTS)
def test_a_policy_with_a_refused_port_has_no_effect(port: str) -> None:
    assert read(policy(f"{{podSelector: {{}}, ingress: [{{ports: [{port}]}}]}}")).policies == ()


@pytest.mark.parametrize(
    "spec",
    [
        "all",
        "{podSelector: {}, policyTypes: [true]}",
        "{podSelector: {}, policyTypes: Egress}",
        "{podSelector: {}, policyTypes: [ingress]}",
        "{podSelector: {}, ingress: {from: []}}",
        "{podSelector: {}, ingress: [all]}",
        "{podSelector: {}, ingress: [{from: {podSelector: {}}}]}",
        "{podSelector: {}, ingress: [{ports: 80}]}",
    ],
)
def test_a_policy_with_a_refused_spec_has_no_effect(spec: str) -> None:
    assert read(policy(spec)).policies == ()


def test_what_is_well_formed_is_kept() -> None:
    """The texts of the tests below, with nothing wrong in them."""
    rule = "{action: Deny, from: [{namespaces: {}}], ports: [{portRange: {start: 5, end: 9}}]}"
    peers = "[{podSelector: {}}, {namespaceSelector: {matchExpressions: [{key: a, operator: Exists}]}}]"
    ports = "[{port: 80, endPort: 90}, {port: http, protocol: UDP}, {}]"
    result = collect_stdin(
        "\n---\n".join(
            [
                "",
                policy(f"{{podSelector: {{}}, ingress: [{{from: {peers}, ports: {ports}}}], policyTypes: [Ingress]}}"),
                policy("{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]}"),
                admin(f"{{priority: 1, subject: {{namespaces: {{}}}}, ingress: [{rule}]}}"),
            ]
        ).encode()
    )
    assert result.gaps == ()
    assert [len(result.inventory.policies), len(result.inventory.admin_policies)] == [2, 1]


def test_a_refused_policy_leaves_the_others_alone() -> None:
    found = read(f"{policy('{podSelector: {matchLabels: {app: yes}}}')}\n---\n{policy('{podSelector: {}}')}\n")
    assert [p.selector for p in found.policies] == [Selector({})]


def test_more_problems_than_are_noted_do_not_hide_a_refused_selector() -> None:
    many = ", ".join(f"l{n}: {n}" for n in range(200))
    text = (
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: it, labels: {" + many + "}},"
        " spec: {podSelector: {matchLabels: {app: yes}}}}"
    )
    result = collect_stdin(f"---\n{text}".encode())
    assert len(result.gaps) > 1
    assert result.inventory.policies == ()


def test_null_is_read_as_the_api_reads_it() -> None:
    """A null label is the empty text, a null port every TCP port, a null rule everyone."""
    result = collect_stdin(
        f"---\n{policy('{podSelector: {matchLabels: {app: null}}, ingress: [{ports: [null]}, null]}')}".encode()
    )
    assert result.gaps == ()
    (found,) = result.inventory.policies
    assert found.selector == Selector({"app": ""})
    assert found.selector.matches({"app": ""})
    assert not found.selector.matches({"app": "web"})
    assert found.ingress is not None
    assert [[(p.protocol, p.port) for p in part.ports] for part in found.ingress] == [[("TCP", None)], []]


@pytest.mark.parametrize("selector", _BAD_SELECTORS)
@pytest.mark.parametrize(
    "spec",
    [
        "{{priority: 1, subject: {{namespaces: {0}}}}}",
        "{{priority: 1, subject: {{pods: {{namespaceSelector: {0}, podSelector: {{}}}}}}}}",
        "{{priority: 1, subject: {{pods: {{namespaceSelector: {{}}, podSelector: {0}}}}}}}",
        "{{priority: 1, subject: {{namespaces: {{}}}}, ingress: [{{action: Deny, from: [{{namespaces: {0}}}]}}]}}",
        "{{priority: 1, subject: {{namespaces: {{}}}}, egress: [{{action: Deny, to: [{{nodes: {0}}}]}}]}}",
        "{{priority: 1, subject: {{namespaces: {{}}}}, egress: [{{action: Pass, to: [{{pods: {0}}}]}}]}}".replace(
            "{0}", "{{namespaceSelector: {{}}, podSelector: {0}}}"
        ),
    ],
)
def test_an_administrators_policy_with_a_refused_selector_has_no_effect(spec: str, selector: str) -> None:
    assert read(admin(spec.format(selector))).admin_policies == ()


@pytest.mark.parametrize(
    "spec",
    [
        "{priority: 1}",
        "{priority: 1, subject: {}}",
        "{priority: 1, subject: all}",
        "{priority: first, subject: {namespaces: {}}}",
        *(
            f"{{priority: 1, subject: {{namespaces: {{}}}}, ingress: [{rule}]}}"
            for rule in (
                "{action: Refuse, from: [{namespaces: {}}]}",
                "{action: Deny, from: [all]}",
                "{action: Deny, from: {namespaces: {}}}",
                "{action: Deny, from: [{networks: [10]}]}",
                "{action: Deny, from: [{namespaces: {}}], ports: 80}",
                "{action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {port: true}}]}",
                "{action: Deny, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP}}]}",
                "{action: Deny, from: [{namespaces: {}}], ports: [{portRange: {start: '1', end: 9}}]}",
                "{action: Deny, from: [{namespaces: {}}], ports: [{portRange: {start: 5}}]}",
                "{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: x}}}]}",
                "{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {range: {end: 9}}}}]}",
            )
        ),
    ],
)
def test_an_administrators_policy_with_a_refused_part_has_no_effect(spec: str) -> None:
    assert read(admin(spec)).admin_policies == ()


@pytest.mark.parametrize("selector", ["{app: yes}", "{app: web, tier: 1}", "web", "[app]"])
def test_a_service_with_a_refused_selector_leads_nowhere(selector: str) -> None:
    text = "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 80}], selector: %s}}"
    assert read(text % selector).services == ()


@pytest.mark.parametrize("selector", _BAD_SELECTORS)
def test_a_budget_with_a_refused_selector_protects_nothing(selector: str) -> None:
    text = "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b}, spec: {selector: %s}}"
    assert read(text % selector).budgets == ()


@pytest.mark.parametrize("selector", _BAD_SELECTORS)
@pytest.mark.parametrize("key", ["namespaceSelector", "objectSelector"])
def test_a_webhook_with_a_refused_selector_is_asked_about_nothing(key: str, selector: str) -> None:
    (found,) = read(f"""
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata: {{name: w}}
    webhooks: [{{name: a, {key}: {selector}}}]
    """).webhooks
    (webhook,) = found.webhooks
    chosen = webhook.namespace_selector if key == "namespaceSelector" else webhook.object_selector
    assert not chosen.matches({})
    assert not chosen.matches({"app": "web"})


@pytest.mark.parametrize("selector", _BAD_SELECTORS)
def test_a_monitor_with_a_refused_selector_scrapes_nothing(selector: str) -> None:
    text = "{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: m}, spec: {selector: %s}}"
    assert read(text % selector).monitors == ()


@pytest.mark.parametrize("selector", _BAD_SELECTORS)
def test_a_refused_aggregation_brings_no_rules(selector: str) -> None:
    (role,) = read(f"""
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {{name: r}}
    aggregationRule: {{clusterRoleSelectors: [{selector}]}}
    """).roles
    assert (role.aggregated, role.selectors) == (True, ())


@pytest.mark.parametrize(
    "rule",
    [
        "{verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: [yes]}",
        "{verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: db}",
        "{verbs: [get, 1], apiGroups: [''], resources: [secrets]}",
        "{verbs: get, apiGroups: [''], resources: [secrets]}",
        "all",
    ],
)
def test_a_refused_rule_grants_nothing_and_the_others_stay(rule: str) -> None:
    (role,) = read(f"""
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: {{name: r}}
    rules: [{rule}, {{verbs: [list], apiGroups: [""], resources: [pods]}}]
    """).roles
    assert [(r.index, r.verbs, r.resources) for r in role.rules] == [(1, ("list",), ("pods",))]


@pytest.mark.parametrize("subject", ["{kind: ServiceAccount, name: a, namespace: 5}", "{kind: User, name: yes}", "a"])
def test_a_refused_subject_holds_nothing(subject: str) -> None:
    (binding,) = read(f"""
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: {{name: b, namespace: here}}
    roleRef: {{kind: Role, name: r, apiGroup: rbac.authorization.k8s.io}}
    subjects: [{subject}, {{kind: ServiceAccount, name: other}}]
    """).bindings
    assert [(s.kind, s.namespace, s.name) for s in binding.subjects] == [("ServiceAccount", "here", "other")]
