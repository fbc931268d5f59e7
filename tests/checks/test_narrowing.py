"""What the caution of a narrowed role says: what the edit really takes, and `*` only where there is one."""

import pytest

from fourc.checks.api import Judge
from fourc.checks.registry import all_checks
from fourc.collect.manifests.collect import collect_stdin
from fourc.model.finding import Finding
from fourc.model.remedy import FixClass, Remedy

MANIFEST = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: support, namespace: shop}
rules:
%s
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: support, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: support}
subjects: [{kind: ServiceAccount, name: support, namespace: shop}]
---
apiVersion: v1
kind: Pod
metadata: {name: support, namespace: shop}
spec: {serviceAccountName: support, containers: [{name: it, image: registry.example.com/it:1}]}
"""


def remedies(rules: str) -> list[tuple[Finding, Remedy]]:
    judge = Judge(collect_stdin((MANIFEST % rules).encode()).inventory)
    found = [f for c in all_checks() if c.id.startswith("rbac-") for f in c.run(judge)]
    return [(f, f.fix) for f in found if isinstance(f.fix, Remedy)]


@pytest.mark.parametrize(
    ("rules", "fix_class", "taken"),
    [
        (
            '- {apiGroups: [""], resources: [secrets, pods], verbs: [get, list]}',
            FixClass.TRY_FIRST,
            "this takes from support: get, list (secrets); whatever",
        ),
        (
            """
- {apiGroups: [apps], resources: [deployments], verbs: [get, patch]}
- {apiGroups: [""], resources: [pods/exec], verbs: [create]}""",
            FixClass.DECISION,
            "this takes from support: patch (deployments); create (pods/exec); whatever",
        ),
    ],
)
def test_without_a_star_it_names_the_verbs_and_resources_that_go(rules: str, fix_class: FixClass, taken: str) -> None:
    made = remedies(rules)
    assert made
    for _, fix in made:
        assert fix.fix_class is fix_class
        assert fix.caution is not None
        assert taken in fix.caution.en
        assert "`*`" not in fix.caution.en + fix.caution.zh


def test_where_everything_was_allowed_reading_is_what_is_left() -> None:
    made = remedies('- {apiGroups: [""], resources: ["*"], verbs: ["*"]}')
    assert made
    for _, fix in made:
        assert fix.caution is not None
        assert "reading is all that is left of `*`" in fix.caution.en
        assert "`*` 只保留读取" in fix.caution.zh
        assert "get, list, watch (secrets)" in fix.caution.en


def test_where_the_verbs_are_named_they_are_not_said_to_be_reading_only() -> None:
    made = remedies('- {apiGroups: ["*"], resources: ["*"], verbs: [get, delete]}')
    assert made
    for _, fix in made:
        assert fix.caution is not None
        assert "the list that stands for `*` in support is a guess" in fix.caution.en
        assert "reading is all" not in fix.caution.en
