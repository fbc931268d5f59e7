"""A pod that mounts the node's clock files is told of the variable that it wants instead."""

import pytest

from fourc.checks.api import Judge
from fourc.checks.container.host_path_volume import host_path_volume
from fourc.collect.manifests.collect import collect_stdin
from fourc.model.finding import Severity
from fourc.model.remedy import NoFix

POD = """apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - {name: web, image: registry.example.com/web:1, volumeMounts: [{name: v, mountPath: /v, readOnly: true}]}
  volumes:
    - {name: v, hostPath: {path: PATH}}
"""


@pytest.mark.parametrize(
    ("path", "severity", "hinted"),
    [
        ("/etc/localtime", Severity.LOW, True),
        ("/usr/share/zoneinfo/Asia/Shanghai", Severity.LOW, True),
        ("/etc/hosts", Severity.MEDIUM, False),
        ("/usr/share/zoneinfo-old", Severity.MEDIUM, False),
    ],
)
def test_the_clock_is_the_mildest_of_the_nodes_files(path: str, severity: Severity, *, hinted: bool) -> None:
    (found,) = host_path_volume.run(Judge(collect_stdin(POD.replace("PATH", path).encode()).inventory))
    assert found.severity is severity
    assert isinstance(found.fix, NoFix)
    assert ("`TZ`" in found.fix.why.en, "`TZ`" in found.fix.why.zh) == (hinted, hinted)
