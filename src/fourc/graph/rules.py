"""Which findings open steps by themselves: one row for each rule that an attacker can use and no other table knows."""

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct

from fourc.graph.odds import ODDS, Odds
from fourc.model.finding import Severity
from fourc.model.step import Basis


class Leads(Enum):
    """From where to where a finding leads."""

    POD_TO_NODE = "pod-to-node"
    POD_TO_OUTAGE = "pod-to-outage"
    ANYONE_TO_SECRETS = "anyone-to-secrets"
    ANYONE_TO_OUTAGE = "anyone-to-outage"


class Row(Struct, frozen=True):
    """How a rule's findings become steps: `odds` by severity, or one for all."""

    leads: Leads
    references: tuple[str, ...]
    odds: Mapping[Severity, Odds]

    def odds_of(self, severity: Severity) -> Odds:
        """The odds for a finding of this severity."""
        return self.odds[severity]


def _row(leads: Leads, references: str, probability: float, basis: Basis = Basis.ASSUMED) -> Row:
    return Row(leads, tuple(references.split()), dict.fromkeys(Severity, Odds(probability, basis)))


_NODE, _ANY_SECRET, _ANY_OUTAGE = Leads.POD_TO_NODE, Leads.ANYONE_TO_SECRETS, Leads.ANYONE_TO_OUTAGE
_ESCAPE, _IN_FILES = "attack:T1611", "attack:T1552.001 ms:MS-TA9027"
_KERNEL = 0.0003  # a hole in the kernel that this setting would have kept shut (guess)
_GIT_READER = 0.05  # somebody who should not reads the repository (guess)

ROWS: Mapping[str, Row] = {
    "mount-propagation-bidirectional": _row(_NODE, _ESCAPE, 0.45, Basis.INFERRED),
    "proc-mount-unmasked": _row(_NODE, _ESCAPE, 0.05, Basis.INFERRED),
    "windows-host-process": _row(_NODE, _ESCAPE, 0.90, Basis.INFERRED),
    "may-run-as-root": _row(_NODE, _ESCAPE, 0.001),
    "runs-as-root-user": _row(_NODE, _ESCAPE, 0.001),
    "privilege-escalation-allowed": _row(_NODE, _ESCAPE, _KERNEL),
    "capabilities-not-dropped": _row(_NODE, _ESCAPE, _KERNEL),
    "dangerous-capability": _row(_NODE, _ESCAPE, 0.02),
    "seccomp-not-set": _row(_NODE, _ESCAPE, _KERNEL),
    "seccomp-unconfined": _row(_NODE, _ESCAPE, 0.02),
    "apparmor-disabled": _row(_NODE, _ESCAPE, _KERNEL),
    "credential-in-env": _row(_ANY_SECRET, _IN_FILES, _GIT_READER),
    "credential-in-arguments": _row(_ANY_SECRET, _IN_FILES, _GIT_READER),
    "credential-in-config-map": _row(_ANY_SECRET, _IN_FILES, _GIT_READER),
    "secret-in-manifest": _row(_ANY_SECRET, _IN_FILES, _GIT_READER),
    "ingress-without-tls": _row(_ANY_SECRET, "attack:T1557", 0.02),
    "missing-memory-limit": Row(
        Leads.POD_TO_OUTAGE, ("attack:T1499", "ms:MS-TA9040"), dict.fromkeys(Severity, ODDS["exhaust-node"])
    ),
    "startup-cpu-contention": _row(_ANY_OUTAGE, "", 0.20),
    "missing-readiness-probe": _row(_ANY_OUTAGE, "", 0.005),
    "no-disruption-budget": _row(_ANY_OUTAGE, "", 0.005),
    "webhook-covers-kube-system": _row(_ANY_OUTAGE, "", 0.03),
}
