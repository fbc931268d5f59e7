"""In CEL each check says of every object what it says natively, or tells how it differs."""

from collections.abc import Iterator, Mapping

import pytest
from tests.enforce.specs import NO_PSA, PSA, Case, own, upstream

from fourc.checks.registry import all_checks
from fourc.enforce.cel import Wrong, compiled
from fourc.enforce.export import Fit
from fourc.enforce.expressions.rule import FIRST_MINOR, PODS, Shape, used
from fourc.enforce.expressions.table import all_rules, left_out
from fourc.enforce.judged import verdicts
from fourc.model.version import NEWEST, NEWEST_MINOR, KubeVersion
from fourc.patch.yaml.node import Json

pytest.importorskip("cel_expr_python", reason="fourc[cel] is not installed")
VERSIONS = [KubeVersion(minor) for minor in range(FIRST_MINOR, NEWEST_MINOR + 1)]


@pytest.mark.parametrize("version", VERSIONS, ids=str)
def test_every_check_is_said_in_cel_or_has_a_reason_why_not(version: KubeVersion) -> None:
    said, unsaid = (
        {r.check for r in all_rules(version)},
        {x.check for x in left_out(version) if x.fit is Fit.NOT_EXPRESSIBLE},
    )
    assert said | unsaid == {check.id for check in all_checks()}
    assert said & unsaid == set()


@pytest.mark.parametrize("version", VERSIONS, ids=str)
def test_a_rule_says_how_it_differs_exactly_where_it_does(version: KubeVersion) -> None:
    assert [r.check for r in all_rules(version) if (r.how is None) != (r.fit is Fit.EXACT)] == []


@pytest.mark.parametrize("version", VERSIONS, ids=str)
def test_every_expression_compiles(version: KubeVersion) -> None:
    texts = {t for r in all_rules(version) for t in (r.said.holds, r.said.culprits) if t}
    texts |= {t for s in Shape for t in used(s, all_rules(version)).values()}
    assert {text: made.why for text in texts if isinstance(made := compiled(text), Wrong)} == {}


def wrong(cases: tuple[Case, ...]) -> list[str]:
    """The verdicts that are another in CEL."""
    return [
        f"{case.name}: {verdict.check} {verdict.wrong or ('refuses' if verdict.refused else 'passes')}"
        for case in cases
        for verdict in verdicts(case.manifest, case.version)
        if verdict.wrong or case.disagrees(verdict.rule, refused=verdict.refused)
    ]


def test_on_our_own_specs_cel_comes_to_the_same_verdict() -> None:
    assert wrong(own()) == []


@pytest.mark.skipif(not PSA.is_dir(), reason=NO_PSA)
def test_on_the_fixtures_of_pod_security_cel_comes_to_the_same_verdict() -> None:
    assert wrong(upstream()) == []


def wrapped(pod: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    """The pod as the template of a Deployment and of a CronJob."""
    template: dict[str, Json] = {"metadata": pod.get("metadata"), "spec": pod["spec"]}
    yield {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": template}}
    yield {"apiVersion": "batch/v1", "kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": template}}}}


def test_a_pod_and_a_template_of_it_get_the_same_verdict() -> None:
    different = {}
    for case in (c for c in own() if c.manifest["kind"] == "Pod"):
        rules = {r.check for r in all_rules(case.version) if set(PODS) <= set(r.shapes)}
        alone = {v.check for v in verdicts(case.manifest, case.version) if v.refused} & rules
        for template in wrapped(case.manifest):
            within = {v.check for v in verdicts(template, case.version) if v.refused} & rules
            if alone != within:
                different[f"{case.name} in {template['kind']}"] = alone ^ within
    assert different == {}


def test_who_breaks_a_rule_is_named() -> None:
    pod: dict[str, Json] = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": {
            "securityContext": {"seccompProfile": {"type": "Unconfined"}},
            "containers": [{"name": "good"}, {"name": "bad", "securityContext": {"privileged": True}}],
            "initContainers": [{"name": "first", "securityContext": {"privileged": True}}],
        },
    }
    named = {
        v.check: v.culprits for v in verdicts(pod, NEWEST, frozenset({"privileged-container", "seccomp-unconfined"}))
    }
    assert named == {"privileged-container": ("bad", "first"), "seccomp-unconfined": ("(pod)",)}
