"""How far a read-only file system can be trusted for images whose folders are known."""

import pytest

from fourc.checks.api import Judge
from fourc.checks.container.writable_root_filesystem import writable_root_filesystem
from fourc.collect.manifests.collect import collect_stdin
from fourc.model.remedy import FixClass, Remedy

POD = """apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - {name: c, image: "IMAGE", volumeMounts: [{name: data, mountPath: /data}]}
  volumes:
    - {name: data, persistentVolumeClaim: {claimName: data}}
"""


@pytest.mark.parametrize(
    ("image", "fix_class"),
    [
        ("redis:7.2", FixClass.SAFE),
        ("nginxinc/nginx-unprivileged:1.27", FixClass.SAFE),
        ("nginx:1.27", FixClass.TRY_FIRST),  # its entry point fills in templates below /etc/nginx
        ("mongo:7", FixClass.SAFE),  # its folders lie below the mount
        ("postgres:16", FixClass.TRY_FIRST),  # its folder of data is not mounted
        ("registry.example.com/web:1.4", FixClass.TRY_FIRST),
    ],
)
def test_it_is_safe_only_where_the_program_cannot_write_elsewhere(image: str, fix_class: FixClass) -> None:
    (found,) = writable_root_filesystem.run(Judge(collect_stdin(POD.replace("IMAGE", image).encode()).inventory))
    assert isinstance(found.fix, Remedy)
    assert found.fix.fix_class is fix_class
