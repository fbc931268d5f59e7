"""A real API server takes the exported defaults, fills them in where an object says nothing, and nowhere else."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from tests.cluster.api import Cluster, Json

from fourc.enforce.export import Asked, Exemption
from fourc.enforce.map import DEFAULTS, exported
from fourc.model.version import KubeVersion

LABELS = ("pod-security.kubernetes.io/warn", "pod-security.kubernetes.io/audit")


def pod(name: str, context: dict[str, Any] | None = None, of_pod: dict[str, Any] | None = None) -> dict[str, Any]:
    """A pod with two containers, of which the first has the security context."""
    first = {"name": "a", "image": "example.com/a:1", **({"securityContext": context} if context else {})}
    spec: dict[str, Any] = {"containers": [first, {"name": "b", "image": "example.com/b:1"}]}
    spec["initContainers"] = [{"name": "i", "image": "example.com/i:1"}]
    if of_pod:
        spec["securityContext"] = of_pod
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}


@pytest.fixture(scope="module")
def namespace(newest_cluster: Cluster) -> Iterator[str]:
    """A namespace for which every default is filled in, but not in the pod `spared`."""
    name = newest_cluster.namespace()
    asked = Asked(
        checks=frozenset(DEFAULTS),
        namespaces=frozenset({name}),
        version=KubeVersion(newest_cluster.minor),
        exempt=frozenset(Exemption(check, name, "spared") for check in DEFAULTS),
    )
    made: list[Any] = [o for file in exported(asked).files for o in yaml.safe_load_all(file.text)]
    for o in made:  # the server is shared by all processes of the run
        o["metadata"]["name"] += f"-{name}"
        if "policyName" in o["spec"]:
            o["spec"]["policyName"] += f"-{name}"
    newest_cluster.apply(made)
    sees(newest_cluster, name, pod("x"), _complete)
    yield name
    for thing in reversed(made):
        newest_cluster.delete(thing)
    newest_cluster.delete_namespace(name)


def _complete(spec: Json) -> bool:
    security, of_pod = spec["containers"][0].get("securityContext", {}), spec.get("securityContext", {})
    return "allowPrivilegeEscalation" in security and {"seccompProfile", "runAsNonRoot"} <= set(of_pod)


def sees(cluster: Cluster, namespace: str, thing: Json, good: Callable[[Json], bool]) -> Json:
    """The spec that the server would store, once it is as expected; policies come into force within seconds."""
    spec: Any = None
    for _ in range(100):
        answer = cluster.create(thing, namespace)
        assert answer.accepted, answer.message
        spec = answer.body["spec"]
        if good(spec):
            return spec
        time.sleep(0.1)
    pytest.fail(f"not filled in: {spec}")


def test_every_container_and_the_pod_get_the_defaults(newest_cluster: Cluster, namespace: str) -> None:
    spec = sees(newest_cluster, namespace, pod("web"), _complete)
    for container in (*spec["containers"], *spec["initContainers"]):
        assert container["securityContext"] == {"allowPrivilegeEscalation": False}, container["name"]
    assert spec["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}


def test_a_second_run_changes_nothing(newest_cluster: Cluster, namespace: str) -> None:
    once = sees(newest_cluster, namespace, pod("web"), _complete)
    again = newest_cluster.create({**pod("web"), "spec": once}, namespace).body["spec"]
    assert again == once


def test_what_the_pod_says_itself_stays(newest_cluster: Cluster, namespace: str) -> None:
    context = {"allowPrivilegeEscalation": True, "capabilities": {"add": ["NET_ADMIN"]}, "runAsUser": 0}
    of_pod = {"seccompProfile": {"type": "Unconfined"}}
    spec = newest_cluster.create(pod("own", context, of_pod), namespace).body["spec"]
    assert spec["containers"][0]["securityContext"] == context
    assert spec["securityContext"] == of_pod


def test_a_privileged_container_is_still_accepted(newest_cluster: Cluster, namespace: str) -> None:
    answer = newest_cluster.create(pod("agent", {"privileged": True}), namespace)
    assert answer.accepted, answer.message
    assert answer.body["spec"]["containers"][0]["securityContext"] == {"privileged": True}


def test_an_exempt_pod_is_left_alone(newest_cluster: Cluster, namespace: str) -> None:
    spec = newest_cluster.create(pod("spared"), namespace).body["spec"]
    assert "securityContext" not in spec["containers"][0]
    assert spec["securityContext"] == {}


def test_without_names_only_the_safe_default_is_written_and_a_namespace_gets_its_labels(
    newest_cluster: Cluster,
) -> None:
    made: list[Any] = [
        o
        for file in exported(Asked(version=KubeVersion(newest_cluster.minor))).files
        for o in yaml.safe_load_all(file.text)
    ]
    assert [o["metadata"]["name"] for o in made] == ["fourc-namespace-without-pod-security"] * 2
    for o in made:  # the server is shared: only what carries our mark
        o["metadata"]["name"] += "-labels"
        if "policyName" in o["spec"]:
            o["spec"]["policyName"] += "-labels"
            o["spec"]["matchResources"]["objectSelector"] = {"matchLabels": {"fourc-map": "yes"}}
    newest_cluster.apply(made)
    try:
        thing: Any = {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": "n", "labels": {"fourc-map": "yes"}},
        }
        labels: Any = {}
        for _ in range(100):
            labels = newest_cluster.create(thing).body["metadata"]["labels"]
            if LABELS[0] in labels:
                break
            time.sleep(0.1)
        assert [labels.get(key) for key in LABELS] == ["restricted", "restricted"]
        thing["metadata"]["labels"][LABELS[0]] = "baseline"
        labels = newest_cluster.create(thing).body["metadata"]["labels"]
        assert [labels.get(key) for key in LABELS] == ["baseline", "restricted"]
    finally:
        for o in reversed(made):
            newest_cluster.delete(o)


@pytest.mark.parametrize(("minor", "served"), [(32, "v1alpha1"), (34, "v1beta1"), (36, "v1")])
def test_the_api_version_is_the_one_that_the_minor_serves(minor: int, served: str) -> None:
    texts = [file.text for file in exported(Asked(version=KubeVersion(minor))).files]
    assert {o["apiVersion"] for text in texts for o in yaml.safe_load_all(text)} == {
        f"admissionregistration.k8s.io/{served}"
    }


def test_before_it_existed_nothing_is_written_and_every_check_says_why() -> None:
    made = exported(Asked(checks=frozenset({"seccomp-not-set"}), version=KubeVersion(31)))
    assert made.files == ()
    assert [(x.check, x.why.en[:22]) for x in made.left_out] == [("seccomp-not-set", "MutatingAdmissionPolic")]
