"""A real API server takes what is written: labels that it enforces, and policies of engines whose definitions it has."""

import time
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from tests.cluster.api import Cluster
from tests.enforce.engines import GATEKEEPER, KYVERNO, module

from fourc.enforce import gatekeeper, kyverno, psa
from fourc.enforce.export import Asked, Exporter, Stage
from fourc.model.version import KubeVersion

BAD: Mapping[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "bad"},
    "spec": {"containers": [{"name": "c", "image": "x", "securityContext": {"privileged": True}}]},
}


@pytest.mark.parametrize(("stage", "accepted"), [(Stage.AUDIT, True), (Stage.WARN, True), (Stage.DENY, False)])
def test_labels_applied_as_they_are_written_warn_and_refuse(cluster: Cluster, stage: Stage, *, accepted: bool) -> None:
    namespace = cluster.namespace()
    checks = frozenset({"privileged-container"})
    (file,) = psa.exported(Asked(checks, stage, frozenset({namespace}), KubeVersion(cluster.minor))).files
    path, kind = f"/api/v1/namespaces/{namespace}", "application/apply-patch+yaml"
    applied = cluster.ask("PATCH", path, yaml.safe_load(file.text), kind, fieldManager="us", fieldValidation="Strict")
    assert (applied.accepted, [*applied.warnings]) == (True, [])
    answer = cluster.create(BAD, namespace)
    assert answer.accepted is accepted
    assert bool(answer.warnings) is (stage is Stage.WARN)
    cluster.delete_namespace(namespace)


VALIDATING = "config/crds/policies.kyverno.io/policies.kyverno.io_validatingpolicies.yaml"
TEMPLATE = "charts/gatekeeper/crds/constrainttemplate-customresourcedefinition.yaml"


@pytest.mark.parametrize(
    ("exporter", "definition", "path"),
    [
        (kyverno.exported, (KYVERNO, VALIDATING), "/apis/policies.kyverno.io/v1/validatingpolicies"),
        (gatekeeper.exported, (GATEKEEPER, TEMPLATE), "/apis/templates.gatekeeper.sh/v1/constrainttemplates"),
    ],
    ids=["kyverno", "gatekeeper"],
)
def test_a_server_with_the_engines_definitions_takes_every_policy(
    newest_cluster: Cluster, exporter: Exporter, definition: tuple[str, str], path: str
) -> None:
    made = yaml.safe_load((module(definition[0]) / definition[1]).read_text("utf-8"))
    newest_cluster.ask("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", made)
    wait_until_served(newest_cluster, path)
    kind = made["spec"]["names"]["kind"]
    files = exporter(Asked(stage=Stage.DENY)).files
    policies = [o for file in files for o in yaml.safe_load_all(file.text) if o["kind"] == kind]
    answers = {
        o["metadata"]["name"]: newest_cluster.ask("POST", path, o, dryRun="All", fieldValidation="Strict")
        for o in policies
    }
    assert {name: (a.message, a.warnings) for name, a in answers.items() if not a.accepted or a.warnings} == {}


def wait_until_served(cluster: Cluster, path: str) -> None:
    """A definition counts a moment after it is made."""
    for _ in range(100):
        if cluster.ask("GET", path).accepted:
            return
        time.sleep(0.1)
    pytest.fail(f"the server never served {path}")
