"""What a platform program documents is no finding, and no fix takes it away."""

import pytest

from fourc.checks.api import Judge
from fourc.checks.container.probe_to_other_host import probe_to_other_host
from fourc.checks.platform import sort_out
from fourc.collect.manifests.collect import collect_stdin

PROBED = """apiVersion: apps/v1
kind: DaemonSet
metadata: {name: node-local-dns, namespace: kube-system}
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - name: node-cache
          image: IMAGE
          livenessProbe: {httpGet: {host: 169.254.20.10, path: /health, port: 8080}}
"""


@pytest.mark.parametrize(
    ("image", "explained"),
    [
        ("registry.k8s.io/dns/k8s-dns-node-cache:1.26.4", True),
        ("registry-cn-hangzhou-vpc.ack.aliyuncs.com/acs/k8s-dns-node-cache:v1.22.28.1", True),
        ("registry.example.com/cache:1.4", False),
    ],
)
def test_the_probe_of_node_local_dns_stays_as_it_is(image: str, *, explained: bool) -> None:
    inventory = collect_stdin(PROBED.replace("IMAGE", image).encode()).inventory
    findings = list(probe_to_other_host.run(Judge(inventory)))
    assert [f.rule for f in findings] == ["probe-to-other-host"]
    assert sort_out(inventory, findings).explained == (tuple(findings) if explained else ())
