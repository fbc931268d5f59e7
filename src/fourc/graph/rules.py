"""Which findings open which steps: one row for each rule that an attacker can use."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from fourc.graph.odds import ENTRY_GIT_READER, ESCAPE_BY_SEVERITY, PERMISSION_BY_SEVERITY, Odds
from fourc.model.finding import Severity
from fourc.model.step import Basis


class Leads(Enum):
    """From where to where a finding leads."""

    POD_TO_NODE = "pod-to-node"
    POD_TO_OUTAGE = "pod-to-outage"
    ANYONE_TO_SECRETS = "anyone-to-secrets"
    ANYONE_TO_OUTAGE = "anyone-to-outage"
    IDENTITY_TO_ADMIN = "identity-to-admin"
    IDENTITY_TO_SECRETS = "identity-to-secrets"
    IDENTITY_TO_PODS = "identity-to-pods"
    IDENTITY_TO_NODE = "identity-to-node"


@dataclass(frozen=True, slots=True)
class Row:
    """How a rule's findings become steps: `odds` by severity, or one for all."""

    leads: Leads
    reference: str
    odds: Mapping[Severity, Odds]

    def odds_of(self, severity: Severity) -> Odds:
        """The odds for a finding of this severity."""
        return self.odds[severity]


def _flat(probability: float, basis: Basis = Basis.INFERRED) -> Mapping[Severity, Odds]:
    return dict.fromkeys(Severity, Odds(probability, basis))


_KERNEL = _flat(0.001, Basis.ASSUMED)

ROWS: Mapping[str, Row] = {
    "privileged-container": Row(Leads.POD_TO_NODE, "attack:T1611", ESCAPE_BY_SEVERITY),
    "sensitive-host-path": Row(Leads.POD_TO_NODE, "attack:T1611", ESCAPE_BY_SEVERITY),
    "host-takeover-capability": Row(Leads.POD_TO_NODE, "attack:T1611", ESCAPE_BY_SEVERITY),
    "host-namespace": Row(Leads.POD_TO_NODE, "attack:T1611", _flat(0.08)),
    "mount-propagation-bidirectional": Row(Leads.POD_TO_NODE, "attack:T1611", ESCAPE_BY_SEVERITY),
    "proc-mount-unmasked": Row(Leads.POD_TO_NODE, "attack:T1611", _flat(0.05)),
    "windows-host-process": Row(Leads.POD_TO_NODE, "attack:T1611", ESCAPE_BY_SEVERITY),
    "may-run-as-root": Row(Leads.POD_TO_NODE, "attack:T1611", _flat(0.005, Basis.ASSUMED)),
    "runs-as-root-user": Row(Leads.POD_TO_NODE, "attack:T1611", _flat(0.005, Basis.ASSUMED)),
    "privilege-escalation-allowed": Row(Leads.POD_TO_NODE, "attack:T1611", _KERNEL),
    "capabilities-not-dropped": Row(Leads.POD_TO_NODE, "attack:T1611", _KERNEL),
    "dangerous-capability": Row(Leads.POD_TO_NODE, "attack:T1611", _flat(0.03, Basis.ASSUMED)),
    "seccomp-not-set": Row(Leads.POD_TO_NODE, "attack:T1611", _KERNEL),
    "seccomp-unconfined": Row(Leads.POD_TO_NODE, "attack:T1611", _flat(0.02, Basis.ASSUMED)),
    "apparmor-disabled": Row(Leads.POD_TO_NODE, "attack:T1611", _KERNEL),
    "credential-in-env": Row(Leads.ANYONE_TO_SECRETS, "attack:T1552.001", _flat(ENTRY_GIT_READER.probability)),
    "credential-in-arguments": Row(Leads.ANYONE_TO_SECRETS, "attack:T1552.001", _flat(ENTRY_GIT_READER.probability)),
    "credential-in-config-map": Row(Leads.ANYONE_TO_SECRETS, "attack:T1552.001", _flat(ENTRY_GIT_READER.probability)),
    "secret-in-manifest": Row(Leads.ANYONE_TO_SECRETS, "attack:T1552.001", _flat(ENTRY_GIT_READER.probability)),
    "missing-memory-limit": Row(Leads.POD_TO_OUTAGE, "attack:T1499", _flat(0.50)),
    "startup-cpu-contention": Row(Leads.ANYONE_TO_OUTAGE, "", _flat(0.20, Basis.ASSUMED)),
    "missing-readiness-probe": Row(Leads.ANYONE_TO_OUTAGE, "", _flat(0.005, Basis.ASSUMED)),
    "no-disruption-budget": Row(Leads.ANYONE_TO_OUTAGE, "", _flat(0.005, Basis.ASSUMED)),
    "webhook-covers-kube-system": Row(Leads.ANYONE_TO_OUTAGE, "", _flat(0.03, Basis.ASSUMED)),
    "ingress-without-tls": Row(Leads.ANYONE_TO_SECRETS, "attack:T1557", _flat(0.02, Basis.ASSUMED)),
    "cluster-admin-binding": Row(Leads.IDENTITY_TO_ADMIN, "attack:T1078.001", PERMISSION_BY_SEVERITY),
    "rbac-wildcard": Row(Leads.IDENTITY_TO_ADMIN, "attack:T1078.001", PERMISSION_BY_SEVERITY),
    "rbac-escalation": Row(Leads.IDENTITY_TO_ADMIN, "attack:T1098.006", PERMISSION_BY_SEVERITY),
    "rbac-role-change": Row(Leads.IDENTITY_TO_ADMIN, "attack:T1098.006", PERMISSION_BY_SEVERITY),
    "rbac-webhook-control": Row(Leads.IDENTITY_TO_ADMIN, "attack:T1546", PERMISSION_BY_SEVERITY),
    "rbac-certificate-approval": Row(Leads.IDENTITY_TO_ADMIN, "attack:T1649", PERMISSION_BY_SEVERITY),
    "rbac-token-creation": Row(Leads.IDENTITY_TO_ADMIN, "attack:T1528", PERMISSION_BY_SEVERITY),
    "rbac-secrets-access": Row(Leads.IDENTITY_TO_SECRETS, "attack:T1552.007", PERMISSION_BY_SEVERITY),
    "rbac-pod-exec": Row(Leads.IDENTITY_TO_PODS, "attack:T1609", PERMISSION_BY_SEVERITY),
    "rbac-pod-creation": Row(Leads.IDENTITY_TO_NODE, "attack:T1610", PERMISSION_BY_SEVERITY),
    "rbac-node-proxy": Row(Leads.IDENTITY_TO_NODE, "kubehound:EXPLOIT_HOST", PERMISSION_BY_SEVERITY),
    "rbac-persistent-volume-creation": Row(Leads.IDENTITY_TO_NODE, "attack:T1611", PERMISSION_BY_SEVERITY),
}
