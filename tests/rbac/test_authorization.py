"""Permissions are worked out as the API server does it."""

import pytest

from fourc.collect.manifests.collect import collect_stdin
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.rbac import PolicyRule
from fourc.rbac.identities import Identity
from fourc.rbac.questions import request_for, unused, who_can
from fourc.rbac.requests import Request, allows
from fourc.rbac.resolve import authorization

RBAC = "rbac.authorization.k8s.io"


def inventory(*texts: str) -> Inventory:
    return collect_stdin("---\n".join(texts).encode()).inventory


def role(name: str, rules: str, *, kind: str = "Role", extra: str = "") -> str:
    where = "" if kind == "ClusterRole" else ", namespace: shop"
    return f"apiVersion: {RBAC}/v1\nkind: {kind}\nmetadata: {{name: {name}{where}{extra}}}\nrules: {rules}\n"


def binding(name: str, to: str, subject: str, *, kind: str = "RoleBinding", of: str = "Role") -> str:
    where = "" if kind == "ClusterRoleBinding" else ", namespace: shop"
    ref = f"{{apiGroup: {RBAC}, kind: {of}, name: {to}}}"
    return f"apiVersion: {RBAC}/v1\nkind: {kind}\nmetadata: {{name: {name}{where}}}\nroleRef: {ref}\nsubjects: [{subject}]\n"


ANN = "{kind: User, name: ann}"
BOT = "{kind: ServiceAccount, name: bot, namespace: shop}"
SECRETS = "[{apiGroups: [''], resources: [secrets], verbs: [get, list]}]"
USER = Identity("User", "", "ann")


def holders(found: Inventory, request: Request, *, anywhere: bool = False) -> set[tuple[str, str | None]]:
    return {(g.identity.name, g.scope) for g in who_can(authorization(found), request, anywhere=anywhere)}


def rule(
    verbs: tuple[str, ...], resources: tuple[str, ...] = (), names: tuple[str, ...] = (), urls: tuple[str, ...] = (),
    groups: tuple[str, ...] = ("",),
) -> PolicyRule:  # fmt: skip
    return PolicyRule(0, verbs, groups if resources else (), resources, names, urls)


@pytest.mark.parametrize(
    ("held", "asked", "verdict"),
    [
        (rule(("get",), ("pods",)), Request("get", "pods"), True),
        (rule(("get",), ("pods",)), Request("get", "pods/log"), False),
        (rule(("get",), ("pods/*",)), Request("get", "pods/log"), False),
        (rule(("get",), ("*/log",)), Request("get", "pods/log"), True),
        (rule(("get",), ("*",)), Request("get", "pods/log"), True),
        (rule(("*",), ("pods",)), Request("impersonate", "pods"), True),
        (rule(("get",), ("pods",), groups=("apps",)), Request("get", "pods"), False),
        (rule(("get",), ("pods",), groups=("*",)), Request("get", "pods", "any.example.com"), True),
        (rule(("get",), ("secrets",), ("a",)), Request("get", "secrets", name="a"), True),
        (rule(("get",), ("secrets",), ("a",)), Request("get", "secrets", name="b"), False),
        (rule(("list",), ("secrets",), ("a",)), Request("list", "secrets"), False),
        (rule(("list",), ("secrets",), ("a",)), Request("list", "secrets", name="a"), True),  # by field selector
        (rule(("create",), ("secrets",), ("a",)), Request("create", "secrets", name="a"), False),
        (rule(("create",), ("pods/exec",), ("a",)), Request("create", "pods/exec", name="a"), True),
        (rule(("deletecollection",), ("pods",), ("a",)), Request("deletecollection", "pods"), False),
        (rule(("get",), urls=("/metrics",)), Request("get", url="/metrics"), True),
        (rule(("get",), urls=("/api/*",)), Request("get", url="/api/v1"), True),
        (rule(("get",), urls=("/api/*",)), Request("get", url="/apis"), False),
        (rule(("get",), urls=("*",)), Request("get", "pods"), False),
    ],
)  # fmt: skip
def test_a_rule_allows_what_the_api_server_lets_it(held: PolicyRule, asked: Request, verdict: bool) -> None:
    assert allows(held, asked) is verdict


def test_a_role_binding_grants_in_its_namespace_only_even_a_cluster_role() -> None:
    found = inventory(role("r", SECRETS, kind="ClusterRole"), binding("b", "r", ANN, of="ClusterRole"))
    assert holders(found, Request("get", "secrets", namespace="shop")) == {("ann", "shop")}
    assert holders(found, Request("get", "secrets", namespace="other")) == set()
    assert holders(found, Request("get", "secrets")) == set()


def test_a_role_binding_grants_nothing_that_lies_in_no_namespace() -> None:
    nodes = "[{apiGroups: [''], resources: [nodes, namespaces], verbs: ['*']}]"
    found = inventory(role("r", nodes), binding("b", "r", ANN))
    assert holders(found, request_for("get", "nodes"), anywhere=True) == set()
    assert holders(found, request_for("patch", "namespaces", "shop"), anywhere=True) == {("ann", "shop")}


def test_a_binding_to_a_role_of_another_namespace_finds_none() -> None:
    elsewhere = role("r", SECRETS).replace("namespace: shop", "namespace: other")
    (idle,) = authorization(inventory(elsewhere, binding("b", "r", ANN))).idle
    assert "Role r was not read" in idle.why.en
    assert not idle.refused


def test_an_account_without_namespace_is_one_of_the_role_bindings_own_namespace() -> None:
    found = authorization(inventory(role("r", SECRETS), binding("b", "r", "{kind: ServiceAccount, name: bot}")))
    assert [b.identities for b in found.bound] == [(Identity("ServiceAccount", "shop", "bot"),)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            binding("b", "r", "{kind: ServiceAccount, name: bot}", kind="ClusterRoleBinding", of="ClusterRole"),
            "without a namespace",
        ),
        (binding("b", "r", "{kind: User, name: ann, apiGroup: v1}"), "apiGroup of a User"),
        (binding("b", "r", f"{{kind: ServiceAccount, name: bot, apiGroup: {RBAC}}}"), "apiGroup of a ServiceAccount"),
        (binding("b", "r", "{kind: Robot, name: ann}"), "kind Robot is unknown"),
        (binding("b", "r", "{kind: User}"), "name is missing"),
        (binding("b", "r", ANN, kind="ClusterRoleBinding"), "cannot be bound by a ClusterRoleBinding"),
        (binding("b", "r", ANN).replace(f"apiGroup: {RBAC}", "apiGroup: v1"), "roleRef.apiGroup"),
    ],
)  # fmt: skip
def test_a_binding_that_the_api_server_refuses_grants_nothing(text: str, why: str) -> None:
    found = authorization(inventory(role("r", SECRETS), role("r", SECRETS, kind="ClusterRole"), text))
    assert found.bound == ()
    assert found.idle[0].refused
    assert why in found.idle[0].why.en


@pytest.mark.parametrize(
    "rules",
    [
        "[{apiGroups: [''], resources: [secrets], verbs: []}]",
        "[{resources: [secrets], verbs: [get]}]",
        "[{apiGroups: [''], verbs: [get]}]",
        "[{nonResourceURLs: [/metrics], verbs: [get]}]",
    ],
)
def test_a_role_that_the_api_server_refuses_grants_nothing(rules: str) -> None:
    assert authorization(inventory(role("r", rules), binding("b", "r", ANN))).bound == ()


def test_an_aggregated_role_has_the_rules_of_what_it_selects_and_not_its_own() -> None:
    whole = (
        f"apiVersion: {RBAC}/v1\nkind: ClusterRole\nmetadata: {{name: whole}}\n"
        "aggregationRule: {clusterRoleSelectors: [{matchLabels: {part: 'yes'}}]}\n"
        "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n"
    )
    part = role("part", SECRETS, kind="ClusterRole", extra=", labels: {part: 'yes'}")
    found = inventory(whole, part, binding("b", "whole", ANN, kind="ClusterRoleBinding", of="ClusterRole"))
    assert holders(found, Request("get", "secrets")) == {("ann", None)}
    assert holders(found, Request("get", "pods")) == set()
    (grant,) = who_can(authorization(found), Request("get", "secrets"))
    assert grant.held.written_in.name == "part"


def test_the_built_in_roles_need_not_be_in_the_files_and_take_what_is_added_to_them() -> None:
    added = role(
        "more", "[{apiGroups: [example.com], resources: [things], verbs: [get]}]", kind="ClusterRole",
        extra=", labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}",
    )  # fmt: skip
    found = inventory(added, binding("b", "view", ANN, of="ClusterRole"))
    assert holders(found, Request("list", "pods", namespace="shop")) == {("ann", "shop")}
    assert holders(found, Request("get", "secrets", namespace="shop")) == set()
    assert holders(found, Request("get", "things", "example.com", namespace="shop")) == {("ann", "shop")}
    edit = inventory(binding("b", "edit", ANN, of="ClusterRole"))
    assert holders(edit, Request("create", "pods/exec", namespace="shop")) == {("ann", "shop")}
    assert holders(edit, Request("create", "rolebindings", RBAC, namespace="shop")) == set()
    admin = inventory(binding("b", "cluster-admin", BOT, kind="ClusterRoleBinding", of="ClusterRole"))
    assert holders(admin, Request("escalate", "clusterroles", RBAC)) == {("bot", None)}


def test_a_user_with_an_accounts_full_name_is_that_account() -> None:
    found = authorization(
        inventory(role("r", SECRETS), binding("b", "r", "{kind: User, name: 'system:serviceaccount:shop:bot'}"))
    )
    assert set(found.by_identity) == {Identity("ServiceAccount", "shop", "bot")}


def test_the_groups_that_the_api_server_adds() -> None:
    assert Identity("ServiceAccount", "shop", "bot").groups == (
        "system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated",
    )  # fmt: skip
    assert Identity("User", "", "system:anonymous").groups == ("system:unauthenticated",)
    assert USER.groups == ("system:authenticated",)


def test_who_can_names_kubernetes_own_holders_when_asked() -> None:
    found = authorization(inventory(), built_in=True)
    names = {g.identity.name for g in who_can(found, request_for("escalate", "clusterroles"))}
    assert "system:masters" in names
    assert "clusterrole-aggregation-controller" in names


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("get", "secret"), ("secrets", "")),
        (("create", "pods/exec"), ("pods/exec", "")),
        (("patch", "deploy"), ("deployments", "apps")),
        (("get", "ingress"), ("ingresses", "networking.k8s.io")),
        (("get", "things.example.com"), ("things", "example.com")),
        (("get", "NetworkPolicy"), ("networkpolicies", "networking.k8s.io")),
        (("get", "widgets"), ("widgets", "*")),
    ],
)
def test_a_resource_may_be_named_as_people_do(words: tuple[str, str], meant: tuple[str, str]) -> None:
    request = request_for(*words)
    assert (request.resource, request.group) == meant


def test_what_nobody_uses_is_named_with_its_reason() -> None:
    found = inventory(
        role("bound", SECRETS), binding("b", "bound", BOT), role("free", SECRETS), binding("lost", "gone", ANN)
    )
    rows = {(ref.kind, ref.name): why.en for ref, why in unused(found, authorization(found)).rows()}
    assert set(rows) == {("RoleBinding", "lost"), ("Role", "free"), ("ServiceAccount", "bot")}
    assert "was not read" in rows["RoleBinding", "lost"]
