"""A container whose own command changes the node's kernel is found, and no edit takes the right that it needs."""

import pytest

from fourc.checks.api import Judge
from fourc.checks.container.privilege_escalation_allowed import privilege_escalation_allowed
from fourc.checks.container.privileged_container import privileged_container
from fourc.collect.manifests.collect import collect_stdin
from fourc.model.remedy import NoFix

POD = """apiVersion: v1
kind: Pod
metadata: {name: search}
spec:
  containers:
    - {name: c, image: registry.example.com/c:1, command: COMMAND, securityContext: {privileged: true}}
"""


@pytest.mark.parametrize(
    ("command", "barred"),
    [
        ('[sysctl, "-w", "vm.max_map_count=262144"]', True),
        ('[sh, "-c", "/sbin/sysctl -w vm.max_map_count=262144; exit 0"]', True),
        ('[sh, "-c", "modprobe ip_vs && sleep 1d"]', True),
        ('[sh, "-c", "mount --bind /a /b"]', True),
        ('["/server", "--mount-path=/data"]', False),
        ('["/opt/mount/server"]', False),
        ('["/nfty"]', False),
    ],
)
def test_a_command_that_changes_the_kernel_keeps_its_right(command: str, *, barred: bool) -> None:
    judge = Judge(collect_stdin(POD.replace("COMMAND", command).encode()).inventory)
    for check in (privileged_container, privilege_escalation_allowed):
        (found,) = check.run(judge)
        assert isinstance(found.fix, NoFix) == barred
