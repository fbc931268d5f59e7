"""A real API server takes the exported policies and comes to the verdicts of the checks."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
import yaml
from tests.cluster.api import Cluster
from tests.enforce.specs import Case, own, upstream

from fourc.enforce.export import Asked, Stage
from fourc.enforce.expressions.rule import KINDS
from fourc.enforce.expressions.table import all_rules
from fourc.enforce.vap import EXEMPTIONS, EXEMPTIONS_NAMESPACE, exported
from fourc.model.version import KubeVersion

MARK = "fourc-test"
WARNING = re.compile(r"Validation failed for ValidatingAdmissionPolicy '(\S+)' with binding '\S+': ([a-z-]+): ")
Object = Mapping[str, Any]
BAD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "bad"},
    "spec": {"containers": [{"name": "c", "image": "example.com/c:1", "securityContext": {"privileged": True}}]},
}


def objects(asked: Asked, namespace: str = "") -> list[Object]:
    """What is exported. Bound to what carries our mark, and named after the test's namespace: the server is shared."""
    found: list[Any] = [o for file in exported(asked).files for o in yaml.safe_load_all(file.text)]
    for o in found:
        if o["kind"] != "ConfigMap":
            o["metadata"]["name"] += f"-{namespace}"
        if o["kind"] == "ValidatingAdmissionPolicyBinding":
            o["spec"]["policyName"] += f"-{namespace}"
            o["spec"]["matchResources"]["objectSelector"] = {"matchLabels": {MARK: namespace}}
    return found


def marked(thing: Object, namespace: str) -> Object:
    """The object with our mark on it."""
    metadata = thing.get("metadata") or {}
    return {**thing, "metadata": {**metadata, "labels": {**(metadata.get("labels") or {}), MARK: namespace}}}


def warned(warnings: Sequence[str]) -> set[str]:
    """The checks that the warnings name."""
    return {match[2] for text in warnings if (match := WARNING.search(text))}


def wait_until_enforced(cluster: Cluster, namespace: str) -> None:
    """The server reads its policies every second or so."""
    for _ in range(200):
        answer = cluster.create(marked(BAD, namespace), namespace)
        if not answer.accepted or "privileged-container" in warned(answer.warnings):
            return
        time.sleep(0.1)
    pytest.fail("the policies never came into force")


@pytest.fixture
def enforced(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[tuple[str, KubeVersion]]:
    """A namespace with all policies at the stage that is asked for."""
    namespace, version = cluster.namespace(), KubeVersion(cluster.minor)
    made = objects(Asked(stage=request.param, version=version), namespace)
    cluster.apply(made)
    wait_until_enforced(cluster, namespace)
    yield namespace, version
    for thing in reversed([o for o in made if o["kind"] != "ConfigMap"]):
        cluster.delete(thing)
    cluster.delete_namespace(namespace)


def judged_cases(version: KubeVersion) -> tuple[Case, ...]:
    """Every object of the specs and fixtures, judged for the server's version."""
    return (*own(version), *upstream(version))


@pytest.mark.parametrize("enforced", [Stage.WARN], indirect=True)
def test_the_server_warns_of_exactly_what_the_checks_find(cluster: Cluster, enforced: tuple[str, KubeVersion]) -> None:
    namespace, version = enforced
    rules = {(shape, r.check): r for r in all_rules(version) for shape in r.shapes}
    different, refused, judged = [], set(), set()
    for case in judged_cases(version):
        thing = marked(case.manifest, namespace)
        if not cluster.serves(thing):
            continue
        answer = cluster.create(thing, namespace)
        if not answer.accepted:
            refused.add(f"{case.name}: {answer.message}")
            continue
        said = warned(answer.warnings)
        judged.add(thing["kind"])
        for (shape, check), rule in rules.items():
            if thing["kind"] in {k.kind for k in KINDS[shape]} and case.disagrees(rule, refused=check in said):
                different.append(f"{case.name}: {check} {'warns' if check in said else 'passes'}")
    import json; print(len(refused)); open("/tmp/refused.json","w").write(json.dumps(sorted(refused),indent=1)); print(judged)
    assert different == []
