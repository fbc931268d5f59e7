"""Each kind of step stands where its preconditions hold, and not where one of them is missing."""

import pytest
from tests.graph.manifests import graph, held, inventory, pod, rule, service, steps
from tests.graph.step_cases import ACCOUNT, CASES, DENY, OPEN, RBAC, READ_SECRETS, REDIS

from fourc.graph.build import build
from fourc.graph.footholds import Foothold
from fourc.graph.kinds import REFERENCES
from fourc.graph.odds import ODDS
from fourc.model.step import Basis
from fourc.model.subject import Ref
from fourc.model.text import same

ALWAYS = {"use-cloud-role", "read-secrets-on-node", "own-everything", "token-among-secrets"}
"""What follows for whoever holds a node, every Secret or the cluster; it stands in every graph."""
ELSEWHERE = {
    "use-leaked-secret",
    "exploit-known-vulnerability",
    "exhaust-node",
    "write-plain-host-path",
    "broken-in-by-supply-chain",
}
"""Tested below, or rows of the odds that are no kinds."""


@pytest.mark.parametrize("kind", CASES)
def test_the_step_stands_where_its_preconditions_hold(kind: str) -> None:
    found = steps(graph(*CASES[kind][0]), kind)
    assert found
    for step in found:
        assert step.evidence.en
        assert step.evidence.zh != step.evidence.en
        assert 0 < step.probability <= 1


@pytest.mark.parametrize("kind", sorted(set(CASES) - ALWAYS))
def test_the_step_is_not_invented_where_one_of_them_is_missing(kind: str) -> None:
    if kind == "ask-metadata-service":
        assert [s for s in steps(graph(*CASES[kind][1]), kind) if s.source.startswith("Pod/")] == []
    else:
        assert steps(graph(*CASES[kind][1]), kind) == []


def test_every_kind_of_step_has_its_odds_its_references_and_its_cases() -> None:
    assert set(REFERENCES) - {"enter-through"} <= set(CASES) | ELSEWHERE
    graded = {"write-host", "read-host"}
    assert set(REFERENCES) - graded <= set(ODDS)


def test_a_known_vulnerability_is_a_foothold_that_is_inferred() -> None:
    read = inventory(OPEN[0], OPEN[1], service(kind="LoadBalancer"))
    foothold = Foothold(Ref("Pod", "default", "p"), "cve:CVE-2021-44228", same("log4j"))
    found = steps(build(read, (), footholds=(foothold,)), "exploit-known-vulnerability")
    assert {s.source for s in found} == {"internet", "network"}
    assert {s.basis for s in found} == {Basis.INFERRED}
    assert "cve:CVE-2021-44228" in found[0].references
    assert steps(build(read, ()), "exploit-known-vulnerability") == []


def test_evidence_names_field_resource_port_and_object_as_kubernetes_spells_them() -> None:
    said = {
        "see-host-processes": ("hostPID: true", "Pod default/p"),
        "rbac-ephemeral-container": ("pods/ephemeralcontainers", "Role r"),
        "enter-through-service": ("Service p", "8080"),
        "read-secret-of-pod": ("Secret db", "PASSWORD"),
        "read-open-store": ("6379", "Pod default/redis"),
        "use-runtime-socket": ("/run/docker.sock", "hostPath"),
    }
    for kind, words in said.items():
        text = steps(graph(*CASES[kind][0]), kind)[0].evidence.en
        assert all(word in text for word in words), text


def test_a_binding_that_the_api_server_refuses_opens_no_step() -> None:
    rules = f"[{rule('create', 'pods/exec')}]"
    right = held(rules)
    wrong = {
        "subject group": held(rules, subject="{kind: User, name: a, apiGroup: ''}").replace(
            "apiGroup: ''", "apiGroup: apps"
        ),
        "role group": right.replace("roleRef: {apiGroup: rbac.authorization.k8s.io", "roleRef: {apiGroup: apps"),
        "no such role": right.replace("kind: Role, name: r}", "kind: Role, name: missing}"),
        "subject kind": held(rules, subject="{kind: Pod, name: a}"),
        "cluster role of a role": right.replace(
            "kind: RoleBinding\nmetadata: {name: r, namespace: default}",
            "kind: ClusterRoleBinding\nmetadata: {name: r}",
        ),
        "account without namespace": held(rules, cluster=True, subject="{kind: ServiceAccount, name: a}"),
        "no verbs": held("[{apiGroups: [''], resources: [pods/exec], verbs: []}]"),
    }
    assert steps(graph(pod(ACCOUNT), right), "rbac-exec")
    for name, text in wrong.items():
        assert steps(graph(pod(ACCOUNT), text), "rbac-exec") == [], name


def test_powers_of_two_roles_add_up_for_one_identity_and_ask_for_both() -> None:
    bind = held(f"[{rule('bind', 'clusterroles', RBAC)}]", cluster=True, name="binder")
    write = held(f"[{rule('create', 'clusterrolebindings', RBAC)}]", cluster=True, name="writer")
    (step,) = steps(graph(pod(ACCOUNT), bind, write), "rbac-bind")
    assert step.source == "identity:default/a"
    assert step.when == ("permission:ClusterRole/binder", "permission:ClusterRole/writer")
    other = write.replace("name: a,", "name: b,")
    assert steps(graph(pod(ACCOUNT), bind, other), "rbac-bind") == []


def test_the_log_link_asks_for_the_permission_to_read_logs() -> None:
    (step,) = steps(graph(*CASES["link-from-var-log"][0]), "link-from-var-log")
    assert step.when == ("permission:Role/default/r",)


def test_what_a_policy_denies_is_assumed_until_somebody_says_that_policies_are_enforced() -> None:
    read = inventory(REDIS, pod(), DENY)
    (past,) = steps(build(read, ()), "reach-unenforced")[:1]
    assert past.basis is Basis.ASSUMED
    assert {s.basis for s in steps(build(read, ()), "read-open-store")} == {Basis.ASSUMED}
    assert steps(build(read, (), enforced=True), "read-open-store") == []


def test_a_plug_in_that_enforces_nothing_opens_what_policies_deny_without_an_assumption() -> None:
    flannel = (
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: kube-flannel-ds, namespace: kube-flannel}\n"
        "spec: {selector: {matchLabels: {app: f}}, template: {metadata: {labels: {app: f}}, "
        "spec: {hostNetwork: true, containers: [{name: f, image: 'docker.io/flannel/flannel:v0.25'}]}}}\n"
    )
    found = build(inventory(REDIS, pod(), DENY, flannel), ())
    assert {s.basis for s in steps(found, "reach-unenforced")} == {Basis.INFERRED}
    assert "lannel" in steps(found, "reach-unenforced")[0].evidence.en
    assert {s.basis for s in steps(found, "read-open-store")} == {Basis.INFERRED}


def test_an_open_store_is_read_over_the_network_without_an_assumption() -> None:
    (step,) = steps(graph(REDIS, pod()), "read-open-store")
    assert (step.target, step.basis) == ("data:Pod/default/redis", Basis.INFERRED)


def test_a_store_that_asks_for_nothing_is_read_from_outside_where_an_entry_leads_to_it() -> None:
    (step,) = [
        s
        for s in steps(graph(REDIS, service("redis", kind="LoadBalancer", target=6379)), "read-open-store")
        if s.source == "internet"
    ]
    assert step.basis is Basis.INFERRED
    assert "Service redis" in step.evidence.en


def test_a_proxy_of_the_api_server_obeys_anyone() -> None:
    command = "ports: [{containerPort: 8001}], command: [kubectl, proxy, --address=%s]"
    for address, found in (("0.0.0.0", True), ("127.0.0.1", False)):  # noqa: S104 - a text, nothing is bound
        made = graph(pod(container=command % address), OPEN[1])
        assert bool(steps(made, "command-open-service")) is found


def test_a_policy_lets_only_those_pods_on_that_it_names() -> None:
    policy = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: only, namespace: default}\n"
        "spec: {podSelector: {matchLabels: {app: redis}}, ingress: [{from: [{podSelector: {matchLabels: {app: q}}}]}]}\n"
    )
    found = build(inventory(REDIS, pod(), pod(name="q", labels="{app: q}"), policy), (), enforced=True)
    (step,) = steps(found, "read-open-store")
    assert {s.source for s in found.steps if s.target == step.source} == {"Pod/default/q"}


def test_a_pod_has_no_identity_that_leads_nowhere() -> None:
    assert steps(graph(pod()), "assume-identity") == []
    assert steps(graph(pod(), held(READ_SECRETS).replace("name: a,", "name: default,")), "assume-identity")


def test_what_a_platform_program_documents_that_it_needs_is_an_assumed_way() -> None:
    controller = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ingress-nginx-controller, namespace: ingress-nginx}\n"
        "spec: {selector: {matchLabels: {app: i}}, template: {metadata: {labels: {app: i}}, spec: {serviceAccountName: a, "
        "containers: [{name: c, image: 'registry.k8s.io/ingress-nginx/controller:v1.11.2'}]}}}\n"
    )
    role = held(READ_SECRETS, cluster=True, subject="{kind: ServiceAccount, name: a, namespace: ingress-nginx}")
    (step,) = steps(graph(controller, role), "discover-permission")
    assert step.basis is Basis.ASSUMED
    (other,) = steps(
        graph(controller.replace("ingress-nginx/controller", "other/controller"), role), "discover-permission"
    )
    assert other.basis is Basis.INFERRED
