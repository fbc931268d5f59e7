"""How grave a permission is depends on who holds it, and where."""

import pytest

from fourc.checks.api import Judge
from fourc.checks.registry import all_checks
from fourc.collect.manifests.collect import collect_stdin
from fourc.model.finding import Finding, Severity

ROLE = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
rules: [{apiGroups: [""], resources: [RESOURCE], verbs: [get, create]}]
"""
CLUSTER = """---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
subjects: [{kind: KIND, name: app, namespace: shop}]
roleRef: {kind: ClusterRole, name: r, apiGroup: rbac.authorization.k8s.io}
"""
LOCAL = CLUSTER.replace("ClusterRoleBinding", "RoleBinding").replace("{name: b}", "{name: b, namespace: shop}")
POD = """---
apiVersion: v1
kind: Pod
metadata: {name: app, namespace: shop}
spec: {serviceAccountName: app, containers: [{name: a, image: a}]}
"""
ADMIN_BESIDE = """---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: boss}
subjects: [{kind: ServiceAccount, name: boss, namespace: shop}]
roleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}
"""


def found(rule: str, text: str) -> list[Finding]:
    check = next(c for c in all_checks() if c.id == rule)
    return list(check.run(Judge(collect_stdin(text.encode()).inventory)))


@pytest.mark.parametrize(
    ("rest", "kind", "severity"),
    [
        ("", "", Severity.LOW),
        (CLUSTER, "User", Severity.HIGH),
        (CLUSTER, "ServiceAccount", Severity.HIGH),
        (CLUSTER + POD, "ServiceAccount", Severity.CRITICAL),
        (LOCAL, "ServiceAccount", Severity.LOW),
        (LOCAL + POD, "ServiceAccount", Severity.MEDIUM),
        (LOCAL.replace("namespace: shop}\nsubjects", "namespace: kube-system}\nsubjects") + POD, "ServiceAccount", 4),
    ],
)
def test_reading_secrets_is_as_grave_as_its_gravest_holder(rest: str, kind: str, severity: Severity) -> None:
    text = ROLE.replace("RESOURCE", "secrets") + rest.replace("KIND", kind)
    assert [f.severity for f in found("rbac-secrets-access", text)] == [severity]


@pytest.mark.parametrize(("beside", "severity"), [("", Severity.MEDIUM), (ADMIN_BESIDE, Severity.HIGH)])
def test_starting_pods_is_graver_beside_an_administrators_account(beside: str, severity: Severity) -> None:
    text = ROLE.replace("RESOURCE", "pods") + LOCAL.replace("KIND", "ServiceAccount") + POD + beside
    assert [f.severity for f in found("rbac-pod-creation", text)] == [severity]


def test_no_message_and_no_edit_shows_a_credential() -> None:
    text = """
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: a
      image: a
      args: ["--password=hunter2hunter2"]
      env: [{name: DB_PASSWORD, value: hunter2hunter2}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {"app.yml": "password: hunter2hunter2\\n"}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {password: hunter2hunter2}
"""
    rules = ("credential-in-arguments", "credential-in-env", "credential-in-config-map", "secret-in-manifest")
    findings = [f for rule in rules for f in found(rule, text)]
    assert [f.rule for f in findings] == list(rules)
    assert "hunter2" not in repr(findings)
