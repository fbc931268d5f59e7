"""Which Pod Security level a pod meets, as the API server's own admission decides it.

The checks that carry `pss:` references say which controls a pod violates. A level is more than their sum: some controls
of *restricted* stand in for one of *baseline* (k8s.io/pod-security-admission/policy, OverrideCheckIDs), so that a Windows
pod may meet *restricted* and not *baseline*.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from fourc.checks.api import Check, Judge
from fourc.checks.registry import all_checks
from fourc.model.finding import Finding, Layer
from fourc.model.inventory import Inventory
from fourc.model.kubernetes.pod import Workload
from fourc.model.pod_security import Level
from fourc.model.version import KubeVersion

_CATALOGUE = "pss:"
BASELINE = frozenset(
    (
        *("appArmorProfile", "capabilities_baseline", "hostNamespaces", "hostPathVolumes", "hostPorts"),
        *("hostProbesAndHostLifecycle", "privileged", "procMount", "seLinuxOptions", "seccompProfile_baseline"),
        *("sysctls", "windowsHostProcess"),
    )
)
RESTRICTED = frozenset(
    (
        *("allowPrivilegeEscalation", "capabilities_restricted", "procMount_restricted", "restrictedVolumes"),
        *("runAsNonRoot", "runAsUser", "seccompProfile_restricted"),
    )
)
# The control of *baseline* that one of *restricted* stands in for, and the minor from which on it does.
_STANDS_IN = {
    "capabilities_baseline": 22,
    "hostPathVolumes": 0,
    "procMount": 35,
    "seccompProfile_baseline": 19,
}


class Violation(Struct, frozen=True):
    """A finding and the controls of the Pod Security Standards that it violates."""

    finding: Finding
    controls: frozenset[str]


class Verdict(Struct, frozen=True):
    """What the standards of one version say of one workload's pods; `violations` in the order of the checks' ids."""

    workload: Workload
    version: KubeVersion
    violations: tuple[Violation, ...]

    def against(self, level: Level) -> frozenset[str]:
        """The violated controls that a namespace with this level asks for; none: its pods are let in."""
        asked = controls(level, self.version)
        return frozenset(c for v in self.violations for c in v.controls if c in asked)

    def findings(self, level: Level) -> tuple[Finding, ...]:
        """What stands between the workload and the level."""
        asked = controls(level, self.version)
        return tuple(v.finding for v in self.violations if v.controls & asked)

    def meets(self, level: Level) -> bool:
        """Whether a namespace that enforces the level lets its pods in."""
        return not self.against(level)

    @property
    def level(self) -> Level:
        """The strictest level that it meets."""
        return next(level for level in sorted(Level, reverse=True) if self.meets(level))


@cache
def controls(level: Level, version: KubeVersion) -> frozenset[str]:
    """The controls that a namespace with this level asks for."""
    if level is Level.PRIVILEGED:
        return frozenset()
    if level is Level.BASELINE:
        return BASELINE
    return RESTRICTED | frozenset(c for c in BASELINE if version.minor < _STANDS_IN.get(c, version.minor + 1))


def verdicts(inventory: Inventory, version: KubeVersion) -> tuple[Verdict, ...]:
    """One verdict for each workload, in their order; the version is the one that the namespace's label pins, or the server's."""
    judge = Judge(inventory, version)
    return tuple(Verdict(w, version, tuple(_violations(w, judge))) for w in inventory.workloads)


def level_met(judged: Sequence[Verdict]) -> Level:
    """The strictest level that all of them meet."""
    met = (level for level in sorted(Level, reverse=True) if all(v.meets(level) for v in judged))
    return next(met)


def _violations(workload: Workload, judge: Judge) -> Iterator[Violation]:
    alone = replace(judge.inventory, workloads=(workload,))
    for check in _checks():
        for subject in check.subjects(alone):
            for finding in check.about(subject, judge):
                violated = frozenset(r.removeprefix(_CATALOGUE) for r in finding.references if r.startswith(_CATALOGUE))
                if violated:
                    yield Violation(finding, violated)


@cache
def _checks() -> tuple[Check[Any], ...]:
    """Those that look at pods: no other carries a `pss:` reference."""
    return tuple(c for c in all_checks() if c.layer is Layer.CONTAINER)
