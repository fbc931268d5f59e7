"""A real API server takes the exported policies and comes to the verdicts of the checks."""

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cluster.api import Cluster
from tests.enforce.specs import NO_PSA, PSA, Case, own, upstream

from fourc.enforce.export import Asked, Exemption, Stage
from fourc.enforce.expressions.rule import KINDS
from fourc.enforce.expressions.table import all_rules
from fourc.enforce.own_files import read_checks
from fourc.enforce.vap import exported
from fourc.model.version import KubeVersion

MARK = "fourc-test"
WARNING = re.compile(r"Validation failed for ValidatingAdmissionPolicy '(\S+)' with binding '\S+': ([a-z-]+): ")
BY_NAMESPACE = "external-name-service"
"""It compares with the object's namespace, and here every object is moved to the test's."""
DROPPED_BEFORE = {"host-takeover-capability": 33, "proc-mount-unmasked": 33}
"""Checks that read a field of user namespaces, which servers before that minor leave out of the object by default."""
Object = Mapping[str, Any]
BAD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "bad"},
    "spec": {"containers": [{"name": "c", "image": "example.com/c:1", "securityContext": {"privileged": True}}]},
}


REFUSED = frozenset(
    {
        *(f"{level}/v1.37/fail/procmount{n}.yaml" for level in ("baseline", "restricted") for n in (0, 1)),
        *("apparmor-disabled.md", "binding-to-everyone.md", "cluster-admin-binding.md", "dangerous-capability.md"),
        *("default-service-account.md", "ingress-wildcard-host.md", "mount-propagation-bidirectional.md"),
        *(
            "namespace-without-pod-security.md",
            "pod-security-not-enforced.md",
            "privileged-container.md",
            "proc-mount-unmasked.md",
        ),
        *("rbac-secrets-access.md", "sensitive-host-path.md", "token-not-needed.md", "windows-host-process.md"),
    }
)
"""Where an object stands that a server refuses whatever policies say: it is there already, or invalid on purpose."""
CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}
OWN = """\
apiVersion: fourc.dev/v1
kind: Check
metadata: {name: image-from-our-registry}
spec:
  title: An image comes from a registry that is not ours
  match: [pods]
  variables: [{name: ours, expression: "'registry.example.com/'"}]
  validations: [{expression: "variables.containers.all(c, c.image.startsWith(variables.ours))"}]
---
apiVersion: fourc.dev/v1
kind: Check
metadata: {name: config-names-its-team}
spec:
  title: A ConfigMap names its team
  match: [v1/ConfigMap]
  validations: [{expression: "has(object.metadata.labels) && 'team' in object.metadata.labels"}]
"""


def objects(asked: Asked, namespace: str = "") -> list[Object]:
    """What is exported. Bound to what carries our mark, and named after the test's namespace: the server is shared."""
    found: list[Any] = [o for file in exported(asked).files for o in yaml.safe_load_all(file.text)]
    for o in found:
        o["metadata"]["name"] += f"-{namespace}"
        if o["kind"] == "ValidatingAdmissionPolicyBinding":
            o["spec"]["policyName"] += f"-{namespace}"
            o["spec"]["matchResources"]["objectSelector"] = {"matchLabels": {MARK: namespace}}
    return found


def marked(thing: Object, namespace: str) -> Object:
    """The object with our mark on it."""
    metadata = thing.get("metadata") or {}
    return {**thing, "metadata": {**metadata, "labels": {**(metadata.get("labels") or {}), MARK: namespace}}}


def completed(thing: Object) -> Object:
    """The object with what specs and fixtures leave out because no check looks at it, but the server asks for."""
    made: Any = json.loads(json.dumps(thing))
    made.setdefault("metadata", {})
    made["metadata"]["name"] = str(made["metadata"].get("name", "x")).replace("_", "-")
    spec = made.get("spec") or {}
    if made["kind"] == "CronJob":
        spec.setdefault("schedule", "0 0 1 1 *")
        spec = spec["jobTemplate"]["spec"]
    if made["kind"] in {"Job", "CronJob"}:
        spec["template"]["spec"].setdefault("restartPolicy", "Never")
    elif "template" in spec:
        labels = (spec["template"].setdefault("metadata", {}) or {}).setdefault("labels", {}) or {}
        labels["app"] = "x"
        spec["template"]["metadata"]["labels"] = labels
        spec["selector"] = {"matchLabels": {"app": "x"}} if made["apiVersion"] == "apps/v1" else {"app": "x"}
    for webhook in made.get("webhooks", ()):
        webhook.setdefault("sideEffects", "None")
        webhook.setdefault("admissionReviewVersions", ["v1"])
        webhook.setdefault("clientConfig", {"service": {"name": "x", "namespace": "x"}})
        if "." not in webhook["name"]:
            webhook["name"] += ".example.com"
        for rule in webhook.get("rules") or ():
            rule.setdefault("apiGroups", ["*"])
            rule.setdefault("apiVersions", ["*"])
            rule.setdefault("operations", ["*"])
    return made  # type: ignore[no-any-return]


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


def wait_until_accepted(cluster: Cluster, thing: Object, namespace: str) -> None:
    """The server reads a changed policy every second or so."""
    for _ in range(100):
        if cluster.create(thing, namespace).accepted:
            return
        time.sleep(0.1)
    pytest.fail(cluster.create(thing, namespace).message)


def wait_until_warned(cluster: Cluster, thing: Object, namespace: str) -> set[str]:
    """The checks that the server warns of, once there are any."""
    for _ in range(100):
        said = warned(cluster.create(thing, namespace).warnings)
        if said:
            return said
        time.sleep(0.1)
    return set()


@pytest.fixture
def enforced(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[tuple[str, KubeVersion]]:
    """A namespace with all policies at the stage that is asked for."""
    namespace, version = cluster.namespace(), KubeVersion(cluster.minor)
    made = objects(Asked(stage=request.param, version=version), namespace)
    cluster.apply(made)
    wait_until_enforced(cluster, namespace)
    yield namespace, version
    for thing in reversed(made):
        cluster.delete(thing)
    cluster.delete_namespace(namespace)


def differences(cluster: Cluster, case: Case, namespace: str, version: KubeVersion) -> list[str]:
    """Where the server's warnings about the object are others than the checks' findings."""
    thing = marked(completed(case.manifest), namespace)
    answer = cluster.create(thing, namespace) if cluster.serves(thing) else None
    if answer is None or (not answer.accepted and case.where in REFUSED):
        return []
    if thing["kind"] == "Namespace" and "already exists" in answer.message:
        return []  # another test made it: the server is shared
    if not answer.accepted:
        return [f"{case.name}: {answer.message}"]
    said = warned(answer.warnings)
    return [
        f"{case.name}: {rule.check} {'warns' if rule.check in said else 'passes'}"
        for rule in all_rules(version)
        if any(k.kind == thing["kind"] for shape in rule.shapes for k in KINDS[shape])
        and rule.check != BY_NAMESPACE
        and version.minor >= DROPPED_BEFORE.get(rule.check, 0)
        and case.disagrees(rule, refused=rule.check in said)
    ]


def all_differences(cluster: Cluster, cases: tuple[Case, ...], namespace: str, version: KubeVersion) -> list[str]:
    """The differences that stay: not all policies come into force at once."""
    found: list[str] = []
    for case in cases:
        different: list[str] = []
        for _ in range(50):
            different = differences(cluster, case, namespace, version)
            if not different:
                break
            time.sleep(0.1)
        found += different
    return found


@pytest.mark.parametrize("enforced", [Stage.WARN], indirect=True)
def test_of_our_own_specs_the_server_warns_of_what_the_checks_find(
    cluster: Cluster, enforced: tuple[str, KubeVersion]
) -> None:
    namespace, version = enforced
    assert all_differences(cluster, own(version), namespace, version) == []


@pytest.mark.skipif(not PSA.is_dir(), reason=NO_PSA)
@pytest.mark.parametrize("enforced", [Stage.WARN], indirect=True)
def test_of_the_fixtures_of_pod_security_the_server_warns_of_what_the_checks_find(
    cluster: Cluster, enforced: tuple[str, KubeVersion]
) -> None:
    namespace, version = enforced
    assert all_differences(cluster, upstream(version), namespace, version) == []


@pytest.mark.parametrize("enforced", [Stage.DENY], indirect=True)
def test_what_breaks_a_rule_is_refused_with_a_message_and_an_exemption_spares_one_workload(
    cluster: Cluster, enforced: tuple[str, KubeVersion]
) -> None:
    namespace, version = enforced
    refused = cluster.create(marked(BAD, namespace), namespace)
    assert not refused.accepted
    said = re.search(r"denied request: ([a-z-]+): ", refused.message)
    assert said
    assert said[1] in {rule.check for rule in all_rules(version)}
    exempt = frozenset(Exemption(rule.check, namespace, "bad") for rule in all_rules(version))
    spared = objects(Asked(stage=Stage.DENY, version=version, exempt=exempt), namespace)
    cluster.apply(spared)
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "bad-6d4cf56db6", "uid": "1", "controller": True}
    made = {**BAD, "metadata": {"name": "bad-6d4cf56db6-x2x2x", "ownerReferences": [owner]}}
    for pod in (BAD, made):
        wait_until_accepted(cluster, marked(pod, namespace), namespace)
    for name in ("other", "bad-2"):
        assert not cluster.create(marked({**BAD, "metadata": {"name": name}}, namespace), namespace).accepted


@pytest.mark.parametrize("enforced", [Stage.WARN], indirect=True)
def test_an_update_that_leaves_the_template_alone_is_not_judged(
    cluster: Cluster, enforced: tuple[str, KubeVersion]
) -> None:
    namespace, _ = enforced
    template = {"metadata": {"labels": {"app": "x"}}, "spec": BAD["spec"]}
    spec = {"selector": {"matchLabels": {"app": "x"}}, "template": template}
    thing = marked(
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "old"}, "spec": spec}, namespace
    )
    assert "privileged-container" in wait_until_warned(cluster, thing, namespace)
    assert cluster.create(thing, namespace, dry_run=False).accepted
    path, kind = f"/apis/apps/v1/namespaces/{namespace}/deployments/old", "application/merge-patch+json"
    scaled = cluster.ask("PATCH", path, {"metadata": {"labels": {"a": "b"}}, "spec": {"replicas": 3}}, kind)
    assert (scaled.status, scaled.warnings) == (200, ())
    changed: Any = {"spec": {"template": {"metadata": {"annotations": {"a": "b"}}}}}
    answer = cluster.ask("PATCH", path, changed, kind)
    cluster.delete(thing, namespace)
    assert "privileged-container" in warned(answer.warnings)


@pytest.mark.parametrize("enforced", [Stage.WARN], indirect=True)
def test_a_container_added_to_a_running_pod_is_judged(cluster: Cluster, enforced: tuple[str, KubeVersion]) -> None:
    namespace, _ = enforced
    good = {"name": "c", "image": "example.com/c:1"}
    thing = marked({**BAD, "metadata": {"name": "runs"}, "spec": {"containers": [good]}}, namespace)
    assert cluster.create(thing, namespace, dry_run=False).accepted
    debug = {"name": "d", "image": "example.com/d:1", "securityContext": {"privileged": True}}
    path, kind = (
        f"/api/v1/namespaces/{namespace}/pods/runs/ephemeralcontainers",
        "application/strategic-merge-patch+json",
    )
    answer = cluster.ask("PATCH", path, {"spec": {"ephemeralContainers": [debug]}}, kind)
    cluster.delete(thing, namespace)
    assert answer.accepted, answer.message
    assert "privileged-container" in warned(answer.warnings)


def test_a_check_that_users_wrote_is_accepted_and_judges(newest_cluster: Cluster, tmp_path: Path) -> None:
    namespace = newest_cluster.namespace()
    file = tmp_path / "check.yaml"
    file.write_text(OWN, "utf-8")
    own_checks = read_checks([file])
    asked = Asked(
        checks=frozenset(c.id for c in own_checks),
        own=own_checks,
        stage=Stage.WARN,
        version=KubeVersion(newest_cluster.minor),
    )
    made = objects(asked, namespace)
    newest_cluster.apply(made)
    try:
        cases: tuple[tuple[Object, str], ...] = ((BAD, "image-from-our-registry"), (CONFIG, "config-names-its-team"))
        for thing, check in cases:
            assert wait_until_warned(newest_cluster, marked(thing, namespace), namespace) == {check}
        ours = {"containers": [{"name": "c", "image": "registry.example.com/c:1"}]}
        assert newest_cluster.create(marked({**BAD, "spec": ours}, namespace), namespace).warnings == ()
    finally:
        for made_thing in reversed(made):
            newest_cluster.delete(made_thing)
        newest_cluster.delete_namespace(namespace)
