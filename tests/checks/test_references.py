"""What a check refers to has the form that its catalogue gives its ids, so that people find it by what they know."""

import re

import pytest

from fourc.checks.registry import all_checks

CHECKS = {c.id: c for c in all_checks()}
# A catalogue that is not listed here is a slip, or has to be added together with the form of its ids.
FORMS = {
    "attack": r"T\d{4}(\.\d{3})?",
    "checkov": r"CKV2?_K8S_\d{1,3}",
    "cis": r"\d\.\d{1,2}\.\d{1,2}",
    "cve": r"CVE-\d{4}-\d{4,}",
    "gitleaks": r"[a-z0-9]+(-[a-z0-9]+)*",
    "kube-linter": r"[a-z]+(-[a-z]+)*",
    "kubehound": r"[A-Z]+(_[A-Z]+)*",
    "kubescape": r"C-0\d{3}",
    "osv": r"[A-Z]+-\S+",
    "owasp": r"K(0[1-9]|10):20(22|25)",  # Kubernetes Top Ten, whose numbers differ by edition
    "pss": r"[a-z][A-Za-z]+(_(baseline|restricted))?",
    "trivy": r"K[SC]V-0\d{3,4}",
}


@pytest.mark.parametrize("rule", CHECKS)
def test_every_reference_has_the_form_of_its_catalogue(rule: str) -> None:
    parts = [r.partition(":") for r in CHECKS[rule].references]
    assert [r for r in parts if not re.fullmatch(FORMS.get(r[0], "(?!)"), r[2])] == []


@pytest.mark.parametrize("rule", CHECKS)
def test_no_reference_is_given_twice(rule: str) -> None:
    assert len(CHECKS[rule].references) == len(set(CHECKS[rule].references))
