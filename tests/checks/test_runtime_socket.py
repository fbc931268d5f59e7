"""Taking a runtime's socket away from a program that is told to call it is a decision, and the caution says why."""

import pytest

from fourc.checks.api import Judge
from fourc.checks.container.sensitive_host_path import sensitive_host_path
from fourc.collect.manifests.collect import collect_stdin
from fourc.model.finding import Finding
from fourc.model.remedy import FixClass, Remedy

MANIFEST = """
apiVersion: v1
kind: Pod
metadata: {{name: runner}}
spec:
  containers:
    - name: runner
      image: registry.example.com/runner:1
      {told}
      volumeMounts: [{{name: host, mountPath: {mount}}}]
  volumes:
    - name: host
      hostPath: {{path: {path}}}
"""
SOCKET = "/var/run/docker.sock"


def found(told: str, path: str = SOCKET, mount: str = SOCKET) -> Finding:
    text = MANIFEST.format(told=told, path=path, mount=mount)
    (one,) = sensitive_host_path.run(Judge(collect_stdin(text.encode()).inventory))
    return one


@pytest.mark.parametrize(
    ("told", "path", "mount", "where", "shown"),
    [
        (
            "env: [{name: DOCKER_HOST, value: 'unix:///var/run/docker.sock'}]",
            SOCKET,
            SOCKET,
            "variable DOCKER_HOST",
            SOCKET,
        ),
        ("args: ['--host=unix:///run/docker.sock']", SOCKET, SOCKET, "arguments", "/run/docker.sock"),
        (
            "command: [sh, -c, 'docker -H unix:///host/docker.sock ps']",
            "/var/run",
            "/host",
            "command",
            "/host/docker.sock",
        ),
        (
            "env: [{name: CONTAINERD_ADDRESS, value: /c/containerd.sock}]",
            "/run/containerd/",
            "/c",
            "variable CONTAINERD_ADDRESS",
            "/c/containerd.sock",
        ),
    ],
)
def test_a_program_that_is_told_to_call_the_socket_surely_stops(
    told: str, path: str, mount: str, where: str, shown: str
) -> None:
    fix = found(told, path, mount).fix
    assert isinstance(fix, Remedy)
    assert fix.fix_class is FixClass.DECISION
    assert fix.caution is not None
    assert f"this surely stops runner: its {where} names the socket {shown}," in fix.caution.en
    assert f"套接字 {shown}，" in fix.caution.zh


@pytest.mark.parametrize(
    "told",
    [
        "env: [{name: DOCKER_HOST, value: 'tcp://docker:2375'}]",
        "env: [{name: LOG, value: /var/log/docker.sock.log}]",
        "env: [{name: OTHER, value: /var/run/mysqld/mysqld.sock}]",
    ],
)
def test_a_program_that_is_told_something_else_may_do_without(told: str) -> None:
    fix = found(told).fix
    assert isinstance(fix, Remedy)
    assert (fix.fix_class, fix.caution) == (FixClass.TRY_FIRST, None)


@pytest.mark.parametrize("path", ["/var/run/docker.sock", "/run/docker.sock", "/var/run/"])
def test_the_message_spells_the_path_as_the_file_does(path: str) -> None:
    message = found("args: []", path).message
    assert f"reaches {path} of its node" in message.en
    assert f"节点的 {path}：" in message.zh
