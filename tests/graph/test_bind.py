"""What `bind`, node status and Secrets lead to where rules name single objects."""

import pytest
from tests.graph.manifests import graph, held, pod, rule, steps

from fourc.model.step import Basis, Graph

RBAC = "rbac.authorization.k8s.io"
ACCOUNT = "serviceAccountName: a"
SUPER = (
    f"apiVersion: {RBAC}/v1\nkind: ClusterRole\nmetadata: {{name: super}}\n"
    "rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]\n"
)
STRONG = (
    f"apiVersion: {RBAC}/v1\nkind: Role\nmetadata: {{name: strong, namespace: default}}\n"
    "rules: [{apiGroups: [''], resources: [secrets], verbs: [list]}]\n"
)
BIND_SUPER = rule("bind", "clusterroles", RBAC, "super")
WRITE_ALL = rule("create", "clusterrolebindings", RBAC)
WRITE = rule("create", "rolebindings", RBAC)


def ends(found: Graph) -> set[tuple[str, str]]:
    return {(s.source, s.target) for s in steps(found, "rbac-bind-role")}


def test_a_cluster_role_that_may_be_bound_by_name_leads_to_what_it_gives() -> None:
    found = graph(pod(ACCOUNT), SUPER, held(f"[{BIND_SUPER}, {WRITE_ALL}]", cluster=True))
    assert ends(found) == {("permission:ClusterRole/r", "permission:ClusterRole/super")}
    (step,) = steps(found, "rbac-bind-role")
    assert "kubehound:ROLE_BIND" in step.references
    assert "bind clusterroles super, create clusterrolebindings" in step.evidence.en
    assert {(s.source, s.target) for s in steps(found, "rbac-everything")} == {
        ("permission:ClusterRole/super", "cluster-admin")
    }


@pytest.mark.parametrize("rules", [f"[{BIND_SUPER}]", f"[{WRITE_ALL}]"])
def test_both_permissions_are_needed(rules: str) -> None:
    assert ends(graph(pod(ACCOUNT), SUPER, held(rules, cluster=True))) == set()


def test_a_cluster_role_is_not_bound_everywhere_by_whoever_may_bind_in_one_namespace() -> None:
    assert ends(graph(pod(ACCOUNT), SUPER, held(f"[{BIND_SUPER}, {WRITE_ALL}]"))) == set()
    found = graph(pod(ACCOUNT), SUPER, held(f"[{BIND_SUPER}, {WRITE}]"))
    assert ("permission:Role/default/r", "permission:ClusterRole/super/default") in ends(found)
    assert not any(target == "permission:ClusterRole/super" for _, target in ends(found))


def test_a_role_that_may_be_bound_by_name_leads_to_what_it_gives() -> None:
    rules = f"[{rule('bind', 'roles', RBAC, 'strong')}, {WRITE}]"
    assert ends(graph(pod(ACCOUNT), STRONG, held(rules))) == {
        ("permission:Role/default/r", "permission:Role/default/strong")
    }
    assert ends(graph(pod(ACCOUNT), STRONG, held(rules.replace("strong", "other")))) == set()


def test_two_roles_of_one_account_add_up() -> None:
    binder = held(f"[{BIND_SUPER}]", cluster=True, name="binder")
    writer = held(f"[{WRITE_ALL}]", cluster=True, name="writer")
    (step,) = steps(graph(pod(ACCOUNT), SUPER, binder, writer), "rbac-bind-role")
    assert (step.source, step.target) == ("identity:default/a", "permission:ClusterRole/super")
    assert step.when == ("permission:ClusterRole/binder", "permission:ClusterRole/writer")
    other = writer.replace("name: a,", "name: b,")
    assert ends(graph(pod(ACCOUNT), SUPER, binder, other)) == set()


@pytest.mark.parametrize(("name", "everything"), [("admin", False), ("edit", False), ("cluster-admin", True)])
def test_only_who_may_bind_cluster_admin_becomes_it(name: str, everything: bool) -> None:
    rules = f"[{rule('bind', 'clusterroles', RBAC, name)}, {WRITE_ALL}]"
    found = graph(pod(ACCOUNT), held(rules, cluster=True))
    assert bool(steps(found, "rbac-bind")) is everything
    target = {("permission:ClusterRole/r", f"permission:ClusterRole/{name}")}
    assert ends(found) == (set() if everything else target)


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (rule("delete", "pods"), "delete pods"),
        (rule("create", "pods/eviction"), "create pods/eviction"),
        (rule("patch", "pods/status"), "patch pods/status"),
        (rule("delete", "nodes"), "delete nodes"),
        (rule("create", "pods"), None),
        (rule("delete", "pods/status"), None),
        (rule("delete", "nodes/status"), None),
    ],
)
def test_pods_are_stolen_with_node_status_and_a_way_to_remove_them(second: str, said: str | None) -> None:
    found = graph(pod(ACCOUNT), held(f"[{rule('patch', 'nodes/status')}, {second}]", cluster=True))
    told = [s.evidence.en for s in steps(found, "rbac-steal-pods")]
    if said is None:
        assert told == []
    else:
        assert f"(patch nodes/status, {said})" in told[0]
        assert "eviction" not in told[0].replace(said, "")


def test_node_status_alone_steers_pods_with_luck() -> None:
    (step,) = steps(graph(pod(ACCOUNT), held(f"[{rule('patch', 'nodes/status')}]", cluster=True)), "rbac-steer-pods")
    assert (step.basis, step.when) == (Basis.ASSUMED, ("node",))


@pytest.mark.parametrize(("verb", "there"), [("get", True), ("list", True), ("watch", True), ("delete", False)])
def test_named_secrets_are_read_by_every_verb_that_shows_them(verb: str, there: bool) -> None:
    found = graph(pod(ACCOUNT), held(f"[{rule(verb, 'secrets', names='db')}]"))
    assert [s.target for s in steps(found, "rbac-get-named-secret")] == (["secret:default/db"] if there else [])
