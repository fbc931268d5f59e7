"""A probe of the loopback address reaches the pod itself only where the pod is on the node's network."""

import pytest

from fourc.checks.api import Judge
from fourc.checks.container.probe_to_other_host import probe_to_other_host
from fourc.collect.manifests.collect import collect_stdin
from fourc.model.finding import Severity

POD = """apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  hostNetwork: ON
  containers:
    - {name: web, image: registry.example.com/web:1, livenessProbe: {httpGet: {host: HOST, path: /, port: 80}}}
"""


@pytest.mark.parametrize(
    ("on_the_node", "host", "severity"),
    [
        ("true", "127.0.0.1", Severity.LOW),
        ("true", "10.0.0.7", Severity.MEDIUM),
        ("false", "127.0.0.1", Severity.MEDIUM),
    ],
)
def test_only_a_pod_on_the_nodes_network_probes_itself_there(on_the_node: str, host: str, severity: Severity) -> None:
    text = POD.replace("ON", on_the_node).replace("HOST", host)
    (found,) = probe_to_other_host.run(Judge(collect_stdin(text.encode()).inventory))
    assert found.severity is severity
