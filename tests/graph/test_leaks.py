"""A secret in the repository is a step for whoever reads it; replacing it takes the step away."""

import pytest

from fourc.graph.build import build
from fourc.graph.leaks import CLOUD_KEYS, CLUSTER_KEYS, STEP
from fourc.graph.solve import START
from fourc.model.finding import Confidence, Finding, Layer, Severity
from fourc.model.inventory import Inventory
from fourc.model.location import Location, Origin
from fourc.model.remedy import NoFix
from fourc.model.step import Step
from fourc.model.subject import Ref
from fourc.model.text import same
from fourc.secrets.registry import all_rules


def leak(rule: str, severity: Severity = Severity.HIGH, confidence: Confidence = Confidence.HIGH) -> Finding:
    """A secret in a file."""
    return Finding(
        rule=rule,
        layer=Layer.CODE,
        severity=severity,
        confidence=confidence,
        message=same(rule),
        subject=Ref("File", None, "a.env"),
        origin=Origin("a.env", 0, 1),
        at=(),
        container=None,
        detail="",
        references=(),
        fix=NoFix(same("replace it")),
        location=Location("a.env", 1, 1, 1, 9),
        identity=f"id-of-{rule}",
    )


def steps(*found: Finding) -> list[Step]:
    """The steps that leaked secrets open."""
    return [step for step in build(Inventory(), found).steps if step.kind == STEP]


@pytest.mark.parametrize(
    ("rule", "target"),
    [
        ("alibaba-secret-key", "cloud-admin"),
        ("kubeconfig-credential", "cluster-admin"),
        ("generic-api-key", "own-secrets:repository"),
    ],
)
def test_it_leads_from_anywhere_to_what_it_opens(rule: str, target: str) -> None:
    (step,) = steps(leak(rule))
    assert (step.source, step.target, step.findings) == (START, target, frozenset({f"id-of-{rule}"}))


def test_what_is_no_secret_by_itself_opens_nothing() -> None:
    assert steps(leak("alibaba-access-key-id", Severity.LOW), leak("aws-arn", Severity.INFO)) == []


def test_what_only_sounds_like_a_secret_is_less_likely_one() -> None:
    sure, unsure = (steps(leak("generic-api-key", confidence=c))[0] for c in (Confidence.HIGH, Confidence.LOW))
    assert unsure.probability < sure.probability


def test_the_rules_that_open_most_are_there() -> None:
    assert {rule.id for rule in all_rules()} >= CLOUD_KEYS | CLUSTER_KEYS
