"""What `netpol check` finds in policies and entries."""

import pytest
from tests.reach.reading import inventory, pod

from fourc.model.policy_problem import ProblemKind
from fourc.reach.audit import CONTROLLERS, DNS, problems
from fourc.reach.engine import reachability

PODS = pod("web", labels="{app: web}") + pod("db", labels="{app: db}")
HEAD = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: shop}}\nspec: {spec}\n---\n"
INGRESS = """apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec: {rules: [{http: {paths: [{path: /, backend: {service: {name: NAME, port: {number: 80}}}}]}}]}
---
"""
OUT = (
    "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], "
    "egress: [{to: [{podSelector: {}}], ports: [{port: 5432}]}RULE]}"
)
DNS_RULE = (
    ", {to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}],"
    " ports: [{port: 53, protocol: UDP}]}"
)


def policy(spec: str, name: str = "p") -> str:
    """A NetworkPolicy of the shop."""
    return HEAD.format(name=name, spec=spec)


def found(text: str) -> list[tuple[ProblemKind, bool, str]]:
    """Kind, weight and object of each problem."""
    read = inventory(PODS + text)
    reach = reachability(read, strangers=(*CONTROLLERS, DNS))
    return [(p.kind, p.wrong, p.meta.name) for p in problems(reach, read)]


GOOD = policy("{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (policy("{podSelector: {matchLabels: {app: nobody}}}"), (ProblemKind.SELECTS_NOTHING, True, "p")),
        (
            policy("{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: nobody}}}]}]}"),
            (ProblemKind.MATCHES_NOTHING, True, "p"),
        ),
        (
            policy("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: unread}}}]}]}"),
            (ProblemKind.MATCHES_NOTHING, False, "p"),
        ),
        (policy("{podSelector: {}, ingress: [{ports: [{port: nameless}]}]}"), (ProblemKind.NAMES_NO_PORT, True, "p")),
        (
            policy("{podSelector: {}, ingress: [{}, {from: [{podSelector: {}}]}]}"),
            (ProblemKind.REDUNDANT, False, "p"),
        ),
        (policy(OUT.replace("RULE", "")), (ProblemKind.NO_DNS, True, "p")),
        (
            INGRESS.replace("NAME", "web") + policy("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"),
            (ProblemKind.ENTRY_BLOCKED, True, "shop"),
        ),
        (INGRESS.replace("NAME", "other"), (ProblemKind.ENTRY_TO_NOTHING, False, "shop")),
        (
            pod("host", labels="{app: host}", spec="{hostNetwork: true, containers: [{name: c}]}")
            + policy("{podSelector: {matchLabels: {app: host}}}"),
            (ProblemKind.SELECTS_NOTHING, True, "p"),
        ),
    ],
)
def test_it_is_found(text: str, problem: tuple[ProblemKind, bool, str]) -> None:
    assert found(text) == [problem]


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD,
        policy("{podSelector: {}}", "deny") + GOOD,
        policy(OUT.replace("RULE", DNS_RULE)),
        INGRESS.replace("NAME", "web"),
        INGRESS.replace("NAME", "web")
        + policy(
            "{podSelector: {}, ingress: [{from: [{namespaceSelector:"
            " {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]}]}"
        ),
    ],
)
def test_nothing_is_found_where_nothing_is_wrong(text: str) -> None:
    assert found(text) == []


def test_an_administrator_s_rule_that_never_decides_is_shadowed() -> None:
    rules = "[{name: first, action: Deny, from: [{namespaces: {}}]}, {name: second, action: Allow, from: [{namespaces: {}}]}]"
    text = (
        "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: a}\n"
        f"spec: {{priority: 1, subject: {{namespaces: {{}}}}, ingress: {rules}}}\n"
    )
    assert found(text) == [(ProblemKind.SHADOWED, False, "a")]
