"""What Secrets, passwords and cloud roles in a workload's hands lead to, and how evidence spells paths."""

import pytest
from tests.graph.manifests import graph, held, host_path, pod, rule, service, steps

from fourc.graph.odds import IMPACT_OF_OWN_SECRETS
from fourc.graph.paths import likeliest_paths
from fourc.model.step import GoalKind, Graph

ACCOUNT = "serviceAccountName: a"
ENV = "env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: db, key: p}}}]"
MOUNT = "volumeMounts: [{name: v, mountPath: /v}]"
PORT = "ports: [{containerPort: 8080}]"


def to_secrets(found: Graph) -> list[list[str]]:
    """The nodes of each path to the goal of single Secrets."""
    by_id = {s.id: s for s in found.steps}
    return [
        [by_id[path.steps[0]].source, *(by_id[s].target for s in path.steps)]
        for path in likeliest_paths(found).paths
        if path.goal == "own-secrets:default"
    ]


@pytest.mark.parametrize(
    "workload",
    [
        pod(container=f"{PORT}, {ENV}"),
        pod(container=f"{PORT}, envFrom: [{{secretRef: {{name: db}}}}]"),
        pod("volumes: [{name: v, secret: {secretName: db}}]", container=f"{PORT}, {MOUNT}"),
        pod("volumes: [{name: v, projected: {sources: [{secret: {name: db}}]}}]", container=f"{PORT}, {MOUNT}"),
    ],
)
def test_a_secret_of_a_workload_that_can_be_entered_is_a_goal(workload: str) -> None:
    found = graph(workload, service(kind="LoadBalancer"))
    assert ["internet", "Pod/default/p", "secret:default/db", "own-secrets:default"] in to_secrets(found)
    (goal,) = [g for g in found.goals if g.node == "own-secrets:default"]
    assert (goal.kind, goal.impact) == (GoalKind.SECRETS, IMPACT_OF_OWN_SECRETS)


def test_a_volume_that_nothing_mounts_is_not_read() -> None:
    found = graph(pod("volumes: [{name: v, secret: {secretName: db}}]", container=PORT))
    assert steps(found, "read-secret-of-pod") == []
    assert [g for g in found.goals if g.node.startswith("own-secrets")] == []


def test_a_secret_that_may_be_got_by_name_is_a_goal() -> None:
    found = graph(pod(ACCOUNT), held(f"[{rule('get', 'secrets', names='db')}]"))
    assert [s.target for s in steps(found, "know-secret")] == ["own-secrets:default"]


def test_a_plain_password_leads_from_the_workload_to_the_goal() -> None:
    (step,) = steps(graph(pod(container="env: [{name: DB_PASSWORD, value: hunter2x}]")), "read-password-in-environment")
    assert (step.source, step.target) == ("Pod/default/p", "own-secrets:default")
    assert "DB_PASSWORD" in step.evidence.en
    assert "hunter2x" not in step.evidence.en


@pytest.mark.parametrize(
    ("path", "said", "unsaid"),
    [
        ("/var/run/docker.sock", ("hostPath /var/run/docker.sock", "socket /var/run/docker.sock"), "containerd"),
        ("/run/docker.sock", ("hostPath /run/docker.sock",), "/var/run"),
        ("/var/run", ("hostPath /var/run holds", "/var/run/containerd/containerd.sock"), " /run/"),
        ("/run", ("hostPath /run holds", "/run/containerd/containerd.sock", "/run/docker.sock"), "/var/run"),
        ("/", ("hostPath / holds", "/run/containerd/containerd.sock"), "/var/run/d"),
    ],
)
def test_paths_of_the_node_are_spelled_as_they_are_written(path: str, said: tuple[str, ...], unsaid: str) -> None:
    (step,) = steps(graph(host_path(path)), "use-runtime-socket")
    assert all(words in step.evidence.en for words in said)
    assert unsaid not in step.evidence.en


def account(annotation: str) -> str:
    return (
        "apiVersion: v1\nkind: ServiceAccount\n"
        f"metadata: {{name: a, namespace: default, annotations: {{{annotation}: role}}}}\n"
    )


NO_TOKEN = f"{ACCOUNT}\nautomountServiceAccountToken: false"
AZURE = "azure.workload.identity/client-id"


@pytest.mark.parametrize(
    ("annotation", "labels", "taken"),
    [
        ("eks.amazonaws.com/role-arn", "{app: p}", True),
        ("iam.gke.io/gcp-service-account", "{app: p}", True),
        ("pod-identity.alibabacloud.com/role-name", "{app: p}", True),
        (AZURE, "{app: p}", False),
        (AZURE, "{azure.workload.identity/use: 'false'}", False),
        (AZURE, "{azure.workload.identity/use: 'true'}", True),
        ("example.com/role", "{app: p}", False),
    ],
)
@pytest.mark.parametrize("spec", [ACCOUNT, NO_TOKEN])
def test_a_cloud_role_reaches_the_pod_without_a_token_for_the_api_server(
    annotation: str, labels: str, taken: bool, spec: str
) -> None:
    found = steps(graph(pod(spec, labels=labels), account(annotation)), "take-cloud-role")
    assert ("Pod/default/p" in {s.source for s in found}) is taken
    assert taken or found == []
