"""The test cluster is a real API server, shared, and gone when nobody uses it."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cluster import binaries
from tests.cluster.api import Cluster, RefusedError, soon
from tests.cluster.server import joined

PRIVILEGED = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "p"},
    "spec": {"containers": [{"name": "c", "image": "i", "securityContext": {"privileged": True}}]},
}
DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "d"},
    "spec": {
        "selector": {"matchLabels": {"app": "d"}},
        "template": {"metadata": {"labels": {"app": "d"}}, "spec": PRIVILEGED["spec"]},
    },
}


def test_a_namespace_that_enforces_a_level_refuses_a_pod_and_warns_of_a_workload(cluster: Cluster) -> None:
    namespace = cluster.namespace({"pod-security.kubernetes.io/enforce": "baseline"})
    refused, warned = cluster.create(PRIVILEGED, namespace), cluster.create(DEPLOYMENT, namespace)
    assert not refused.accepted
    assert 'violates PodSecurity "baseline:latest": privileged (container "c" must not set' in refused.message
    assert warned.accepted
    assert warned.warnings[0].startswith('would violate PodSecurity "baseline:latest": privileged (container "c"')


def test_a_dry_run_leaves_nothing_and_an_apply_does(cluster: Cluster) -> None:
    namespace = cluster.namespace()
    assert cluster.create(PRIVILEGED, namespace).accepted
    with pytest.raises(RefusedError, match='pods "p" not found'):
        cluster.delete(PRIVILEGED, namespace)
    cluster.apply([PRIVILEGED, DEPLOYMENT], namespace)
    told = cluster.label(namespace, {"pod-security.kubernetes.io/enforce": "baseline"}, dry_run=True).warnings
    assert told[0].startswith("existing pods in namespace")
    assert told[1].startswith("p: privileged")
    cluster.delete(PRIVILEGED, namespace)
    enforce = {"pod-security.kubernetes.io/enforce": "baseline"}
    assert soon(lambda: cluster.label(namespace, enforce, dry_run=True).warnings == ())
    cluster.delete_namespace(namespace)
    assert cluster.ask("GET", f"/api/v1/namespaces/{namespace}").status == 404


def test_mutating_policies_are_served_from_the_version_on_that_has_them(cluster: Cluster) -> None:
    policy = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingAdmissionPolicy"}
    assert cluster.serves(policy) == (cluster.minor >= 36)
    assert cluster.serves({**policy, "kind": "ValidatingAdmissionPolicy"})


def test_the_server_is_shared_and_ends_with_its_last_user_however_that_ends(
    newest_cluster: Cluster, tmp_path: Path
) -> None:
    version = newest_cluster.version
    code = (
        "import sys, time; from pathlib import Path; from tests.cluster.server import joined\n"
        "with joined(sys.argv[1], Path(sys.argv[2])) as server:\n print(server.url, flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", code, version, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout is not None
        url = user.stdout.readline().strip()
        with joined(version, tmp_path) as server:
            assert server.url == url
            user.kill()
            user.wait()
            assert (tmp_path / "server.json").is_file()
    for _ in range(600):  # the keeper needs a moment
        if (tmp_path / "server.json").exists() or (tmp_path / "etcd").exists():
            time.sleep(0.1)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])))


def test_without_go_and_without_a_folder_of_programs_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(binaries.ASSETS, raising=False)
    with pytest.raises(binaries.UnavailableError, match=r"etcd 3\.6\.16 is not built and Go is not installed"):
        binaries.etcd()


def test_a_build_that_fails_leaves_nothing_that_could_be_taken_for_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text('#!/bin/sh\necho half > etcd\nchmod +x etcd\n[ "$1" = get ]\n')
    go.chmod(0o755)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{go.parent}:/usr/bin:/bin")
    monkeypatch.delenv(binaries.ASSETS, raising=False)
    with pytest.raises(binaries.UnavailableError, match="go build -ldflags failed"):
        binaries.etcd()
    assert [f for f in tmp_path.rglob("*") if f.is_file() and f.name not in {"go", "etcd-3.6.16.lock"}] == []
